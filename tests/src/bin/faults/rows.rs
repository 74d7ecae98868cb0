//! What the database holds, read by a connection of its own.

use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, Row as _};

/// The database, reached without anything in between.
#[derive(Debug, Clone)]
pub struct Rows {
    pool: PgPool,
}

impl Rows {
    /// The database at `url`, which need not be there at this moment.
    pub fn of(url: &str) -> Self {
        let options = PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(30));
        Self { pool: options.connect_lazy(url).expect("an address of a database") }
    }

    /// The only number of a query.
    pub async fn number(&self, query: &str) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&self.pool).await
    }

    /// The rows of a query.
    pub async fn all(&self, query: &str) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query(AssertSqlSafe(query.to_owned())).fetch_all(&self.pool).await
    }

    /// Names and numbers, as of `SELECT state, count(*) … GROUP BY state`.
    pub async fn counts(&self, query: &str) -> Result<Vec<(String, i64)>, sqlx::Error> {
        self.all(query).await?.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// One line of text for each row of a query with one column of text.
    pub async fn lines(&self, query: &str) -> Result<Vec<String>, sqlx::Error> {
        self.all(query).await?.iter().map(|row| row.try_get(0)).collect()
    }
}
