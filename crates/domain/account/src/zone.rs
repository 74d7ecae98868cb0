//! Time zones by name.

use std::fmt;
use std::str::FromStr;

use kernel::Language;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An IANA time zone name such as `Europe/Berlin`. Whether the zone exists is for the interface to say, which has the
/// zone data; an unknown one is shown as UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// The text cannot be a zone name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a time zone name: {0:?}")]
pub struct ZoneNameError(pub String);

impl ZoneName {
    /// UTC.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The zone to begin with for a person of this language: where most of its speakers live. The messenger tells no
    /// zone; the person can choose another one.
    pub fn usual_for(language: Language) -> Self {
        match language {
            Language::English => Self::utc(),
            Language::Russian => Self("Europe/Moscow".to_owned()),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ZoneName {
    type Err = ZoneNameError;

    fn from_str(text: &str) -> Result<Self, ZoneNameError> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'+'));
        if fits { Ok(Self(text.to_owned())) } else { Err(ZoneNameError(text.to_owned())) }
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneNameError;

    fn try_from(text: String) -> Result<Self, ZoneNameError> {
        text.parse()
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> Self {
        zone.0
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_name_is_plain_ascii() {
        assert_eq!("Etc/GMT+3".parse::<ZoneName>().unwrap().as_str(), "Etc/GMT+3");
        assert!("Europe/ Berlin".parse::<ZoneName>().is_err());
        assert!("".parse::<ZoneName>().is_err());
        assert_eq!(ZoneName::usual_for(Language::Russian).to_string(), "Europe/Moscow");
    }
}
