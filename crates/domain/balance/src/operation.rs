//! What can be done to a balance, and the key under which it is done once.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use kernel::{Credits, HoldId};
use thiserror::Error;
use uuid::Uuid;

/// The caller's name for one operation, unique within an account: the same key again gives the first outcome.
/// 1 to 120 printable ASCII characters without spaces, such as `hold:{generation}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationKey(String);

/// The text is no operation key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an operation key has 1 to 120 printable characters without spaces: {0:?}")]
pub struct OperationKeyError(pub String);

impl OperationKey {
    /// The grant that everybody gets once.
    pub fn welcome() -> Self {
        Self("welcome".to_owned())
    }

    /// The hold for a piece of work.
    pub fn hold(work: Uuid) -> Self {
        Self(format!("hold:{work}"))
    }

    /// The capture of a hold.
    pub fn capture(hold: HoldId) -> Self {
        Self(format!("capture:{hold}"))
    }

    /// The release of a hold, whoever does it first.
    pub fn release(hold: HoldId) -> Self {
        Self(format!("release:{hold}"))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OperationKey {
    type Err = OperationKeyError;

    fn from_str(text: &str) -> Result<Self, OperationKeyError> {
        let fits = (1..=120).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.to_owned())) } else { Err(OperationKeyError(text.to_owned())) }
    }
}

impl fmt::Display for OperationKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A change asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Gives credits that were not bought.
    GrantBonus {
        /// How many; more than none.
        amount: Credits,
    },
    /// Gives credits that were bought.
    GrantPaid {
        /// How many; more than none.
        amount: Credits,
    },
    /// Sets credits aside, bonus first.
    Hold {
        /// The new hold's id, drawn by the caller.
        hold: HoldId,
        /// How many; more than none.
        amount: Credits,
        /// How long, by the database's clock, until it is released by itself.
        time_to_live: Duration,
    },
    /// Ends a hold: `amount` is spent, bonus first, and the rest returns.
    Capture {
        /// Which hold.
        hold: HoldId,
        /// How many, up to what is held; none at all is a release.
        amount: Credits,
    },
    /// Ends a hold: everything returns to where it came from.
    Release {
        /// Which hold.
        hold: HoldId,
    },
    /// Gives back credits that a captured hold spent, paid first, each part to where it came from.
    Refund {
        /// Which hold.
        hold: HoldId,
        /// How many; more than none, up to what was captured and not yet refunded.
        amount: Credits,
    },
    /// Takes back bought credits that are not spent, as when a payment is returned.
    ClawBack {
        /// How many; more than none.
        amount: Credits,
    },
}

impl Operation {
    /// The hold that it is about, if any.
    pub const fn hold(&self) -> Option<HoldId> {
        match self {
            Self::Hold { hold, .. }
            | Self::Capture { hold, .. }
            | Self::Release { hold }
            | Self::Refund { hold, .. } => Some(*hold),
            Self::GrantBonus { .. } | Self::GrantPaid { .. } | Self::ClawBack { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_printable_and_without_spaces() {
        assert_eq!("purchase:abc".parse::<OperationKey>().unwrap().as_str(), "purchase:abc");
        for bad in ["", "a b", "ключ", "a\n", &"k".repeat(121)] {
            assert!(bad.parse::<OperationKey>().is_err(), "{bad:?}");
        }
    }
}
