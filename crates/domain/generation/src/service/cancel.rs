//! Taking a request back while nothing is at a provider yet.

use kernel::{AccountId, GenerationId, JobKind, NewJob, StoreError};

use super::{AdvanceError, GenerationService};
use crate::{State, machine};

/// What became of the wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It is cancelled; the credits are free again.
    Cancelled,
    /// It is being drawn already, or finished.
    TooLate,
}

impl GenerationService {
    /// Cancels a generation that has not been submitted.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn cancel(&self, account: AccountId, id: GenerationId) -> Result<CancelOutcome, AdvanceError> {
        let mut unit = self.ports.units.begin().await?;
        let Some(generation) = unit.generations().load(account, id).await? else {
            return Ok(CancelOutcome::TooLate);
        };
        if !machine::can_be_cancelled(&generation) {
            return Ok(CancelOutcome::TooLate);
        }
        match unit.generations().update(&machine::ended(&generation, State::Cancelled)).await {
            Ok(_) => {}
            Err(StoreError::Conflict { .. }) => return Ok(CancelOutcome::TooLate),
            Err(error) => return Err(error.into()),
        }
        self.release(unit.as_mut(), &generation).await?;
        let job = NewJob::now(account, JobKind::AdvanceGeneration, id.uuid());
        unit.jobs().schedule(&job).await?;
        self.give_back_cost(unit.as_mut(), &generation).await?;
        unit.commit().await?;
        self.wake(&job).await;
        Ok(CancelOutcome::Cancelled)
    }
}
