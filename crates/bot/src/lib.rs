//! The bot as a library: configuration, container, roles and command line. The binary only calls it, and so does the
//! sandbox.

pub mod configuration;
mod digests;
mod telemetry;

pub use digests::{HmacDigests, SecretFileError, kept_secret};
pub use telemetry::{TelemetryError, start_log};
