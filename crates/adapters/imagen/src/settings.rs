//! How Google's API is reached.

use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

/// How Google's API, or a gateway that speaks it, is reached.
#[derive(Debug, Clone)]
pub struct ImagenSettings {
    /// The API key.
    pub api_key: SecretString,
    /// Where the API is; the key is sent there and nowhere else. May have a path, as gateways do.
    pub base_url: String,
    /// The version of the API, such as `v1beta`.
    pub api_version: String,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one call may take as a whole. An image takes from some seconds to a minute.
    pub call_timeout: Duration,
}

impl ImagenSettings {
    /// Google itself.
    pub fn new(api_key: SecretString) -> Self {
        Self {
            api_key,
            base_url: "https://generativelanguage.googleapis.com".to_owned(),
            api_version: "v1beta".to_owned(),
            connect_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_mins(2),
        }
    }
}

/// Why the adapter cannot be built from its settings.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The key holds characters that no HTTP header can carry.
    #[error("the Google key holds characters that no header can carry")]
    Key,
    /// A URL that nothing can be appended to.
    #[error("base_url is {0:?}; expected: http:// or https:// with a host, without query or user")]
    Address(String),
    /// Not a version.
    #[error("api_version is {0:?}; expected: letters and digits, such as v1beta")]
    Version(String),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[from] reqwest::Error),
}
