//! Cleaning up the object store: what is needed, and how far a sweep has got.

use async_trait::async_trait;

use crate::{ObjectKey, StoreError};

/// Remembers how far a sweep has got, so that the next process goes on from there.
///
/// **Contract**
/// - `mark` MUST give what `keep_mark` kept last for that sweep, and nothing before.
#[async_trait]
pub trait SweepMarks: Send + Sync {
    /// Where the sweep goes on; nothing for its beginning.
    async fn mark(&self, sweep: &str) -> Result<Option<String>, StoreError>;

    /// Keeps where it goes on; nothing for its beginning.
    async fn keep_mark(&self, sweep: &str, mark: Option<&str>) -> Result<(), StoreError>;
}

/// Knows which objects rows speak of.
///
/// **Contract**
/// - An image, a preview, a photo or weights that a person has, or can still bring back, MUST be needed; so MUST what work
///   under way has written or may still read, and an export that was not forgotten.
/// - An object whose key says nothing to us MUST be needed: it is somebody else's.
/// - Any other object MUST NOT be needed.
#[async_trait]
pub trait ObjectReferences: Send + Sync {
    /// Whether the object is needed.
    async fn is_needed(&self, object: &ObjectKey) -> Result<bool, StoreError>;
}
