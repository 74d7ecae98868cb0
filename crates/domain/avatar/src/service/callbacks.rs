//! Callbacks about trainings: kept when they come, used by the driver, and set aside at the end.

use kernel::{ClaimedJob, JobKind, NewJob, StoreError};

use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarState, ParkedTraining, TrainingCallback};

impl AvatarService {
    /// Keeps a verified callback and makes its training look at it. A repeat changes nothing.
    ///
    /// # Errors
    /// When the database fails; the provider is to call again.
    pub async fn park_callback(&self, callback: &TrainingCallback) -> Result<ParkedTraining, StoreError> {
        let job = NewJob::now(callback.account, JobKind::AdvanceTraining, callback.avatar.uuid());
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(callback.account, callback.avatar).await?;
        if found.is_none_or(|avatar| avatar.state == AvatarState::Deleted) {
            // It was deleted in between.
            return Ok(ParkedTraining::Repeat);
        }
        let parked = unit.callbacks().park(callback).await?;
        if parked == ParkedTraining::New {
            unit.jobs().schedule(&job).await?;
        }
        unit.commit().await?;
        if parked == ParkedTraining::New {
            self.wake(&job).await;
        }
        Ok(parked)
    }

    /// After the end: nothing that comes late changes anything, and the job is done.
    pub(super) async fn settle_callbacks(
        &self,
        job: &ClaimedJob,
        avatar: &Avatar,
    ) -> Result<(), AvatarError> {
        let parked = self.ports.reader.parked(avatar.account, avatar.id).await?;
        let mut unit = self.ports.units.begin().await?;
        for callback in &parked {
            unit.callbacks().settle(callback).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        Ok(unit.commit().await?)
    }
}
