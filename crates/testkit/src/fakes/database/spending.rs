//! What is spent at providers, by the day.

use async_trait::async_trait;
use kernel::{
    AccountId, CapNews, CapOf, CapReached, Day, MicroUsd, SpendBook, SpendCaps, SpendCounter, SpendOutcome,
    StoreError,
};

use super::MemoryDatabase;
use super::tables::Tables;
use super::unit::MemoryUnit;

#[async_trait]
impl SpendCounter for MemoryUnit {
    async fn count(
        &mut self,
        account: AccountId,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<SpendOutcome, StoreError> {
        self.call("spending.count", |tables, now| {
            let day = Day::of(now);
            let own = plus(spent_by(tables, account, day), amount);
            let total = plus(tables.spend_totals.get(&day).copied().unwrap_or_default().spent, amount);
            for (cap, sum, of) in
                [(caps.per_person, own, CapOf::Person), (caps.in_all, total, CapOf::Everybody)]
            {
                if cap.is_some_and(|cap| sum > cap) {
                    return Ok(SpendOutcome::Refused(CapReached { cap: of, day }));
                }
            }
            if caps.per_person.is_some() {
                tables.spend_days.insert(account, (day, own));
            }
            if caps.in_all.is_some() {
                tables.spend_totals.entry(day).or_default().spent = total;
            }
            Ok(SpendOutcome::Counted)
        })
        .await
    }

    async fn give_back(
        &mut self,
        account: AccountId,
        day: Day,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<(), StoreError> {
        self.call("spending.give_back", |tables, _| {
            if let Some((spent_on, spent)) = tables.spend_days.get_mut(&account)
                && caps.per_person.is_some()
                && *spent_on == day
            {
                *spent = less(*spent, amount);
            }
            if let Some(total) = tables.spend_totals.get_mut(&day)
                && caps.in_all.is_some()
            {
                total.spent = less(total.spent, amount);
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl SpendBook for MemoryDatabase {
    async fn spent(&self, day: Day) -> Result<MicroUsd, StoreError> {
        self.read("spending.spent", |tables, _| {
            Ok(tables.spend_totals.get(&day).copied().unwrap_or_default().spent)
        })
        .await
    }

    async fn spent_by(&self, account: AccountId, day: Day) -> Result<MicroUsd, StoreError> {
        self.read("spending.spent_by", |tables, _| Ok(spent_by(tables, account, day))).await
    }

    async fn cap_reached(&self, day: Day) -> Result<CapNews, StoreError> {
        self.write("spending.cap_reached", |tables, _| {
            let total = tables.spend_totals.entry(day).or_default();
            let news = if total.told { CapNews::Known } else { CapNews::Tell };
            total.told = true;
            Ok(news)
        })
        .await
    }
}

fn spent_by(tables: &Tables, account: AccountId, day: Day) -> MicroUsd {
    let latest = tables.spend_days.get(&account).filter(|(spent_on, _)| *spent_on == day);
    latest.map_or(MicroUsd::ZERO, |(_, spent)| *spent)
}

fn plus(spent: MicroUsd, amount: MicroUsd) -> MicroUsd {
    [spent, amount].into_iter().sum()
}

fn less(spent: MicroUsd, amount: MicroUsd) -> MicroUsd {
    MicroUsd::new(spent.get().saturating_sub(amount.get()))
}
