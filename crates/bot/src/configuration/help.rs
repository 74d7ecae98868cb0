//! `[help]`

use generation::HelpPolicy;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const DAILY_CAP: Setting = Setting::new("help", "daily_cap", "a whole number, such as 30");

/// How much help with words and photos there is for free.
#[derive(Debug, Clone, Copy)]
pub struct HelpSection {
    /// Times and counts.
    pub policy: HelpPolicy,
}

impl HelpSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self { policy: HelpPolicy { daily_cap: reader.required(&DAILY_CAP)?, ..HelpPolicy::default() } })
    }
}
