//! What can be wrong with the configuration.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::Setting;

/// A mistake in the configuration. It names the setting, where its value came from, and what is expected; the value of a
/// secret is never in it.
#[derive(Debug, Error)]
pub enum ConfigurationError {
    /// A file of settings is not what it should be.
    #[error("the configuration cannot be read: {0}")]
    Unreadable(Box<figment::Error>),
    /// The named file is not there.
    #[error("the configuration file {path} is not there", path = .path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// A setting is needed and not there.
    #[error("{setting} is not set; expected {}", setting.expected)]
    Missing {
        /// The setting.
        setting: Setting,
    },
    /// A value is not what is expected.
    #[error("{setting} from {origin} is wrong: {problem}; expected {}", setting.expected)]
    Wrong {
        /// The setting.
        setting: Setting,
        /// Where the value came from.
        origin: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The file that is to hold a secret cannot be read.
    #[error("{variable} from {origin} names {path}, which cannot be read: {cause}", path = .path.display())]
    SecretFile {
        /// The variable that names the file.
        variable: String,
        /// Where its value came from.
        origin: String,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A secret is given by value and by file.
    #[error("{setting} is set by value and by file; expected one of {} and {}_FILE", setting.variable(), setting.variable())]
    Twice {
        /// The setting.
        setting: Setting,
    },
    /// A single value stands where only sections stand.
    #[error("{name} from {origin} is a single value; expected a section, such as [{name}]")]
    NoSection {
        /// What was set.
        name: String,
        /// Where.
        origin: String,
    },
    /// There is no such setting.
    #[error("{name} from {origin} is not a setting of this version; expected one of: {known}")]
    Unknown {
        /// What was set.
        name: String,
        /// Where.
        origin: String,
        /// The settings of that section, or the sections.
        known: String,
    },
    /// Two settings do not fit together.
    #[error("{first} and {second} do not fit together: {problem}")]
    Relation {
        /// The one.
        first: Setting,
        /// The other.
        second: Setting,
        /// Why.
        problem: String,
    },
}
