//! The figures of this process: what was recorded, and what is looked up when somebody asks.

use std::sync::Arc;
use std::time::Duration;

use chat::{UpdateKind, UpdateWatch};
use database_adapter::Database;
use kernel::FailureClass;
use web::MetricsPage;

use super::Metrics;
use super::names::{BUILD_INFO, DATABASE_CONNECTIONS, UPDATE_SECONDS};

/// The page of figures of one process.
pub(crate) struct ProcessFigures {
    metrics: Metrics,
    database: Arc<Database>,
    roles: String,
}

impl ProcessFigures {
    /// The figures of a process that plays these roles.
    pub(crate) const fn new(metrics: Metrics, database: Arc<Database>, roles: String) -> Self {
        Self { metrics, database, roles }
    }
}

impl MetricsPage for ProcessFigures {
    fn render(&self) -> String {
        self.metrics.set(&BUILD_INFO, &[env!("CARGO_PKG_VERSION"), &self.roles], 1.0);
        for pool in self.database.pools() {
            for (state, connections) in [("used", pool.in_use()), ("idle", pool.idle), ("limit", pool.most)] {
                self.metrics.set(
                    &DATABASE_CONNECTIONS,
                    &[pool.purpose.as_str(), state],
                    f64::from(connections),
                );
            }
        }
        self.metrics.page()
    }
}

/// Records the handling of updates.
pub(crate) struct MeasuredUpdates(pub(crate) Metrics);

impl UpdateWatch for MeasuredUpdates {
    fn handled(&self, kind: UpdateKind, failed: Option<FailureClass>, took: Duration) {
        let kind = match kind {
            UpdateKind::Message => "message",
            UpdateKind::Press => "press",
            UpdateKind::Added => "added",
            UpdateKind::Other => "other",
            UpdateKind::Unreadable => "unreadable",
        };
        let outcome = if failed.is_some() { "failed" } else { "ok" };
        self.0.observe(&UPDATE_SECONDS, &[kind, outcome], took);
    }
}
