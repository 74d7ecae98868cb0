//! `[log]`

use std::str::FromStr;

use tracing_subscriber::EnvFilter;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const FORMAT: Setting = Setting::new("log", "format", "human or json");
const FILTER: Setting =
    Setting::new("log", "filter", "levels by module, such as info or info,generation=debug");

/// The log.
#[derive(Debug, Clone)]
pub struct LogSection {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged.
    pub filter: String,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// For machines: one object a line.
    Json,
}

impl LogSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let section = Self { format: reader.required(&FORMAT)?, filter: reader.required(&FILTER)? };
        match EnvFilter::try_new(&section.filter) {
            Ok(_) => Ok(section),
            Err(error) => Err(reader.refuse(&FILTER, error.to_string())),
        }
    }
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err("no such format"),
        }
    }
}
