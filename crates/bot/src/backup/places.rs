//! Where the parts of a backup lie.

use std::fmt;
use std::str::FromStr;

use anyhow::Context as _;
use kernel::{ObjectKey, Timestamp};

/// What all of them lie under.
pub(super) const PREFIX: &str = "backups/";

/// A backup by name. Names are in the order of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BackupId(String);

/// A part of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The database, sealed.
    Database,
    /// The secret that a small installation made for itself, sealed.
    Secret,
    /// The list of all objects, sealed.
    Manifest,
    /// What the backup is of, readable; written last, so that a backup without it is none.
    Summary,
}

impl BackupId {
    /// A name for the backup that is made at this moment.
    pub(super) fn at(moment: Timestamp) -> anyhow::Result<Self> {
        let moment =
            jiff::Timestamp::from_microsecond(moment.as_micros()).context("the clock is out of range")?;
        Ok(Self(moment.strftime("%Y-%m-%dt%H-%M-%S.%6fz").to_string()))
    }

    /// The backup that an object is a part of.
    pub(super) fn of(key: &ObjectKey) -> Option<Self> {
        let (name, _) = key.as_str().strip_prefix(PREFIX)?.split_once('/')?;
        Some(Self(name.to_owned()))
    }

    /// What the parts of this backup lie under.
    pub(super) fn prefix(&self) -> String {
        format!("{PREFIX}{self}/")
    }

    /// Where a part lies.
    pub(super) fn key(&self, part: Part) -> anyhow::Result<ObjectKey> {
        let name = match part {
            Part::Database => "database.age",
            Part::Secret => "secret.age",
            Part::Manifest => "manifest.age",
            Part::Summary => "summary.json",
        };
        Ok(format!("{}{name}", self.prefix()).parse()?)
    }
}

impl fmt::Display for BackupId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for BackupId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_name = format!("{PREFIX}{text}/x").parse::<ObjectKey>().is_ok() && !text.contains('/');
        if is_name { Ok(Self(text.to_owned())) } else { Err("no name of a backup: `backup list` shows them") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_when_and_is_found_again() {
        let id = BackupId::at(Timestamp::from_micros(1_793_232_000_000_042)).unwrap();
        assert_eq!(id.to_string(), "2026-10-29t00-00-00.000042z");
        assert_eq!(id.to_string().parse(), Ok(id.clone()));
        for part in [Part::Database, Part::Secret, Part::Manifest, Part::Summary] {
            assert_eq!(BackupId::of(&id.key(part).unwrap()), Some(id.clone()));
        }
        assert_eq!(BackupId::of(&"images/0/1".parse().unwrap()), None);
        assert!("../x".parse::<BackupId>().is_err() && "a/b".parse::<BackupId>().is_err());
    }
}
