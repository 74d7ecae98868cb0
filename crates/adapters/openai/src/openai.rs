//! The adapter: a client that is allowed to talk to one host.

use std::fmt;
use std::time::Duration;

use kernel::{Discretion, ProviderError};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::multipart::Form;
use reqwest::{Client, redirect};
use rustls::crypto::CryptoProvider;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::exchange::{Answer, exchange};
use crate::{ChatDialect, OpenAiSettings, SetupError};

/// How long a connection may take to come about; a call as a whole may take longer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Talks to OpenAI's API, or to anything that speaks like it.
pub struct OpenAi {
    client: Client,
    endpoints: Endpoints,
    settings: OpenAiSettings,
}

/// Where everything is.
struct Endpoints {
    moderations: Url,
    models: Url,
    chat_completions: Url,
    responses: Url,
    transcriptions: Url,
}

impl OpenAi {
    /// An adapter for these settings. Nothing is sent yet.
    ///
    /// The process must have installed a cryptography provider of rustls before.
    ///
    /// # Errors
    /// When a setting cannot be used.
    pub fn new(settings: OpenAiSettings) -> Result<Self, SetupError> {
        if CryptoProvider::get_default().is_none() {
            return Err(SetupError::NoCryptoProvider);
        }
        let base = base_url(&settings.base_url)?;
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, bearer(&settings.api_key)?);
        let client = Client::builder()
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
            .timeout(settings.timeout)
            .build()?;
        Ok(Self {
            client,
            endpoints: Endpoints {
                moderations: endpoint(&base, "moderations"),
                models: endpoint(&base, "models"),
                chat_completions: endpoint(&base, "chat/completions"),
                responses: endpoint(&base, "responses"),
                transcriptions: endpoint(&base, "audio/transcriptions"),
            },
            settings,
        })
    }

    /// How it is asked.
    pub(crate) const fn settings(&self) -> &OpenAiSettings {
        &self.settings
    }

    /// Asks for a check of a text or a photo.
    pub(crate) async fn post_moderations<A: DeserializeOwned>(
        &self,
        body: &impl Serialize,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        let request = self.client.post(self.endpoints.moderations.clone()).json(body);
        exchange(request).await?.into_success(discretion)
    }

    /// Asks for the list of models.
    pub(crate) async fn get_models<A: DeserializeOwned>(&self) -> Result<A, ProviderError> {
        let request = self.client.get(self.endpoints.models.clone());
        exchange(request).await?.into_success(&Discretion::about("", &[]))
    }

    /// Asks a model for an answer.
    pub(crate) async fn post_chat<A: DeserializeOwned>(
        &self,
        dialect: ChatDialect,
        body: &impl Serialize,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        let endpoint = match dialect {
            ChatDialect::ChatCompletions => &self.endpoints.chat_completions,
            ChatDialect::Responses => &self.endpoints.responses,
        };
        let request = self.client.post(endpoint.clone()).timeout(self.settings.answer_timeout).json(body);
        exchange(request).await?.into_success(discretion)
    }

    /// Asks for what a recording says. The answer comes whole, since some failures are none.
    pub(crate) async fn post_transcriptions(&self, form: Form) -> Result<Answer, ProviderError> {
        let endpoint = self.endpoints.transcriptions.clone();
        exchange(self.client.post(endpoint).timeout(self.settings.answer_timeout).multipart(form)).await
    }
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpenAi")
            .field("moderations", &self.endpoints.moderations.as_str())
            .field("moderation_model", &self.settings.moderation_model)
            .field("chat_model", &self.settings.chat_model)
            .field("vision_model", &self.settings.vision_model)
            .field("speech_model", &self.settings.speech_model)
            .finish_non_exhaustive()
    }
}

fn bearer(key: &SecretString) -> Result<HeaderValue, SetupError> {
    let key = key.expose_secret();
    if key.is_empty() {
        return Err(SetupError::Key);
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_invalid| SetupError::Key)?;
    // Keeps it out of the output of the HTTP client's own `Debug`.
    value.set_sensitive(true);
    Ok(value)
}

fn base_url(text: &str) -> Result<Url, SetupError> {
    let refused = || SetupError::BaseUrl(text.to_owned());
    let url = Url::parse(text).map_err(|_invalid| refused())?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if is_plain { Ok(url) } else { Err(refused()) }
}

/// The base URL with one more segment, whether or not it ends with a slash.
fn endpoint(base: &Url, segment: &str) -> Url {
    let mut url = base.clone();
    let path = format!("{}/{segment}", base.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_lies_below_the_base_url() {
        for (base, expected) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/models"),
            ("https://api.openai.com/v1/", "https://api.openai.com/v1/models"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/models"),
            ("http://[::1]:1/a/b", "http://[::1]:1/a/b/models"),
        ] {
            assert_eq!(endpoint(&base_url(base).unwrap(), "models").as_str(), expected);
        }
    }

    #[test]
    fn a_base_url_that_nothing_can_be_appended_to_is_refused() {
        for text in [
            "",
            "api.openai.com/v1",
            "ftp://api.openai.com/v1",
            "https://user@api.openai.com/v1",
            "https://api.openai.com/v1?x=1",
            "https://api.openai.com/v1#x",
            "mailto:a@b",
        ] {
            assert!(matches!(base_url(text), Err(SetupError::BaseUrl(_))), "{text}");
        }
    }
}
