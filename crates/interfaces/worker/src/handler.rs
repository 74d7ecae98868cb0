//! What is done about a job of a kind, as the job loop sees it.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ClaimedJob, FailureClass, FailureReference, JobKind};

/// A run of a job that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailure {
    /// What it means.
    pub class: FailureClass,
    /// The kind of error by a name of ours, such as `ledger-refused`; no person's data.
    pub name: String,
    /// The error with its causes, for operators.
    pub detail: String,
    /// How long the other side asked to be left alone.
    pub retry_after: Option<Duration>,
}

/// Why a run did not end its claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// The claim has passed to somebody else: there is nothing left to do here.
    Superseded,
    /// It failed; the job is tried again.
    Failed(JobFailure),
}

impl JobError {
    /// A failure, with everything that `error` says.
    pub fn failed(class: FailureClass, name: impl Into<String>, error: &(dyn Error + 'static)) -> Self {
        let retry_after = match class {
            FailureClass::Limited { retry_after } => retry_after,
            _ => None,
        };
        Self::Failed(JobFailure { class, name: name.into(), detail: with_causes(error), retry_after })
    }
}

/// Does what jobs of one kind ask for.
///
/// **Contract**
/// - `run` MUST end the claim in the unit of work that holds its effects, and MUST be repeatable from any point at which
///   the process may die.
/// - `give_up` MUST run the compensation and bury the job, and MUST be repeatable too.
/// - Both MUST answer `Superseded` when the claim is held by somebody else, and change nothing then.
#[async_trait]
pub trait JobHandler: Send + Sync {
    /// Runs the job.
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError>;

    /// Gives the job up for `reason`; `reference` is what the person is told.
    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), JobError>;
}

/// A handler for every kind of job.
#[derive(Clone)]
pub struct JobHandlers {
    /// Moves generations on.
    pub generation: Arc<dyn JobHandler>,
    /// Erases deleted images.
    pub gallery: Arc<dyn JobHandler>,
    /// Examines photos and moves trainings on.
    pub avatar: Arc<dyn JobHandler>,
    /// Answers requests for help.
    pub help: Arc<dyn JobHandler>,
    /// Hands out and erases what is kept of a person.
    pub privacy: Arc<dyn JobHandler>,
}

impl JobHandlers {
    /// The handler of a kind.
    pub fn of(&self, kind: JobKind) -> &Arc<dyn JobHandler> {
        match kind {
            JobKind::AdvanceGeneration | JobKind::DrawPreviews => &self.generation,
            JobKind::EraseGalleryItem => &self.gallery,
            JobKind::CheckPhoto
            | JobKind::ReviewPhotos
            | JobKind::AdvanceTraining
            | JobKind::ForgetPhotos
            | JobKind::EraseAvatar => &self.avatar,
            JobKind::AnswerHelp => &self.help,
            JobKind::PackExport | JobKind::EraseAccount => &self.privacy,
        }
    }
}

/// An error and everything underneath it, in one line.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(underneath) = cause {
        let words = underneath.to_string();
        // Transparent errors say the same as what is underneath them.
        if !text.ends_with(&words) {
            // Writing to a string cannot fail.
            let _written = write!(text, ": {words}");
        }
        cause = underneath.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::StoreError;

    #[test]
    fn a_failure_tells_every_cause_once() {
        let error = gallery::GalleryError::Store(StoreError::Unavailable("connection reset".into()));
        let JobError::Failed(failure) = JobError::failed(FailureClass::Unavailable, "store", &error) else {
            panic!("a failure is not superseded");
        };
        assert_eq!(failure.detail, "the database is unavailable: connection reset");
        assert_eq!(failure.retry_after, None);
    }

    #[test]
    fn a_limit_tells_how_long_to_wait() {
        let limited = FailureClass::Limited { retry_after: Some(Duration::from_secs(3)) };
        let JobError::Failed(failure) = JobError::failed(limited, "x", &StoreError::Poisoned) else {
            panic!("a failure is not superseded");
        };
        assert_eq!(failure.retry_after, Some(Duration::from_secs(3)));
    }
}
