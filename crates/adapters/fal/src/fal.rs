//! The adapter: FAL behind the ports. What it does as a maker of images and as a trainer has modules of its own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{CallbackError, Clock, ProviderCallbacks, ProviderEvent, RawCallback};

use crate::address::ApiRoot;
use crate::callbacks::Callbacks;
use crate::files::Files;
use crate::http::client;
use crate::queue::Queue;
use crate::{FalSettings, SetupError};

/// FAL does not start work that may wait no longer than this.
const SHORTEST_START_TIMEOUT: Duration = Duration::from_secs(1);

/// FAL: makes images, trains avatars, and verifies the callbacks that say that either is done.
pub struct Fal {
    pub(crate) queue: Queue,
    pub(crate) files: Files,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: FalSettings,
    callbacks: Callbacks,
}

impl Fal {
    /// The adapter for one account.
    ///
    /// # Errors
    /// When a setting cannot be used, or no HTTP client can be set up.
    pub fn new(settings: FalSettings, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        for timeout in [settings.start_timeout, settings.training_start_timeout] {
            if timeout <= SHORTEST_START_TIMEOUT {
                return Err(SetupError::StartTimeout(timeout));
            }
        }
        let queue_root = ApiRoot::new("queue_url", &settings.queue_url)?;
        let rest_root = ApiRoot::new("rest_url", &settings.rest_url)?;
        let client = client(&settings, &queue_root)?;
        Ok(Self {
            files: Files::new(client.clone(), &settings),
            callbacks: Callbacks::new(client.clone(), &rest_root, &settings, Arc::clone(&clock)),
            queue: Queue::new(client, queue_root, settings.clone())?,
            clock,
            settings,
        })
    }
}

#[async_trait]
impl ProviderCallbacks for Fal {
    async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError> {
        self.callbacks.verify(callback).await
    }
}
