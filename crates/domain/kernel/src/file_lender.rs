//! Lending stored objects to a provider.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::{FailureClass, ObjectKey, ObjectStoreError, ProviderError};

/// Why an object cannot be lent.
#[derive(Debug, Error)]
pub enum LendingError {
    /// There is no such object.
    #[error("the object {0} is not there")]
    Missing(ObjectKey),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// The provider's storage failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

impl LendingError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Missing(_) => FailureClass::Bug,
            Self::Objects(error) => error.class(),
            Self::Provider(error) => error.class,
        }
    }
}

/// Puts stored objects where a provider can read them for a time: by a link of our own where the world can reach us,
/// else by a copy in the provider's storage that vanishes by itself.
///
/// **Contract**
/// - The address MUST give the object's bytes to whoever asks, for `lifetime` from now and no longer.
/// - A large object MUST be passed on in pieces, never held in memory as a whole.
/// - No address MUST appear in an error or a log.
#[async_trait]
pub trait FileLender: Send + Sync {
    /// An address at which the provider reads the object. `content_type` is the media type that it is told.
    async fn lend(
        &self,
        object: &ObjectKey,
        content_type: &str,
        lifetime: Duration,
    ) -> Result<String, LendingError>;
}
