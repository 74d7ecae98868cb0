//! What trainings cost at trainers, and the caps on it.
//!
//! A training is counted with what its preset costs by the registry when it is ordered, also when it is free for the
//! person. It is counted off again when it ends before any trainer was asked; once one was asked the estimate stays.

use kernel::{
    AccountId, CapNews, CapOf, CapReached, Day, MicroUsd, OperatorNotice, SpendOutcome, StoreError,
};

use super::AvatarService;
use crate::{Avatar, Training, UnitOfWork};

impl AvatarService {
    fn cost_of(&self, training: &Training) -> MicroUsd {
        let trainer = self.registry.get(&training.trainer);
        let preset = trainer.and_then(|trainer| trainer.presets.get(&training.preset));
        MicroUsd::new(preset.map_or(0, |preset| preset.cost_micro_usd))
    }

    /// Counts a new training within a unit, unless a cap forbids it.
    pub(super) async fn count_cost(
        &self,
        unit: &mut dyn UnitOfWork,
        account: AccountId,
        training: &Training,
    ) -> Result<SpendOutcome, StoreError> {
        unit.spending().count(account, self.cost_of(training), self.policy.spend_caps).await
    }

    /// Takes the cost of a training under way off within a unit, when it ends before any trainer was asked.
    pub(super) async fn give_back_cost(
        &self,
        unit: &mut dyn UnitOfWork,
        avatar: &Avatar,
    ) -> Result<(), StoreError> {
        let Some(training) = &avatar.training else {
            return Ok(());
        };
        if !avatar.state.name().is_under_way() || training.attempts_of_round > 0 {
            return Ok(());
        }
        let (day, cost) = (Day::of(training.ordered_at), self.cost_of(training));
        unit.spending().give_back(avatar.account, day, cost, self.policy.spend_caps).await
    }

    /// A cap kept a training out: when it was everybody's, the operators are told once a day.
    pub(super) async fn heed_cap(&self, account: AccountId, reached: CapReached) -> Result<(), StoreError> {
        tracing::info!(%account, cap = ?reached.cap, "a training met the daily spend cap");
        let (CapOf::Everybody, Some(cap)) = (reached.cap, self.policy.spend_caps.in_all) else {
            return Ok(());
        };
        if self.ports.spend_book.cap_reached(reached.day).await? == CapNews::Tell {
            self.tell_operators(&OperatorNotice::SpendCapReached { cap, until: reached.day.end() }).await;
        }
        Ok(())
    }
}
