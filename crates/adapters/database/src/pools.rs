//! How the connections to a database are used.

use sea_orm::DatabaseConnection;

use crate::dialect::{Connections, Dialect};

/// What a pool's connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolUse {
    /// Statements that write, and those that read (PostgreSQL).
    Everything,
    /// Statements that write (SQLite).
    Writing,
    /// Statements that only read (SQLite).
    Reading,
}

impl PoolUse {
    /// The name, as a metric's label has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Writing => "writing",
            Self::Reading => "reading",
        }
    }
}

/// How a pool of connections is used at one moment. How many callers wait for a connection is not known to it; they are
/// those that come while all of them are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolFigures {
    /// What it is for.
    pub purpose: PoolUse,
    /// The most connections that it may have.
    pub most: u32,
    /// Connections that are open.
    pub open: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
}

impl PoolFigures {
    /// Open connections that are in use.
    pub const fn in_use(&self) -> u32 {
        self.open.saturating_sub(self.idle)
    }
}

impl Connections {
    /// The figures of every pool.
    pub(crate) fn figures(&self) -> Vec<PoolFigures> {
        match Dialect::of(&self.writer) {
            Dialect::Postgres => vec![figures(&self.writer, PoolUse::Everything)],
            Dialect::Sqlite => {
                vec![figures(&self.writer, PoolUse::Writing), figures(&self.reader, PoolUse::Reading)]
            }
        }
    }
}

fn figures(connection: &DatabaseConnection, purpose: PoolUse) -> PoolFigures {
    let (most, open, idle) = Dialect::pool_sizes(connection);
    // A connection may come and go between the two counts.
    let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(open);
    PoolFigures { purpose, most, open, idle }
}
