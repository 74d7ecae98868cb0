//! The compensation of a job that was tried too often: credits back, person told, job buried with its reason.

use kernel::{AvatarId, ClaimedJob, FailureReference, JobKind};

use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarState, News, TrainingFailure};

impl AvatarService {
    /// Ends what the job was about, and buries the job. `reference` is what the person is told.
    ///
    /// # Errors
    /// When the database fails; the job stays claimable and this is tried again.
    pub async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), AvatarError> {
        match job.kind {
            JobKind::CheckPhoto => self.give_up_photo(job, reason).await,
            JobKind::AdvanceTraining => self.give_up_training(job, reason, reference).await,
            _ => self.bury(job, None, reason).await,
        }
    }

    async fn give_up_training(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), AvatarError> {
        let found = self.ports.reader.find(job.claim.account, AvatarId::new(job.subject)).await?;
        let Some((mut avatar, _)) = found else {
            return self.bury(job, None, reason).await;
        };
        if avatar.state.name().is_under_way() {
            let failure = TrainingFailure::Internal { reference: reference.to_string() };
            avatar = self.write_failure(job, &avatar, failure).await?;
        }
        if avatar.news == News::Due && avatar.state != AvatarState::Deleted {
            self.tell_somehow(&avatar).await;
            avatar.news = News::Told;
        }
        self.bury(job, Some(&avatar), reason).await
    }

    /// One try at telling the person; that it fails changes nothing about the end.
    async fn tell_somehow(&self, avatar: &Avatar) {
        if let Err(error) = self.ports.notifier.tell_ending(avatar, &self.ending_of(avatar)).await {
            tracing::error!(avatar = %avatar.id, %error, "a person could not be told of an end");
        }
    }

    async fn bury(&self, job: &ClaimedJob, avatar: Option<&Avatar>, reason: &str) -> Result<(), AvatarError> {
        let mut unit = self.ports.units.begin().await?;
        if let Some(avatar) = avatar {
            unit.avatars().update(avatar).await?;
        }
        unit.jobs().bury(&job.claim, reason).await?;
        Ok(unit.commit().await?)
    }
}
