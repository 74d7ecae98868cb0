//! `[redis]`

use redis_adapter::{KeyPrefix, RedisSettings, RedisUrl};
use secrecy::ExposeSecret as _;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const URL: Setting = Setting::new(
    "redis",
    "url",
    "redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// for TLS, such as redis://redis:6379",
);
const PREFIX: Setting = Setting::new(
    "redis",
    "prefix",
    "1 to 64 letters, digits, dots, dashes, underscores and colons, such as aisha:",
);

/// What is wrong with a URL.
const NO_URL: &str = "it is no redis:// or rediss:// address";

/// The server that several processes share.
#[derive(Debug, Clone)]
pub struct RedisSection {
    /// The server, if there is one.
    pub server: Option<RedisSettings>,
}

impl RedisSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let prefix: KeyPrefix = reader.required(&PREFIX)?;
        let url = reader.secret(&URL, |url| url.parse::<RedisUrl>().is_err().then_some(NO_URL))?;
        let server = url
            .map(|url| url.expose_secret().parse::<RedisUrl>())
            .transpose()
            .map_err(|_| reader.refuse(&URL, NO_URL))?
            .map(|url| RedisSettings { url, prefix });
        Ok(Self { server })
    }
}
