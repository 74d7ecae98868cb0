//! Why a request for help could not be answered now.

use std::time::Duration;

use kernel::{FailureClass, ImagingError, IncomingFileError, NotifyError, ProviderError, StoreError};
use thiserror::Error;

/// Why a request for help could not be answered now. The job is tried again, unless it was superseded.
#[derive(Debug, Error)]
pub enum HelpError {
    /// The database failed, or somebody else moved it on meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The helper failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The file could not be fetched.
    #[error(transparent)]
    Incoming(#[from] IncomingFileError),
    /// The photo could not be worked on.
    #[error(transparent)]
    Imaging(#[from] ImagingError),
    /// The person could not be told.
    #[error(transparent)]
    Notify(#[from] NotifyError),
}

impl HelpError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Provider(error) => error.class,
            Self::Incoming(error) => error.class(),
            Self::Imaging(error) => error.class(),
            Self::Notify(error) => error.class(),
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
