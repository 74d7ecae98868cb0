//! The units of work that move an avatar on. Those of a job are written under its claim.

use std::time::Duration;

use balance::{LedgerError, Operation, OperationKey, Refusal};
use kernel::{ClaimedJob, LedgerEntryId, NewJob, StoreError};

use super::draft::forget_photos_job;
use super::{AvatarError, AvatarService};
use crate::{Avatar, TrainingFailure, UnitOfWork, machine};

/// What becomes of the job with the change.
#[derive(Debug, Clone, Copy)]
pub(super) enum JobAfter {
    /// It goes on.
    Continues,
    /// It is done.
    Completes,
    /// It is done, and the next look is after this time.
    LooksAgain(Duration),
}

impl AvatarService {
    /// Stores a changed avatar.
    pub(super) async fn write(
        &self,
        job: &ClaimedJob,
        avatar: &Avatar,
        after: JobAfter,
    ) -> Result<Avatar, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let written = unit.avatars().update(avatar).await?;
        finish_job(unit.as_mut(), job, after).await?;
        unit.commit().await?;
        Ok(written)
    }

    /// Ends only the claim.
    pub(super) async fn write_job(&self, job: &ClaimedJob, after: JobAfter) -> Result<(), StoreError> {
        let mut unit = self.ports.units.begin().await?;
        finish_job(unit.as_mut(), job, after).await?;
        unit.commit().await
    }

    /// Ends a training unsuccessfully: the credits are free again. Whoever tells the person comes after.
    pub(super) async fn write_failure(
        &self,
        job: &ClaimedJob,
        avatar: &Avatar,
        reason: TrainingFailure,
    ) -> Result<Avatar, AvatarError> {
        tracing::warn!(
            avatar = %avatar.id,
            ?reason,
            attempts = avatar.training.as_ref().map_or(0, |training| training.attempts_of_round),
            last_failure =
                avatar.training.as_ref().and_then(|training| training.last_failure.as_deref()).unwrap_or("none"),
            "a training came to nothing"
        );
        let mut unit = self.ports.units.begin().await?;
        let written = unit.avatars().update(&machine::failed(avatar, reason)).await?;
        self.release(unit.as_mut(), avatar).await?;
        // Nobody is kept waiting for ever for a second try.
        unit.jobs().schedule(&forget_photos_job(avatar).after(self.policy.draft_retention)).await?;
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        self.give_back_cost(unit.as_mut(), avatar).await?;
        unit.commit().await?;
        Ok(written)
    }

    /// Returns the credits of a training under way within a unit.
    pub(super) async fn release(
        &self,
        unit: &mut dyn UnitOfWork,
        avatar: &Avatar,
    ) -> Result<(), LedgerError> {
        let Some((hold, _)) = machine::open_hold(avatar) else {
            return Ok(());
        };
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let key = OperationKey::release(hold);
        match unit.ledger().record(avatar.account, entry, &key, &Operation::Release { hold }, "").await {
            // The deadline of the hold was faster.
            Ok(_) | Err(LedgerError::Refused(Refusal::AlreadyReleased)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Spends the credits of a training under way within a unit.
    pub(super) async fn capture(
        &self,
        unit: &mut dyn UnitOfWork,
        avatar: &Avatar,
    ) -> Result<(), LedgerError> {
        let Some((hold, amount)) = machine::open_hold(avatar) else {
            return Ok(());
        };
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let key = OperationKey::capture(hold);
        let capture = Operation::Capture { hold, amount };
        match unit.ledger().record(avatar.account, entry, &key, &capture, "").await {
            Ok(_) => Ok(()),
            Err(LedgerError::Refused(Refusal::AlreadyReleased)) => {
                tracing::warn!(avatar = %avatar.id, "an avatar became ready after its credits were released; it is free");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Tells an idle worker; the sweeper finds the job when this fails.
    pub(super) async fn wake(&self, job: &NewJob) {
        if let Err(error) = self.ports.queue.push(job.wake_up()).await {
            tracing::warn!(%error, "waking a worker failed; the sweeper will find the job");
        }
    }
}

/// Confirms or ends the claim within a unit.
pub(super) async fn finish_job(
    unit: &mut dyn UnitOfWork,
    job: &ClaimedJob,
    after: JobAfter,
) -> Result<(), StoreError> {
    match after {
        JobAfter::Continues => unit.jobs().confirm(&job.claim).await,
        JobAfter::Completes => unit.jobs().complete(&job.claim).await,
        JobAfter::LooksAgain(delay) => {
            unit.jobs().complete(&job.claim).await?;
            unit.jobs().schedule(&NewJob::now(job.claim.account, job.kind, job.subject).after(delay)).await
        }
    }
}
