//! Where settings come from.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format as _, Toml};

use super::{ConfigurationError, Environment};

/// The built-in defaults, which are also the list of all settings.
const DEFAULTS: &str = include_str!("../../defaults.toml");
/// The file that is read when nobody names another.
const USUAL_FILE: &str = "aisha.toml";

/// A file of settings, and the environment.
#[derive(Debug, Clone)]
pub struct Sources {
    file: File,
    environment: Environment,
}

#[derive(Debug, Clone)]
enum File {
    /// This one, which must be there.
    Named(PathBuf),
    /// This one, if it is there.
    Usual(PathBuf),
}

impl Sources {
    /// The usual file in `directory`, if it is there, under `environment`.
    pub fn usual(directory: &Path, environment: Environment) -> Self {
        Self { file: File::Usual(directory.join(USUAL_FILE)), environment }
    }

    /// The file at `path`, which must be there, under `environment`.
    pub fn with_file(path: impl Into<PathBuf>, environment: Environment) -> Self {
        Self { file: File::Named(path.into()), environment }
    }

    pub(super) fn figment(&self) -> Result<Figment, ConfigurationError> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        match &self.file {
            File::Named(path) if !path.is_file() => {
                return Err(ConfigurationError::NoFile { path: path.clone() });
            }
            File::Usual(path) if !path.is_file() => {}
            File::Named(path) | File::Usual(path) => figment = figment.merge(Toml::file_exact(path)),
        }
        Ok(figment.merge(self.environment.clone()))
    }
}
