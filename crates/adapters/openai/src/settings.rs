//! How OpenAI is reached and asked.

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
    /// The id of the model that checks texts, such as `omni-moderation-latest`.
    pub moderation_model: String,
    /// How long one call may take as a whole.
    pub timeout: Duration,
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
