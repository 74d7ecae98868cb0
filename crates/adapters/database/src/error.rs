//! What the database's errors mean to the callers of the ports.

use kernel::StoreError;
use sea_orm::{DbErr, RuntimeErr};

use crate::dialect::Dialect;

/// The meaning of an error that no port expects.
pub(crate) fn store_error(dialect: Dialect, error: DbErr) -> StoreError {
    if may_pass(dialect, &error) {
        StoreError::Unavailable(error.into())
    } else {
        StoreError::Bug(error.into())
    }
}

fn may_pass(dialect: Dialect, error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            may_pass_at_driver(dialect, error)
        }
        _ => false,
    }
}

fn may_pass_at_driver(dialect: Dialect, error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| dialect.is_passing(&code)),
        _ => false,
    }
}
