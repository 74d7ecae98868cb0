//! The adapter: a client that is allowed to talk to one host.

use std::fmt;
use std::time::Duration;

use kernel::{Discretion, ProviderError};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, RequestBuilder, redirect};
use rustls::crypto::CryptoProvider;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::exchange::exchange;
use crate::{OpenAiSettings, SetupError};

/// How long a connection may take to come about; a call as a whole may take longer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Talks to OpenAI's API, or to anything that speaks like it.
pub struct OpenAi {
    client: Client,
    moderations: Url,
    models: Url,
    moderation_model: String,
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
            moderations: endpoint(&base, "moderations"),
            models: endpoint(&base, "models"),
            moderation_model: settings.moderation_model,
        })
    }

    /// The model that checks texts.
    pub(crate) fn moderation_model(&self) -> &str {
        &self.moderation_model
    }

    /// Asks for a check of a text.
    pub(crate) async fn post_moderations<A: DeserializeOwned>(
        &self,
        body: &impl Serialize,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        self.call(self.client.post(self.moderations.clone()).json(body), discretion).await
    }

    /// Asks for the list of models.
    pub(crate) async fn get_models<A: DeserializeOwned>(&self) -> Result<A, ProviderError> {
        self.call(self.client.get(self.models.clone()), &Discretion::about("", &[])).await
    }

    async fn call<A: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        exchange(request).await?.into_success(discretion)
    }
}

impl fmt::Debug for OpenAi {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OpenAi")
            .field("moderations", &self.moderations.as_str())
            .field("moderation_model", &self.moderation_model)
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
