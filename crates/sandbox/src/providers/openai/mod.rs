//! OpenAI: chat with pictures and structured answers, in both of its endpoints; transcription; moderation; the list
//! of models.
//!
//! Words that moderation flags, each in a category of its own: `moderate-me` (sexual), `moderate-minors`,
//! `moderate-violence`, `moderate-gore`, `moderate-hate`, `moderate-harassment`, `moderate-self-harm`,
//! `moderate-illicit`.
//!
//! What the model sees in a picture, and whether moderation flags it, stands in a coloured bar along its lower edge
//! ([`crate::test_pictures`]); any other picture shows one clear adult face. What is said in a recording stands in
//! it too ([`crate::test_voice`]); any other says one of a few sentences.

mod asked;
mod assistant;
mod audio;
mod chat;
mod colours;
mod conversation;
mod description;
mod errors;
mod fill;
mod knowledge;
mod language;
mod models;
mod moderation;
mod prompt_help;
mod responses;
mod schema_rules;
mod sight;
mod transcription;
mod translation;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::Instant;

use super::{Common, is_bad_key};
use crate::faults::{Fault, Gate, Service, StatusFault, Summary, Taken, gate};
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
        (&Method::POST, "chat/completions") => chat::complete(&common, &body).await,
        (&Method::POST, "responses") => responses::respond(&common, &body).await,
        (&Method::POST, "audio/transcriptions") => transcription::transcribe(&common, &headers, body).await,
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

/// An answer with a line for the journal, and with the fault that had a hand in it.
fn told(mut response: Response, gist: &str, taken: Option<Taken>) -> Response {
    response.extensions_mut().insert(Summary(gist.to_owned()));
    if let Some(taken) = taken {
        response.extensions_mut().insert(taken);
    }
    response
}

/// The fault of an account whose budget is spent: 429 as for a limit, but no waiting helps.
pub fn quota_exhausted() -> Fault {
    let body = json!({"error": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota",
        "param": null,
        "code": "insufficient_quota",
    }});
    let headers = [("x-should-retry".to_owned(), "false".to_owned())].into();
    Fault::Status(StatusFault { code: 429, body: Some(body), headers, retry_after_seconds: None })
}
