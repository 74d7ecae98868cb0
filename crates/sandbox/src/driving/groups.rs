//! Groups into which people take the bot.
//!
//! - `POST /groups` `{person, title}`: `{chat_id}`
//! - `POST /groups/{id}/text` `{person, text}`
//! - `GET /groups/{id}`: `{title, has_bot, messages}`

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Driving;
use super::answers::Refused;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/groups", post(make))
        .route("/groups/{group}", get(show))
        .route("/groups/{group}/text", post(text))
}

#[derive(Deserialize)]
struct NewGroup {
    person: i64,
    title: String,
}

async fn make(State(driving): State<Driving>, Json(new): Json<NewGroup>) -> Result<Json<Value>, Refused> {
    let chat_id = driving.telegram.person_makes_group(new.person, &new.title)?;
    Ok(Json(json!({ "chat_id": chat_id })))
}

async fn show(State(driving): State<Driving>, Path(group): Path<i64>) -> Result<Json<Value>, Refused> {
    let view = driving.telegram.look(|world| {
        let found = world.groups.get(&group)?;
        let messages = world.transcript(group);
        Some(json!({ "title": found.title, "has_bot": found.has_bot, "messages": messages }))
    });
    view.map(Json).ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, format!("there is no group {group}")))
}

#[derive(Deserialize)]
struct NewText {
    person: i64,
    text: String,
}

async fn text(
    State(driving): State<Driving>,
    Path(group): Path<i64>,
    Json(new): Json<NewText>,
) -> Result<Json<Value>, Refused> {
    let after = driving.telegram.look(|world| world.events.last_sequence());
    driving.telegram.person_writes_in_group(new.person, group, &new.text)?;
    Ok(Json(json!({ "after": after })))
}
