//! What can go wrong at the database, as its callers need to tell it apart.

use thiserror::Error;

use crate::FailureClass;

/// Any error as a source.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failure of a port that the database stands behind.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached, is too busy, or lost the connection. Nothing is known to have been written;
    /// repeat the whole unit of work.
    #[error("the database is unavailable")]
    Unavailable(#[source] BoxError),
    /// The database gave this up in favour of others: a deadlock, or a lock that was not to be had. Nothing was written;
    /// repeat the whole unit of work at once.
    #[error("the database gave this up in favour of others")]
    Contended(#[source] BoxError),
    /// Somebody else changed the row first. Load again and decide again.
    #[error("{what} was changed by somebody else meanwhile")]
    Conflict {
        /// The thing that was changed.
        what: &'static str,
    },
    /// The claim or lease under which this was to be written has passed to somebody else. Drop the work.
    #[error("the {what} is held by somebody else now")]
    Superseded {
        /// The claim or lease.
        what: &'static str,
    },
    /// An earlier call in this unit of work failed, so that nothing of it can be committed.
    #[error("the unit of work is poisoned by an earlier error")]
    Poisoned,
    /// A stored row cannot be read as what it should be.
    #[error("inconsistent data in {table}.{column} of row {id}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id as text.
        id: String,
    },
    /// A mistake of ours: a statement that the database refuses.
    #[error("the database refused a statement")]
    Bug(#[source] BoxError),
}

impl StoreError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Unavailable(_) | Self::Contended(_) => FailureClass::Unavailable,
            Self::Conflict { .. } | Self::Superseded { .. } => FailureClass::Conflict,
            Self::Poisoned | Self::Inconsistent { .. } | Self::Bug(_) => FailureClass::Bug,
        }
    }
}
