//! How far cleaning up has got, where it takes more than one round.

use async_trait::async_trait;

use crate::StoreError;

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
