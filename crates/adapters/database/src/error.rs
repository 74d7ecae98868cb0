//! What the database's errors mean to the callers of the ports.

use kernel::StoreError;
use sea_orm::{DbErr, RuntimeErr};

use crate::dialect::Dialect;

/// The meaning of an error that no port expects.
pub(crate) fn store_error(dialect: Dialect, error: DbErr) -> StoreError {
    match mishap(dialect, &error) {
        Mishap::GivenUp => StoreError::Contended(error.into()),
        Mishap::Passing => StoreError::Unavailable(error.into()),
        Mishap::Mistake => StoreError::Bug(error.into()),
    }
}

/// What a failure of the database comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// Others were in the way, and the database gave this up in their favour: nothing of it was done.
    GivenUp,
    /// It may pass.
    Passing,
    /// We are wrong.
    Mistake,
}

fn mishap(dialect: Dialect, error: &DbErr) -> Mishap {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Mishap::Passing,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            mishap_at_driver(dialect, error)
        }
        _ => Mishap::Mistake,
    }
}

fn mishap_at_driver(dialect: Dialect, error: &sqlx::Error) -> Mishap {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Mishap::Passing,
        sqlx::Error::Database(error) => {
            error.code().map_or(Mishap::Mistake, |code| dialect.mishap_of_code(&code))
        }
        _ => Mishap::Mistake,
    }
}
