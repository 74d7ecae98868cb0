//! Where figures are kept until somebody asks for them. One for each container, not one for the process: nothing here is
//! global.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use metrics_util::MetricKindMask;

use super::names::{METRICS, Metric, MetricKind};

/// A gauge that nobody has set for so long is left out: who sets it has gone, and its last value says nothing.
const GAUGES_HOLD: Duration = Duration::from_mins(2);

/// Whose figures they are, for the machinery that can filter by it.
const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);

/// The figures of a process.
#[derive(Clone)]
pub struct Metrics {
    kept: Arc<Kept>,
}

struct Kept {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Metrics {
    /// No figures yet.
    ///
    /// # Errors
    /// When the table of metrics makes no sense, such as a histogram without bounds.
    pub fn new() -> Result<Self, BuildError> {
        let mut builder = PrometheusBuilder::new().idle_timeout(MetricKindMask::GAUGE, Some(GAUGES_HOLD));
        for metric in METRICS {
            if let MetricKind::Histogram(bounds) = metric.kind {
                builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), bounds)?;
            }
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        for metric in METRICS {
            let (name, help) = (metric.name.into(), metric.help.into());
            match metric.kind {
                MetricKind::Counter => recorder.describe_counter(name, None, help),
                MetricKind::Gauge => recorder.describe_gauge(name, None, help),
                MetricKind::Histogram(_) => recorder.describe_histogram(name, None, help),
            }
        }
        Ok(Self { kept: Arc::new(Kept { recorder, handle }) })
    }

    /// Adds to a counter. `labels` are the values of the metric's labels, in their order.
    pub(crate) fn add(&self, metric: &Metric, labels: &[&str], by: u64) {
        self.kept.recorder.register_counter(&key(metric, labels), &METADATA).increment(by);
    }

    /// Sets a gauge.
    pub(crate) fn set(&self, metric: &Metric, labels: &[&str], value: f64) {
        self.kept.recorder.register_gauge(&key(metric, labels), &METADATA).set(value);
    }

    /// Counts a span of time in a histogram.
    pub(crate) fn observe(&self, metric: &Metric, labels: &[&str], took: Duration) {
        self.kept.recorder.register_histogram(&key(metric, labels), &METADATA).record(took.as_secs_f64());
    }

    /// Everything that was recorded, in Prometheus's text format.
    pub fn page(&self) -> String {
        self.kept.handle.render()
    }

    /// Puts what was recorded into its histograms. To be called every few seconds, so that a process that nobody scrapes
    /// keeps no more and more of it.
    pub fn tidy(&self) {
        self.kept.handle.run_upkeep();
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn key(metric: &Metric, values: &[&str]) -> Key {
    debug_assert_eq!(metric.labels.len(), values.len(), "{}", metric.name);
    let labels = metric.labels.iter().zip(values).map(|(name, value)| Label::new(*name, (*value).to_owned()));
    Key::from_parts(metric.name, labels.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::names;

    #[test]
    fn what_is_recorded_is_on_the_page() {
        let metrics = Metrics::new().unwrap();
        assert_eq!(metrics.page(), "");
        metrics.add(&names::CREDITS, &["held"], 5);
        metrics.add(&names::CREDITS, &["held"], 7);
        metrics.set(&names::JOBS_WAITING, &[], 3.0);
        metrics.observe(&names::UPDATE_SECONDS, &["message", "ok"], Duration::from_millis(20));
        let page = metrics.page();
        for line in [
            "# TYPE aisha_credits_total counter",
            "aisha_credits_total{operation=\"held\"} 12",
            "aisha_jobs_waiting 3",
            "aisha_update_seconds_bucket{kind=\"message\",outcome=\"ok\",le=\"0.01\"} 0",
            "aisha_update_seconds_bucket{kind=\"message\",outcome=\"ok\",le=\"0.025\"} 1",
            "aisha_update_seconds_count{kind=\"message\",outcome=\"ok\"} 1",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
        assert!(page.contains(&format!("# HELP aisha_credits_total {}", names::CREDITS.help)), "{page}");
    }

    #[test]
    fn two_processes_in_one_share_nothing() {
        let (one, other) = (Metrics::new().unwrap(), Metrics::new().unwrap());
        one.add(&names::CREDITS, &["held"], 5);
        assert_eq!(other.page(), "");
    }
}
