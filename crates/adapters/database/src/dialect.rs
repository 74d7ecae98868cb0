//! Everything in which PostgreSQL and SQLite differ. Nothing outside of this module asks which of them it talks to.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use log::LevelFilter;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::error::Mishap;
use crate::single_writes::{GroupedWrites, SingleWrites};
use crate::{ConnectError, DatabaseOptions};

/// How statements say "now", by the database's clock, in microseconds since the epoch.
const NOW: &str = "now_micros()";
/// PostgreSQL's "now": a scalar subquery, so that it is asked once a statement and can be looked up in an index. Not the
/// start of the transaction, because a unit of work may have waited for a lock since.
const POSTGRES_NOW: &str = "(SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)";
/// SQLite's "now", which has milliseconds.
const SQLITE_NOW: &str = "(CAST(round(unixepoch('subsec') * 1000) AS integer) * 1000)";

/// A frozen process must not keep others from the rows that it has locked.
const IDLE_IN_TRANSACTION: &str = "30s";
/// More statements than this crate has, so that each is prepared once a connection.
const PREPARED_STATEMENTS: usize = 200;
/// From this idle time on a connection is tried before it is used.
const TRUSTED_IDLE_TIME: Duration = Duration::from_secs(5);
/// The lock under which one process at a time migrates.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7010693431846217041)";

/// One of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// PostgreSQL.
    Postgres,
    /// SQLite.
    Sqlite,
}

/// The connections to a database.
pub(crate) struct Connections {
    /// For statements that write, and for units of work.
    pub(crate) writer: DatabaseConnection,
    /// For statements that only read.
    pub(crate) reader: DatabaseConnection,
    /// For statements that write, need no unit of work, and are many.
    pub(crate) single_writes: SingleWrites,
}

impl Dialect {
    /// The dialect that a connection speaks.
    pub(crate) fn of<C: ConnectionTrait>(connection: &C) -> Self {
        match connection.get_database_backend() {
            DbBackend::Postgres => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// The dialect of a URL.
    fn of_url(url: &str) -> Result<Self, ConnectError> {
        match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres),
            Some(("sqlite", _)) if url.contains(":memory:") || url.contains("mode=memory") => {
                Err(ConnectError::InMemory)
            }
            Some(("sqlite", _)) => Ok(Self::Sqlite),
            _ => Err(ConnectError::UnknownScheme),
        }
    }

    /// A statement in this dialect. Statements are written for PostgreSQL, with `now_micros()` for the present moment.
    /// SQLite needs no row locks: it has one writer at a time.
    pub(crate) fn translate(self, statement: &str) -> String {
        match self {
            Self::Postgres => statement.replace(NOW, POSTGRES_NOW),
            Self::Sqlite => {
                statement.replace(NOW, SQLITE_NOW).replace(" FOR UPDATE", "").replace(" FOR SHARE", "")
            }
        }
    }

    /// What an error code of the database says.
    pub(crate) fn mishap_of_code(self, code: &str) -> Mishap {
        match self {
            Self::Postgres => match code {
                // A serialization failure, a deadlock, a lock that was not to be had in time.
                "40001" | "40P01" | "55P03" => Mishap::GivenUp,
                "25P03" | "25P04" => Mishap::Passing,
                // Connection lost; rolled back; out of resources; statement timed out, shutting down or starting up.
                code if ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) => {
                    Mishap::Passing
                }
                _ => Mishap::Mistake,
            },
            // Busy, locked, input or output error, disk full, cannot open; the upper bits say more than we need.
            Self::Sqlite => match code.parse::<i32>() {
                Ok(code) if matches!(code & 0xff, 5 | 6 | 10 | 13 | 14) => Mishap::Passing,
                _ => Mishap::Mistake,
            },
        }
    }

    /// One statement that runs several, each of which changes rows of another table; how many rows the first one changed
    /// is in its column `part_0`, and so on. `None` where they can only be run one after the other.
    pub(crate) fn joined(self, statements: &[&str]) -> Option<String> {
        if self == Self::Sqlite {
            return None;
        }
        let mut parts = Vec::with_capacity(statements.len());
        let mut counts = Vec::with_capacity(statements.len());
        let mut values = 0;
        for (number, statement) in statements.iter().enumerate() {
            let (renumbered, most) = with_values_after(statement, values);
            values += most;
            parts.push(format!("part_{number} AS ({renumbered} RETURNING 1)"));
            counts.push(format!("(SELECT count(*) FROM part_{number}) AS part_{number}"));
        }
        Some(format!("WITH {} SELECT {}", parts.join(", "), counts.join(", ")))
    }

    /// Begins a transaction that may write. In SQLite it holds the one write lock from the start, so that it can never
    /// fail half way for want of it.
    pub(crate) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
        connection
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }

    /// Counts the tables that are there, whoever made them.
    pub(crate) const fn count_tables(self) -> &'static str {
        match self {
            Self::Postgres => {
                "SELECT count(*) AS tables FROM information_schema.tables WHERE table_schema = current_schema()"
            }
            Self::Sqlite => "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table'",
        }
    }

    /// Keeps other processes from migrating until the transaction ends.
    pub(crate) async fn lock_migrations(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
        match Self::of(transaction) {
            Self::Postgres => transaction.execute_unprepared(MIGRATION_LOCK).await.map(|_| ()),
            Self::Sqlite => Ok(()),
        }
    }

    /// How many connections a pool may have, has, and has idle.
    pub(crate) fn pool_sizes(connection: &DatabaseConnection) -> (u32, u32, usize) {
        match Self::of(connection) {
            Self::Postgres => {
                let pool = connection.get_postgres_connection_pool();
                (pool.options().get_max_connections(), pool.size(), pool.num_idle())
            }
            Self::Sqlite => {
                let pool = connection.get_sqlite_connection_pool();
                (pool.options().get_max_connections(), pool.size(), pool.num_idle())
            }
        }
    }

    /// Opens the connections of a URL.
    pub(crate) async fn connect(url: &str, options: &DatabaseOptions) -> Result<Connections, ConnectError> {
        match Self::of_url(url)? {
            Self::Postgres => connect_postgres(url, options).await,
            Self::Sqlite => connect_sqlite(url, options).await,
        }
    }
}

/// A statement of which `$1` becomes the value after the first `values` ones, and so on; and how many values it has.
fn with_values_after(statement: &str, values: usize) -> (String, usize) {
    let mut pieces = statement.split('$');
    let mut renumbered = pieces.next().unwrap_or_default().to_owned();
    let mut most = 0;
    for piece in pieces {
        let end = piece.find(|character: char| !character.is_ascii_digit()).unwrap_or(piece.len());
        let (number, rest) = piece.split_at(end);
        let number: usize = number.parse().unwrap_or_default();
        most = most.max(number);
        renumbered.push('$');
        renumbered.push_str(&(number + values).to_string());
        renumbered.push_str(rest);
    }
    (renumbered, most)
}

async fn connect_postgres(url: &str, options: &DatabaseOptions) -> Result<Connections, ConnectError> {
    PgConnectOptions::from_str(url).map_err(|_| ConnectError::MalformedUrl)?;
    let mut connect = pool_options(url, options);
    connect
        .max_connections(options.max_connections)
        .set_application_name("aisha")
        .statement_timeout(options.statement_timeout)
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TRUSTED_IDLE_TIME)
        .map_sqlx_postgres_opts(|connect| {
            connect
                .options([("idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION)])
                .statement_cache_capacity(PREPARED_STATEMENTS)
        });
    let pool = open(connect).await?;
    Ok(Connections { writer: pool.clone(), single_writes: SingleWrites::Alone(pool.clone()), reader: pool })
}

/// One connection writes, so that writers queue up here instead of failing there; the others read beside it.
async fn connect_sqlite(url: &str, options: &DatabaseOptions) -> Result<Connections, ConnectError> {
    SqliteConnectOptions::from_str(url).map_err(|_| ConnectError::MalformedUrl)?;
    let busy_timeout = options.busy_timeout;
    let mut writer = pool_options(url, options);
    writer
        .max_connections(1)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |connect| sqlite_options(connect, busy_timeout).create_if_missing(true));
    let writer = open(writer).await?;

    let mut reader = pool_options(url, options);
    reader.max_connections(options.max_connections).test_before_acquire(false).map_sqlx_sqlite_opts(
        move |connect| sqlite_options(connect, busy_timeout).pragma("query_only", Cow::Borrowed("ON")),
    );
    let single_writes = SingleWrites::Grouped(GroupedWrites::over(writer.clone()));
    Ok(Connections { writer, reader: open(reader).await?, single_writes })
}

fn sqlite_options(connect: SqliteConnectOptions, busy_timeout: Duration) -> SqliteConnectOptions {
    connect
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(busy_timeout)
        .statement_cache_capacity(PREPARED_STATEMENTS)
}

fn pool_options(url: &str, options: &DatabaseOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .acquire_timeout(options.acquire_timeout)
        .record_stmt_in_spans(false)
        .sqlx_logging_level(LevelFilter::Off)
        .sqlx_slow_statements_logging_settings(LevelFilter::Warn, options.slow_statement);
    connect
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, ConnectError> {
    sea_orm::Database::connect(options).await.map_err(ConnectError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_translated() {
        let statement = "SELECT now_micros() FROM jobs FOR UPDATE";
        assert_eq!(
            Dialect::Postgres.translate(statement),
            format!("SELECT {POSTGRES_NOW} FROM jobs FOR UPDATE")
        );
        assert_eq!(Dialect::Sqlite.translate(statement), format!("SELECT {SQLITE_NOW} FROM jobs"));
    }

    #[test]
    fn what_may_pass_is_told_from_what_is_wrong() {
        for given_up in ["40001", "40P01", "55P03"] {
            assert_eq!(Dialect::Postgres.mishap_of_code(given_up), Mishap::GivenUp, "{given_up}");
        }
        for passing in ["08006", "40003", "53300", "57P01", "57014", "25P03"] {
            assert_eq!(Dialect::Postgres.mishap_of_code(passing), Mishap::Passing, "{passing}");
        }
        for wrong in ["23505", "42P01", "22003"] {
            assert_eq!(Dialect::Postgres.mishap_of_code(wrong), Mishap::Mistake, "{wrong}");
        }
        // SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_FULL; then SQLITE_CONSTRAINT_UNIQUE, SQLITE_ERROR.
        for passing in ["5", "517", "13"] {
            assert_eq!(Dialect::Sqlite.mishap_of_code(passing), Mishap::Passing, "{passing}");
        }
        for wrong in ["2067", "1", ""] {
            assert_eq!(Dialect::Sqlite.mishap_of_code(wrong), Mishap::Mistake, "{wrong}");
        }
    }

    #[test]
    fn statements_are_joined_with_their_values_in_order() {
        let statements = ["INSERT INTO a VALUES ($1, $2, $1)", "UPDATE b SET c = $2 WHERE d = $1"];
        assert_eq!(
            Dialect::Postgres.joined(&statements).unwrap(),
            "WITH part_0 AS (INSERT INTO a VALUES ($1, $2, $1) RETURNING 1), \
            part_1 AS (UPDATE b SET c = $4 WHERE d = $3 RETURNING 1) \
            SELECT (SELECT count(*) FROM part_0) AS part_0, (SELECT count(*) FROM part_1) AS part_1"
        );
        assert_eq!(Dialect::Sqlite.joined(&statements), None);
    }

    #[test]
    fn only_two_kinds_of_address_are_known() {
        assert_eq!(Dialect::of_url("postgres://localhost/aisha").ok(), Some(Dialect::Postgres));
        assert_eq!(Dialect::of_url("sqlite:///data/aisha.db").ok(), Some(Dialect::Sqlite));
        assert!(matches!(Dialect::of_url("sqlite::memory:"), Err(ConnectError::InMemory)));
        assert!(matches!(Dialect::of_url("mysql://localhost"), Err(ConnectError::UnknownScheme)));
        assert!(matches!(Dialect::of_url("aisha.db"), Err(ConnectError::UnknownScheme)));
    }
}
