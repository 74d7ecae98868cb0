//! `[imagen]`

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

/// Google's key.
pub(super) const API_KEY: Setting =
    Setting::new("imagen", "api_key", "an API key of Google AI Studio, such as AIza…");
const BASE_URL: Setting =
    Setting::new("imagen", "base_url", "an address such as https://generativelanguage.googleapis.com");
const API_VERSION: Setting = Setting::new("imagen", "api_version", "a version of the API, such as v1beta");

/// Google.
#[derive(Debug, Clone)]
pub struct ImagenSection {
    /// The key; without it Google is not used.
    pub api_key: Option<SecretString>,
    /// The API.
    pub base_url: Url,
    /// Its version.
    pub api_version: String,
}

impl ImagenSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            api_key: reader.secret(&API_KEY, super::reader::not_blank)?,
            base_url: reader.required(&BASE_URL)?,
            api_version: reader.required(&API_VERSION)?,
        })
    }
}
