//! How a database is connected to.

use std::time::Duration;

use sea_orm::DbErr;
use thiserror::Error;

/// Limits of the connections to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// The most connections at once, at least 1. SQLite has one more, the only one that writes.
    pub max_connections: u32,
    /// How long to wait for a free connection.
    pub acquire_timeout: Duration,
    /// How long one statement may take (PostgreSQL).
    pub statement_timeout: Duration,
    /// From this duration on a statement is logged as slow, without its values.
    pub slow_statement: Duration,
    /// How long to wait for another process that writes (SQLite).
    pub busy_timeout: Duration,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self {
            max_connections: 8,
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            slow_statement: Duration::from_secs(1),
            busy_timeout: Duration::from_secs(5),
        }
    }
}

/// Why a database cannot be connected to. Holds no address, because an address may hold a password.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The address begins with none of the known schemes.
    #[error("a database address begins with postgres:// or sqlite://")]
    UnknownScheme,
    /// The address has a known scheme and cannot be read.
    #[error("the database address cannot be read")]
    MalformedUrl,
    /// Every connection to an SQLite database in memory would see a database of its own.
    #[error("an SQLite database must be a file, not in memory")]
    InMemory,
    /// Nobody answers there, or we are refused.
    #[error("the database cannot be connected to")]
    Failed(#[source] DbErr),
}
