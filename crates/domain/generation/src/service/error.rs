//! Why a generation could not be moved on now.

use std::time::Duration;

use balance::LedgerError;
use kernel::{CreditsError, FailureClass, ImagingError, LendingError, ObjectStoreError, StoreError};
use thiserror::Error;

use crate::NotifyError;

/// Why a generation could not be moved on now. The job is tried again, unless it was superseded.
#[derive(Debug, Error)]
pub enum AdvanceError {
    /// The database failed, or somebody else moved it on meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger refused what the state of the generation demands.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// Weights or photos could not be lent to a provider.
    #[error(transparent)]
    Lending(#[from] LendingError),
    /// An image could not be worked on.
    #[error(transparent)]
    Imaging(#[from] ImagingError),
    /// The person could not be told.
    #[error(transparent)]
    Notify(#[from] NotifyError),
    /// A sum of credits is out of range.
    #[error(transparent)]
    Credits(#[from] CreditsError),
    /// Bytes that must be there are not.
    #[error("the bytes of slot {slot} are missing from the object store")]
    BytesMissing {
        /// The slot.
        slot: u8,
    },
    /// The state went round and round without coming to rest.
    #[error("a generation did not come to rest within {steps} steps")]
    Restless {
        /// The steps taken.
        steps: u32,
    },
}

impl AdvanceError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error) | Self::Ledger(LedgerError::Store(error)) => error.class(),
            Self::Objects(error) => error.class(),
            Self::Lending(error) => error.class(),
            Self::Notify(error) => error.class(),
            Self::Ledger(_)
            | Self::Imaging(_)
            | Self::Credits(_)
            | Self::BytesMissing { .. }
            | Self::Restless { .. } => FailureClass::Bug,
        }
    }

    /// How long the other side asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.class() {
            FailureClass::Limited { retry_after } => retry_after,
            _ => None,
        }
    }

    /// Whether the claim has passed to somebody else, so that nothing is left to do here.
    pub const fn is_superseded(&self) -> bool {
        matches!(
            self,
            Self::Store(StoreError::Superseded { .. })
                | Self::Ledger(LedgerError::Store(StoreError::Superseded { .. }))
        )
    }
}
