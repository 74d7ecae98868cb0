//! How long a file of FAL's storage lives and who may read it: the lifecycle headers.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

use super::errors::ApiError;

/// Both names of the header: uploads to the content delivery network say the first, everything else the second.
const HEADERS: [&str; 2] = ["x-fal-object-lifecycle-preference", "x-fal-object-lifecycle"];

/// What a lifecycle header asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lifecycle {
    /// How long the file lives; for good without it.
    pub(super) lifetime: Option<Duration>,
    pub(super) readers: Readers,
}

/// What a reader without a key is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// The file itself.
    #[default]
    Allow,
    /// That the file is not for them: 403.
    Forbid,
    /// That there is no such file: 404.
    Hide,
}

#[derive(Debug, Deserialize)]
struct Preference {
    #[serde(default)]
    expiration_duration_seconds: Option<u64>,
    #[serde(default)]
    initial_acl: Option<AccessList>,
}

#[derive(Debug, Deserialize)]
struct AccessList {
    #[serde(default)]
    default: Option<Readers>,
}

impl Lifecycle {
    /// What the headers ask for; 0 seconds mean for good.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let Some((name, value)) =
            HEADERS.iter().find_map(|name| headers.get(*name).map(|value| (name, value)))
        else {
            return Ok(Self::default());
        };
        let preference: Preference = serde_json::from_slice(value.as_bytes()).map_err(|error| {
            ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, format!("Invalid {name}: {error}"))
        })?;
        let seconds = preference.expiration_duration_seconds.filter(|seconds| *seconds > 0);
        Ok(Self {
            lifetime: seconds.map(Duration::from_secs),
            readers: preference.initial_acl.and_then(|list| list.default).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &'static str, value: &str) -> Result<Lifecycle, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        Lifecycle::of(&headers)
    }

    #[test]
    fn either_header_says_how_long_and_for_whom() {
        assert_eq!(Lifecycle::of(&HeaderMap::new()).unwrap(), Lifecycle::default());
        for name in HEADERS {
            let asked = of(name, r#"{"expiration_duration_seconds":60,"initial_acl":{"default":"hide"}}"#);
            let expected = Lifecycle { lifetime: Some(Duration::from_mins(1)), readers: Readers::Hide };
            assert_eq!(asked.unwrap(), expected);
        }
        assert_eq!(of(HEADERS[0], r#"{"expiration_duration_seconds":0}"#).unwrap().lifetime, None);
        assert_eq!(of(HEADERS[0], "tomorrow").unwrap_err().status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
