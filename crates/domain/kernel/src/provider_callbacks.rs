//! Callbacks of providers: how their address is made, and how what arrives there is verified.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

use crate::{AccountId, AvatarId, BoxError, GenerationId};

/// What a provider was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallbackSubject {
    /// Draw the images of this generation.
    Generation(GenerationId),
    /// Train this avatar.
    Training(AvatarId),
}

/// Whom a callback is for. It travels in the address, so that a result finds its owner even when it arrives before the
/// provider's request id was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackRoute {
    /// Whose work.
    pub account: AccountId,
    /// What for.
    pub subject: CallbackSubject,
    /// Which attempt at it, from 1.
    pub attempt: u32,
}

/// Makes the addresses that providers call back.
///
/// **Contract**
/// - An address MUST carry the route and a MAC over it, so that nobody can make one for another route.
/// - Without a public URL the answer MUST be `None`; polling is enough then.
pub trait CallbackUrls: Send + Sync {
    /// The address for one attempt.
    fn address(&self, route: &CallbackRoute) -> Option<String>;
}

/// A callback as it arrived.
#[derive(Debug, Clone)]
pub struct RawCallback {
    /// Headers by lowercase name; the last one wins.
    pub headers: BTreeMap<String, String>,
    /// The body, byte for byte.
    pub body: Bytes,
}

/// A callback that certainly comes from the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's id of the request, which is also the key by which repeats are recognised.
    pub request_id: String,
    /// The body as text, for the adapter that submitted the request to interpret.
    pub body: String,
}

/// Why a callback is not accepted.
#[derive(Debug, Error)]
pub enum CallbackError {
    /// It is forged, altered, or too old. Answer 401 and keep nothing.
    #[error("the callback is not authentic: {0}")]
    NotAuthentic(&'static str),
    /// The signature is right and the content makes no sense.
    #[error("the callback cannot be read")]
    Malformed(#[source] BoxError),
    /// The keys to check it with cannot be had now. Answer 503, so that it comes again.
    #[error("the provider's keys are unavailable")]
    KeysUnavailable(#[source] BoxError),
}

/// Verifies callbacks of one provider.
///
/// **Contract**
/// - A callback with a wrong, missing or foreign signature MUST be `NotAuthentic`.
/// - A change of a single bit in body or signed headers MUST be `NotAuthentic`.
/// - A callback more than 300 s away from now, in either direction, MUST be `NotAuthentic`.
/// - A key that the provider has newly published MUST be accepted without a restart.
/// - Any number of forged callbacks MUST cause at most one fetch of keys a minute.
#[async_trait]
pub trait ProviderCallbacks: Send + Sync {
    /// Verifies a callback.
    async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError>;
}
