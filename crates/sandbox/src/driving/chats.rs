//! What is to be seen in a chat.
//!
//! - `GET /people/{id}/transcript`: `{messages, standing, reply_keyboard, last_sequence}`, deleted messages marked
//! - `GET /people/{id}/events?after=N&timeout_ms=5000&by=bot|person&types=message,edited`: waits for the next events
//!   after number N; `{events, last_sequence}`, empty when the time is over
//! - `GET /people/{id}/saw`: every message and medium that reached the person, never taken back
//! - `GET /files/{file_id}`: a file; `?download=1` as an attachment

use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::Driving;
use super::answers::Refused;
use crate::telegram::{Author, Event, Refusal, Sight};

/// Longest wait for an event.
const LONGEST_WAIT: Duration = Duration::from_mins(2);
/// Most events of one answer.
const MOST_EVENTS: usize = 500;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/people/{person}/transcript", get(transcript))
        .route("/people/{person}/events", get(events))
        .route("/people/{person}/saw", get(saw))
        .route("/files/{file_id}", get(file))
}

async fn transcript(State(driving): State<Driving>, Path(person): Path<i64>) -> Result<Json<Value>, Refused> {
    let view = driving.telegram.look(|world| {
        let chat = world.people.contains_key(&person).then(|| world.chats.get(&person)).flatten()?;
        Some(json!({
            "messages": world.transcript(person),
            "standing": chat.standing,
            "reply_keyboard": chat.reply_keyboard,
            "last_sequence": world.events.last_sequence(),
        }))
    });
    view.map(Json).ok_or_else(|| Refusal::NoSuchPerson(person).into())
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    timeout_ms: u64,
    by: Option<Author>,
    types: Option<String>,
}

async fn events(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>, Refused> {
    let types: Option<Vec<&str>> =
        wanted.types.as_deref().map(|types| types.split(',').map(str::trim).collect());
    let is_wanted = |event: &&Event| {
        event.chat_id == person
            && wanted.by.is_none_or(|by| by == event.by)
            && types.as_ref().is_none_or(|types| types.contains(&event.happening.name()))
    };
    let deadline = Instant::now() + Duration::from_millis(wanted.timeout_ms).min(LONGEST_WAIT);
    let mut changes = driving.telegram.changes();
    loop {
        changes.mark_unchanged();
        let (events, last_sequence) = driving.telegram.look(|world| {
            let events = world.events.since(wanted.after).filter(is_wanted).take(MOST_EVENTS);
            (events.cloned().collect::<Vec<Event>>(), world.events.last_sequence())
        });
        let is_over = !events.is_empty() || Instant::now() >= deadline || driving.stop.is_cancelled();
        if is_over {
            return Ok(Json(json!({ "events": events, "last_sequence": last_sequence })));
        }
        // Whether something changed or the time is over, the loop looks again.
        let _changed_or_over = timeout_at(deadline, changes.changed()).await;
    }
}

async fn saw(State(driving): State<Driving>, Path(person): Path<i64>) -> Json<Vec<Sight>> {
    Json(
        driving
            .telegram
            .look(|world| world.delivered.lines().filter(|sight| sight.chat_id == person).cloned().collect()),
    )
}

#[derive(Deserialize)]
struct HowToServe {
    download: Option<String>,
}

async fn file(
    State(driving): State<Driving>,
    Path(file_id): Path<String>,
    Query(how): Query<HowToServe>,
) -> Response {
    let found = driving.telegram.look(|world| {
        let file = world.files.get(&file_id)?;
        let name = file.description.details.file_name.clone();
        Some((
            file.bytes.clone(),
            file.content_type().to_owned(),
            name.unwrap_or_else(|| file.description.path.clone()),
        ))
    });
    let Some((bytes, content_type, name)) = found else {
        return Refused::new(StatusCode::NOT_FOUND, "there is no such file any more").into_response();
    };
    // A bot's HTML document must not run as part of the page.
    let is_shown = content_type.starts_with("image/") && content_type != "image/svg+xml"
        || content_type.starts_with("audio/");
    let disposition = if is_shown && how.download.is_none() {
        "inline".to_owned()
    } else {
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
            .collect();
        format!("attachment; filename=\"{name}\"")
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}
