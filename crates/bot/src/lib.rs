//! The bot as a library: configuration, container, roles and command line. The binary only calls it, and so does the
//! sandbox.

mod backup;
pub mod command_line;
mod commands;
pub mod configuration;
mod container;
mod digests;
mod foundation;
mod generators;
mod helpers;
mod insight;
mod intake;
mod lender;
mod metrics;
mod output;
mod readiness;
mod registry;
mod roles;
mod standby;
mod telemetry;

pub use container::{Container, ContainerBuilder};
pub use digests::{HmacDigests, SecretFileError, kept_secret};
pub use foundation::Foundation;
pub use insight::{
    Observation, ObserveError, ObservedAvatar, ObservedBalance, ObservedEntry, ObservedGeneration,
    ObservedJob, Observer,
};
pub use metrics::{METRICS, Metric, MetricKind, MetricUnit, Metrics, metrics_page};
pub use registry::{Registries, RegistryFileError, load_registries};
pub use telemetry::{TelemetryError, start_log};

use command_line::install_cryptography;
