//! OpenAI: the list of models and moderation.
//!
//! Words that moderation flags, each in a category of its own: `moderate-me` (sexual), `moderate-minors`,
//! `moderate-violence`, `moderate-gore`, `moderate-hate`, `moderate-harassment`, `moderate-self-harm`,
//! `moderate-illicit`. Pictures are flagged by their lowest sixteenth: filled with magenta it means sexual, with
//! pure red graphic violence.

mod errors;
mod marker;
mod models;
mod moderation;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::time::Instant;

use super::{Common, is_bad_key};
use crate::faults::{Gate, Service, gate};
use errors::ApiError;

/// Largest request body, bytes.
const LARGEST_BODY: usize = 60 * 1024 * 1024;

/// OpenAI's server. Its base URL ends in `/v1`.
pub fn router(common: Common) -> Router {
    let entrance = Gate {
        service: Service::OpenAi,
        journal: common.journal.clone(),
        faults: common.faults.clone(),
        tell: errors::tell,
    };
    let common = Arc::new(common);
    Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::clone(&common))
        .layer(from_fn_with_state(entrance, gate))
        // Around the gate, so that the answers of faults have them too.
        .layer(from_fn_with_state(common, headers))
}

/// The headers that every answer of OpenAI's has.
async fn headers(State(common): State<Arc<Common>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let mut response = next.run(request).await;
    let took = crate::clock::millis(started.elapsed()).to_string();
    let id = format!("req_{}", common.identities.hex(32));
    for (name, value) in [
        ("x-request-id", id.as_str()),
        ("openai-processing-ms", took.as_str()),
        ("openai-version", "2020-10-01"),
        ("x-ratelimit-limit-requests", "500"),
        ("x-ratelimit-remaining-requests", "499"),
        ("x-ratelimit-reset-requests", "120ms"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

async fn answer(
    State(common): State<Arc<Common>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Err(error) = check_key(&headers) {
        return error.into_response();
    }
    let path = uri.path().strip_prefix("/v1/").unwrap_or_default();
    let outcome = match (&method, path) {
        (&Method::GET, "models") => Ok(models::list(&common)),
        (&Method::GET, path) if path.starts_with("models/") => {
            models::get(&common, path.trim_start_matches("models/"))
        }
        (&Method::POST, "moderations") => moderation::moderate(&common, &body).await,
        (&Method::POST, "chat/completions" | "responses" | "audio/transcriptions") => {
            Err(ApiError::no_such_model(&named_model(&body)))
        }
        _ => Err(ApiError::unknown_url(&method, uri.path())),
    };
    outcome.unwrap_or_else(IntoResponse::into_response)
}

fn check_key(headers: &HeaderMap) -> Result<(), ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match value.and_then(|value| value.strip_prefix("Bearer ")) {
        None => Err(ApiError::no_key()),
        Some(key) if is_bad_key(key) => Err(ApiError::bad_key(key)),
        Some(_) => Ok(()),
    }
}

/// The model that a JSON body names; a form names it in a way that nothing here has to read.
fn named_model(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body.get("model").and_then(Value::as_str).unwrap_or_default().to_owned()
}
