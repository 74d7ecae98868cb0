//! The log: to standard error, for people or for machines.

use std::panic;

use thiserror::Error;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, Registry, fmt};

use crate::configuration::{LogFormat, LogSection};

/// The log cannot be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter makes no sense.
    #[error("the filter of the log makes no sense")]
    Filter(#[from] ParseError),
    /// This process has a log already.
    #[error("the log was set up before")]
    Twice(#[from] TryInitError),
}

/// Sends the log of this process where the section says, and panics to the log.
///
/// # Errors
/// When the filter makes no sense, or there is a log already.
pub fn start_log(section: &LogSection) -> Result<(), TelemetryError> {
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match section.format {
        LogFormat::Human => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    Registry::default().with(lines.with_filter(EnvFilter::try_new(&section.filter)?)).try_init()?;
    log_panics();
    Ok(())
}

/// A panic is caught where it happens, at a job or an update; where it happened is known here alone.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, panic = panic.payload_as_str().unwrap_or("without a word"), "a panic");
    }));
}
