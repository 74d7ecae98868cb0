//! What the driving API can see and do at FAL.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::files::FalFiles;

/// The routes, to be nested under one path:
///
/// - `GET /files`: `{"files": […]}`, all files that FAL's storage still holds, uploads and outputs, each as
///   [`super::HeldFile`]: with path, length, origin, and when it expires
/// - `DELETE /files/{folder}/{name}`: lose one file; 404 when it is not there
/// - `POST /files/pass-time?seconds=3600`: make all files older by so much; those whose time is over go
pub(in crate::providers) fn router(files: FalFiles) -> Router {
    Router::new()
        .route("/files", get(list))
        .route("/files/pass-time", post(pass_time))
        .route("/files/{folder}/{name}", delete(lose))
        .with_state(files)
}

#[derive(Debug, Deserialize)]
struct Time {
    seconds: u64,
}

async fn list(State(files): State<FalFiles>) -> Json<Value> {
    Json(json!({"files": files.list()}))
}

async fn lose(State(files): State<FalFiles>, Path((folder, name)): Path<(String, String)>) -> StatusCode {
    if files.remove(&format!("/files/{folder}/{name}")) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn pass_time(State(files): State<FalFiles>, Query(time): Query<Time>) -> StatusCode {
    files.pass_time(Duration::from_secs(time.seconds));
    StatusCode::NO_CONTENT
}
