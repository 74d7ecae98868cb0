//! `[web]`

use std::net::SocketAddr;

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const LISTEN: Setting =
    Setting::new("web", "listen", "an address and a port, such as 127.0.0.1:8080 or 0.0.0.0:8080");
const PUBLIC_URL: Setting = Setting::new(
    "web",
    "public_url",
    "the address at which the web server is reached from outside, such as https://aisha.example.com",
);
const SECRET: Setting =
    Setting::new("web", "secret", "32 random characters or more, the same in every process");

/// The shortest secret in bytes.
const SHORTEST_SECRET: usize = 32;

/// The web server.
#[derive(Debug, Clone)]
pub struct WebSection {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it is reached from outside.
    pub public_url: Option<Url>,
    /// The installation's secret, if it is set.
    pub secret: Option<SecretString>,
}

impl WebSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let section = Self {
            listen: reader.required(&LISTEN)?,
            public_url: reader.optional(&PUBLIC_URL)?,
            secret: reader
                .secret(&SECRET, |secret| (secret.len() < SHORTEST_SECRET).then_some("it is too short"))?,
        };
        if section.public_url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(reader.refuse(&PUBLIC_URL, "it is neither http nor https"));
        }
        Ok(section)
    }

    /// That the secret must be set, because there is no place to keep one that was made.
    pub(crate) const fn secret_missing() -> ConfigurationError {
        ConfigurationError::Missing { setting: SECRET }
    }
}
