//! Wake-ups in memory.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{JobQueue, JobQueueError, WakeUp};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::waiting_line::WaitingLine;

/// Carries wake-ups from one part of the process to another.
///
/// A wake-up that comes while the same one still waits, or while [`LocalJobQueue::CAPACITY`] others wait, is dropped:
/// the sweeper feeds every due job again.
#[derive(Debug)]
pub struct LocalJobQueue {
    capacity: usize,
    waiting: Mutex<WaitingLine>,
    /// One permit for each waiting wake-up. A worker that gives up waiting leaves its permit to the next one.
    ready: Semaphore,
}

impl LocalJobQueue {
    /// How many wake-ups wait at most, unless said otherwise.
    pub const CAPACITY: usize = 10_000;

    /// A queue of the usual capacity.
    pub fn new() -> Self {
        Self::with_capacity(Self::CAPACITY)
    }

    /// A queue in which at most `capacity` wake-ups wait.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { capacity, waiting: Mutex::default(), ready: Semaphore::new(0) }
    }

    fn keep(&self, wake_up: WakeUp) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= self.capacity {
            tracing::debug!(job = %wake_up.job, "the queue is full, a wake-up is left to the sweeper");
            return false;
        }
        waiting.join(wake_up)
    }

    fn take(&self) -> Option<WakeUp> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Default for LocalJobQueue {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl JobQueue for LocalJobQueue {
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError> {
        if self.keep(wake_up) {
            self.ready.add_permits(1);
        }
        Ok(())
    }

    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError> {
        match timeout(patience, self.ready.acquire()).await {
            Ok(Ok(permit)) => {
                permit.forget();
                Ok(self.take())
            }
            Ok(Err(closed)) => Err(JobQueueError(Box::new(closed))),
            Err(_nothing_came) => Ok(None),
        }
    }
}
