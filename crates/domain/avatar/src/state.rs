//! Where an avatar stands.

use std::fmt;
use std::str::FromStr;

use kernel::{Percent, ProviderHandle, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a training failed. The person reads it in their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum TrainingFailure {
    /// The trainer cannot use the photos.
    PhotosRefused,
    /// A safety policy forbids it.
    Refused,
    /// No trainer could do it within its time.
    Unavailable,
    /// The trainer finished and there are no weights that can be used.
    NoWeights,
    /// Every trainer that could do it is paused or retired.
    NoTrainer,
    /// Something of ours went wrong; operators find it by this reference.
    Internal {
        /// What the person can tell an operator.
        reference: String,
    },
}

/// How far a training is, as its trainer says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingProgress {
    /// How many requests are before it, while it waits and that is known.
    pub position: Option<u32>,
    /// The share that is done, once it has begun and that is known.
    pub done: Option<Percent>,
}

/// Where the trainer left what it made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedFiles {
    /// The address of the weights.
    pub weights: String,
    /// The size of the weights in bytes, when it was told.
    pub weights_size: Option<u64>,
    /// The address of their description, when there is one.
    pub config: Option<String>,
}

/// Whoever has the addresses has the weights.
impl fmt::Debug for TrainedFiles {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TrainedFiles")
            .field("weights_size", &self.weights_size)
            .finish_non_exhaustive()
    }
}

/// Where an avatar stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AvatarState {
    /// The person is being asked what it is to be.
    Draft,
    /// Photos are being collected.
    Collecting,
    /// Paid for; nothing is at a trainer.
    Queued {
        /// Do not begin before this moment (after a failed attempt).
        not_before: Timestamp,
    },
    /// An attempt is about to be, is being, or was submitted.
    Submitting {
        /// Since when.
        since: Timestamp,
    },
    /// A trainer works on it.
    Training {
        /// Since when.
        since: Timestamp,
        /// The trainer's handle.
        handle: ProviderHandle,
        /// How far it is.
        progress: TrainingProgress,
    },
    /// The trainer is done; what it made is copied into our own object store.
    Copying {
        /// Since when.
        since: Timestamp,
        /// Where it lies.
        files: TrainedFiles,
        /// How often copying was tried in vain.
        tries: u32,
    },
    /// The weights are ours, verified; it can be drawn. An instant avatar is ready with its photos.
    Ready,
    /// The training came to nothing; the credits are free again.
    Failed(TrainingFailure),
    /// The person took it back; the credits are free again.
    Cancelled,
    /// The person deleted it; what belonged to it goes, or is gone.
    Deleted,
}

/// The name of a state, as it is stored and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateName {
    /// See [`AvatarState::Draft`].
    Draft,
    /// See [`AvatarState::Collecting`].
    Collecting,
    /// See [`AvatarState::Queued`].
    Queued,
    /// See [`AvatarState::Submitting`].
    Submitting,
    /// See [`AvatarState::Training`].
    Training,
    /// See [`AvatarState::Copying`].
    Copying,
    /// See [`AvatarState::Ready`].
    Ready,
    /// See [`AvatarState::Failed`].
    Failed,
    /// See [`AvatarState::Cancelled`].
    Cancelled,
    /// See [`AvatarState::Deleted`].
    Deleted,
}

/// A stored state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown avatar state {0:?}")]
pub struct UnknownState(pub String);

impl AvatarState {
    /// The state's name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::Draft => StateName::Draft,
            Self::Collecting => StateName::Collecting,
            Self::Queued { .. } => StateName::Queued,
            Self::Submitting { .. } => StateName::Submitting,
            Self::Training { .. } => StateName::Training,
            Self::Copying { .. } => StateName::Copying,
            Self::Ready => StateName::Ready,
            Self::Failed(_) => StateName::Failed,
            Self::Cancelled => StateName::Cancelled,
            Self::Deleted => StateName::Deleted,
        }
    }
}

impl StateName {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Collecting,
        Self::Queued,
        Self::Submitting,
        Self::Training,
        Self::Copying,
        Self::Ready,
        Self::Failed,
        Self::Cancelled,
        Self::Deleted,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Collecting => "collecting",
            Self::Queued => "queued",
            Self::Submitting => "submitting",
            Self::Training => "training",
            Self::Copying => "copying",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
        }
    }

    /// Whether it is still being put together.
    pub const fn is_draft(self) -> bool {
        matches!(self, Self::Draft | Self::Collecting)
    }

    /// Whether its training is under way, with credits set aside unless it is free.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Queued | Self::Submitting | Self::Training | Self::Copying)
    }
}

impl FromStr for StateName {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownState(name.to_owned()))
    }
}

impl fmt::Display for StateName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
