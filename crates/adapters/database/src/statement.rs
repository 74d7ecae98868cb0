//! Running statements, and telling apart how they fail.

use std::marker::PhantomData;

use kernel::{Contended, StoreError};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, Value};

use crate::dialect::Dialect;
use crate::error::store_error;
use crate::row::Row;

/// The values of a statement, in the order of `$1`, `$2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$(sea_orm::Value::from($value)),*]
    };
}
pub(crate) use values;

/// What statements are run on.
pub(crate) trait Connection: ConnectionTrait {
    /// How often a statement is begun that the database gives up in favour of others.
    const TRIES: u8;
}

/// Each statement is a transaction of its own: given up, it has done nothing, and is begun again at once.
impl Connection for DatabaseConnection {
    const TRIES: u8 = 4;
}

/// A statement that is given up ends the whole transaction.
impl Connection for DatabaseTransaction {
    const TRIES: u8 = 1;
}

/// Counts how often a statement was begun.
struct Tries<C> {
    left: u8,
    connection: PhantomData<fn(&C)>,
}

impl<C: Connection> Default for Tries<C> {
    fn default() -> Self {
        Self { left: C::TRIES, connection: PhantomData }
    }
}

impl<C: Connection> Tries<C> {
    /// After a failure: nothing when the statement is to be begun again, else the failure.
    fn after(&mut self, error: StoreError) -> Result<(), StoreError> {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 && error.is_contended() {
            tracing::debug!(%error, "a statement is begun again");
            return Ok(());
        }
        Err(error)
    }
}

/// Runs a statement; how many rows it changed.
pub(crate) async fn execute<C: Connection>(
    connection: &C,
    statement: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let dialect = Dialect::of(connection);
    let statement = prepare(connection, dialect, statement, values);
    let mut tries = Tries::<C>::default();
    loop {
        match connection.execute_raw(statement.clone()).await {
            Ok(result) => return Ok(result.rows_affected()),
            Err(error) => tries.after(store_error(dialect, error))?,
        }
    }
}

/// Runs a statement; its rows. `table` is named when one of them makes no sense.
pub(crate) async fn fetch_all<C: Connection>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let dialect = Dialect::of(connection);
    let statement = prepare(connection, dialect, statement, values);
    let mut tries = Tries::<C>::default();
    loop {
        match connection.query_all_raw(statement.clone()).await {
            Ok(rows) => return Ok(rows.into_iter().map(|row| Row::new(table, row)).collect()),
            Err(error) => tries.after(store_error(dialect, error))?,
        }
    }
}

/// Runs a statement that gives one row at most. It is run to its end, so that a change that it makes is whole.
pub(crate) async fn fetch_optional<C: Connection>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Option<Row>, StoreError> {
    Ok(fetch_all(connection, table, statement, values).await?.into_iter().next())
}

/// Runs a statement that always gives one row.
pub(crate) async fn fetch_one<C: Connection>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Row, StoreError> {
    fetch_optional(connection, table, statement, values)
        .await?
        .ok_or_else(|| StoreError::Bug(format!("a statement about {table} gave no row").into()))
}

fn prepare<C: Connection>(
    connection: &C,
    dialect: Dialect,
    statement: &str,
    values: Vec<Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), dialect.translate(statement), values)
}
