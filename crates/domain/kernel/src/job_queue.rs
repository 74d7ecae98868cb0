//! Wake-ups: messages that say "there is a job". They may all be lost; the rows are the truth.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::{AccountId, BoxError, JobId};

/// How soon somebody should look at a job, the more urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// A person waits for what comes of it.
    PersonWaits,
    /// Nobody waits: cleaning up, and what is given unasked.
    Background,
}

impl Urgency {
    /// Every urgency, the more urgent first.
    pub const ALL: [Self; 2] = [Self::PersonWaits, Self::Background];
}

/// Says that there is a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WakeUp {
    /// Whose job.
    pub account: AccountId,
    /// Which job.
    pub job: JobId,
    /// How soon somebody should look at it; follows from the job's kind.
    pub urgency: Urgency,
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
/// - Waiting wake-ups of a person who waits MUST come before those of the background.
/// - Waiting wake-ups of different accounts MUST take turns, so that one person with a thousand jobs delays nobody by more
///   than one.
/// - `pop` MUST return `None` after `patience` when nothing came.
/// - Dropping the future of `pop` MUST NOT lose a wake-up for the other workers.
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Tells an idle worker.
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError>;

    /// Waits up to `patience` for a wake-up.
    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError>;
}
