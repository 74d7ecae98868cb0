//! Why a request for a file or an erasure could not be moved on now.

use std::time::Duration;

use kernel::{ArchiveError, FailureClass, NotifyError, ObjectStoreError, PersonalDataError, StoreError};
use thiserror::Error;

/// Why a request could not be moved on now. The job is tried again, unless it was superseded.
#[derive(Debug, Error)]
pub enum PrivacyError {
    /// The database failed, or somebody else moved it on meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// A domain could not deal with its part.
    #[error(transparent)]
    Part(#[from] PersonalDataError),
    /// The files could not be packed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The person could not be told.
    #[error(transparent)]
    Notify(#[from] NotifyError),
    /// A packed file is gone before it was handed over.
    #[error("a packed file is missing from the object store")]
    ArchiveMissing,
    /// A profile cannot be written down.
    #[error("a profile cannot be written down")]
    Profile(#[source] serde_json::Error),
}

impl PrivacyError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Objects(error) => error.class(),
            Self::Part(error) => error.class(),
            Self::Archive(error) => error.class(),
            Self::Notify(error) => error.class(),
            Self::ArchiveMissing | Self::Profile(_) => FailureClass::Bug,
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
        matches!(self, Self::Store(StoreError::Superseded { .. }))
    }
}
