//! Jobs that examine photos, move trainings on, and remove what is no longer to be kept.

use std::sync::Arc;

use async_trait::async_trait;
use avatar::{AvatarError, AvatarService};
use balance::LedgerError;
use kernel::{ClaimedJob, FailureReference, JobKind, NotifyError};

use crate::generation_jobs::store_name;
use crate::{JobError, JobHandler};

/// Does everything about avatars but drawing their previews.
pub struct AvatarJobs {
    service: Arc<AvatarService>,
}

impl AvatarJobs {
    /// A handler over this service.
    pub fn new(service: Arc<AvatarService>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl JobHandler for AvatarJobs {
    async fn run(&self, job: &ClaimedJob) -> Result<(), JobError> {
        let ran = match job.kind {
            JobKind::CheckPhoto => self.service.check_photo(job).await,
            JobKind::ReviewPhotos => self.service.review_photos(job).await,
            JobKind::ForgetPhotos => self.service.forget_photos(job).await,
            JobKind::EraseAvatar => self.service.erase(job).await,
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
        self.service.give_up(job, reason, reference).await.map_err(|error| job_error(&error))
    }
}

fn job_error(error: &AvatarError) -> JobError {
    if error.is_superseded() {
        return JobError::Superseded;
    }
    JobError::failed(error.class(), name(error), error)
}

fn name(error: &AvatarError) -> String {
    match error {
        AvatarError::Store(error) | AvatarError::Ledger(LedgerError::Store(error)) => store_name(error),
        AvatarError::Ledger(LedgerError::Refused(_)) => "ledger-refused".to_owned(),
        AvatarError::Ledger(LedgerError::KeyConflict(_)) => "ledger-key-conflict".to_owned(),
        AvatarError::Objects(_) => "objects".to_owned(),
        AvatarError::Imaging(_) => "imaging".to_owned(),
        AvatarError::Incoming(_) => "incoming-file".to_owned(),
        AvatarError::Archive(_) => "archive".to_owned(),
        AvatarError::Lending(_) => "lending".to_owned(),
        AvatarError::Provider(error) => format!("provider.{}", error.code),
        AvatarError::Notify(NotifyError::Unreachable) => "person-unreachable".to_owned(),
        AvatarError::Notify(NotifyError::Failed(error)) => format!("messenger.{}", error.code),
        AvatarError::Restless { .. } => "restless".to_owned(),
    }
}
