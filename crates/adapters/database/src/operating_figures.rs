//! How the installation as a whole stands, in numbers. It looks at rows of all accounts.

use std::time::Duration;

use kernel::StoreError;

use crate::Database;
use crate::statement::{fetch_one, values};

/// How the installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatingFigures {
    /// Jobs that are due and not being run.
    pub jobs_waiting: u64,
    /// For how long the longest waiting of them has been due.
    pub longest_wait: Duration,
    /// Jobs that were given up.
    pub jobs_buried: u64,
    /// Updates that are kept and not handled yet.
    pub updates_waiting: u64,
    /// Bonus credits that people can spend.
    pub bonus: i64,
    /// Bought credits that people can spend.
    pub paid: i64,
    /// Credits that are set aside.
    pub held: i64,
}

const JOBS: &str = "
    SELECT count(*) AS waiting, coalesce(max(now_micros() - due_at), 0) AS longest FROM jobs
    WHERE due_at <= now_micros() AND state = 'ready'";

const BURIED: &str = "SELECT count(*) AS buried FROM jobs WHERE state = 'buried'";

/// A sum of whole numbers is a number of another kind in PostgreSQL.
const BALANCES: &str = "
    SELECT CAST(coalesce(sum(bonus), 0) AS bigint) AS bonus, CAST(coalesce(sum(paid), 0) AS bigint) AS paid,
        CAST(coalesce(sum(held_bonus + held_paid), 0) AS bigint) AS held
    FROM balances";

impl Database {
    /// How the installation stands now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn operating_figures(&self) -> Result<OperatingFigures, StoreError> {
        let reader = self.reader();
        let jobs = fetch_one(reader, "jobs", JOBS, values![]).await?;
        let balances = fetch_one(reader, "balances", BALANCES, values![]).await?;
        Ok(OperatingFigures {
            jobs_waiting: jobs.number("waiting")?,
            longest_wait: Duration::from_micros(jobs.number("longest")?),
            jobs_buried: fetch_one(reader, "jobs", BURIED, values![]).await?.number("buried")?,
            updates_waiting: kernel::Inbox::depth(self).await?,
            bonus: balances.get("bonus")?,
            paid: balances.get("paid")?,
            held: balances.get("held")?,
        })
    }
}
