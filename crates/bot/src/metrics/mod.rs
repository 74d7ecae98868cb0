//! What operators can watch: the names of all figures, and where they are recorded.

mod measured;
mod names;
mod process;
mod recorder;
mod sweeps;

pub(crate) use measured::{
    MeasuredAnalyst, MeasuredAssistant, MeasuredGenerator, MeasuredJobs, MeasuredModerator, MeasuredObjects,
    MeasuredQueue, MeasuredTelegram, MeasuredTrainer, MeasuredTranscriber, MeasuredUnits, UnitBook,
};
pub use names::{METRICS, Metric, MetricKind, MetricUnit, metrics_page};
pub(crate) use process::{MeasuredUpdates, ProcessFigures};
pub use recorder::Metrics;
pub(crate) use sweeps::MeasuredSweeps;
