//! Giving help with words, voice and photos: a request is kept, a job answers it, the person is shown the answer.

mod answer;
mod ask;
mod error;
mod give_up;

use std::sync::Arc;
use std::time::Duration;

use account::Refusals;
use avatar::AvatarReader;
use kernel::{IdSource, Imaging, IncomingFiles, JobQueue, Moderator, OperatorChannel, Pauses, PhotoAnalyst};

use crate::{HelpNotifier, HelpRequests, PromptAssistant, Transcriber};

pub use ask::{HelpOutcome, NewHelp};
pub use error::HelpError;

/// Every port that help needs.
#[derive(Clone)]
pub struct HelpPorts {
    /// Requests.
    pub requests: Arc<dyn HelpRequests>,
    /// Whoever finds better words.
    pub assistant: Option<Arc<dyn PromptAssistant>>,
    /// Whoever writes down what is said.
    pub transcriber: Option<Arc<dyn Transcriber>>,
    /// Whoever looks at photos.
    pub analyst: Option<Arc<dyn PhotoAnalyst>>,
    /// The safety check of photos.
    pub moderator: Option<Arc<dyn Moderator>>,
    /// Files that people send.
    pub incoming: Arc<dyn IncomingFiles>,
    /// Pictures.
    pub imaging: Arc<dyn Imaging>,
    /// The avatars whose traits are put in.
    pub avatars: Arc<dyn AvatarReader>,
    /// Refusals, counted.
    pub refusals: Arc<dyn Refusals>,
    /// The way to the person.
    pub notifier: Arc<dyn HelpNotifier>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// Paused providers.
    pub pauses: Arc<dyn Pauses>,
    /// The way to the operators.
    pub operators: Arc<dyn OperatorChannel>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

/// How much help there is for free, and for how long it is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpPolicy {
    /// How many times within 24 hours a person is helped with words or a photo.
    pub daily_cap: u32,
    /// How long requests are kept.
    pub retention: Duration,
    /// How often a helper that is away is asked before the person is told.
    pub tries: u32,
}

impl Default for HelpPolicy {
    fn default() -> Self {
        Self { daily_cap: 30, retention: Duration::from_hours(30 * 24), tries: 3 }
    }
}

/// Helps people with words, voice and photos. Never stands in the way of work that needs no help.
pub struct HelpService {
    ports: HelpPorts,
    policy: HelpPolicy,
}

impl HelpService {
    /// A service over these ports.
    pub const fn new(ports: HelpPorts, policy: HelpPolicy) -> Self {
        Self { ports, policy }
    }

    pub(crate) fn requests(&self) -> &dyn HelpRequests {
        self.ports.requests.as_ref()
    }

    /// How much help there is.
    pub const fn policy(&self) -> &HelpPolicy {
        &self.policy
    }
}
