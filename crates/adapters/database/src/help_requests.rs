//! Requests for help with words, voice and photos: columns for what is searched for, a versioned payload for the rest.

use std::time::Duration;

use async_trait::async_trait;
use generation::{
    HelpColumns, HelpInserted, HelpPayloadError, HelpRequest, HelpRequests, HelpUnitOfWork, HelpWriter,
};
use kernel::{AccountId, Cursor, HelpId, Intent, Page, PageSize, StoreError};
use sea_orm::DatabaseTransaction;

use crate::Database;
use crate::paging::older_rows;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};
use crate::unit::Unit;

const TABLE: &str = "help_requests";

/// The time within which requests count against the cap.
const DAY: Duration = Duration::from_hours(24);

/// Locks the account's quota until the unit ends, so that nobody else asks between counting and asking.
const LOCK_QUOTA: &str = "
    INSERT INTO help_quotas (account_id, asked_at) VALUES ($1, now_micros())
    ON CONFLICT (account_id) DO UPDATE SET asked_at = excluded.asked_at";

const COUNT_CAPPED: &str = "
    SELECT count(*) AS requests FROM help_requests
    WHERE account_id = $1 AND capped AND created_at > now_micros() - $2";

const INSERT: &str = "
    INSERT INTO help_requests (account_id, id, intent, capped, payload, created_at, version)
    VALUES ($1, $2, $3, $4, $5, now_micros(), 1)
    ON CONFLICT (account_id, intent) DO NOTHING
    RETURNING created_at, version";

const FIND: &str = "
    SELECT account_id, id, intent, payload, created_at, version FROM help_requests
    WHERE account_id = $1 AND id = $2";

const FIND_BY_INTENT: &str = "
    SELECT account_id, id, intent, payload, created_at, version FROM help_requests
    WHERE account_id = $1 AND intent = $2";

const UPDATE: &str = "
    UPDATE help_requests SET payload = $4, version = version + 1
    WHERE account_id = $1 AND id = $2 AND version = $3";

const FORGET_OLD: &str = "
    DELETE FROM help_requests WHERE (account_id, id) IN (
        SELECT account_id, id FROM help_requests
        WHERE created_at < now_micros() - $1 ORDER BY created_at LIMIT $2
    )";

const COUNT: &str = "SELECT count(*) AS requests FROM help_requests WHERE account_id = $1";

const ERASE_REQUESTS: &str = "DELETE FROM help_requests WHERE account_id = $1";
const ERASE_QUOTA: &str = "DELETE FROM help_quotas WHERE account_id = $1";

#[async_trait]
impl HelpWriter for Unit {
    async fn insert(&mut self, request: &HelpRequest, daily_cap: u32) -> Result<HelpInserted, StoreError> {
        let outcome = insert(self.enter()?, request, daily_cap).await;
        self.leave(outcome)
    }

    async fn update(&mut self, request: &HelpRequest) -> Result<HelpRequest, StoreError> {
        let outcome = update(self.enter()?, request).await;
        self.leave(outcome)
    }
}

async fn insert(
    transaction: &DatabaseTransaction,
    request: &HelpRequest,
    daily_cap: u32,
) -> Result<HelpInserted, StoreError> {
    if request.task.is_capped() {
        execute(transaction, LOCK_QUOTA, values![request.account.uuid()]).await?;
    }
    if let Some(existing) = find_by_intent(transaction, request).await? {
        return Ok(HelpInserted::Existing(existing));
    }
    if request.task.is_capped() && count_capped(transaction, request.account).await? >= u64::from(daily_cap) {
        return Ok(HelpInserted::CapReached);
    }
    let values = values![
        request.account.uuid(),
        request.id.uuid(),
        request.intent.as_str(),
        request.task.is_capped(),
        payload(request)?,
    ];
    if let Some(row) = fetch_optional(transaction, TABLE, INSERT, values).await? {
        return Ok(HelpInserted::New(HelpRequest {
            created_at: row.time("created_at")?,
            version: row.number("version")?,
            ..request.clone()
        }));
    }
    // Somebody else's came between the look and the insertion.
    let existing = find_by_intent(transaction, request).await?;
    existing.map(HelpInserted::Existing).ok_or(StoreError::Conflict { what: "the help for this wish" })
}

async fn find_by_intent(
    transaction: &DatabaseTransaction,
    request: &HelpRequest,
) -> Result<Option<HelpRequest>, StoreError> {
    let values = values![request.account.uuid(), request.intent.as_str()];
    let row = fetch_optional(transaction, TABLE, FIND_BY_INTENT, values).await?;
    row.as_ref().map(HelpRequest::try_from).transpose()
}

async fn count_capped(transaction: &DatabaseTransaction, account: AccountId) -> Result<u64, StoreError> {
    let values = values![account.uuid(), micros(DAY)];
    fetch_one(transaction, TABLE, COUNT_CAPPED, values).await?.number("requests")
}

async fn update(transaction: &DatabaseTransaction, request: &HelpRequest) -> Result<HelpRequest, StoreError> {
    let version = i64::try_from(request.version).map_err(|error| StoreError::Bug(error.into()))?;
    let values = values![request.account.uuid(), request.id.uuid(), version, payload(request)?];
    if execute(transaction, UPDATE, values).await? == 1 {
        Ok(HelpRequest { version: request.version + 1, ..request.clone() })
    } else {
        Err(StoreError::Conflict { what: "the request for help" })
    }
}

fn payload(request: &HelpRequest) -> Result<String, StoreError> {
    request.to_payload().map_err(|error: HelpPayloadError| StoreError::Bug(error.into()))
}

#[async_trait]
impl HelpRequests for Database {
    async fn begin(&self) -> Result<Box<dyn HelpUnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }

    async fn find(&self, account: AccountId, id: HelpId) -> Result<Option<HelpRequest>, StoreError> {
        let values = values![account.uuid(), id.uuid()];
        let row = fetch_optional(self.reader(), TABLE, FIND, values).await?;
        row.as_ref().map(HelpRequest::try_from).transpose()
    }

    async fn forget_old(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        execute(self.writer(), FORGET_OLD, values![micros(age), i64::from(limit)]).await
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        fetch_one(self.reader(), TABLE, COUNT, values![account.uuid()]).await?.number("requests")
    }

    async fn page(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<HelpRequest>, StoreError> {
        let (older, values) = older_rows(account, after, size);
        let statement = format!(
            "SELECT account_id, id, intent, payload, created_at, version FROM help_requests
            WHERE account_id = $1 {older} ORDER BY id DESC LIMIT $2"
        );
        let rows = fetch_all(self.reader(), TABLE, &statement, values).await?;
        let requests = rows.iter().map(HelpRequest::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_rows(requests, size, |request: &HelpRequest| request.id.uuid()))
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        let transaction = self.begin().await?;
        let erased = execute(&transaction, ERASE_REQUESTS, values![account.uuid()]).await?;
        execute(&transaction, ERASE_QUOTA, values![account.uuid()]).await?;
        Self::commit(transaction).await?;
        Ok(erased)
    }
}

impl TryFrom<&Row> for HelpRequest {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let columns = HelpColumns {
            id: row.id("id", HelpId::new)?,
            account: row.id("account_id", AccountId::new)?,
            intent: Intent::from_stored(row.get::<String>("intent")?),
            created_at: row.time("created_at")?,
            version: row.number("version")?,
        };
        let payload: String = row.get("payload")?;
        Self::from_payload(columns, &payload).map_err(|_| row.inconsistent("payload"))
    }
}
