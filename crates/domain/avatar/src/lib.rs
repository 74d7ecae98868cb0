//! Avatars: models of a person or a style, from the consent to the verified weights.
//!
//! A training is a state machine. What happens next is decided by pure functions ([`machine`]); the service loads,
//! decides, acts and stores, and may be run any number of times, by anyone, at any moment.
//!
//! **Architecture invariant:** no call to a provider, the messenger or the object store happens inside a unit of work.
//!
//! **Architecture invariant:** no avatar is `Ready` without verified weights in our own object store; an instant avatar
//! is ready with its photos.
#![deny(missing_docs)]

mod avatar;
mod consent;
mod kind;
pub mod machine;
mod name;
mod notifier;
mod payload;
mod photo;
mod policy;
mod repository;
mod safetensors;
mod score;
mod service;
mod state;
mod trainer;
mod trainer_registry;
mod verdict;

pub use avatar::{Avatar, News, NextTraining, Training, Weights, WizardStep};
pub use consent::{Consent, ConsentVersion};
pub use kind::{AvatarKind, KindName, UnknownKind};
pub use name::{AvatarName, AvatarNameError};
pub use notifier::{AvatarNotifier, Collection, RemovalCause, RemovalReceipt, TrainingEnding, TrainingStage};
pub use payload::{PAYLOAD_VERSION, PayloadColumns, PayloadError};
pub use photo::{Photo, PhotoProblem, PhotoState, PhotoStateName, UnknownPhotoState};
pub use policy::{AvatarPolicy, AvatarPolicyError};
pub use repository::{
    AvatarReader, AvatarUnits, AvatarWriter, NewPhoto, ParkedTraining, PhotoAdded, TrainingCallback,
    TrainingCallbacks, UnitOfWork,
};
pub use safetensors::{WeightsCheck, WeightsError};
pub use score::{MissingShot, SetScore, score_set};
pub use service::{
    AvatarError, AvatarPorts, AvatarService, CancelTraining, DraftChange, DraftOutcome, IncomingPhoto,
    OrderError, PhotoOutcome, PresetOffer, Retraining,
};
pub use state::{AvatarState, StateName, TrainedFiles, TrainingFailure, TrainingProgress, UnknownState};
#[cfg(feature = "mock")]
pub use trainer::MockAvatarTrainer;
pub use trainer::{AvatarTrainer, OpenFile, TrainingOrder, TrainingStanding};
pub use trainer_registry::{
    PresetName, TrainerEntry, TrainerId, TrainerRegistry, TrainerRegistryError, TrainingPreset,
};
pub use verdict::{is_near_duplicate, judge_report, judge_shape};
