//! Requests for a file with what is kept of a person.

use std::time::Duration;

use account::{ExportColumns, ExportInserted, ExportRequest, ExportState, PrivacyPayloadError};
use kernel::{AccountId, ExportId, Intent, StoreError};
use sea_orm::DatabaseTransaction;

use crate::Database;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{Connection, execute, fetch_all, fetch_optional, values};

const TABLE: &str = "exports";

const INSERT: &str = "
    INSERT INTO exports (account_id, id, intent, payload, created_at, version)
    VALUES ($1, $2, $3, $4, now_micros(), 1)
    ON CONFLICT (account_id, intent) DO NOTHING
    RETURNING created_at, version";

const FIND: &str = "
    SELECT account_id, id, intent, payload, created_at, version FROM exports WHERE account_id = $1 AND id = $2";

const FIND_BY_INTENT: &str = "
    SELECT account_id, id, intent, payload, created_at, version FROM exports
    WHERE account_id = $1 AND intent = $2";

const UPDATE: &str = "
    UPDATE exports SET
        payload = $4, ended_at = CASE WHEN $5 THEN coalesce(ended_at, now_micros()) END, version = version + 1
    WHERE account_id = $1 AND id = $2 AND version = $3";

const EXPIRED: &str = "
    SELECT account_id, id FROM exports
    WHERE ended_at < now_micros() - $1 ORDER BY ended_at LIMIT $2";

const FORGET: &str = "DELETE FROM exports WHERE account_id = $1 AND id = $2 AND ended_at IS NOT NULL";

/// Keeps a new request, or finds the one of the same wish.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    request: &ExportRequest,
) -> Result<ExportInserted, StoreError> {
    let values =
        values![request.account.uuid(), request.id.uuid(), request.intent.as_str(), payload(request)?];
    if let Some(row) = fetch_optional(transaction, TABLE, INSERT, values).await? {
        return Ok(ExportInserted::New(ExportRequest {
            created_at: row.time("created_at")?,
            version: row.number("version")?,
            ..request.clone()
        }));
    }
    let values = values![request.account.uuid(), request.intent.as_str()];
    let row = fetch_optional(transaction, TABLE, FIND_BY_INTENT, values).await?;
    let row = row.ok_or(StoreError::Conflict { what: "the export for this wish" })?;
    Ok(ExportInserted::Existing(ExportRequest::try_from(&row)?))
}

/// Stores a changed request.
pub(crate) async fn update(
    transaction: &DatabaseTransaction,
    request: &ExportRequest,
) -> Result<ExportRequest, StoreError> {
    let version = i64::try_from(request.version).map_err(|error| StoreError::Bug(error.into()))?;
    let values = values![
        request.account.uuid(),
        request.id.uuid(),
        version,
        payload(request)?,
        has_ended(&request.state),
    ];
    if execute(transaction, UPDATE, values).await? == 1 {
        Ok(ExportRequest { version: request.version + 1, ..request.clone() })
    } else {
        Err(StoreError::Conflict { what: "the export" })
    }
}

fn payload(request: &ExportRequest) -> Result<String, StoreError> {
    request.to_payload().map_err(|error: PrivacyPayloadError| StoreError::Bug(error.into()))
}

const fn has_ended(state: &ExportState) -> bool {
    match state {
        ExportState::Waiting | ExportState::Packed { .. } => false,
        ExportState::Done | ExportState::Failed { .. } => true,
    }
}

/// A request.
pub(crate) async fn find<C: Connection>(
    connection: &C,
    account: AccountId,
    id: ExportId,
) -> Result<Option<ExportRequest>, StoreError> {
    let row = fetch_optional(connection, TABLE, FIND, values![account.uuid(), id.uuid()]).await?;
    row.as_ref().map(ExportRequest::try_from).transpose()
}

/// Requests that ended more than `age` ago, of any account.
pub(crate) async fn expired(
    database: &Database,
    age: Duration,
    limit: u16,
) -> Result<Vec<(AccountId, ExportId)>, StoreError> {
    let values = values![micros(age), i64::from(limit)];
    let rows = fetch_all(database.reader(), TABLE, EXPIRED, values).await?;
    rows.iter().map(|row| Ok((row.id("account_id", AccountId::new)?, row.id("id", ExportId::new)?))).collect()
}

/// Removes a request that has ended; whether there was one.
pub(crate) async fn forget(
    database: &Database,
    account: AccountId,
    id: ExportId,
) -> Result<bool, StoreError> {
    Ok(execute(database.writer(), FORGET, values![account.uuid(), id.uuid()]).await? == 1)
}

impl TryFrom<&Row> for ExportRequest {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let columns = ExportColumns {
            id: row.id("id", ExportId::new)?,
            account: row.id("account_id", AccountId::new)?,
            intent: Intent::from_stored(row.get::<String>("intent")?),
            created_at: row.time("created_at")?,
            version: row.number("version")?,
        };
        let payload: String = row.get("payload")?;
        Self::from_payload(columns, &payload).map_err(|_| row.inconsistent("payload"))
    }
}
