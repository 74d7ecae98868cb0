//! Unexpected failures, counted by fingerprint.

use async_trait::async_trait;
use kernel::{FailureLog, FailureRecord, FailureReference, NewFailure, StoreError};

use crate::Database;
use crate::row::Row;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};

const TABLE: &str = "failures";

/// How many references of one fingerprint are kept.
const KEPT_REFERENCES: i64 = 1_000;

const COUNT: &str = "
    INSERT INTO failures (fingerprint, occurrences, first_at, last_at, last_id, last_reference, sample)
    SELECT $1, 1, clock.now, clock.now, $2, $3, $4 FROM (SELECT now_micros() AS now) AS clock WHERE TRUE
    ON CONFLICT (fingerprint) DO UPDATE SET
        occurrences = failures.occurrences + 1, last_at = excluded.last_at, last_id = excluded.last_id,
        last_reference = excluded.last_reference, sample = excluded.sample
    RETURNING occurrences";

const REMEMBER: &str = "
    INSERT INTO failure_references (reference, fingerprint, number) VALUES ($1, $2, $3)
    ON CONFLICT (reference) DO UPDATE SET fingerprint = excluded.fingerprint, number = excluded.number";

const FORGET: &str = "DELETE FROM failure_references WHERE fingerprint = $1 AND number <= $2";

const LATEST: &str = "
    SELECT fingerprint, occurrences, first_at, last_at, last_reference, sample FROM failures
    ORDER BY last_at DESC, last_id DESC LIMIT $1";

const FIND: &str = "
    SELECT failures.fingerprint, occurrences, first_at, last_at, last_reference, sample
    FROM failure_references JOIN failures ON failures.fingerprint = failure_references.fingerprint
    WHERE reference = $1";

#[async_trait]
impl FailureLog for Database {
    async fn record(&self, failure: &NewFailure) -> Result<bool, StoreError> {
        let fingerprint = failure.fingerprint.as_str();
        let reference = failure.reference.to_string();
        let transaction = self.begin().await?;
        let values = values![fingerprint, self.ids().uuid(), reference.as_str(), failure.sample.as_str()];
        let number: i64 = fetch_one(&transaction, TABLE, COUNT, values).await?.get("occurrences")?;
        execute(&transaction, REMEMBER, values![reference, fingerprint, number]).await?;
        execute(&transaction, FORGET, values![fingerprint, number - KEPT_REFERENCES]).await?;
        Database::commit(transaction).await?;
        Ok(number == 1)
    }

    async fn latest(&self, limit: u16) -> Result<Vec<FailureRecord>, StoreError> {
        let rows = fetch_all(self.reader(), TABLE, LATEST, values![i64::from(limit)]).await?;
        rows.iter().map(FailureRecord::try_from).collect()
    }

    async fn find(&self, reference: &FailureReference) -> Result<Option<FailureRecord>, StoreError> {
        let row = fetch_optional(self.reader(), TABLE, FIND, values![reference.to_string()]).await?;
        row.as_ref().map(FailureRecord::try_from).transpose()
    }
}

impl TryFrom<&Row> for FailureRecord {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            fingerprint: row.get("fingerprint")?,
            count: row.number("occurrences")?,
            first_at: row.time("first_at")?,
            last_at: row.time("last_at")?,
            last_reference: FailureReference::from_stored(row.get::<String>("last_reference")?),
            sample: row.get("sample")?,
        })
    }
}
