//! The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`.

use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api_error::ApiError;
use super::methods;
use super::parameters::Parameters;
use super::server::TelegramServer;
use crate::faults::{Breakdown, Gate, Service, Summary, gate};
use crate::journal::Journal;

/// The routes of the Bot API, with the journal and the fault rules in front of them.
pub fn router(server: &TelegramServer) -> Router {
    let noted = gate_with(server, server.journal().clone());
    // Polls come by the thousand and say nothing: they obey faults, and go into a journal that nobody reads.
    let unnoted = gate_with(server, Journal::new(1));
    let calls = Router::new()
        .route("/bot{token}/{method}", any(call))
        .route("/file/bot{token}/{*path}", get(download))
        .with_state(server.clone());
    let noted = calls.clone().layer(from_fn_with_state(noted, gate)).fallback(unknown);
    let unnoted = calls.layer(from_fn_with_state(unnoted, gate)).fallback(unknown);
    Router::new().fallback(move |request: Request| {
        let router = if is_poll(request.uri().path()) { unnoted.clone() } else { noted.clone() };
        async move { tower::ServiceExt::oneshot(router, request).await }
    })
}

fn gate_with(server: &TelegramServer, journal: Journal) -> Gate {
    Gate { service: Service::Telegram, journal, faults: server.faults().clone(), tell }
}

fn is_poll(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|method| method.eq_ignore_ascii_case("getUpdates"))
}

async fn unknown() -> Response {
    refused(&ApiError::not_found())
}

async fn call(
    State(server): State<TelegramServer>,
    Path((token, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let outcome = match check_token(&server, &token) {
        Ok(()) => match Parameters::read(request).await {
            Ok(parameters) => methods::call(&server, &method, parameters).await,
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    let (mut response, summary) = match outcome {
        Ok(result) => {
            let summary = methods::summary(&method, &result);
            (Json(json!({ "ok": true, "result": result })).into_response(), summary)
        }
        Err(refusal) => {
            let summary = format!("{method}: {}", refusal.description);
            (refused(&refusal), summary)
        }
    };
    response.extensions_mut().insert(Summary(summary));
    response
}

async fn download(
    State(server): State<TelegramServer>,
    Path((token, path)): Path<(String, String)>,
) -> Response {
    if let Err(refusal) = check_token(&server, &token) {
        return refused(&refusal);
    }
    let found = server.look(|world| {
        world.files.at_path(&path).map(|file| (file.bytes.clone(), file.content_type().to_owned()))
    });
    match found {
        Some((bytes, content_type)) => ([(header::CONTENT_TYPE, content_type)], bytes).into_response(),
        None => refused(&ApiError::not_found()),
    }
}

/// A token that does not look like one is not found; another bot's is unauthorized.
fn check_token(server: &TelegramServer, token: &str) -> Result<(), ApiError> {
    if token == server.settings().token {
        return Ok(());
    }
    let looks_right = token.split_once(':').is_some_and(|(id, secret)| {
        !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && !secret.is_empty()
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    });
    Err(if looks_right { ApiError::unauthorized() } else { ApiError::not_found() })
}

fn refused(refusal: &ApiError) -> Response {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(refusal.envelope())).into_response()
}

/// Says a breakdown as the Bot API would.
fn tell(breakdown: &Breakdown) -> Response {
    match breakdown {
        Breakdown::BadKey => refused(&ApiError::unauthorized()),
        Breakdown::RetiredModel { .. } => refused(&ApiError::not_found()),
        Breakdown::Status(status) if status.code == 429 => {
            refused(&ApiError::too_many_requests(u64::from(status.retry_after_seconds.unwrap_or(1))))
        }
        Breakdown::Status(status) => {
            let code = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let description = code.canonical_reason().unwrap_or("Internal Server Error");
            let body: Value = json!({ "ok": false, "error_code": code.as_u16(), "description": description });
            (code, Json(body)).into_response()
        }
    }
}
