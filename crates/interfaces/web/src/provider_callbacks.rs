//! Callbacks of providers: verified, kept, acknowledged. What they say is read later, by a job.

use std::collections::BTreeMap;
use std::time::Duration;

use avatar::{ParkedTraining, TrainingCallback};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use generation::{Parked, ParkedCallback};
use kernel::{
    CallbackError, CallbackRoute, CallbackSubject, FailureClass, ProviderEvent, RawCallback, StoreError,
};
use tokio::time::timeout;

use crate::server::{ProviderWebhook, Shared};

/// The largest callback in bytes.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// FAL gives up on its first attempt after 15 s; it hears before that whether to call again.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// `POST /webhooks/fal?account=…&generation=…&attempt=…&mac=…`, or `avatar=…` instead of `generation=…`
pub(crate) async fn receive(
    State(shared): State<Shared>,
    address: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(webhook) = &shared.ports.fal else {
        return StatusCode::NOT_FOUND;
    };
    // The address is checked before the signature: it is cheaper, and nobody who guesses gets any further.
    let Some(route) = shared.ports.callback_urls.route_of(&address) else {
        tracing::warn!("a callback came to an address that is not ours");
        return StatusCode::UNAUTHORIZED;
    };
    let callback = RawCallback { headers: by_name(&headers), body };
    timeout(ANSWER_WITHIN, keep(&shared, webhook, &route, &callback)).await.unwrap_or_else(|_| {
        tracing::warn!(subject = ?route.subject, "a callback could not be kept in time");
        StatusCode::SERVICE_UNAVAILABLE
    })
}

async fn keep(
    shared: &Shared,
    webhook: &ProviderWebhook,
    route: &CallbackRoute,
    callback: &RawCallback,
) -> StatusCode {
    let event = match webhook.callbacks.verify(callback).await {
        Ok(event) => event,
        Err(error) => return refusal(route, &error),
    };
    match park(shared, webhook, route, event).await {
        Ok(()) => StatusCode::OK,
        Err(error) if error.class() == FailureClass::Bug => {
            tracing::error!(subject = ?route.subject, %error, "a callback could not be kept");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        Err(error) => {
            tracing::warn!(subject = ?route.subject, %error, "a callback could not be kept; it will come again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Keeps the callback for whom it is about. A repeat changes nothing.
async fn park(
    shared: &Shared,
    webhook: &ProviderWebhook,
    route: &CallbackRoute,
    event: ProviderEvent,
) -> Result<(), StoreError> {
    let (account, attempt, provider) = (route.account, route.attempt, webhook.provider.clone());
    let is_repeat = match route.subject {
        CallbackSubject::Generation(generation) => {
            let callback = ParkedCallback { provider, account, generation, attempt, event };
            shared.ports.generations.park_callback(&callback).await? == Parked::Repeat
        }
        CallbackSubject::Training(avatar) => {
            let callback = TrainingCallback { provider, account, avatar, attempt, event };
            shared.ports.avatars.park_callback(&callback).await? == ParkedTraining::Repeat
        }
    };
    tracing::debug!(subject = ?route.subject, repeat = is_repeat, "a callback came");
    Ok(())
}

fn refusal(route: &CallbackRoute, error: &CallbackError) -> StatusCode {
    match error {
        CallbackError::NotAuthentic(why) => {
            tracing::warn!(subject = ?route.subject, why, "a forged callback was refused");
            StatusCode::UNAUTHORIZED
        }
        CallbackError::Malformed(cause) => {
            tracing::error!(subject = ?route.subject, %cause, "a callback of the provider makes no sense");
            StatusCode::BAD_REQUEST
        }
        CallbackError::KeysUnavailable(cause) => {
            tracing::warn!(subject = ?route.subject, %cause, "a callback cannot be verified now");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

fn by_name(headers: &HeaderMap) -> BTreeMap<String, String> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}
