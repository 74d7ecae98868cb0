//! How OpenAI is reached and asked.

use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

/// How OpenAI is reached and asked.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// Where the API is, with its version, such as `https://api.openai.com/v1`. The key is sent there and nowhere else.
    pub base_url: String,
    /// The key.
    pub api_key: SecretString,
    /// The id of the model that checks texts and photos, such as `omni-moderation-latest`.
    pub moderation_model: String,
    /// The model that finds better words.
    pub chat_model: ChatModel,
    /// The model that looks at photos.
    pub vision_model: ChatModel,
    /// The id of the model that writes down what is said, such as `gpt-transcribe`.
    pub speech_model: String,
    /// How long a check may take as a whole: people wait for it.
    pub timeout: Duration,
    /// How long an answer in words, a look at photos or a transcription may take as a whole.
    pub answer_timeout: Duration,
}

/// A model to talk to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatModel {
    /// Its id.
    pub id: String,
    /// By which endpoint it is talked to.
    pub dialect: ChatDialect,
    /// How hard it thinks first, such as `low`; what it does by itself when absent.
    pub reasoning_effort: Option<String>,
}

/// By which endpoint a model is talked to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChatDialect {
    /// `/chat/completions`, which other servers know as well.
    #[default]
    ChatCompletions,
    /// `/responses`.
    Responses,
}

/// The text names no endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a way to talk to a model: {0:?}; expected: chat-completions or responses")]
pub struct UnknownChatDialect(pub String);

impl FromStr for ChatDialect {
    type Err = UnknownChatDialect;

    fn from_str(name: &str) -> Result<Self, UnknownChatDialect> {
        match name {
            "chat-completions" => Ok(Self::ChatCompletions),
            "responses" => Ok(Self::Responses),
            _ => Err(UnknownChatDialect(name.to_owned())),
        }
    }
}

impl ChatModel {
    /// A model by id, talked to by `/chat/completions`.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), dialect: ChatDialect::ChatCompletions, reasoning_effort: None }
    }
}

impl OpenAiSettings {
    /// OpenAI itself, with the models that it recommends.
    pub fn new(api_key: SecretString) -> Self {
        Self {
            base_url: "https://api.openai.com/v1".to_owned(),
            api_key,
            moderation_model: "omni-moderation-latest".to_owned(),
            chat_model: ChatModel::new("gpt-6-luna"),
            vision_model: ChatModel::new("gpt-6-luna"),
            speech_model: "gpt-transcribe".to_owned(),
            timeout: Duration::from_secs(15),
            answer_timeout: Duration::from_mins(1),
        }
    }
}

/// Why the adapter cannot be built from its settings.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The key is empty or holds characters that no HTTP header can carry.
    #[error("the OpenAI key is empty or holds characters that no header can carry")]
    Key,
    /// A URL that nothing can be appended to.
    #[error("the OpenAI base URL is {0:?}; expected: http:// or https:// with a host, without query or user")]
    BaseUrl(String),
    /// No cryptography was chosen for TLS in this process.
    #[error("no cryptography provider is installed in this process")]
    NoCryptoProvider,
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[from] reqwest::Error),
}
