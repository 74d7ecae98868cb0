//! Jobs that move generations on.

use std::sync::Arc;

use async_trait::async_trait;
use balance::LedgerError;
use generation::{AdvanceError, GenerationService, NotifyError};
use kernel::{ClaimedJob, FailureReference, JobKind, StoreError};

use crate::{JobError, JobHandler};

/// Moves generations on, and ends those that cannot be.
pub struct GenerationJobs {
    service: Arc<GenerationService>,
}

impl GenerationJobs {
    /// A handler over this service.
    pub fn new(service: Arc<GenerationService>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl JobHandler for GenerationJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        let ran = match job.kind {
            JobKind::DrawPreviews => self.service.draw_previews(job).await,
            _ => self.service.advance(job).await,
        };
        ran.map_err(|error| job_error(&error))
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), JobError> {
        let given_up = match job.kind {
            JobKind::DrawPreviews => {
                self.service.give_up_previews(job, reason).await.map_err(AdvanceError::from)
            }
            _ => self.service.give_up(job, reason, reference).await,
        };
        given_up.map_err(|error| job_error(&error))
    }
}

fn job_error(error: &AdvanceError) -> JobError {
    if error.is_superseded() {
        return JobError::Superseded;
    }
    JobError::failed(error.class(), name(error), error)
}

fn name(error: &AdvanceError) -> String {
    match error {
        AdvanceError::Store(error) | AdvanceError::Ledger(LedgerError::Store(error)) => store_name(error),
        AdvanceError::Ledger(LedgerError::Refused(_)) => "ledger-refused".to_owned(),
        AdvanceError::Ledger(LedgerError::KeyConflict(_)) => "ledger-key-conflict".to_owned(),
        AdvanceError::Objects(_) => "objects".to_owned(),
        AdvanceError::Lending(_) => "lending".to_owned(),
        AdvanceError::Imaging(_) => "imaging".to_owned(),
        AdvanceError::Notify(NotifyError::Unreachable) => "person-unreachable".to_owned(),
        AdvanceError::Notify(NotifyError::Failed(error)) => format!("messenger.{}", error.code),
        AdvanceError::Credits(_) => "credits-out-of-range".to_owned(),
        AdvanceError::BytesMissing { .. } => "bytes-missing".to_owned(),
        AdvanceError::Restless { .. } => "restless".to_owned(),
    }
}

/// The name of a failure of the database: the place when data is inconsistent, the kind otherwise.
pub(crate) fn store_name(error: &StoreError) -> String {
    match error {
        StoreError::Unavailable(_) => "store-unavailable".to_owned(),
        StoreError::Contended(_) => "store-contended".to_owned(),
        StoreError::Conflict { what } => format!("store-conflict.{what}"),
        StoreError::Superseded { what } => format!("superseded.{what}"),
        StoreError::Poisoned => "store-poisoned".to_owned(),
        StoreError::Inconsistent { table, column, .. } => format!("inconsistent.{table}.{column}"),
        StoreError::Bug(_) => "store-bug".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{FailureClass, ProviderError};

    #[test]
    fn a_lost_claim_is_no_failure() {
        let lost = || StoreError::Superseded { what: "job" };
        assert_eq!(job_error(&AdvanceError::Store(lost())), JobError::Superseded);
        assert_eq!(job_error(&AdvanceError::Ledger(LedgerError::Store(lost()))), JobError::Superseded);
    }

    #[test]
    fn a_name_says_what_and_where_without_whom() {
        let inconsistent =
            StoreError::Inconsistent { table: "generations", column: "state", id: "42".to_owned() };
        assert_eq!(name(&AdvanceError::Store(inconsistent)), "inconsistent.generations.state");
        let limited = ProviderError::new(FailureClass::Unavailable, "http-502", "chat 42");
        assert_eq!(name(&AdvanceError::Notify(NotifyError::Failed(limited))), "messenger.http-502");
    }
}
