//! What operators can watch: the names of all figures, and where they are recorded.

mod names;
mod recorder;

pub use names::{METRICS, Metric, MetricKind, MetricUnit, metrics_page};
pub use recorder::Metrics;
