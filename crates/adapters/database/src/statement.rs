//! Running statements, and telling apart how they fail.

use kernel::StoreError;
use sea_orm::{ConnectionTrait, Statement, Value};

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

/// Runs a statement; how many rows it changed.
pub(crate) async fn execute<C: ConnectionTrait>(
    connection: &C,
    statement: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let dialect = Dialect::of(connection);
    let statement = prepare(connection, dialect, statement, values);
    let result = connection.execute_raw(statement).await.map_err(|error| store_error(dialect, error))?;
    Ok(result.rows_affected())
}

/// Runs a statement; its rows. `table` is named when one of them makes no sense.
pub(crate) async fn fetch_all<C: ConnectionTrait>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let dialect = Dialect::of(connection);
    let statement = prepare(connection, dialect, statement, values);
    let rows = connection.query_all_raw(statement).await.map_err(|error| store_error(dialect, error))?;
    Ok(rows.into_iter().map(|row| Row::new(table, row)).collect())
}

/// Runs a statement that gives one row at most. It is run to its end, so that a change that it makes is whole.
pub(crate) async fn fetch_optional<C: ConnectionTrait>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Option<Row>, StoreError> {
    Ok(fetch_all(connection, table, statement, values).await?.into_iter().next())
}

/// Runs a statement that always gives one row.
pub(crate) async fn fetch_one<C: ConnectionTrait>(
    connection: &C,
    table: &'static str,
    statement: &str,
    values: Vec<Value>,
) -> Result<Row, StoreError> {
    fetch_optional(connection, table, statement, values)
        .await?
        .ok_or_else(|| StoreError::Bug(format!("a statement about {table} gave no row").into()))
}

fn prepare<C: ConnectionTrait>(
    connection: &C,
    dialect: Dialect,
    statement: &str,
    values: Vec<Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), dialect.translate(statement), values)
}
