//! Which server, and under which names its keys lie.

use std::fmt;
use std::str::FromStr;

use deadpool_redis::redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

/// Where the server is, and how it is used.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// The server.
    pub url: RedisUrl,
    /// What every key begins with.
    pub prefix: KeyPrefix,
}

/// The address of a server: `redis://USER:PASSWORD@HOST:PORT/DATABASE`, or `rediss://` for TLS. It may hold a password,
/// and is never shown.
#[derive(Debug, Clone)]
pub struct RedisUrl(SecretString);

/// A text that is no address of a Redis server. The text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedisUrlError {
    /// It is something else altogether.
    #[error("it is no address of the form redis://HOST or rediss://HOST")]
    Malformed,
    /// It would accept any certificate.
    #[error("it asks not to look at the server's certificate")]
    Insecure,
}

impl RedisUrl {
    /// What the driver connects to.
    pub(crate) fn connection_info(&self) -> Result<ConnectionInfo, RedisUrlError> {
        let info = self.0.expose_secret().into_connection_info().map_err(|_| RedisUrlError::Malformed)?;
        match info.addr() {
            ConnectionAddr::TcpTls { insecure: true, .. } => Err(RedisUrlError::Insecure),
            _ => Ok(info),
        }
    }
}

impl FromStr for RedisUrl {
    type Err = RedisUrlError;

    fn from_str(url: &str) -> Result<Self, RedisUrlError> {
        let url = Self(SecretString::from(url));
        url.connection_info()?;
        Ok(url)
    }
}

/// What every key begins with, so that several installations can share a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

/// A text that cannot begin keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not 1 to {} letters, digits, dots, dashes, underscores and colons", KeyPrefix::LONGEST)]
pub struct KeyPrefixError;

impl KeyPrefix {
    /// The most bytes.
    pub const LONGEST: usize = 64;
}

impl Default for KeyPrefix {
    fn default() -> Self {
        Self("aisha:".to_owned())
    }
}

impl FromStr for KeyPrefix {
    type Err = KeyPrefixError;

    fn from_str(text: &str) -> Result<Self, KeyPrefixError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':');
        if text.is_empty() || text.len() > Self::LONGEST || !text.bytes().all(is_plain) {
            return Err(KeyPrefixError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_server_is_taken_and_never_shown() {
        for url in
            ["redis://127.0.0.1", "redis://:hunter2@redis:6379/3", "rediss://user:hunter2@redis.example.com"]
        {
            let shown = format!("{:?}", url.parse::<RedisUrl>().unwrap());
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for url in ["", "redis", "http://redis", "redis://host:port"] {
            assert_eq!(url.parse::<RedisUrl>().unwrap_err(), RedisUrlError::Malformed, "{url}");
        }
        let url = "rediss://redis.example.com/#insecure";
        assert_eq!(url.parse::<RedisUrl>().unwrap_err(), RedisUrlError::Insecure);
    }

    #[test]
    fn a_prefix_is_short_and_plain() {
        assert_eq!("aisha:".parse(), Ok(KeyPrefix::default()));
        assert!("studio-2.test_a:".parse::<KeyPrefix>().is_ok());
        for prefix in ["", "a b", "{a}", "\u{44b}", &"x".repeat(65)] {
            assert_eq!(prefix.parse::<KeyPrefix>(), Err(KeyPrefixError), "{prefix}");
        }
    }
}
