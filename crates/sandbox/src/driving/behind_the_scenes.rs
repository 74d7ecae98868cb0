//! What the system does.
//!
//! - `GET /system`: the bot's process, accounts, ledger, jobs, generations
//! - `GET /journal?after=N`: `{calls, last_sequence}` of all servers; `DELETE /journal` forgets them

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Driving;
use super::system_view::SystemSnapshot;

pub(super) fn router() -> Router<Driving> {
    Router::new().route("/system", get(system)).route("/journal", get(journal).delete(clear_journal))
}

async fn system(State(driving): State<Driving>) -> Json<Value> {
    Json(system_now(&driving).await)
}

/// The bot's process and what the bot knows; where that can't be read, it says why.
pub(super) async fn system_now(driving: &Driving) -> Value {
    let (snapshot, unavailable) = match driving.system.look().await {
        Ok(snapshot) => (snapshot, None),
        Err(error) => (SystemSnapshot::default(), Some(error.to_string())),
    };
    let mut view = json!(snapshot);
    view["bot"] = json!(driving.bot.as_ref().map(crate::process::BotProcess::status));
    view["unavailable"] = json!(unavailable);
    view
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

async fn journal(State(driving): State<Driving>, Query(wanted): Query<After>) -> Json<Value> {
    let calls = driving.journal.since(wanted.after);
    Json(json!({ "calls": calls, "last_sequence": driving.journal.last_sequence() }))
}

async fn clear_journal(State(driving): State<Driving>) -> StatusCode {
    driving.journal.clear();
    StatusCode::NO_CONTENT
}
