//! Failures that nobody expected: recorded under a reference, and told to the operators when they are new.

use std::sync::Arc;

use kernel::{
    ClaimedJob, FailureLog, FailureReference, IdSource, NewFailure, OperatorChannel, OperatorNotice,
};

use crate::JobFailure;

/// Records unexpected failures.
#[derive(Clone)]
pub(crate) struct UnexpectedFailures {
    pub(crate) log: Arc<dyn FailureLog>,
    pub(crate) operators: Arc<dyn OperatorChannel>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl UnexpectedFailures {
    /// Records the failure of a job's run; the reference under which it is found. That recording fails changes nothing
    /// about the job: the failure is in the log of this process all the same.
    pub(crate) async fn record(&self, job: &ClaimedJob, failure: &JobFailure) -> FailureReference {
        let reference = FailureReference::from_random(self.ids.random());
        let fingerprint = format!("job.{}.{}", job.kind.as_str(), failure.name);
        tracing::error!(
            %reference,
            fingerprint,
            account = %job.claim.account,
            subject = %job.subject,
            attempt = job.attempt,
            class = ?failure.class,
            error = failure.detail,
            "an unexpected failure"
        );
        let new = NewFailure {
            fingerprint: fingerprint.clone(),
            reference: reference.clone(),
            sample: failure.detail.clone(),
        };
        match self.log.record(&new).await {
            Ok(true) => self.tell(fingerprint, reference.clone()).await,
            Ok(false) => {}
            Err(error) => tracing::error!(%reference, %error, "a failure could not be recorded"),
        }
        reference
    }

    async fn tell(&self, fingerprint: String, reference: FailureReference) {
        let notice = OperatorNotice::NewFailure { fingerprint, reference };
        if let Err(error) = self.operators.tell(&notice).await {
            tracing::error!(%error, ?notice, "the operators could not be told");
        }
    }
}
