//! `[objects]`

use std::path::PathBuf;

use super::reader::Reader;
use super::{ConfigurationError, DatabaseUrl, Setting};

const DIRECTORY: Setting =
    Setting::new("objects", "directory", "a directory for images, such as aisha-data/objects");

/// Where bytes are kept.
#[derive(Debug, Clone)]
pub struct ObjectsSection {
    directory: Option<PathBuf>,
}

impl ObjectsSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self { directory: reader.optional(&DIRECTORY)? })
    }

    /// The directory: the one that is set, or `objects` beside the SQLite file.
    ///
    /// # Errors
    /// When neither is there.
    pub fn directory(&self, database: &DatabaseUrl) -> Result<PathBuf, ConfigurationError> {
        self.directory
            .clone()
            .or_else(|| Some(database.directory()?.join("objects")))
            .ok_or(ConfigurationError::Missing { setting: DIRECTORY })
    }
}
