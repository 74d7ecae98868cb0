//! Wake-ups: messages that say "there is a job". They may all be lost; the rows are the truth.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::{AccountId, BoxError, JobId};

/// Says that there is a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WakeUp {
    /// Whose job.
    pub account: AccountId,
    /// Which job.
    pub job: JobId,
}

/// The carrier of wake-ups is away. The sweeper feeds every job again.
#[derive(Debug, Error)]
#[error("the job queue is unavailable")]
pub struct JobQueueError(#[source] pub BoxError);

/// Carries wake-ups to idle workers.
///
/// **Contract**
/// - `push` MUST NOT block on slow workers; it MAY drop a wake-up.
/// - A wake-up that is not dropped MUST reach one waiting worker.
/// - `pop` MUST return `None` after `patience` when nothing came.
/// - Dropping the future of `pop` MUST NOT lose a wake-up for the other workers.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Tells an idle worker.
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError>;

    /// Waits up to `patience` for a wake-up.
    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError>;
}
