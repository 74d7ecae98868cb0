//! Whether a callback comes from FAL.

use std::sync::Arc;
use std::time::Duration;

use kernel::{CallbackError, Clock, ProviderEvent, RawCallback, Timestamp};
use reqwest::Client;
use serde::Deserialize;

use super::keys::KeySet;
use super::signature::{SignedHeaders, is_by_any};
use crate::FalSettings;
use crate::address::ApiRoot;

/// How far a callback's time may be from ours, in either direction.
const TOLERANCE: Duration = Duration::from_mins(5);

/// Verifies callbacks.
pub(crate) struct Callbacks {
    keys: KeySet,
    user_id: Option<String>,
    clock: Arc<dyn Clock>,
}

#[derive(Deserialize)]
struct Named {
    request_id: String,
}

impl Callbacks {
    pub(crate) fn new(client: Client, rest: &ApiRoot, settings: &FalSettings, clock: Arc<dyn Clock>) -> Self {
        let address = rest.at(".well-known/jwks.json");
        Self {
            keys: KeySet::new(client, address, settings.call_timeout, Arc::clone(&clock)),
            user_id: settings.user_id.clone(),
            clock,
        }
    }

    /// Verifies one. What costs nothing to check is checked first.
    pub(crate) async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError> {
        let headers = SignedHeaders::of(callback).ok_or_else(|| forged("a signature header is missing"))?;
        self.check_time(headers.timestamp)?;
        if self.user_id.as_ref().is_some_and(|user_id| user_id != headers.user_id) {
            return Err(forged("it is for another FAL user"));
        }
        self.check_signature(&headers, &callback.body).await?;

        let body =
            std::str::from_utf8(&callback.body).map_err(|error| CallbackError::Malformed(error.into()))?;
        let named: Named =
            serde_json::from_str(body).map_err(|error| CallbackError::Malformed(error.into()))?;
        if named.request_id != headers.request_id {
            return Err(forged("its body is about another request"));
        }
        Ok(ProviderEvent { request_id: named.request_id, body: body.to_owned() })
    }

    fn check_time(&self, seconds: &str) -> Result<(), CallbackError> {
        let is_number = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = seconds.parse().ok().filter(|_| is_number);
        let sent = Timestamp::from_seconds(seconds.ok_or_else(|| forged("its time cannot be read"))?);
        let now = self.clock.now();
        if now.since(sent) > TOLERANCE || sent.since(now) > TOLERANCE {
            return Err(forged("its time is too far from now"));
        }
        Ok(())
    }

    async fn check_signature(&self, headers: &SignedHeaders<'_>, body: &[u8]) -> Result<(), CallbackError> {
        let signature = headers.signature().ok_or_else(|| forged("its signature cannot be read"))?;
        let message = headers.message(body);
        let known =
            self.keys.current().await.map_err(|error| CallbackError::KeysUnavailable(error.into()))?;
        if is_by_any(&known.keys, &message, &signature) {
            self.keys.proved(&known).await;
            return Ok(());
        }
        // FAL may have changed its keys since.
        match self.keys.newer_than(&known.keys).await {
            Ok(newer) if is_by_any(&newer.keys, &message, &signature) => {
                self.keys.proved(&newer).await;
                Ok(())
            }
            Ok(_) => Err(forged("no key of FAL's made its signature")),
            Err(error) => {
                tracing::debug!(%error, "a callback's signature was checked with known keys only");
                Err(forged("no known key of FAL's made its signature"))
            }
        }
    }
}

fn forged(reason: &'static str) -> CallbackError {
    CallbackError::NotAuthentic(reason)
}
