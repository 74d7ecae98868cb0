//! The board over HTTP, for tests and for the page.

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use super::{FaultBoard, FaultRule, HeldRequest, NewRule};

/// Longest time that a caller may wait for requests to be held.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The board's routes, to be nested under one path:
///
/// - `GET /`: rules in force and held requests; `POST /`: add a rule; `DELETE /`: remove all rules
/// - `DELETE /{id}`: remove one rule
/// - `GET /held?at_least=1&timeout_ms=5000`: wait until so many requests are held; 408 when they are not
/// - `POST /release`: let held requests go
pub fn router(board: FaultBoard) -> Router {
    Router::new()
        .route("/", get(show).post(add).delete(clear))
        .route("/{id}", delete(remove))
        .route("/held", get(held))
        .route("/release", post(release))
        .with_state(board)
}

#[derive(Debug, Serialize)]
struct BoardView {
    rules: Vec<FaultRule>,
    held: Vec<HeldRequest>,
}

#[derive(Debug, Serialize)]
struct Added {
    id: u64,
}

#[derive(Debug, Serialize)]
struct Released {
    released: usize,
}

#[derive(Debug, Deserialize)]
struct HeldQuery {
    #[serde(default = "one")]
    at_least: usize,
    #[serde(default)]
    timeout_ms: u64,
}

fn one() -> usize {
    1
}

async fn show(State(board): State<FaultBoard>) -> Json<BoardView> {
    Json(view(&board))
}

async fn add(
    State(board): State<FaultBoard>,
    Json(rule): Json<NewRule>,
) -> Result<(StatusCode, Json<Added>), (StatusCode, String)> {
    rule.check().map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    Ok((StatusCode::CREATED, Json(Added { id: board.add(rule) })))
}

async fn clear(State(board): State<FaultBoard>) -> StatusCode {
    board.clear();
    StatusCode::NO_CONTENT
}

async fn remove(State(board): State<FaultBoard>, Path(id): Path<u64>) -> StatusCode {
    if board.remove(id) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn held(
    State(board): State<FaultBoard>,
    Query(query): Query<HeldQuery>,
) -> (StatusCode, Json<BoardView>) {
    let limit = Duration::from_millis(query.timeout_ms).min(LONGEST_WAIT);
    let reached = tokio::time::timeout(limit, board.wait_for_held(query.at_least)).await;
    let status = if reached.is_ok() { StatusCode::OK } else { StatusCode::REQUEST_TIMEOUT };
    (status, Json(view(&board)))
}

async fn release(State(board): State<FaultBoard>) -> Json<Released> {
    Json(Released { released: board.release() })
}

fn view(board: &FaultBoard) -> BoardView {
    BoardView { rules: board.rules_in_force(), held: board.held() }
}
