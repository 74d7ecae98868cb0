//! Files that people send.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{FailureClass, ProviderError};

/// The messenger's id by which a file that somebody sent can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncomingFileId(String);

impl IncomingFileId {
    /// Wraps the messenger's id.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The messenger's id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IncomingFileId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a file cannot be had.
#[derive(Debug, Error)]
pub enum IncomingFileError {
    /// It is larger than the messenger hands out to bots.
    #[error("the file is too large")]
    TooLarge,
    /// The messenger no longer has it, or never had.
    #[error("the file is gone")]
    Gone,
    /// The messenger failed.
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl IncomingFileError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::TooLarge => FailureClass::Invalid,
            Self::Gone => FailureClass::NotFound,
            Self::Failed(error) => error.class,
        }
    }
}

/// Fetches files that people sent.
///
/// **Contract**
/// - `fetch` MUST give the bytes as they were sent, and MUST be repeatable.
/// - More than `limit` bytes MUST be `TooLarge`, without being held in memory.
#[async_trait]
pub trait IncomingFiles: Send + Sync {
    /// The bytes of a file of at most `limit` bytes.
    async fn fetch(&self, file: &IncomingFileId, limit: usize) -> Result<Bytes, IncomingFileError>;
}
