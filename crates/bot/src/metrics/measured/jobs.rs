//! Handlers of jobs that are watched.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{ClaimedJob, FailureReference};
use tokio::time::Instant;
use worker::{JobError, JobHandler};

use super::class_label;
use crate::metrics::Metrics;
use crate::metrics::names::JOB_SECONDS;

/// Records runs of jobs.
pub(crate) struct MeasuredJobs {
    inner: Arc<dyn JobHandler>,
    metrics: Metrics,
}

impl MeasuredJobs {
    pub(crate) fn new(inner: Arc<dyn JobHandler>, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }
}

#[async_trait]
impl JobHandler for MeasuredJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        let begun = Instant::now();
        let result = self.inner.run(job).await;
        let outcome = match &result {
            Ok(()) => "ok",
            Err(JobError::Superseded) => "superseded",
            Err(JobError::Failed(failure)) => class_label(failure.class),
        };
        self.metrics.observe(&JOB_SECONDS, &[job.kind.as_str(), outcome], begun.elapsed());
        result
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), JobError> {
        let begun = Instant::now();
        let result = self.inner.give_up(job, reason, reference).await;
        self.metrics.observe(&JOB_SECONDS, &[job.kind.as_str(), "given-up"], begun.elapsed());
        result
    }
}
