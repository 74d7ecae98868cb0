//! `fal.run`: the synchronous API.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Fal;
use super::assignment::Assignment;
use super::endpoint::Endpoint;
use super::errors::ApiError;
use super::lifecycle::Lifecycle;
use crate::faults::{Service, Summary};

/// Runs a request and answers with its output.
pub(super) async fn run(
    State(fal): State<Fal>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    fal.check(&headers)?;
    let endpoint = Endpoint::parse(&path).ok_or_else(|| ApiError::no_application(&path))?;
    let input: Value = serde_json::from_slice(&body)
        .map_err(|_| ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, "The body is not valid JSON"))?;
    let lifecycle = Lifecycle::of(&headers)?;
    let operation = format!("POST /fal.run/{path}");
    let taken = fal.common.faults.take(Service::Fal, &operation, endpoint.stage());
    let fault = taken.as_ref().map(|taken| taken.fault.clone());
    let summary = format!("ran {endpoint}");
    let outcome = fal.run(&Assignment { endpoint, input, fault, lifecycle, logged: None }).await;
    let mut response = Json(outcome.result?).into_response();
    response.extensions_mut().insert(Summary(summary));
    if let Some(taken) = taken {
        response.extensions_mut().insert(taken);
    }
    Ok(response)
}
