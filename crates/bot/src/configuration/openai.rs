//! `[openai]`

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const API_KEY: Setting = Setting::new("openai", "api_key", "an API key of OpenAI, such as sk-…");
const BASE_URL: Setting = Setting::new("openai", "base_url", "an address such as https://api.openai.com/v1");
const MODERATION_MODEL: Setting = Setting::new(
    "openai",
    "moderation_model",
    "the id of a moderation model, such as omni-moderation-latest",
);

/// OpenAI.
#[derive(Debug, Clone)]
pub struct OpenAiSection {
    /// The key; without it descriptions are checked by the makers of images alone.
    pub api_key: Option<SecretString>,
    /// The API.
    pub base_url: Url,
    /// The model that checks descriptions.
    pub moderation_model: String,
}

impl OpenAiSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            api_key: reader.secret(&API_KEY, super::reader::not_blank)?,
            base_url: reader.required(&BASE_URL)?,
            moderation_model: reader.required(&MODERATION_MODEL)?,
        })
    }
}
