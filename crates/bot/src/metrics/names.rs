//! Every figure that operators can watch: its name, kind, unit, labels and meaning. The page of metrics, the boards and
//! their test read this table; nothing else names a metric.

use std::fmt;

/// What kind of figure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MetricKind {
    /// It only grows, from zero at the start of the process.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How many values there were up to each of these bounds, and their sum.
    Histogram(&'static [f64]),
}

/// What it is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricUnit {
    /// Things.
    Count,
    /// Seconds.
    Seconds,
    /// Credits, as people spend them.
    Credits,
    /// Millionths of a US dollar.
    MicroUsd,
    /// Always 1; what it says is in the labels.
    Label,
}

/// A figure that operators can watch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Its name for Prometheus.
    pub name: &'static str,
    /// Its kind.
    pub kind: MetricKind,
    /// Its unit.
    pub unit: MetricUnit,
    /// The labels that it is told apart by, in the order in which they are given.
    pub labels: &'static [&'static str],
    /// What it says, in one sentence.
    pub help: &'static str,
}

/// Calls and the handling of updates: from a millisecond to two minutes.
const SHORT: &[f64] =
    &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0];
/// Work that people wait for: from a second to three hours.
const LONG: &[f64] =
    &[1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 10_800.0];

/// From a request for images to its end.
pub const GENERATION_SECONDS: Metric = Metric {
    name: "aisha_generation_seconds",
    kind: MetricKind::Histogram(LONG),
    unit: MetricUnit::Seconds,
    labels: &["provider", "model", "outcome"],
    help: "Time from a request for images to its end: stored, failed, cancelled or expired.",
};

/// Images that were kept.
pub const IMAGES: Metric = Metric {
    name: "aisha_images_stored_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::Count,
    labels: &["provider", "model"],
    help: "Images that were kept in galleries and paid for.",
};

/// From an order of a training to its end.
pub const TRAINING_SECONDS: Metric = Metric {
    name: "aisha_training_seconds",
    kind: MetricKind::Histogram(LONG),
    unit: MetricUnit::Seconds,
    labels: &["provider", "model", "outcome"],
    help: "Time from the order of an avatar's training to its end: ready, failed, cancelled or deleted.",
};

/// Calls to providers.
pub const PROVIDER_REQUEST_SECONDS: Metric = Metric {
    name: "aisha_provider_request_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["provider", "operation", "outcome"],
    help: "Calls to providers of images, trainings, words and safety checks, by what was asked and `ok` or `failed`.",
};

/// Calls to providers that failed.
pub const PROVIDER_ERRORS: Metric = Metric {
    name: "aisha_provider_errors_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::Count,
    labels: &["provider", "operation", "class"],
    help: "Failed calls to providers by class of failure: invalid, refused, not-found, conflict, limited, unavailable, \
           misconfigured or bug.",
};

/// What providers ask of us.
pub const PROVIDER_COST: Metric = Metric {
    name: "aisha_provider_cost_micro_usd_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::MicroUsd,
    labels: &["provider", "model"],
    help: "What providers took on, at the registry's prices: a call that was answered with images or accepted, each \
           attempt anew. Divide by 1e6 for USD.",
};

/// Credits that moved.
pub const CREDITS: Metric = Metric {
    name: "aisha_credits_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::Credits,
    labels: &["operation"],
    help: "Credits by what was done with them: granted-bonus, granted-paid, held, captured, released, refunded or \
           clawed-back.",
};

/// What people have.
pub const BALANCES: Metric = Metric {
    name: "aisha_balances_credits",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Credits,
    labels: &["bucket"],
    help: "The sum of all balances: bonus and paid that can be spent, and held for work under way. Measured by the one \
           process that sweeps.",
};

/// Jobs that wait.
pub const JOBS_WAITING: Metric = Metric {
    name: "aisha_jobs_waiting",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Count,
    labels: &[],
    help: "Jobs that are due and not being run. Measured by the one process that sweeps.",
};

/// How long the oldest job has waited.
pub const JOBS_OLDEST: Metric = Metric {
    name: "aisha_jobs_oldest_seconds",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Seconds,
    labels: &[],
    help: "For how long the longest waiting job has been due; 0 when none waits. Measured by the one process that sweeps.",
};

/// Jobs that were given up.
pub const JOBS_BURIED: Metric = Metric {
    name: "aisha_jobs_buried",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Count,
    labels: &[],
    help: "Jobs that were given up and that `jobs list` shows. Measured by the one process that sweeps.",
};

/// Runs of jobs.
pub const JOB_SECONDS: Metric = Metric {
    name: "aisha_job_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["kind", "outcome"],
    help: "Runs of jobs by kind and outcome: ok, superseded, or the class of the failure.",
};

/// Wake-ups.
pub const WAKE_UPS: Metric = Metric {
    name: "aisha_wake_ups_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::Count,
    labels: &["direction", "outcome"],
    help: "Wake-ups that were sent or received, and `ok` or `failed`.",
};

/// What the sweeper found.
pub const SWEEPER_FINDS: Metric = Metric {
    name: "aisha_sweeper_finds_total",
    kind: MetricKind::Counter,
    unit: MetricUnit::Count,
    labels: &["what"],
    help: "What the sweeper found and dealt with: jobs fed to the queue, holds that nobody ended, lifted pauses, and \
           everything that was cleaned up.",
};

/// Updates that wait.
pub const UPDATES_WAITING: Metric = Metric {
    name: "aisha_updates_waiting",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Count,
    labels: &[],
    help: "Updates from Telegram that are kept and not handled yet. Measured by the one process that sweeps.",
};

/// Handling an update.
pub const UPDATE_SECONDS: Metric = Metric {
    name: "aisha_update_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["kind", "outcome"],
    help: "Handling of updates from Telegram: message, press, added, other or unreadable; `ok` or `failed`.",
};

/// Calls to Telegram.
pub const TELEGRAM_REQUEST_SECONDS: Metric = Metric {
    name: "aisha_telegram_request_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["method", "outcome"],
    help: "Calls to Telegram's API (without asking for updates): ok, limited, gone, unreachable or failed.",
};

/// Waits that Telegram asked for.
pub const TELEGRAM_LIMITED_SECONDS: Metric = Metric {
    name: "aisha_telegram_limited_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["method"],
    help: "Waits that Telegram asked for with 429 (too many requests).",
};

/// Calls to the object store.
pub const OBJECT_STORE_SECONDS: Metric = Metric {
    name: "aisha_object_store_seconds",
    kind: MetricKind::Histogram(SHORT),
    unit: MetricUnit::Seconds,
    labels: &["operation", "outcome"],
    help: "Calls to the object store by operation, and `ok` or `failed`.",
};

/// Connections to the database.
pub const DATABASE_CONNECTIONS: Metric = Metric {
    name: "aisha_database_connections",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Count,
    labels: &["pool", "state"],
    help: "Connections of this process to the database, by pool (everything, or writing and reading) and state (used, idle, limit).",
};

/// What the auditor found.
pub const VIOLATIONS: Metric = Metric {
    name: "aisha_invariant_violations",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Count,
    labels: &[],
    help: "Violations of invariants that the last audit found; `audit` lists them. Measured by the one process that sweeps.",
};

/// What is paused.
pub const PAUSED: Metric = Metric {
    name: "aisha_paused",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Label,
    labels: &["subject"],
    help: "1 for each provider, model or feature that is paused, and for maintenance. Measured by the one process that sweeps.",
};

/// What runs.
pub const BUILD_INFO: Metric = Metric {
    name: "aisha_build_info",
    kind: MetricKind::Gauge,
    unit: MetricUnit::Label,
    labels: &["version", "roles"],
    help: "Always 1: the version of the program and the roles of this process.",
};

/// Every metric, in the order of the subjects.
pub const METRICS: [&Metric; 23] = [
    &GENERATION_SECONDS,
    &IMAGES,
    &TRAINING_SECONDS,
    &PROVIDER_REQUEST_SECONDS,
    &PROVIDER_ERRORS,
    &PROVIDER_COST,
    &CREDITS,
    &BALANCES,
    &JOBS_WAITING,
    &JOBS_OLDEST,
    &JOBS_BURIED,
    &JOB_SECONDS,
    &WAKE_UPS,
    &SWEEPER_FINDS,
    &UPDATES_WAITING,
    &UPDATE_SECONDS,
    &TELEGRAM_REQUEST_SECONDS,
    &TELEGRAM_LIMITED_SECONDS,
    &OBJECT_STORE_SECONDS,
    &DATABASE_CONNECTIONS,
    &VIOLATIONS,
    &PAUSED,
    &BUILD_INFO,
];

impl Metric {
    /// The names under which Prometheus keeps it: of a histogram there are three.
    pub fn series(&self) -> Vec<String> {
        match self.kind {
            MetricKind::Counter | MetricKind::Gauge => vec![self.name.to_owned()],
            MetricKind::Histogram(_) => {
                ["bucket", "sum", "count"].map(|part| format!("{}_{part}", self.name)).to_vec()
            }
        }
    }
}

impl fmt::Display for MetricKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        })
    }
}

impl fmt::Display for MetricUnit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Count => "number",
            Self::Seconds => "seconds",
            Self::Credits => "credits",
            Self::MicroUsd => "millionths of a US dollar",
            Self::Label => "always 1",
        })
    }
}

/// The table of all metrics as a page for operators, in Markdown.
pub fn metrics_page() -> String {
    let mut page = String::from(
        "# Metrics\n\nWhat `/metrics` of every process serves. The table is made from `crates/bot/src/metrics/names.rs`; a \
         test keeps the two equal.\n\n| Name | Kind | Unit | Labels | Meaning |\n| --- | --- | --- | --- | --- |\n",
    );
    page.extend(METRICS.iter().map(|metric| {
        let labels = metric.labels.join(", ");
        let Metric { name, kind, unit, help, .. } = metric;
        format!("| `{name}` | {kind} | {unit} | {labels} | {help} |\n")
    }));
    page
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_follow_the_customs_of_prometheus() {
        let names: BTreeSet<&str> = METRICS.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), METRICS.len(), "a name is there twice");
        for metric in METRICS {
            let is_fine = metric.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(is_fine && metric.name.starts_with("aisha_"), "{}", metric.name);
            let is_counter = metric.kind == MetricKind::Counter;
            assert_eq!(metric.name.ends_with("_total"), is_counter, "{}", metric.name);
            if metric.unit == MetricUnit::Seconds {
                assert!(metric.name.ends_with("_seconds"), "{}", metric.name);
            }
        }
    }

    #[test]
    fn the_bounds_of_histograms_grow() {
        for metric in METRICS {
            if let MetricKind::Histogram(bounds) = metric.kind {
                assert!(bounds.is_sorted_by(|one, next| one < next), "{}", metric.name);
            }
        }
    }
}
