//! What is spent at providers, counted by the day: one row for each person, which is about the latest day on which they
//! spent, and one row for each day of everybody.
//!
//! Each count is one conditional statement, so that no two can both take the last of a cap. The row of everybody's day is
//! locked from there to the commit; units of work therefore count last. Whatever a cap admits in a day is little against
//! what one row can bear: 10,000 USD a day are some three requests a second.

use async_trait::async_trait;
use kernel::{
    AccountId, CapNews, CapOf, CapReached, Day, MicroUsd, SpendBook, SpendCaps, SpendCounter, SpendOutcome,
    StoreError,
};
use sea_orm::DatabaseTransaction;

use crate::Database;
use crate::database::now;
use crate::statement::{execute, fetch_optional, values};
use crate::unit::Unit;

/// What a person has spent today counts; what they spent on an earlier day does not.
const COUNT_FOR_PERSON: &str = "
    INSERT INTO spend_days (account_id, day, micro_usd)
    SELECT $1, clock.now / 86400000000, $2 FROM (SELECT now_micros() AS now) AS clock WHERE $2 <= $3
    ON CONFLICT (account_id) DO UPDATE SET
        day = excluded.day,
        micro_usd = excluded.micro_usd
            + CASE WHEN spend_days.day = excluded.day THEN spend_days.micro_usd ELSE 0 END
    WHERE excluded.micro_usd
        + CASE WHEN spend_days.day = excluded.day THEN spend_days.micro_usd ELSE 0 END <= $3";

const COUNT_FOR_EVERYBODY: &str = "
    INSERT INTO spend_totals (day, micro_usd, told)
    SELECT clock.now / 86400000000, $1, FALSE FROM (SELECT now_micros() AS now) AS clock WHERE $1 <= $2
    ON CONFLICT (day) DO UPDATE SET micro_usd = spend_totals.micro_usd + excluded.micro_usd
    WHERE spend_totals.micro_usd + excluded.micro_usd <= $2";

const TAKE_OFF_PERSON: &str = "
    UPDATE spend_days SET micro_usd = CASE WHEN micro_usd > $3 THEN micro_usd - $3 ELSE 0 END
    WHERE account_id = $1 AND day = $2";

const TAKE_OFF_EVERYBODY: &str = "
    UPDATE spend_totals SET micro_usd = CASE WHEN micro_usd > $2 THEN micro_usd - $2 ELSE 0 END WHERE day = $1";

const SPENT: &str = "SELECT micro_usd FROM spend_totals WHERE day = $1";

const SPENT_BY: &str = "SELECT micro_usd FROM spend_days WHERE account_id = $1 AND day = $2";

const REMEMBER_TOLD: &str = "
    INSERT INTO spend_totals (day, micro_usd, told) VALUES ($1, 0, TRUE)
    ON CONFLICT (day) DO UPDATE SET told = TRUE WHERE NOT spend_totals.told";

#[async_trait]
impl SpendCounter for Unit {
    async fn count(
        &mut self,
        account: AccountId,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<SpendOutcome, StoreError> {
        let outcome = count(self.enter()?, account, amount, caps).await;
        self.leave(outcome)
    }

    async fn give_back(
        &mut self,
        account: AccountId,
        day: Day,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<(), StoreError> {
        let outcome = give_back(self.enter()?, account, day, amount, caps).await;
        self.leave(outcome)
    }
}

async fn count(
    transaction: &DatabaseTransaction,
    account: AccountId,
    amount: MicroUsd,
    caps: SpendCaps,
) -> Result<SpendOutcome, StoreError> {
    if let Some(cap) = caps.per_person {
        let values = values![account.uuid(), column(amount), column(cap)];
        if execute(transaction, COUNT_FOR_PERSON, values).await? == 0 {
            return refused(transaction, CapOf::Person).await;
        }
    }
    if let Some(cap) = caps.in_all {
        let values = values![column(amount), column(cap)];
        if execute(transaction, COUNT_FOR_EVERYBODY, values).await? == 0 {
            let refused = refused(transaction, CapOf::Everybody).await?;
            if let SpendOutcome::Refused(reached) = refused
                && caps.per_person.is_some()
            {
                take_off_person(transaction, account, reached.day, amount).await?;
            }
            return Ok(refused);
        }
    }
    Ok(SpendOutcome::Counted)
}

async fn refused(transaction: &DatabaseTransaction, cap: CapOf) -> Result<SpendOutcome, StoreError> {
    let day = Day::of(now(transaction).await?);
    Ok(SpendOutcome::Refused(CapReached { cap, day }))
}

async fn give_back(
    transaction: &DatabaseTransaction,
    account: AccountId,
    day: Day,
    amount: MicroUsd,
    caps: SpendCaps,
) -> Result<(), StoreError> {
    if caps.per_person.is_some() {
        take_off_person(transaction, account, day, amount).await?;
    }
    if caps.in_all.is_some() {
        execute(transaction, TAKE_OFF_EVERYBODY, values![day.number(), column(amount)]).await?;
    }
    Ok(())
}

async fn take_off_person(
    transaction: &DatabaseTransaction,
    account: AccountId,
    day: Day,
    amount: MicroUsd,
) -> Result<(), StoreError> {
    let values = values![account.uuid(), day.number(), column(amount)];
    execute(transaction, TAKE_OFF_PERSON, values).await.map(|_| ())
}

#[async_trait]
impl SpendBook for Database {
    async fn spent(&self, day: Day) -> Result<MicroUsd, StoreError> {
        let row = fetch_optional(self.reader(), "spend_totals", SPENT, values![day.number()]).await?;
        row.map_or(Ok(MicroUsd::ZERO), |row| row.number("micro_usd").map(MicroUsd::new))
    }

    async fn spent_by(&self, account: AccountId, day: Day) -> Result<MicroUsd, StoreError> {
        let values = values![account.uuid(), day.number()];
        let row = fetch_optional(self.reader(), "spend_days", SPENT_BY, values).await?;
        row.map_or(Ok(MicroUsd::ZERO), |row| row.number("micro_usd").map(MicroUsd::new))
    }

    async fn cap_reached(&self, day: Day) -> Result<CapNews, StoreError> {
        match execute(self.writer(), REMEMBER_TOLD, values![day.number()]).await? {
            0 => Ok(CapNews::Known),
            _ => Ok(CapNews::Tell),
        }
    }
}

/// An amount as it is stored; more than can be is as much as can be.
fn column(amount: MicroUsd) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
