//! Links to objects in stores that make none themselves: they expire, and carry a MAC.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, DigestPurpose, ObjectKey, SecretDigests, Timestamp};
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::callback_urls::under;

/// Where objects are served.
pub(crate) const OBJECTS_PATH: &str = "/objects/";

/// Why a link does not open anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LinkError {
    /// It was not made by us, or was altered.
    #[error("the link is not authentic")]
    NotAuthentic,
    /// Its time has passed.
    #[error("the link has expired")]
    Expired,
}

/// Makes and checks links.
#[derive(Clone)]
pub struct ObjectLinks {
    public_url: Option<Url>,
    digests: Arc<dyn SecretDigests>,
    clock: Arc<dyn Clock>,
}

impl ObjectLinks {
    /// Links under `public_url`, where this server is reached from outside.
    pub fn new(public_url: Option<Url>, digests: Arc<dyn SecretDigests>, clock: Arc<dyn Clock>) -> Self {
        Self { public_url, digests, clock }
    }

    /// A link that opens the object for `lifetime` (whole seconds); `None` without a public URL.
    pub fn link(&self, key: &ObjectKey, lifetime: Duration) -> Option<String> {
        let expires = (self.clock.now() + lifetime).as_seconds();
        let mut address = under(self.public_url.as_ref()?, &format!("{OBJECTS_PATH}{key}"));
        address
            .query_pairs_mut()
            .append_pair("expires", &expires.to_string())
            .append_pair("mac", &self.digests.digest(DigestPurpose::ObjectLink, &signed_words(key, expires)));
        Some(address.into())
    }

    /// How long the link still opens the object.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn check(&self, key: &ObjectKey, signature: &LinkSignature) -> Result<Duration, LinkError> {
        let words = signed_words(key, signature.expires);
        if !self.digests.verify(DigestPurpose::ObjectLink, &words, &signature.mac) {
            return Err(LinkError::NotAuthentic);
        }
        let left = Timestamp::from_seconds(signature.expires).since(self.clock.now());
        if left.is_zero() { Err(LinkError::Expired) } else { Ok(left) }
    }
}

/// The query of a link.
#[derive(Debug, Deserialize)]
pub(crate) struct LinkSignature {
    /// Until when, in seconds since the Unix epoch.
    expires: i64,
    mac: String,
}

fn signed_words(key: &ObjectKey, expires: i64) -> Vec<u8> {
    format!("{key}|{expires}").into_bytes()
}
