//! The database as a whole: connecting, migrating, and the connections that the ports use.

use std::fmt;
use std::sync::Arc;

use kernel::{IdSource, StoreError, Timestamp};
use migrations::Migrator;
use migrations::sea_orm_migration::MigratorTrait;
use sea_orm::{DatabaseConnection, DatabaseTransaction, Value};

use crate::dialect::{Connections, Dialect};
use crate::error::store_error;
use crate::statement::{Connection, fetch_all, fetch_one, values};
use crate::{ConnectError, DatabaseOptions, PoolFigures};

const APPLIED: &str = "SELECT version, applied_at FROM seaql_migrations ORDER BY version";

/// A change that was made to the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedMigration {
    /// Its name.
    pub name: String,
    /// When it was made, by the clock of whoever made it.
    pub at: Timestamp,
}

/// A database that stands behind every port that keeps things: PostgreSQL or SQLite, by its address.
///
/// It implements the ports themselves, so that an `Arc` of it can be passed for each of them.
pub struct Database {
    connections: Connections,
    ids: Arc<dyn IdSource>,
}

impl Database {
    /// Connects to the database at `url` (`postgres://…` or `sqlite://path/to/file`, which is made when it is not
    /// there). Tokens and the like are drawn from `ids`.
    ///
    /// # Errors
    /// When it cannot be connected to.
    pub async fn connect(
        url: &str,
        options: &DatabaseOptions,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, ConnectError> {
        Ok(Self { connections: Dialect::connect(url, options).await?, ids })
    }

    /// Brings the schema up to date. All of it or nothing; several processes may do it at once.
    ///
    /// # Errors
    /// When the database refuses or was migrated by a later release.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let dialect = Dialect::of(self.writer());
        let migrate = async {
            let transaction = Dialect::begin(self.writer()).await?;
            Dialect::lock_migrations(&transaction).await?;
            Migrator::up(&transaction, None).await?;
            transaction.commit().await
        };
        migrate.await.map_err(|error| store_error(dialect, error))
    }

    /// The names of the changes that the schema is behind this release, in order. Changes nothing.
    ///
    /// # Errors
    /// When the database cannot be read or was migrated by a later release.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        let dialect = Dialect::of(self.reader());
        let pending = Migrator::get_pending_migrations_read_only(self.reader())
            .await
            .map_err(|error| store_error(dialect, error))?;
        Ok(pending.into_iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// The changes that were made to the schema, in order. Changes nothing.
    ///
    /// # Errors
    /// When the database cannot be read or was migrated by a later release.
    pub async fn applied_migrations(&self) -> Result<Vec<AppliedMigration>, StoreError> {
        let dialect = Dialect::of(self.reader());
        let applied = Migrator::get_applied_migrations_read_only(self.reader())
            .await
            .map_err(|error| store_error(dialect, error))?;
        if applied.is_empty() {
            // Perhaps there is not even the table that remembers them.
            return Ok(Vec::new());
        }
        let rows = fetch_all(self.reader(), "seaql_migrations", APPLIED, values![]).await?;
        rows.iter()
            .map(|row| {
                let at = Timestamp::from_seconds(row.get("applied_at")?);
                Ok(AppliedMigration { name: row.get("version")?, at })
            })
            .collect()
    }

    /// How the connections are used at this moment.
    pub fn pools(&self) -> Vec<PoolFigures> {
        self.connections.figures()
    }

    /// Now, by the database's clock; also a sign that it can be used.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        now(self.reader()).await
    }

    /// Closes the connections, after what is under way.
    ///
    /// # Errors
    /// When a connection cannot be closed in good order.
    pub async fn close(&self) -> Result<(), StoreError> {
        for connection in [self.reader(), self.writer()] {
            let dialect = Dialect::of(connection);
            connection.close_by_ref().await.map_err(|error| store_error(dialect, error))?;
        }
        Ok(())
    }

    /// Begins a transaction that may write. Dropped without a commit it leaves nothing behind.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let dialect = Dialect::of(self.writer());
        Dialect::begin(self.writer()).await.map_err(|error| store_error(dialect, error))
    }

    /// Makes a transaction durable.
    pub(crate) async fn commit(transaction: DatabaseTransaction) -> Result<(), StoreError> {
        let dialect = Dialect::of(&transaction);
        transaction.commit().await.map_err(|error| store_error(dialect, error))
    }

    /// The connection for statements that only read.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.connections.reader
    }

    /// The connection for statements that write.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.connections.writer
    }

    /// Runs a statement that writes and needs no unit of work, durably; how many rows it changed.
    pub(crate) async fn write(&self, statement: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.connections.single_writes.execute(statement, values).await
    }

    /// Where ids and tokens come from.
    pub(crate) fn ids(&self) -> &Arc<dyn IdSource> {
        &self.ids
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Database")
            .field("dialect", &Dialect::of(self.writer()))
            .finish_non_exhaustive()
    }
}

/// Now, by the database's clock.
pub(crate) async fn now<C: Connection>(connection: &C) -> Result<Timestamp, StoreError> {
    fetch_one(connection, "now", "SELECT now_micros() AS now", values![]).await?.time("now")
}
