//! Driving generations: load, decide, act, store.

mod advance;
mod cancel;
mod collect;
mod deliver;
mod error;
mod give_up;
mod late;
mod likeness;
mod personal_data;
mod previews;
mod provider_health;
mod request;
mod round;
mod spending;
mod writing;

use std::collections::BTreeMap;
use std::sync::Arc;

use account::Refusals;
use avatar::AvatarReader;
use gallery::Gallery;
use kernel::{
    CallbackUrls, Clock, FileLender, IdSource, Imaging, JobQueue, Moderator, ObjectStore, OperatorChannel,
    Pauses, SpendBook,
};

use crate::{
    GenerationPolicy, GenerationReader, GenerationUnits, ImageGenerator, ModelRegistry, Notifier,
    ProviderName,
};

pub use cancel::CancelOutcome;
pub use error::AdvanceError;
pub use request::{NewRequest, Quote, RequestError, RequestOutcome};

/// The name under which the safety check's pauses are kept.
const MODERATION_PROVIDER: &str = "openai";

/// Every port that generations need.
#[derive(Clone)]
pub struct GenerationPorts {
    /// Units of work.
    pub units: Arc<dyn GenerationUnits>,
    /// Reads outside of them.
    pub reader: Arc<dyn GenerationReader>,
    /// The kept images.
    pub gallery: Arc<dyn Gallery>,
    /// The makers of images, by provider.
    pub generators: BTreeMap<ProviderName, Arc<dyn ImageGenerator>>,
    /// The safety check of descriptions.
    pub moderator: Option<Arc<dyn Moderator>>,
    /// Refusals, counted.
    pub refusals: Arc<dyn Refusals>,
    /// The avatars that can be in the picture.
    pub avatars: Arc<dyn AvatarReader>,
    /// Lends weights and photos to providers.
    pub lender: Arc<dyn FileLender>,
    /// Bytes.
    pub objects: Arc<dyn ObjectStore>,
    /// Pictures.
    pub imaging: Arc<dyn Imaging>,
    /// The way to the person.
    pub notifier: Arc<dyn Notifier>,
    /// Addresses for callbacks.
    pub callback_urls: Arc<dyn CallbackUrls>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// Paused providers and models.
    pub pauses: Arc<dyn Pauses>,
    /// What is spent at providers.
    pub spend_book: Arc<dyn SpendBook>,
    /// The way to the operators.
    pub operators: Arc<dyn OperatorChannel>,
    /// Time of this process.
    pub clock: Arc<dyn Clock>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

/// Takes requests and brings them to their end. Holds no state of its own: any number of processes may run it.
pub struct GenerationService {
    ports: GenerationPorts,
    registry: ModelRegistry,
    policy: GenerationPolicy,
}

impl GenerationService {
    /// A service over these ports.
    ///
    /// # Errors
    /// When the policy's times do not fit together.
    pub fn new(
        ports: GenerationPorts,
        registry: ModelRegistry,
        policy: GenerationPolicy,
    ) -> Result<Self, crate::PolicyError> {
        policy.check()?;
        Ok(Self { ports, registry, policy })
    }

    /// The models that it knows.
    pub const fn registry(&self) -> &ModelRegistry {
        &self.registry
    }
}
