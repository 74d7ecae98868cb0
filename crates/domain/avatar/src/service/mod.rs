//! Driving avatars: load, decide, act, store.

mod advance;
mod avatars;
mod callbacks;
mod check_photo;
mod copy;
mod draft;
mod erase;
mod error;
mod give_up;
mod order;
mod personal_data;
mod photos;
mod retraining;
mod review;
mod round;
mod spending;
mod trainers;
mod writing;

use std::collections::BTreeMap;
use std::sync::Arc;

use gallery::Gallery;
use kernel::{
    Archiver, CallbackUrls, Clock, FileLender, IdSource, Imaging, IncomingFiles, JobQueue, Moderator,
    ObjectStore, OperatorChannel, Pauses, PhotoAnalyst, ProviderName, SpendBook,
};

use crate::{
    AvatarNotifier, AvatarPolicy, AvatarPolicyError, AvatarReader, AvatarTrainer, AvatarUnits,
    TrainerRegistry,
};

pub use avatars::CancelTraining;
pub use draft::{DraftChange, DraftOutcome};
pub use error::AvatarError;
pub use order::{OrderError, PresetOffer};
pub use photos::{IncomingPhoto, PhotoOutcome};
pub use retraining::Retraining;

/// Every port that avatars need.
#[derive(Clone)]
pub struct AvatarPorts {
    /// Units of work.
    pub units: Arc<dyn AvatarUnits>,
    /// Reads outside of them.
    pub reader: Arc<dyn AvatarReader>,
    /// Those who train, by provider.
    pub trainers: BTreeMap<ProviderName, Arc<dyn AvatarTrainer>>,
    /// Whoever looks at photos. Without one no photo of a person is accepted.
    pub analyst: Option<Arc<dyn PhotoAnalyst>>,
    /// The safety check of photos.
    pub moderator: Option<Arc<dyn Moderator>>,
    /// Files that people send.
    pub incoming: Arc<dyn IncomingFiles>,
    /// Bytes.
    pub objects: Arc<dyn ObjectStore>,
    /// Pictures.
    pub imaging: Arc<dyn Imaging>,
    /// Packs photos for trainers.
    pub archiver: Arc<dyn Archiver>,
    /// Lends the pack to the provider.
    pub lender: Arc<dyn FileLender>,
    /// The way to the person.
    pub notifier: Arc<dyn AvatarNotifier>,
    /// The kept images, for what was drawn with an avatar.
    pub gallery: Arc<dyn Gallery>,
    /// Addresses for callbacks.
    pub callback_urls: Arc<dyn CallbackUrls>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// Paused providers and trainers.
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

/// Takes avatars from the consent to the verified weights. Holds no state of its own: any number of processes may run
/// it.
pub struct AvatarService {
    ports: AvatarPorts,
    registry: TrainerRegistry,
    policy: AvatarPolicy,
}

impl AvatarService {
    /// A service over these ports.
    ///
    /// # Errors
    /// When the policy's times do not fit together.
    pub fn new(
        ports: AvatarPorts,
        registry: TrainerRegistry,
        policy: AvatarPolicy,
    ) -> Result<Self, AvatarPolicyError> {
        policy.check()?;
        Ok(Self { ports, registry, policy })
    }

    /// The trainers that it knows.
    pub const fn registry(&self) -> &TrainerRegistry {
        &self.registry
    }

    /// How patient and generous it is.
    pub const fn policy(&self) -> &AvatarPolicy {
        &self.policy
    }
}
