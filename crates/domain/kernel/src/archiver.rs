//! Packing stored objects into one file.

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

use crate::{BoxError, FailureClass, ObjectKey, ObjectStoreError};

/// What one file of an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveContent {
    /// A stored object.
    Object(ObjectKey),
    /// These bytes.
    Inline(Bytes),
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveEntry {
    /// Its path within the archive: relative, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub content: ArchiveContent,
}

/// An archive that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archived {
    /// How many files it holds.
    pub files: u32,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Why there is no archive.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// Work of ours went wrong.
    #[error("the archive could not be made")]
    Bug(#[source] BoxError),
}

impl ArchiveError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Objects(error) => error.class(),
            Self::Bug(_) => FailureClass::Bug,
        }
    }
}

/// Packs files into a zip in the object store.
///
/// **Contract**
/// - `pack` MUST write one zip with the entries in their order, under `target`, replacing what was there.
/// - Objects that are not there MUST be left out, and not counted.
/// - Two entries of one path MUST both be kept, the later one under a path of its own.
/// - No more than one entry at a time MUST be held in memory.
#[async_trait]
pub trait Archiver: Send + Sync {
    /// Packs the entries.
    async fn pack(&self, target: &ObjectKey, entries: &[ArchiveEntry]) -> Result<Archived, ArchiveError>;
}
