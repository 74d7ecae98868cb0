//! `[models]`

use std::path::PathBuf;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const FILE: Setting = Setting::new("models", "file", "a file in the form of models.toml");

/// The registry of models.
#[derive(Debug, Clone)]
pub struct ModelsSection {
    /// Another file than the built-in one.
    pub file: Option<PathBuf>,
}

impl ModelsSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self { file: reader.optional(&FILE)? })
    }
}
