//! One job: claimed, run under a claim that is kept alive, and put in order when it failed.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use kernel::{ClaimedJob, FailureClass, Jobs, StoreError, WakeUp};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::unexpected::UnexpectedFailures;
use crate::{JobError, JobFailure, JobHandlers, WorkerSettings, retry_delay};

/// Runs jobs one at a time; shared by those that run at once.
pub(crate) struct Execution {
    pub(crate) jobs: Arc<dyn Jobs>,
    pub(crate) handlers: JobHandlers,
    pub(crate) unexpected: UnexpectedFailures,
    pub(crate) settings: WorkerSettings,
    /// Cancelled when a stopping worker can wait no longer.
    pub(crate) hurry: CancellationToken,
}

/// How work under a claim ended.
enum Ending {
    /// By itself.
    Finished(Result<(), JobError>),
    /// The claim went to somebody else meanwhile.
    Lost,
    /// The process stops.
    Interrupted,
}

/// Whether a claim was still held when the last word about it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It was, or nobody knows.
    Perhaps,
    /// It had gone to somebody else.
    No,
}

impl Execution {
    /// Claims the job of a wake-up, if it can be claimed, and does everything about it.
    pub(crate) async fn look_at(&self, wake_up: WakeUp) {
        match self.jobs.claim(wake_up.account, wake_up.job, self.settings.lease).await {
            Ok(Some(job)) => self.work_on(&job).await,
            // Done, not due, or somebody else's.
            Ok(None) => {}
            Err(error) => tracing::warn!(job = %wake_up.job, %error, "a job could not be claimed"),
        }
    }

    async fn work_on(&self, job: &ClaimedJob) {
        let handler = self.handlers.of(job.kind);
        let failure = if job.is_exhausted() {
            // Whoever claimed it before never came to say why: it died.
            never_completed(job)
        } else {
            match self.under_claim(job, handler.run(job)).await {
                Ending::Finished(Ok(())) => return,
                Ending::Finished(Err(JobError::Failed(failure))) => failure,
                Ending::Finished(Err(JobError::Superseded)) | Ending::Lost => return superseded(job),
                Ending::Interrupted => return self.hand_back(job).await,
            }
        };
        if job.attempt < job.kind.max_attempts() {
            // What fails under a lost claim is no news: whoever has taken over may have cleared away what is missing here.
            let held = self.retry(job, &failure).await;
            if held == Held::Perhaps && failure.class == FailureClass::Bug {
                self.unexpected.record(job, &failure).await;
            }
        } else {
            self.give_up(job, &failure).await;
        }
    }

    /// The last attempt failed, or there is none left: the compensation is run, and the job buried.
    async fn give_up(&self, job: &ClaimedJob, failure: &JobFailure) {
        let reference = self.unexpected.record(job, failure).await;
        let handler = self.handlers.of(job.kind);
        let reason = format!("{reference}: {}", failure.detail);
        match self.under_claim(job, handler.give_up(job, &reason, &reference)).await {
            Ending::Finished(Ok(())) => {}
            Ending::Finished(Err(JobError::Failed(failure))) => {
                tracing::error!(%reference, error = failure.detail, "a job could not be given up; trying again");
                let _held = self.retry(job, &failure).await;
            }
            Ending::Finished(Err(JobError::Superseded)) | Ending::Lost => superseded(job),
            Ending::Interrupted => self.hand_back(job).await,
        }
    }

    /// Does `work` while the claim is extended. Both go on side by side: the work may hold the very connection that the
    /// extension waits for.
    async fn under_claim(
        &self,
        job: &ClaimedJob,
        work: impl Future<Output = Result<(), JobError>> + Send,
    ) -> Ending {
        let work = timeout(self.settings.longest_run, AssertUnwindSafe(work).catch_unwind());
        tokio::select! {
            biased;
            outcome = work => Ending::Finished(match outcome {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(panic)) => Err(JobError::Failed(panicked(panic.as_ref()))),
                Err(_) => Err(JobError::Failed(too_slow(self.settings.longest_run))),
            }),
            () = self.hurry.cancelled() => Ending::Interrupted,
            () = self.keep_claim(job) => Ending::Lost,
        }
    }

    /// Extends the claim again and again; returns when it is lost.
    async fn keep_claim(&self, job: &ClaimedJob) {
        let mut pause = self.settings.extend_every;
        loop {
            sleep(pause).await;
            pause = match self.jobs.extend(&job.claim, self.settings.lease).await {
                Ok(()) => self.settings.extend_every,
                Err(StoreError::Superseded { .. }) => return,
                Err(error) => {
                    tracing::warn!(job = %job.claim.job, %error, "a claim could not be extended; trying again");
                    self.settings.extend_every / 10
                }
            };
        }
    }

    async fn retry(&self, job: &ClaimedJob, failure: &JobFailure) -> Held {
        let delay = retry_delay(job.attempt, failure.retry_after);
        tracing::warn!(
            kind = job.kind.as_str(),
            subject = %job.subject,
            attempt = job.attempt,
            class = ?failure.class,
            error = failure.detail,
            ?delay,
            "a job failed; it is tried again"
        );
        settled(job, self.jobs.retry(&job.claim, delay, &failure.detail).await)
    }

    async fn hand_back(&self, job: &ClaimedJob) {
        let _held = settled(job, self.jobs.hand_back(&job.claim).await);
    }
}

/// What is known of a job that was claimed too often.
fn never_completed(job: &ClaimedJob) -> JobFailure {
    JobFailure {
        class: FailureClass::Bug,
        name: "never-completed".to_owned(),
        detail: format!("claimed {} times without completing", job.attempt.saturating_sub(1)),
        retry_after: None,
    }
}

fn panicked(panic: &(dyn Any + Send)) -> JobFailure {
    let words = panic
        .downcast_ref::<&'static str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a word".to_owned());
    JobFailure {
        class: FailureClass::Bug,
        name: "panicked".to_owned(),
        detail: format!("the job panicked: {words}"),
        retry_after: None,
    }
}

fn too_slow(limit: Duration) -> JobFailure {
    JobFailure {
        class: FailureClass::Bug,
        name: "too-slow".to_owned(),
        detail: format!("the job was cut off after {limit:?}"),
        retry_after: None,
    }
}

fn superseded(job: &ClaimedJob) {
    tracing::info!(job = %job.claim.job, "somebody else has taken over a job");
}

/// After the last word about a claim: when it could not be said, the lease runs out and the job is claimed again.
fn settled(job: &ClaimedJob, outcome: Result<(), StoreError>) -> Held {
    match outcome {
        Ok(()) => Held::Perhaps,
        Err(StoreError::Superseded { .. }) => {
            superseded(job);
            Held::No
        }
        Err(error) => {
            tracing::warn!(job = %job.claim.job, %error, "a claim could not be ended; its lease will");
            Held::Perhaps
        }
    }
}
