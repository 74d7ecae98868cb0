//! The addresses of the API.

use url::Url;

use crate::{ImagenSettings, SetupError};

/// The checked root of one version of the API.
#[derive(Debug, Clone)]
pub(crate) struct ApiRoot {
    text: String,
    is_encrypted: bool,
}

impl ApiRoot {
    pub(crate) fn new(settings: &ImagenSettings) -> Result<Self, SetupError> {
        let refused = || SetupError::Address(settings.base_url.clone());
        let url = Url::parse(&settings.base_url).map_err(|_| refused())?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        let is_plain = url.query().is_none() && url.fragment().is_none() && !has_user;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !is_plain {
            return Err(refused());
        }
        let version = &settings.api_version;
        if version.is_empty() || !version.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(SetupError::Version(version.clone()));
        }
        let base = url.as_str().trim_end_matches('/');
        Ok(Self { text: format!("{base}/{version}"), is_encrypted: url.scheme() == "https" })
    }

    /// The list of models.
    pub(crate) fn models(&self) -> String {
        format!("{}/models", self.text)
    }

    /// A method of a model whose id needs no encoding.
    pub(crate) fn method(&self, model: &str, method: &str) -> String {
        format!("{}/models/{model}:{method}", self.text)
    }

    /// Whether it is reached over TLS.
    pub(crate) const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }
}
