//! What the sweeper finds, and how the installation as a whole stands.

use std::sync::Arc;

use async_trait::async_trait;
use database_adapter::Database;
use kernel::{Pauses as _, StoreError};
use worker::{SweepFind, SweepWatch};

use super::Metrics;
use super::names::{
    BALANCES, JOBS_BURIED, JOBS_OLDEST, JOBS_WAITING, PAUSED, SWEEPER_FINDS, UPDATES_WAITING,
};

/// Records what the sweeper finds, and measures the installation.
pub(crate) struct MeasuredSweeps {
    metrics: Metrics,
    database: Arc<Database>,
}

impl MeasuredSweeps {
    pub(crate) const fn new(metrics: Metrics, database: Arc<Database>) -> Self {
        Self { metrics, database }
    }
}

#[async_trait]
impl SweepWatch for MeasuredSweeps {
    fn found(&self, what: SweepFind, count: u64) {
        self.metrics.add(&SWEEPER_FINDS, &[what.as_str()], count);
    }

    async fn measure(&self) -> Result<(), StoreError> {
        let figures = self.database.operating_figures().await?;
        let (metrics, count) = (&self.metrics, as_value);
        metrics.set(&JOBS_WAITING, &[], count(i64::try_from(figures.jobs_waiting).unwrap_or(i64::MAX)));
        metrics.set(&JOBS_OLDEST, &[], figures.longest_wait.as_secs_f64());
        metrics.set(&JOBS_BURIED, &[], count(i64::try_from(figures.jobs_buried).unwrap_or(i64::MAX)));
        metrics.set(&UPDATES_WAITING, &[], count(i64::try_from(figures.updates_waiting).unwrap_or(i64::MAX)));
        for (bucket, credits) in [("bonus", figures.bonus), ("paid", figures.paid), ("held", figures.held)] {
            metrics.set(&BALANCES, &[bucket], count(credits));
        }
        for pause in self.database.active().await? {
            metrics.set(&PAUSED, &[&pause.subject.to_string()], 1.0);
        }
        Ok(())
    }
}

/// A whole number as Prometheus keeps values; beyond 2^53 it is rounded.
#[expect(clippy::cast_precision_loss, reason = "a figure on a board; nothing is decided by it")]
const fn as_value(number: i64) -> f64 {
    number as f64
}
