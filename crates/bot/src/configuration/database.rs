//! `[database]`

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use database_adapter::DatabaseOptions;
use secrecy::SecretString;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const URL: Setting = Setting::new(
    "database",
    "url",
    "sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE, such as sqlite://aisha-data/aisha.db",
);
const MIGRATE: Setting = Setting::new("database", "migrate", "at-start or by-command");

const MAX_CONNECTIONS: Setting =
    Setting::new("database", "max_connections", "a whole number above zero, such as 8");
const ACQUIRE_TIMEOUT: Setting =
    Setting::new("database", "acquire_timeout_ms", "whole milliseconds, such as 10000");
const STATEMENT_TIMEOUT: Setting =
    Setting::new("database", "statement_timeout_ms", "whole milliseconds, such as 30000");
const SLOW_STATEMENT: Setting =
    Setting::new("database", "slow_statement_ms", "whole milliseconds, such as 1000");

/// The database.
#[derive(Debug, Clone)]
pub struct DatabaseSection {
    /// Which one.
    pub url: DatabaseUrl,
    /// When its schema is brought up to date.
    pub migrate: Migrate,
    /// Limits of the connections.
    pub options: DatabaseOptions,
}

/// When migrations are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// Whenever a process starts.
    AtStart,
    /// By `migrate up` alone.
    ByCommand,
}

/// Which database.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite {
        /// The URL as it was given.
        url: String,
        /// The file.
        file: PathBuf,
    },
    /// A PostgreSQL server. The URL may hold a password.
    Postgres {
        /// The URL as it was given.
        url: SecretString,
    },
}

impl DatabaseUrl {
    /// The directory of the SQLite file.
    pub fn directory(&self) -> Option<&Path> {
        match self {
            Self::Sqlite { file, .. } => match file.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => Some(parent),
                _ => Some(Path::new(".")),
            },
            Self::Postgres { .. } => None,
        }
    }
}

impl DatabaseSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let checked = reader.secret(&URL, |url| url.parse::<DatabaseUrl>().err())?;
        let missing = || ConfigurationError::Missing { setting: URL };
        let url = checked.as_ref().map(secrecy::ExposeSecret::expose_secret).ok_or_else(missing)?;
        Ok(Self {
            url: url.parse().map_err(|problem: &'static str| reader.refuse(&URL, problem))?,
            migrate: reader.required(&MIGRATE)?,
            options: DatabaseOptions {
                max_connections: reader.required::<NonZeroU32>(&MAX_CONNECTIONS)?.get(),
                acquire_timeout: reader.milliseconds(&ACQUIRE_TIMEOUT)?,
                statement_timeout: reader.milliseconds(&STATEMENT_TIMEOUT)?,
                slow_statement: reader.milliseconds(&SLOW_STATEMENT)?,
                ..DatabaseOptions::default()
            },
        })
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres { url: SecretString::from(url) });
        }
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err("it names neither SQLite nor PostgreSQL");
        };
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let path = path.split('?').next().unwrap_or_default();
        match path {
            "" => Err("it names no file"),
            ":memory:" => Err("memory is lost with the process"),
            path => Ok(Self::Sqlite { url: url.to_owned(), file: PathBuf::from(path) }),
        }
    }
}

impl FromStr for Migrate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "at-start" => Ok(Self::AtStart),
            "by-command" => Ok(Self::ByCommand),
            _ => Err("no such moment"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(url: &str) -> PathBuf {
        match url.parse().unwrap() {
            DatabaseUrl::Sqlite { file, .. } => file,
            DatabaseUrl::Postgres { .. } => panic!("{url} is SQLite"),
        }
    }

    #[test]
    fn a_sqlite_url_names_a_file() {
        assert_eq!(file_of("sqlite://a/b.db?mode=rwc"), Path::new("a/b.db"));
        assert_eq!(file_of("sqlite:///a/b.db"), Path::new("/a/b.db"));
        assert_eq!(file_of("sqlite:b.db"), Path::new("b.db"));
        let beside: DatabaseUrl = "sqlite:b.db".parse().unwrap();
        assert_eq!(beside.directory(), Some(Path::new(".")));
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://aisha:hunter2@db/aisha".parse().unwrap();
        assert!(!format!("{url:?}").contains("hunter2"));
    }
}
