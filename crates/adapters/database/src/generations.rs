//! Generations: columns for what is searched for, a versioned payload for the rest.

use std::time::Duration;

use async_trait::async_trait;
use generation::{
    Delivery, Generation, GenerationReader, GenerationWriter, Inserted, Intent, ParkedCallback,
    PayloadColumns, PayloadError, StateName,
};
use kernel::{AccountId, Cursor, GenerationId, Page, PageSize, StoreError, Timestamp};
use sea_orm::DatabaseTransaction;

use crate::Database;
use crate::callbacks::PARKED;
use crate::paging::older_rows;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};
use crate::unit::Unit;

const TABLE: &str = "generations";

/// The clock is read once, so that the deadline is exactly the lifetime away.
const INSERT: &str = "
    INSERT INTO generations (account_id, id, intent, hold_id, state, told, payload, price, created_at, deadline, version)
    SELECT $1, $2, $3, $4, $5, $6, $7, $9, clock.now, clock.now + $8, 1
    FROM (SELECT now_micros() AS now) AS clock WHERE TRUE
    ON CONFLICT (account_id, intent) DO NOTHING
    RETURNING id, created_at, deadline, version";

const FIND: &str = "
    SELECT account_id, id, intent, state, payload, created_at, deadline, version, now_micros() AS now
    FROM generations WHERE account_id = $1 AND id = $2";

const LOAD: &str = "
    SELECT account_id, id, intent, state, payload, created_at, deadline, version
    FROM generations WHERE account_id = $1 AND id = $2 FOR UPDATE";

const FIND_BY_INTENT: &str = "
    SELECT account_id, id, intent, state, payload, created_at, deadline, version
    FROM generations WHERE account_id = $1 AND intent = $2";

const UPDATE: &str = "
    UPDATE generations SET state = $4, told = $5, payload = $6, price = $7, version = version + 1
    WHERE account_id = $1 AND id = $2 AND version = $3";

const UNDER_WAY: &str = "
    SELECT id FROM generations
    WHERE account_id = $1 AND state IN ('held', 'submitting', 'submitted') ORDER BY id DESC LIMIT $2";

const COUNT_UNDER_WAY: &str = "
    SELECT count(*) AS generations FROM generations
    WHERE account_id = $1 AND state IN ('held', 'submitting', 'submitted')";

const COUNT: &str = "SELECT count(*) AS generations FROM generations WHERE account_id = $1";

const ERASE_CALLBACKS: &str = "DELETE FROM provider_callbacks WHERE account_id = $1";
const ERASE_GENERATIONS: &str = "DELETE FROM generations WHERE account_id = $1";
const ERASE_SPENDING: &str = "DELETE FROM spend_days WHERE account_id = $1";

impl TryFrom<&Row> for Generation {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let columns = PayloadColumns {
            id: row.id("id", GenerationId::new)?,
            account: row.id("account_id", AccountId::new)?,
            intent: Intent::from_stored(row.get::<String>("intent")?),
            created_at: row.time("created_at")?,
            deadline: row.time("deadline")?,
            version: row.number("version")?,
        };
        let payload: String = row.get("payload")?;
        let generation = Self::from_payload(columns, &payload).map_err(|_| row.inconsistent("payload"))?;
        if row.parsed::<StateName>("state")? == generation.state.name() {
            Ok(generation)
        } else {
            Err(row.inconsistent("state"))
        }
    }
}

#[async_trait]
impl GenerationWriter for Unit {
    async fn insert(&mut self, generation: &Generation, lifetime: Duration) -> Result<Inserted, StoreError> {
        let outcome = insert(self.enter()?, generation, lifetime).await;
        self.leave(outcome)
    }

    async fn load(&mut self, account: AccountId, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        let found = fetch_optional(self.enter()?, TABLE, LOAD, values![account.uuid(), id.uuid()]).await;
        let outcome = found.and_then(|row| row.as_ref().map(Generation::try_from).transpose());
        self.leave(outcome)
    }

    async fn update(&mut self, generation: &Generation) -> Result<Generation, StoreError> {
        let outcome = update(self.enter()?, generation).await;
        self.leave(outcome)
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        let counted = fetch_one(self.enter()?, TABLE, COUNT_UNDER_WAY, values![account.uuid()]).await;
        self.leave(counted.and_then(|row| row.number("generations")))
    }
}

async fn insert(
    transaction: &DatabaseTransaction,
    generation: &Generation,
    lifetime: Duration,
) -> Result<Inserted, StoreError> {
    let values = values![
        generation.account.uuid(),
        generation.id.uuid(),
        generation.intent.as_str(),
        generation.hold.uuid(),
        generation.state.name().as_str(),
        is_told(generation),
        payload(generation)?,
        micros(lifetime),
        price(generation)?,
    ];
    if let Some(row) = fetch_optional(transaction, TABLE, INSERT, values).await? {
        return Ok(Inserted::New(Generation {
            created_at: row.time("created_at")?,
            deadline: row.time("deadline")?,
            version: row.number("version")?,
            ..generation.clone()
        }));
    }
    let values = values![generation.account.uuid(), generation.intent.as_str()];
    let row = fetch_optional(transaction, TABLE, FIND_BY_INTENT, values).await?;
    let row = row.ok_or(StoreError::Conflict { what: "the generation of this wish" })?;
    Ok(Inserted::Existing(Generation::try_from(&row)?))
}

async fn update(
    transaction: &DatabaseTransaction,
    generation: &Generation,
) -> Result<Generation, StoreError> {
    let version = i64::try_from(generation.version).map_err(|error| StoreError::Bug(error.into()))?;
    let values = values![
        generation.account.uuid(),
        generation.id.uuid(),
        version,
        generation.state.name().as_str(),
        is_told(generation),
        payload(generation)?,
        price(generation)?,
    ];
    if execute(transaction, UPDATE, values).await? == 1 {
        Ok(Generation { version: generation.version + 1, ..generation.clone() })
    } else {
        Err(StoreError::Conflict { what: "the generation" })
    }
}

fn payload(generation: &Generation) -> Result<String, StoreError> {
    generation.to_payload().map_err(|error: PayloadError| StoreError::Bug(error.into()))
}

/// What was agreed to be paid for all of it.
fn price(generation: &Generation) -> Result<i64, StoreError> {
    let price = generation.full_price().map_err(|error| StoreError::Bug(error.into()))?;
    Ok(price.get())
}

/// Whether the person knows how it ended.
fn is_told(generation: &Generation) -> bool {
    matches!(generation.delivery, Delivery::Done { .. })
}

#[async_trait]
impl GenerationReader for Database {
    async fn find(
        &self,
        account: AccountId,
        id: GenerationId,
    ) -> Result<Option<(Generation, Timestamp)>, StoreError> {
        let values = values![account.uuid(), id.uuid()];
        let row = fetch_optional(self.reader(), TABLE, FIND, values).await?;
        row.map(|row| Ok((Generation::try_from(&row)?, row.time("now")?))).transpose()
    }

    async fn find_by_intent(
        &self,
        account: AccountId,
        intent: &Intent,
    ) -> Result<Option<Generation>, StoreError> {
        let values = values![account.uuid(), intent.as_str()];
        let row = fetch_optional(self.reader(), TABLE, FIND_BY_INTENT, values).await?;
        row.as_ref().map(Generation::try_from).transpose()
    }

    async fn parked(&self, account: AccountId, id: GenerationId) -> Result<Vec<ParkedCallback>, StoreError> {
        let values = values![account.uuid(), id.uuid()];
        let rows = fetch_all(self.reader(), "provider_callbacks", PARKED, values).await?;
        rows.iter().map(ParkedCallback::try_from).collect()
    }

    async fn under_way(&self, account: AccountId, limit: u16) -> Result<Vec<GenerationId>, StoreError> {
        let values = values![account.uuid(), i64::from(limit)];
        let rows = fetch_all(self.reader(), TABLE, UNDER_WAY, values).await?;
        rows.iter().map(|row| row.id("id", GenerationId::new)).collect()
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        fetch_one(self.reader(), TABLE, COUNT, values![account.uuid()]).await?.number("generations")
    }

    async fn page(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<Generation>, StoreError> {
        let (older, values) = older_rows(account, after, size);
        let statement = format!(
            "SELECT account_id, id, intent, state, payload, created_at, deadline, version FROM generations
            WHERE account_id = $1 {older} ORDER BY id DESC LIMIT $2"
        );
        let rows = fetch_all(self.reader(), TABLE, &statement, values).await?;
        let generations = rows.iter().map(Generation::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_rows(generations, size, |generation: &Generation| generation.id.uuid()))
    }
}

/// Removes all generations of an account with their callbacks; how many generations it removed.
pub(crate) async fn erase_generations(database: &Database, account: AccountId) -> Result<u64, StoreError> {
    let transaction = database.begin().await?;
    execute(&transaction, ERASE_CALLBACKS, values![account.uuid()]).await?;
    execute(&transaction, ERASE_SPENDING, values![account.uuid()]).await?;
    let erased = execute(&transaction, ERASE_GENERATIONS, values![account.uuid()]).await?;
    Database::commit(transaction).await?;
    Ok(erased)
}
