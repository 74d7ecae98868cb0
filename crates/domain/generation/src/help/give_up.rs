//! The compensation of a request that was tried too often: the person is told, and the job is buried.

use kernel::{ClaimedJob, FailureReference, HelpId};

use super::{HelpError, HelpService};
use crate::{HelpFailure, HelpState};

impl HelpService {
    /// Ends the job's request and buries the job. `reference` is what the person is told.
    ///
    /// # Errors
    /// When the database fails; the job stays claimable and this is tried again.
    pub async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), HelpError> {
        let found = self.ports.requests.find(job.claim.account, HelpId::new(job.subject)).await?;
        let mut ended = None;
        if let Some(mut request) = found {
            if request.state == HelpState::Waiting {
                request.state = HelpState::Failed(HelpFailure::Internal { reference: reference.to_string() });
            }
            // One try at telling; that it fails changes nothing about the end.
            request.state = match self.show(&request).await {
                Ok(state) => state,
                Err(error) => {
                    tracing::error!(help = %request.id, %error, "a person could not be told of an end");
                    HelpState::Closed(HelpFailure::Internal { reference: reference.to_string() })
                }
            };
            ended = Some(request);
        }
        let mut unit = self.ports.requests.begin().await?;
        if let Some(request) = &ended {
            unit.helps().update(request).await?;
        }
        unit.jobs().bury(&job.claim, reason).await?;
        Ok(unit.commit().await?)
    }
}
