//! What requests cost at providers, and the caps on it.
//!
//! A request is counted with what its images cost by the registry when it is taken on. It is counted again off when it
//! ends before any provider was asked; once one was asked the estimate stays, because what a provider charges for work
//! that came to nothing is not known.

use kernel::{
    AccountId, CapNews, CapOf, CapReached, Day, MicroUsd, OperatorNotice, SpendOutcome, StoreError,
};

use super::GenerationService;
use crate::{Generation, UnitOfWork};

impl GenerationService {
    /// What the images of a request cost at the model that is to draw them.
    fn cost_of(&self, generation: &Generation) -> MicroUsd {
        let one = self.registry.get(&generation.plan.model).map_or(0, |model| model.cost_micro_usd);
        MicroUsd::new(one).times(u32::from(generation.request.count.get()))
    }

    /// Counts a new request within a unit, unless a cap forbids it.
    pub(super) async fn count_cost(
        &self,
        unit: &mut dyn UnitOfWork,
        generation: &Generation,
    ) -> Result<SpendOutcome, StoreError> {
        let caps = self.policy.spend_caps;
        unit.spending().count(generation.account, self.cost_of(generation), caps).await
    }

    /// Counts within a unit what was promised before, whatever was spent already.
    pub(super) async fn count_promised(
        &self,
        unit: &mut dyn UnitOfWork,
        generation: &Generation,
    ) -> Result<(), StoreError> {
        let caps = self.policy.spend_caps.counted_only();
        unit.spending().count(generation.account, self.cost_of(generation), caps).await.map(|_| ())
    }

    /// Takes the cost of a request off within a unit, when it ends before any provider was asked.
    pub(super) async fn give_back_cost(
        &self,
        unit: &mut dyn UnitOfWork,
        generation: &Generation,
    ) -> Result<(), StoreError> {
        if generation.plan.attempt > 0 {
            return Ok(());
        }
        let (day, cost) = (Day::of(generation.created_at), self.cost_of(generation));
        unit.spending().give_back(generation.account, day, cost, self.policy.spend_caps).await
    }

    /// A cap kept a request out: when it was everybody's, the operators are told once a day.
    pub(super) async fn heed_cap(&self, account: AccountId, reached: CapReached) -> Result<(), StoreError> {
        tracing::info!(%account, cap = ?reached.cap, "a request met the daily spend cap");
        let (CapOf::Everybody, Some(cap)) = (reached.cap, self.policy.spend_caps.in_all) else {
            return Ok(());
        };
        if self.ports.spend_book.cap_reached(reached.day).await? == CapNews::Tell {
            self.tell_operators(&OperatorNotice::SpendCapReached { cap, until: reached.day.end() }).await;
        }
        Ok(())
    }
}
