//! Jobs that hand out and erase what is kept of a person.

use std::sync::Arc;

use account::{PrivacyError, PrivacyService};
use async_trait::async_trait;
use kernel::{ClaimedJob, FailureReference, JobKind, NotifyError, PersonalDataError};

use crate::generation_jobs::store_name;
use crate::{JobError, JobHandler};

/// Hands out and erases what is kept of a person.
pub struct PrivacyJobs {
    service: Arc<PrivacyService>,
}

impl PrivacyJobs {
    /// A handler over this service.
    pub fn new(service: Arc<PrivacyService>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl JobHandler for PrivacyJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        let ran = match job.kind {
            JobKind::PackExport => self.service.pack(job).await,
            _ => self.service.erase(job).await,
        };
        ran.map_err(|error| job_error(&error))
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), JobError> {
        self.service.give_up(job, reason, reference).await.map_err(|error| job_error(&error))
    }
}

fn job_error(error: &PrivacyError) -> JobError {
    if error.is_superseded() {
        return JobError::Superseded;
    }
    let name = match error {
        PrivacyError::Store(error) | PrivacyError::Part(PersonalDataError::Store(error)) => store_name(error),
        PrivacyError::Objects(_) | PrivacyError::Part(PersonalDataError::Objects(_)) => "objects".to_owned(),
        PrivacyError::Part(PersonalDataError::Held { .. }) => "part-held".to_owned(),
        PrivacyError::Archive(_) => "archive".to_owned(),
        PrivacyError::Notify(NotifyError::Unreachable) => "person-unreachable".to_owned(),
        PrivacyError::Notify(NotifyError::Failed(error)) => format!("messenger.{}", error.code),
        PrivacyError::ArchiveMissing => "archive-missing".to_owned(),
        PrivacyError::Profile(_) => "profile".to_owned(),
    };
    JobError::failed(error.class(), name, error)
}
