//! How far the sweeper has got.

use async_trait::async_trait;
use kernel::{StoreError, SweepMarks};

use crate::Database;
use crate::statement::{execute, fetch_optional, values};

const LOAD: &str = "SELECT mark FROM sweep_marks WHERE sweep = $1";

const KEEP: &str = "
    INSERT INTO sweep_marks (sweep, mark) VALUES ($1, $2)
    ON CONFLICT (sweep) DO UPDATE SET mark = excluded.mark";

#[async_trait]
impl SweepMarks for Database {
    async fn mark(&self, sweep: &str) -> Result<Option<String>, StoreError> {
        match fetch_optional(self.reader(), "sweep_marks", LOAD, values![sweep]).await? {
            Some(row) => row.get("mark"),
            None => Ok(None),
        }
    }

    async fn keep_mark(&self, sweep: &str, mark: Option<&str>) -> Result<(), StoreError> {
        execute(self.writer(), KEEP, values![sweep, mark]).await?;
        Ok(())
    }
}
