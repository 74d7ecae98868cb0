//! The compensation of a request that was tried too often: the person is told, and the job is buried.

use kernel::{ClaimedJob, ExportId, FailureReference, JobKind};

use super::{PrivacyError, PrivacyService};
use crate::ExportState;

impl PrivacyService {
    /// Ends what the job was about, and buries the job for operators to see and to revive. An erasure is never ended: it
    /// stays to be done.
    ///
    /// # Errors
    /// When the database fails; the job stays claimable and this is tried again.
    pub async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), PrivacyError> {
        let mut ended = None;
        if job.kind == JobKind::PackExport {
            let found = self.ports.requests.export(job.claim.account, ExportId::new(job.subject)).await?;
            if let Some(mut request) = found.filter(|request| request.state != ExportState::Done) {
                if let Err(error) =
                    self.ports.notifier.tell_export_failed(&request, &reference.to_string()).await
                {
                    tracing::error!(export = %request.id, %error, "a person could not be told of an end");
                }
                request.state = ExportState::Failed { reference: reference.to_string() };
                ended = Some(request);
            }
        }
        let mut unit = self.ports.requests.begin().await?;
        if let Some(request) = &ended {
            unit.privacy().update_export(request).await?;
        }
        unit.jobs().bury(&job.claim, reason).await?;
        Ok(unit.commit().await?)
    }
}
