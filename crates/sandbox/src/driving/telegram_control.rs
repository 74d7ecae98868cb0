//! How this Telegram behaves.
//!
//! - `GET|PUT /telegram/delivery` `{twice, shuffled}`: updates go wrong
//! - `GET|PUT /telegram/limits` `{per_second, chat_burst}` or `null`: flood control
//! - `GET /telegram/bot`: the bot's name, username, descriptions and commands; `?language=ru`
//! - `GET /telegram`: webhook, waiting updates, people, latest event
//! - `GET /saw`: what all people saw

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Driving;
use crate::telegram::{DeliveryFaults, SendLimits, Sight};

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/telegram", get(overview))
        .route("/telegram/delivery", get(delivery).put(set_delivery))
        .route("/telegram/limits", get(limits).put(set_limits))
        .route("/telegram/bot", get(bot))
        .route("/saw", get(saw))
}

async fn overview(State(driving): State<Driving>) -> Json<Value> {
    Json(driving.telegram.look(|world| {
        let error = world.webhook.last_error();
        json!({
            "webhook_url": world.webhook.current().map(|webhook| &webhook.url),
            "webhook_is_failing": world.webhook.is_failing(),
            "webhook_last_error": error.map(|(_, reason)| reason),
            "waiting_updates": world.updates.count(),
            "next_update_id": world.updates.next_id(),
            "people": world.people.len(),
            "last_sequence": world.events.last_sequence(),
        })
    }))
}

async fn delivery(State(driving): State<Driving>) -> Json<DeliveryFaults> {
    Json(driving.telegram.look(|world| world.updates.faults))
}

async fn set_delivery(
    State(driving): State<Driving>,
    Json(faults): Json<DeliveryFaults>,
) -> Json<DeliveryFaults> {
    driving.telegram.change(|world| world.updates.faults = faults);
    Json(faults)
}

async fn limits(State(driving): State<Driving>) -> Json<Option<SendLimits>> {
    Json(driving.telegram.look(|world| world.send_limiter.limits()))
}

async fn set_limits(
    State(driving): State<Driving>,
    Json(limits): Json<Option<SendLimits>>,
) -> Json<Option<SendLimits>> {
    driving.telegram.change(|world| world.send_limiter.set(limits));
    Json(limits)
}

#[derive(Deserialize)]
struct InLanguage {
    #[serde(default)]
    language: String,
}

async fn bot(State(driving): State<Driving>, Query(wanted): Query<InLanguage>) -> Json<Value> {
    Json(driving.telegram.look(|world| {
        let text = |field: &str| world.bot.text(field, &wanted.language);
        let name = match text("name") {
            "" => &world.bot.first_name,
            name => name,
        };
        json!({
            "id": world.bot.id,
            "name": name,
            "username": world.bot.username,
            "description": text("description"),
            "short_description": text("short_description"),
            "commands": world.bot.commands(&wanted.language),
        })
    }))
}

async fn saw(State(driving): State<Driving>) -> Json<Vec<Sight>> {
    Json(driving.telegram.look(|world| world.delivered.lines().cloned().collect()))
}
