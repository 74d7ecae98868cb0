//! `[openai]`

use openai_adapter::ChatModel;
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

const CHAT_MODEL: Setting = Setting::new("openai", "chat_model", "the id of a model, such as gpt-6-luna");
const CHAT_DIALECT: Setting = Setting::new("openai", "chat_dialect", "chat-completions or responses");
const VISION_MODEL: Setting =
    Setting::new("openai", "vision_model", "the id of a model that sees, such as gpt-6-luna");
const VISION_DIALECT: Setting = Setting::new("openai", "vision_dialect", "chat-completions or responses");
const SPEECH_MODEL: Setting =
    Setting::new("openai", "speech_model", "the id of a model, such as gpt-transcribe");

/// OpenAI.
#[derive(Debug, Clone)]
pub struct OpenAiSection {
    /// The key; without it descriptions are checked by the makers of images alone, and nobody looks at photos.
    pub api_key: Option<SecretString>,
    /// The API.
    pub base_url: Url,
    /// The model that checks descriptions.
    pub moderation_model: String,
    /// The model that finds better words.
    pub chat_model: ChatModel,
    /// The model that looks at photos.
    pub vision_model: ChatModel,
    /// The model that writes down what is said.
    pub speech_model: String,
}

impl OpenAiSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            api_key: reader.secret(&API_KEY, super::reader::not_blank)?,
            base_url: reader.required(&BASE_URL)?,
            moderation_model: reader.required(&MODERATION_MODEL)?,
            chat_model: ChatModel {
                dialect: reader.required(&CHAT_DIALECT)?,
                ..ChatModel::new(reader.required::<String>(&CHAT_MODEL)?)
            },
            vision_model: ChatModel {
                dialect: reader.required(&VISION_DIALECT)?,
                ..ChatModel::new(reader.required::<String>(&VISION_MODEL)?)
            },
            speech_model: reader.required(&SPEECH_MODEL)?,
        })
    }
}
