//! Where a generation stands.

use std::fmt;
use std::str::FromStr;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ProviderHandle;

/// Work that a provider has accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The slots that it will fill, in the order of its images.
    pub slots: Vec<u8>,
    /// The provider's handle of it.
    pub handle: ProviderHandle,
}

/// Why a generation failed. The person reads it in their language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum FailureReason {
    /// A safety policy forbids it.
    Refused,
    /// The provider cannot read the request.
    Invalid,
    /// No provider could do it within its time.
    Unavailable,
    /// Every model that could do it is paused or retired.
    NoModel,
    /// The avatar was deleted, or cannot be drawn.
    NoAvatar,
    /// The safety check that a real person's avatar needs could not be had.
    NoSafetyCheck,
    /// Something of ours went wrong; operators find it by this reference.
    Internal {
        /// What the person can tell an operator.
        reference: String,
    },
}

/// Where a generation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Asked for, and the credits are set aside: both in one unit of work, so that there is no request without a hold.
    /// Nothing is at a provider.
    Held {
        /// Do not begin before this moment (after a failed attempt).
        not_before: Timestamp,
    },
    /// An attempt is about to be, is being, or was submitted.
    Submitting {
        /// Since when.
        since: Timestamp,
    },
    /// A provider works on it.
    Submitted {
        /// Since when.
        since: Timestamp,
        /// What it accepted.
        accepted: Vec<Accepted>,
    },
    /// The images are in the person's gallery and paid for.
    Stored,
    /// The person was shown them.
    Delivered,
    /// It came to nothing; the credits are free again.
    Failed(FailureReason),
    /// The person took it back in time; the credits are free again.
    Cancelled,
    /// It took too long; the credits are free again.
    Expired,
}

/// The name of a state, as it is stored and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StateName {
    /// See [`State::Held`].
    Held,
    /// See [`State::Submitting`].
    Submitting,
    /// See [`State::Submitted`].
    Submitted,
    /// See [`State::Stored`].
    Stored,
    /// See [`State::Delivered`].
    Delivered,
    /// See [`State::Failed`].
    Failed,
    /// See [`State::Cancelled`].
    Cancelled,
    /// See [`State::Expired`].
    Expired,
}

/// A stored state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown generation state {0:?}")]
pub struct UnknownState(pub String);

impl State {
    /// The state's name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::Held { .. } => StateName::Held,
            Self::Submitting { .. } => StateName::Submitting,
            Self::Submitted { .. } => StateName::Submitted,
            Self::Stored => StateName::Stored,
            Self::Delivered => StateName::Delivered,
            Self::Failed(_) => StateName::Failed,
            Self::Cancelled => StateName::Cancelled,
            Self::Expired => StateName::Expired,
        }
    }
}

impl StateName {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Submitting,
        Self::Submitted,
        Self::Stored,
        Self::Delivered,
        Self::Failed,
        Self::Cancelled,
        Self::Expired,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Submitting => "submitting",
            Self::Submitted => "submitted",
            Self::Stored => "stored",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// Whether the credits are still set aside.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Held | Self::Submitting | Self::Submitted)
    }

    /// Whether it ended without being paid.
    pub const fn is_unsuccessful(self) -> bool {
        matches!(self, Self::Failed | Self::Cancelled | Self::Expired)
    }

    /// Whether nothing more will happen but, perhaps, a late result or telling the person.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Failed | Self::Cancelled | Self::Expired)
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
