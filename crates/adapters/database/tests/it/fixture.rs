//! Fresh, migrated databases, and a connection of their own behind the adapter's back.

use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use database_adapter::{Database, DatabaseOptions};
use kernel::{AccountId, IdSource};
use migrations::Migrator;
use migrations::sea_orm_migration::MigratorTrait;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement, Value};
use tempfile::TempDir;
use testkit::servers::PostgresServer;
use uuid::Uuid;

/// Ids in the order of their making.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl IdSource for Counter {
    fn uuid(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        // Version 7 and variant 1, the number in the time's place and again behind it.
        Uuid::from_u64_pair(number << 16 | 0x7000, 0x8000_0000_0000_0000 | number)
    }

    fn random(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A database with its schema and nothing in it.
pub struct Fixture {
    /// The adapter.
    pub database: Arc<Database>,
    /// Its address.
    pub url: String,
    /// Ids for what a test makes.
    pub ids: Arc<Counter>,
    _kept: Box<dyn Any + Send + Sync>,
}

impl Fixture {
    /// An SQLite file with its schema.
    pub async fn sqlite() -> Self {
        let fixture = Self::empty_sqlite().await;
        fixture.database.migrate().await.expect("migrations on SQLite");
        fixture
    }

    /// An SQLite file without anything.
    pub async fn empty_sqlite() -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let url = sqlite_url(directory.path());
        Self::open(url, Box::new(directory)).await
    }

    /// A PostgreSQL database with its schema.
    pub async fn postgres() -> Self {
        let database = PostgresServer::shared().fresh_database(migrate).await;
        Self::open(database.url(), Box::new(database)).await
    }

    /// A PostgreSQL database without anything.
    pub async fn empty_postgres() -> Self {
        let database = PostgresServer::shared().empty_database().await;
        Self::open(database.url(), Box::new(database)).await
    }

    /// Connects to what is there.
    pub async fn open(url: String, kept: Box<dyn Any + Send + Sync>) -> Self {
        let ids = Arc::new(Counter::default());
        let database = connect(&url, &ids).await;
        Self { database: Arc::new(database), url, ids, _kept: kept }
    }

    /// Another process at the same database.
    pub async fn another(&self) -> Arc<Database> {
        Arc::new(connect(&self.url, &self.ids).await)
    }

    /// A connection behind the adapter's back.
    pub async fn behind(&self) -> Behind {
        Behind::open(&self.url).await
    }

    /// The names of all tables but the one that remembers the changes of the schema.
    pub async fn tables(&self) -> Vec<String> {
        let behind = self.behind().await;
        let mut tables = behind
            .texts(if behind.is_postgres() {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
            } else {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            })
            .await;
        tables.retain(|table| table != "seaql_migrations");
        tables
    }

    /// A new account's id.
    pub fn account(&self) -> AccountId {
        AccountId::new(self.ids.uuid())
    }
}

async fn connect(url: &str, ids: &Arc<Counter>) -> Database {
    let ids: Arc<dyn IdSource> = Arc::<Counter>::clone(ids);
    Database::connect(url, &DatabaseOptions::default(), ids).await.expect("a connection")
}

async fn migrate(url: String) {
    let database = connect(&url, &Arc::default()).await;
    database.migrate().await.expect("migrations on PostgreSQL");
    database.close().await.expect("closed connections");
}

fn sqlite_url(directory: &Path) -> String {
    format!("sqlite://{}", directory.join("aisha.db").display())
}

/// One connection that does whatever it is told.
pub struct Behind(DatabaseConnection);

impl Behind {
    /// Opens it.
    pub async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Self(sea_orm::Database::connect(options).await.expect("a connection behind the adapter's back"))
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.0.get_database_backend() == sea_orm::DbBackend::Postgres
    }

    /// Makes the next change to the schema.
    pub async fn make_next_change(&self) {
        Migrator::up(&self.0, Some(1)).await.expect("a change");
    }

    /// Runs a statement; how many rows it changed.
    pub async fn run(&self, statement: &str, values: Vec<Value>) -> u64 {
        let prepared = Statement::from_sql_and_values(self.0.get_database_backend(), statement, values);
        let result = self.0.execute_raw(prepared).await;
        result.unwrap_or_else(|error| panic!("{statement}: {error}")).rows_affected()
    }

    /// Runs a statement that must fail; the database's complaint.
    pub async fn refusal(&self, statement: &str, values: Vec<Value>) -> String {
        let prepared = Statement::from_sql_and_values(self.0.get_database_backend(), statement, values);
        match self.0.execute_raw(prepared).await {
            Ok(result) => panic!("{statement}: {} rows, and no refusal", result.rows_affected()),
            Err(error) => error.to_string(),
        }
    }

    /// The texts in the first column of what a statement gives.
    pub async fn texts(&self, statement: &str) -> Vec<String> {
        let prepared = Statement::from_string(self.0.get_database_backend(), statement);
        let rows = self.0.query_all_raw(prepared).await;
        let rows = rows.unwrap_or_else(|error| panic!("{statement}: {error}"));
        rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
    }
}
