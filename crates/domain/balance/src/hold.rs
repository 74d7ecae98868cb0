//! Credits set aside for work under way.

use std::str::FromStr;

use kernel::{HoldId, Timestamp};
use thiserror::Error;

use crate::Split;

/// How a hold stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldState {
    /// The credits are set aside.
    Open,
    /// All or part of them were spent; the rest returned.
    Captured,
    /// All of them returned.
    Released,
}

/// A stored hold state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown hold state {0:?}")]
pub struct UnknownHoldState(pub String);

impl HoldState {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Captured => "captured",
            Self::Released => "released",
        }
    }
}

impl FromStr for HoldState {
    type Err = UnknownHoldState;

    fn from_str(name: &str) -> Result<Self, UnknownHoldState> {
        [Self::Open, Self::Captured, Self::Released]
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownHoldState(name.to_owned()))
    }
}

/// Credits set aside. A hold is ended once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// What was set aside, by origin.
    pub held: Split,
    /// What was spent when it was captured, by origin.
    pub captured: Split,
    /// What of that was given back since, by origin.
    pub refunded: Split,
    /// How it stands.
    pub state: HoldState,
    /// When it is released by itself, by the database's clock.
    pub expires_at: Timestamp,
}
