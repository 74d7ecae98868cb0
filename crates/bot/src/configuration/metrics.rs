//! `[metrics]`

use std::net::SocketAddr;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const LISTEN: Setting = Setting::new("metrics", "listen", "an address and a port, such as 0.0.0.0:9090");

/// Figures for whoever watches.
#[derive(Debug, Clone, Copy)]
pub struct MetricsSection {
    /// Where a process serves its figures besides its web server, if it has one.
    pub listen: Option<SocketAddr>,
}

impl MetricsSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self { listen: reader.optional(&LISTEN)? })
    }

    /// How the setting is called.
    pub(crate) fn listen_variable() -> String {
        LISTEN.variable()
    }
}
