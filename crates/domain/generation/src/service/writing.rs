//! The units of work that move a generation on. Every one of them is written under the job's claim.

use std::time::Duration;

use balance::{LedgerError, Operation, OperationKey, Refusal};
use kernel::{ClaimedJob, Credits, LedgerEntryId, NewJob, StoreError};

use super::{AdvanceError, GenerationService};
use crate::{FailureReason, Generation, State, UnitOfWork, machine};

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

/// Whether held credits were there to be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payment {
    /// They were, and are spent.
    Paid,
    /// The hold had been released: the images are free.
    Free,
}

impl GenerationService {
    /// Stores a changed generation.
    pub(super) async fn write(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        after: JobAfter,
    ) -> Result<Generation, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let written = unit.generations().update(generation).await?;
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

    /// Ends a generation unsuccessfully: the credits are free again. Whoever tells the person comes after.
    pub(super) async fn write_end(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        end: State,
    ) -> Result<Generation, AdvanceError> {
        tracing::info!(
            generation = %generation.id,
            state = %end.name(),
            attempts = generation.plan.attempt,
            last_failure = generation.plan.last_failure.as_deref().unwrap_or("none"),
            "a generation ended without images"
        );
        if end == State::Failed(FailureReason::Refused) {
            // Counted once, however often this is begun again.
            self.ports.refusals.record(generation.account, &format!("generation:{}", generation.id)).await?;
        }
        let mut unit = self.ports.units.begin().await?;
        let written = unit.generations().update(&machine::ended(generation, end)).await?;
        self.release(unit.as_mut(), generation).await?;
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        self.give_back_cost(unit.as_mut(), generation).await?;
        unit.commit().await?;
        Ok(written)
    }

    /// Returns the held credits within a unit.
    pub(super) async fn release(
        &self,
        unit: &mut dyn UnitOfWork,
        generation: &Generation,
    ) -> Result<(), LedgerError> {
        if generation.is_free() {
            return Ok(());
        }
        let hold = generation.hold;
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let operation = Operation::Release { hold };
        let key = OperationKey::release(hold);
        match unit.ledger().record(generation.account, entry, &key, &operation, "").await {
            // The deadline of the hold was faster.
            Ok(_) | Err(LedgerError::Refused(Refusal::AlreadyReleased)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Spends `amount` of the held credits within a unit.
    pub(super) async fn capture(
        &self,
        unit: &mut dyn UnitOfWork,
        generation: &Generation,
        amount: Credits,
    ) -> Result<Payment, LedgerError> {
        if generation.is_free() {
            return Ok(Payment::Paid);
        }
        let hold = generation.hold;
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let operation = Operation::Capture { hold, amount };
        let key = OperationKey::capture(hold);
        match unit.ledger().record(generation.account, entry, &key, &operation, "").await {
            Ok(_) => Ok(Payment::Paid),
            Err(LedgerError::Refused(Refusal::AlreadyReleased)) => Ok(Payment::Free),
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
