//! Updates that Telegram brings: from Telegram, kept, acknowledged. What they say is read later.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::BoxError;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use tokio::time::timeout;

use crate::server::Shared;

/// Where Telegram brings updates.
pub(crate) const TELEGRAM_WEBHOOK_PATH: &str = "/telegram/webhook";
/// The largest update in bytes. Telegram's own are some kilobytes: files are named in them, not contained.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;
/// What comes with each update, as set with the webhook.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// Telegram hears within this time whether to bring an update again.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Why an update was not taken in. Telegram brings it again.
#[derive(Debug, Error)]
pub enum NotTakenIn {
    /// It makes no sense.
    #[error("it makes no sense")]
    Malformed(#[source] BoxError),
    /// Too many wait already.
    #[error("too many updates wait already")]
    Busy {
        /// When to bring it again: whole seconds.
        retry_after: Duration,
    },
    /// It cannot be kept now.
    #[error("it cannot be kept now")]
    Unavailable(#[source] BoxError),
}

/// Takes in updates.
///
/// **Contract**
/// - An update MUST be kept for good when `take_in` returns without an error; one that was taken in before MUST change
///   nothing.
#[async_trait]
pub trait UpdateIntake: Send + Sync {
    /// Keeps an update, given as Telegram's JSON.
    async fn take_in(&self, update: Bytes) -> Result<(), NotTakenIn>;
}

/// Telegram's webhook.
#[derive(Clone)]
pub struct TelegramWebhook {
    /// What Telegram sends along with each update.
    pub secret: SecretString,
    /// Whoever keeps them.
    pub intake: Arc<dyn UpdateIntake>,
}

/// `POST /telegram/webhook`
pub(crate) async fn receive(State(shared): State<Shared>, headers: HeaderMap, update: Bytes) -> Response {
    let Some(webhook) = &shared.ports.telegram else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !comes_from_telegram(&headers, &webhook.secret) {
        tracing::warn!("an update without telegram's secret was refused");
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match timeout(ANSWER_WITHIN, webhook.intake.take_in(update)).await {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(reason)) => refusal(&reason),
        Err(_) => {
            tracing::warn!("an update could not be kept in time; telegram will bring it again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn comes_from_telegram(headers: &HeaderMap, secret: &SecretString) -> bool {
    // In constant time, but for the length, so that nobody can guess letter by letter.
    let given = headers.get(SECRET_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    given.ct_eq(secret.expose_secret().as_bytes()).into()
}

fn refusal(reason: &NotTakenIn) -> Response {
    match reason {
        NotTakenIn::Malformed(cause) => {
            tracing::error!(%cause, "an update makes no sense");
            StatusCode::BAD_REQUEST.into_response()
        }
        NotTakenIn::Busy { retry_after } => {
            tracing::warn!("too many updates wait; telegram will bring more later");
            let later = [(RETRY_AFTER, HeaderValue::from(retry_after.as_secs()))];
            (StatusCode::SERVICE_UNAVAILABLE, later).into_response()
        }
        NotTakenIn::Unavailable(cause) => {
            tracing::warn!(%cause, "an update could not be kept; telegram will bring it again");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
