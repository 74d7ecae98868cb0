//! Jobs that answer requests for help with words, voice and photos.

use std::sync::Arc;

use async_trait::async_trait;
use generation::{HelpError, HelpService};
use kernel::{ClaimedJob, FailureReference, NotifyError};

use crate::generation_jobs::store_name;
use crate::{JobError, JobHandler};

/// Answers requests for help.
pub struct HelpJobs {
    service: Arc<HelpService>,
}

impl HelpJobs {
    /// A handler over this service.
    pub fn new(service: Arc<HelpService>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl JobHandler for HelpJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        self.service.answer(job).await.map_err(|error| job_error(&error))
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

fn job_error(error: &HelpError) -> JobError {
    if error.is_superseded() {
        return JobError::Superseded;
    }
    let name = match error {
        HelpError::Store(error) => store_name(error),
        HelpError::Provider(error) => format!("provider.{}", error.code),
        HelpError::Incoming(_) => "incoming-file".to_owned(),
        HelpError::Imaging(_) => "imaging".to_owned(),
        HelpError::Notify(NotifyError::Unreachable) => "person-unreachable".to_owned(),
        HelpError::Notify(NotifyError::Failed(error)) => format!("messenger.{}", error.code),
    };
    JobError::failed(error.class(), name, error)
}
