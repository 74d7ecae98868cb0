//! A handler of jobs that does what a test says.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use gallery::GalleryUnits;
use kernel::{ClaimedJob, FailureClass, FailureReference, StoreError};
use thiserror::Error;
use tokio::time::{Instant, sleep};
use worker::{JobError, JobHandler};

/// What a run does.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Completes the job.
    Complete,
    /// Completes the job after this time.
    CompleteAfter(Duration),
    /// Fails in this way.
    Fail(FailureClass),
    /// Fails in this way after this time.
    FailAfter(Duration, FailureClass),
    /// Finds the claim in other hands.
    Superseded,
    /// Panics.
    Panic,
    /// Never ends.
    Hang,
}

#[derive(Debug, Error)]
#[error("the script says so")]
struct Scripted;

/// Plays one act a run, then completes every job.
pub struct Script {
    units: Arc<dyn GalleryUnits>,
    acts: Mutex<VecDeque<Act>>,
    failing_give_ups: AtomicUsize,
    runs: Mutex<Vec<Instant>>,
    given_up: Mutex<Vec<(String, FailureReference)>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

impl Script {
    pub fn new(units: Arc<dyn GalleryUnits>, acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            units,
            acts: Mutex::new(acts.into_iter().collect()),
            failing_give_ups: AtomicUsize::new(0),
            runs: Mutex::default(),
            given_up: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
        }
    }

    /// The next so many give-ups fail.
    pub fn fail_give_ups(&self, count: usize) {
        self.failing_give_ups.store(count, Ordering::SeqCst);
    }

    /// When runs began.
    pub fn runs(&self) -> Vec<Instant> {
        self.runs.lock().unwrap().clone()
    }

    /// The reasons and references of jobs that were given up.
    pub fn given_up(&self) -> Vec<(String, FailureReference)> {
        self.given_up.lock().unwrap().clone()
    }

    /// How many runs are under way.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// The most that were under way at once.
    pub fn most_under_way(&self) -> usize {
        self.most_under_way.load(Ordering::SeqCst)
    }

    async fn complete(&self, job: &ClaimedJob) -> Result<(), StoreError> {
        let mut unit = self.units.begin().await?;
        unit.jobs().complete(&job.claim).await?;
        unit.commit().await
    }

    async fn bury(&self, job: &ClaimedJob, reason: &str) -> Result<(), StoreError> {
        let mut unit = self.units.begin().await?;
        unit.jobs().bury(&job.claim, reason).await?;
        unit.commit().await
    }
}

/// A run under way; counts down when it ends or is dropped.
struct UnderWay<'script>(&'script Script);

impl<'script> UnderWay<'script> {
    fn begin(script: &'script Script) -> Self {
        let now = script.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        script.most_under_way.fetch_max(now, Ordering::SeqCst);
        Self(script)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl JobHandler for Script {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        let _under_way = UnderWay::begin(self);
        self.runs.lock().unwrap().push(Instant::now());
        let act = self.acts.lock().unwrap().pop_front().unwrap_or(Act::Complete);
        match act {
            Act::Complete => {}
            Act::CompleteAfter(span) => sleep(span).await,
            Act::Fail(class) => return Err(JobError::failed(class, "scripted", &Scripted)),
            Act::FailAfter(span, class) => {
                sleep(span).await;
                return Err(JobError::failed(class, "scripted", &Scripted));
            }
            Act::Superseded => return Err(JobError::Superseded),
            Act::Panic => panic!("the script says so"),
            Act::Hang => std::future::pending().await,
        }
        self.complete(job).await.map_err(|error| store_error(&error))
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), JobError> {
        let failing = self.failing_give_ups.load(Ordering::SeqCst);
        if failing > 0 {
            self.failing_give_ups.store(failing - 1, Ordering::SeqCst);
            return Err(JobError::failed(FailureClass::Unavailable, "scripted", &Scripted));
        }
        self.given_up.lock().unwrap().push((reason.to_owned(), reference.clone()));
        self.bury(job, reason).await.map_err(|error| store_error(&error))
    }
}

fn store_error(error: &StoreError) -> JobError {
    match error {
        StoreError::Superseded { .. } => JobError::Superseded,
        error => JobError::failed(error.class(), "store", error),
    }
}
