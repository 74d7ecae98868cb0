//! Why an avatar could not be moved on now.

use std::time::Duration;

use balance::LedgerError;
use kernel::{
    ArchiveError, FailureClass, ImagingError, IncomingFileError, LendingError, NotifyError, ObjectStoreError,
    ProviderError, StoreError,
};
use thiserror::Error;

/// Why an avatar could not be moved on now. The job is tried again, unless it was superseded.
#[derive(Debug, Error)]
pub enum AvatarError {
    /// The database failed, or somebody else moved it on meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ledger refused what the state of the training demands.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// A photo could not be worked on.
    #[error(transparent)]
    Imaging(#[from] ImagingError),
    /// A photo could not be fetched.
    #[error(transparent)]
    Incoming(#[from] IncomingFileError),
    /// The photos could not be packed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The pack could not be lent.
    #[error(transparent)]
    Lending(#[from] LendingError),
    /// Whoever looks at photos failed, or a trainer could not be asked to stop.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The person could not be told.
    #[error(transparent)]
    Notify(#[from] NotifyError),
    /// The state went round and round without coming to rest.
    #[error("an avatar did not come to rest within {steps} steps")]
    Restless {
        /// The steps taken.
        steps: u32,
    },
}

impl AvatarError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error) | Self::Ledger(LedgerError::Store(error)) => error.class(),
            Self::Objects(error) => error.class(),
            Self::Incoming(error) => error.class(),
            Self::Archive(error) => error.class(),
            Self::Lending(error) => error.class(),
            Self::Provider(error) => error.class,
            Self::Notify(error) => error.class(),
            Self::Ledger(_) | Self::Imaging(_) | Self::Restless { .. } => FailureClass::Bug,
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
