//! Reading rows. What cannot be read is inconsistent data, never a panic.

use std::str::FromStr;

use kernel::{StoreError, Timestamp};
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// A row of a table.
pub(crate) struct Row {
    table: &'static str,
    result: QueryResult,
}

impl Row {
    /// A row of `table`.
    pub(crate) fn new(table: &'static str, result: QueryResult) -> Self {
        Self { table, result }
    }

    /// A column as the database gives it.
    pub(crate) fn get<T: TryGetable>(&self, column: &'static str) -> Result<T, StoreError> {
        self.result.try_get("", column).map_err(|_| self.inconsistent(column))
    }

    /// A column with an id.
    pub(crate) fn id<T>(&self, column: &'static str, wrap: impl Fn(Uuid) -> T) -> Result<T, StoreError> {
        self.get(column).map(wrap)
    }

    /// A column with an instant.
    pub(crate) fn time(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        self.get(column).map(Timestamp::from_micros)
    }

    /// A column with an instant, or nothing.
    pub(crate) fn optional_time(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<i64>>(column)?.map(Timestamp::from_micros))
    }

    /// A column with a number of a narrower kind.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        T::try_from(self.get::<i64>(column)?).map_err(|_| self.inconsistent(column))
    }

    /// A column with the stored name of something.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get::<String>(column)?.parse().map_err(|_| self.inconsistent(column))
    }

    /// What to say of a column that makes no sense.
    pub(crate) fn inconsistent(&self, column: &'static str) -> StoreError {
        StoreError::Inconsistent { table: self.table, column, id: self.identity() }
    }

    /// What is known of which row it is.
    fn identity(&self) -> String {
        ["id", "account_id"]
            .into_iter()
            .find_map(|column| self.result.try_get::<Uuid>("", column).ok())
            .map_or_else(|| "unknown".to_owned(), |id| id.to_string())
    }
}
