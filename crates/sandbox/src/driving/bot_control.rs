//! The bot's process.
//!
//! - `GET /bot`: `{state, running, pid, uptime_seconds, starts, last_exit}`
//! - `POST /bot/start`, `/bot/stop` (SIGTERM), `/bot/kill` (SIGKILL), `/bot/freeze` (SIGSTOP), `/bot/continue`
//! - `GET /bot/log`: the latest lines
//! - `GET|PUT /bot/environment` `{"AISHA_…": "value" | null}`: configuration from its next start
//! - `POST /bot/command` `{arguments: ["audit"]}`: runs a command of the bot; `{code, stdout, stderr}`
//! - `POST /people/{id}/credits` `{amount?, reason?, key?}`: gives credits by the bot's own command

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::Driving;
use super::answers::Refused;
use crate::clock;
use crate::process::{BotProcess, BotStatus, CommandOutput};
use crate::telegram::Refusal;

/// Credits that are given when nobody says how many.
const USUAL_GIFT: i64 = 500;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/bot", get(status))
        .route("/bot/start", post(start))
        .route("/bot/stop", post(stop))
        .route("/bot/kill", post(kill))
        .route("/bot/freeze", post(freeze))
        .route("/bot/continue", post(thaw))
        .route("/bot/log", get(log))
        .route("/bot/environment", get(environment).put(set_environment))
        .route("/bot/command", post(command))
        .route("/people/{person}/credits", post(give_credits))
}

fn process(driving: &Driving) -> Result<&BotProcess, Refused> {
    let without = || Refused::new(StatusCode::NOT_FOUND, "this sandbox was started without a bot");
    driving.bot.as_ref().ok_or_else(without)
}

async fn status(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    Ok(Json(process(&driving)?.status()))
}

async fn start(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    let bot = process(&driving)?;
    bot.start().await?;
    Ok(Json(bot.status()))
}

async fn stop(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    let bot = process(&driving)?;
    bot.stop().await?;
    Ok(Json(bot.status()))
}

async fn kill(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    let bot = process(&driving)?;
    bot.kill().await?;
    Ok(Json(bot.status()))
}

async fn freeze(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    let bot = process(&driving)?;
    bot.freeze()?;
    Ok(Json(bot.status()))
}

async fn thaw(State(driving): State<Driving>) -> Result<Json<BotStatus>, Refused> {
    let bot = process(&driving)?;
    bot.thaw()?;
    Ok(Json(bot.status()))
}

async fn log(State(driving): State<Driving>) -> Result<Json<Vec<String>>, Refused> {
    Ok(Json(process(&driving)?.log_tail()))
}

async fn environment(State(driving): State<Driving>) -> Result<Json<BTreeMap<String, String>>, Refused> {
    Ok(Json(process(&driving)?.environment()))
}

async fn set_environment(
    State(driving): State<Driving>,
    Json(variables): Json<BTreeMap<String, Option<String>>>,
) -> Result<Json<BTreeMap<String, String>>, Refused> {
    let bot = process(&driving)?;
    if let Some(other) = variables.keys().find(|name| !name.starts_with("AISHA_") && *name != "RUST_LOG") {
        return Err(Refused::bad_request(format!("{other} is no variable of the bot")));
    }
    bot.configure(variables);
    Ok(Json(bot.environment()))
}

#[derive(Deserialize)]
struct BotCommand {
    arguments: Vec<String>,
}

async fn command(
    State(driving): State<Driving>,
    Json(command): Json<BotCommand>,
) -> Result<Json<CommandOutput>, Refused> {
    let arguments: Vec<&str> = command.arguments.iter().map(String::as_str).collect();
    Ok(Json(process(&driving)?.run_command(&arguments).await?))
}

#[derive(Deserialize)]
struct Gift {
    amount: Option<i64>,
    reason: Option<String>,
    key: Option<String>,
}

async fn give_credits(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(gift): Json<Gift>,
) -> Result<Json<CommandOutput>, Refused> {
    let bot = process(&driving)?;
    if !driving.telegram.look(|world| world.people.contains_key(&person)) {
        return Err(Refusal::NoSuchPerson(person).into());
    }
    let telegram_id = person.to_string();
    let amount = gift.amount.unwrap_or(USUAL_GIFT).to_string();
    let reason = gift.reason.unwrap_or_else(|| "a gift from the sandbox".to_owned());
    // Each press of the button is a gift of its own; a test that wants to repeat one gives its key.
    let key = gift.key.unwrap_or_else(|| format!("sandbox:{}", clock::unix_millis()));
    let arguments = ["credits", "grant", &telegram_id, &amount, "--reason", &reason, "--key", &key];
    let output = bot.run_command(&arguments).await?;
    if output.code == Some(0) {
        return Ok(Json(output));
    }
    let words = if output.stderr.trim().is_empty() { &output.stdout } else { &output.stderr };
    Err(Refused::new(StatusCode::CONFLICT, format!("the bot refused: {}", words.trim())))
}
