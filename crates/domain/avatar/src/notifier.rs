//! The port through which a person hears of their avatars.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Credits, MessageId, NotifyError, Timestamp};

use crate::{Avatar, PhotoProblem, SetScore, TrainingFailure, TrainingProgress};

/// How the collecting of photos goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Photos that can be used.
    pub accepted: u8,
    /// Photos that are still being looked at.
    pub waiting: u8,
    /// Why others cannot be used, the latest last, with the message that brought each.
    pub rejected: Vec<(MessageId, PhotoProblem)>,
    /// How good the set is for its purpose.
    pub score: SetScore,
}

/// Where a training stands, in words that mean something to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingStage {
    /// Photos are being packed and handed over.
    Preparing,
    /// It waits at the trainer, or is being trained.
    Training {
        /// How far it is.
        progress: TrainingProgress,
        /// How long it will still take, going by earlier ones; unknown before there are any.
        remaining: Option<Duration>,
    },
    /// It is being trained again, after a failure.
    TryingAgain,
    /// What was trained is being copied and checked.
    Copying,
}

/// How a training ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainingEnding {
    /// The avatar can be drawn.
    Ready {
        /// When the photos will be removed.
        photos_until: Timestamp,
    },
    /// It came to nothing; the credits are free again, and a second try is free.
    Failed {
        /// Why.
        reason: TrainingFailure,
        /// What was given back.
        returned: Credits,
    },
    /// The person took it back.
    Cancelled {
        /// What was given back.
        returned: Credits,
    },
}

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemovalReceipt {
    /// Photos.
    pub photos: u32,
    /// Weights, in bytes.
    pub weights_bytes: u64,
}

/// Tells people about their avatars.
///
/// **Contract**
/// - Every call but `send_receipt` MUST edit the avatar's progress message when there is one, so that repeating it shows
///   one message; that it is unchanged MUST count as success.
/// - When the progress message is gone, `show_collection` and `tell_ending` MUST send a new one and answer its id;
///   `show_stage` MUST succeed and send nothing.
/// - `tell_ending` of a training that took longer than a minute MUST be a new message, because an edit rings no bell.
/// - A person who blocked the bot MUST be `Unreachable`.
/// - `CallOutcome::Unknown` MUST be reported whenever a message may have been sent.
#[async_trait]
pub trait AvatarNotifier: Send + Sync {
    /// Shows how the collecting of photos goes; the id of the message that shows it.
    async fn show_collection(
        &self,
        avatar: &Avatar,
        collection: &Collection,
    ) -> Result<Option<MessageId>, NotifyError>;

    /// Shows how far a training is.
    async fn show_stage(&self, avatar: &Avatar, stage: TrainingStage) -> Result<(), NotifyError>;

    /// Tells how a training ended.
    async fn tell_ending(
        &self,
        avatar: &Avatar,
        ending: &TrainingEnding,
    ) -> Result<Option<MessageId>, NotifyError>;

    /// Says what was removed, once it is gone.
    async fn send_receipt(
        &self,
        avatar: &Avatar,
        why: RemovalCause,
        receipt: RemovalReceipt,
    ) -> Result<(), NotifyError>;
}

/// Why something was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalCause {
    /// The photos' time was over.
    Retention,
    /// The person deleted the avatar.
    Deleted,
}
