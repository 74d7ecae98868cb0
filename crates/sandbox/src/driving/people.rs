//! People, and what they do.
//!
//! - `GET /people`, `POST /people` `{first_name, last_name?, username?, language_code?, telegram_id?}`
//! - `POST /people/{id}/text` `{text, reply_to_message_id?}`
//! - `POST /people/{id}/photo`, `/document`: multipart, or the bare bytes of one file; `caption` and `name` as fields
//!   or in the query
//! - `POST /people/{id}/press` `{message_id, data | label | old_data, times?, chat_id?}`
//! - `POST /people/{id}/block`, `/unblock`; `/pay` and `/delete` `{message_id}`
//!
//! What sends answers `{messages, after}`: `after` is the number after which the bot's answer is to be waited for.

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Driving;
use super::answers::Refused;
use super::uploads::Sending;
use crate::telegram::{Button, NewPerson, Person, Standing};

/// Most presses of one call.
const MOST_PRESSES: usize = 20;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/people", get(list).post(add))
        .route("/people/{person}", get(show))
        .route("/people/{person}/text", post(text))
        .route("/people/{person}/photo", post(photo))
        .route("/people/{person}/document", post(document))
        .route("/people/{person}/press", post(press))
        .route("/people/{person}/block", post(block))
        .route("/people/{person}/unblock", post(unblock))
        .route("/people/{person}/pay", post(pay))
        .route("/people/{person}/delete", post(delete))
        .layer(DefaultBodyLimit::disable())
}

async fn list(State(driving): State<Driving>) -> Json<Value> {
    let people = driving.telegram.look(|world| {
        let people = world.people.values();
        people
            .map(|person| person_view(person, world.chats.get(&person.telegram_id).map(|chat| chat.standing)))
            .collect()
    });
    Json(people)
}

async fn show(State(driving): State<Driving>, Path(person): Path<i64>) -> Result<Json<Value>, Refused> {
    let view = driving.telegram.look(|world| {
        let standing = world.chats.get(&person).map(|chat| chat.standing);
        world.people.get(&person).map(|person| person_view(person, standing))
    });
    view.map(Json).ok_or_else(|| crate::telegram::Refusal::NoSuchPerson(person).into())
}

fn person_view(person: &Person, standing: Option<Standing>) -> Value {
    let mut view = json!(person);
    view["standing"] = json!(standing.unwrap_or(Standing::Stranger));
    view
}

async fn add(State(driving): State<Driving>, Json(new): Json<NewPerson>) -> Result<Json<Value>, Refused> {
    if new.first_name.trim().is_empty() {
        return Err(Refused::bad_request("a person has a first name"));
    }
    let person = driving.telegram.add_person(new);
    Ok(Json(person_view(&person, None)))
}

#[derive(Deserialize)]
struct NewText {
    text: String,
    reply_to_message_id: Option<i64>,
}

async fn text(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(new): Json<NewText>,
) -> Result<Json<Value>, Refused> {
    let after = latest_event(&driving);
    let messages = driving.telegram.person_sends_text(person, &new.text, new.reply_to_message_id)?;
    Ok(Json(json!({ "messages": messages, "after": after })))
}

async fn photo(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut sending = Sending::read(request).await?;
    let after = latest_event(&driving);
    let upload = sending.one_file()?;
    let message = driving.telegram.person_sends_photo(person, upload.bytes, sending.caption()).await?;
    Ok(Json(json!({ "messages": [message], "after": after })))
}

async fn document(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut sending = Sending::read(request).await?;
    let after = latest_event(&driving);
    let upload = sending.one_file()?;
    let message = driving.telegram.person_sends_document(person, upload, sending.caption()).await?;
    Ok(Json(json!({ "messages": [message], "after": after })))
}

#[derive(Deserialize)]
struct NewPress {
    message_id: i64,
    data: Option<String>,
    label: Option<String>,
    old_data: Option<String>,
    times: Option<usize>,
    chat_id: Option<i64>,
}

async fn press(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(new): Json<NewPress>,
) -> Result<Json<Value>, Refused> {
    let button = match (new.data, new.label, new.old_data) {
        (Some(data), None, None) => Button::Data(data),
        (None, Some(label), None) => Button::Label(label),
        (None, None, Some(data)) => Button::OldData(data),
        _ => {
            return Err(Refused::bad_request("one of data, label and old_data is expected"));
        }
    };
    let times = new.times.unwrap_or(1);
    if !(1..=MOST_PRESSES).contains(&times) {
        return Err(Refused::bad_request("a button is pressed 1 to 20 times"));
    }
    let after = latest_event(&driving);
    let chat_id = new.chat_id.unwrap_or(person);
    let press = driving.telegram.person_presses(person, chat_id, new.message_id, &button, times)?;
    let mut answer = json!(press);
    answer["after"] = json!(after);
    Ok(Json(answer))
}

async fn block(State(driving): State<Driving>, Path(person): Path<i64>) -> Result<Json<Value>, Refused> {
    driving.telegram.person_blocks_bot(person)?;
    Ok(Json(json!({ "standing": Standing::Blocked })))
}

async fn unblock(State(driving): State<Driving>, Path(person): Path<i64>) -> Result<Json<Value>, Refused> {
    driving.telegram.person_unblocks_bot(person)?;
    Ok(Json(json!({ "standing": Standing::Member })))
}

#[derive(Deserialize)]
struct OfMessage {
    message_id: i64,
}

async fn pay(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(invoice): Json<OfMessage>,
) -> Result<Json<Value>, Refused> {
    let after = latest_event(&driving);
    let paid = driving.telegram.person_pays(person, invoice.message_id).await?;
    Ok(Json(json!({ "paid": paid, "after": after })))
}

async fn delete(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(message): Json<OfMessage>,
) -> Result<Json<Value>, Refused> {
    driving.telegram.person_deletes(person, message.message_id)?;
    Ok(Json(json!({ "deleted": true })))
}

pub(super) fn latest_event(driving: &Driving) -> u64 {
    driving.telegram.look(|world| world.events.last_sequence())
}
