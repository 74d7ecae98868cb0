//! A queue of wake-ups that is watched.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{JobQueue, JobQueueError, WakeUp};

use super::outcome;
use crate::metrics::Metrics;
use crate::metrics::names::WAKE_UPS;

/// Counts wake-ups.
pub(crate) struct MeasuredQueue {
    inner: Arc<dyn JobQueue>,
    metrics: Metrics,
}

impl MeasuredQueue {
    pub(crate) fn new(inner: Arc<dyn JobQueue>, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }
}

#[async_trait]
impl JobQueue for MeasuredQueue {
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError> {
        let result = self.inner.push(wake_up).await;
        self.metrics.add(&WAKE_UPS, &["sent", outcome(&result)], 1);
        result
    }

    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError> {
        let result = self.inner.pop(patience).await;
        // That nothing came is no event.
        if !matches!(result, Ok(None)) {
            self.metrics.add(&WAKE_UPS, &["received", outcome(&result)], 1);
        }
        result
    }
}
