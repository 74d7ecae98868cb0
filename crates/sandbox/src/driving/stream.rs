//! `GET /events`: everything that happens, as server-sent events for the page.
//!
//! `chat` (an event of a chat), `call` (a call that a server answered), `bot` (the bot's process), `log` (a line of the
//! bot), `system` (what the bot knows, when it changed), `faults` (the board and Telegram's deliveries, when they
//! changed), `resync` (something was missed: load anew).

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::routing::get;
use futures::Stream;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::Driving;
use super::behind_the_scenes::system_now;

/// Events that wait for a slow reader; a slower one is cut off and comes again.
const BACKLOG: usize = 256;
/// How often what the bot knows is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(super) fn router() -> Router<Driving> {
    Router::new().route("/events", get(events))
}

async fn events(
    State(driving): State<Driving>,
) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>> + Send + 'static> {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    tokio::spawn(feed(driving, sender));
    let stream = futures::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|event| (Ok(event), receiver))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// Sends events until the reader or the sandbox goes.
async fn feed(driving: Driving, sender: mpsc::Sender<SseEvent>) {
    let mut chats = driving.telegram.look(|world| world.events.listen());
    let mut calls = driving.journal.subscribe();
    let mut log = driving.bot.as_ref().map(crate::process::BotProcess::listen_to_log);
    let mut bot = driving.bot.as_ref().map(crate::process::BotProcess::changes);
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut system = Value::Null;
    let mut faults = Value::Null;
    loop {
        let event = tokio::select! {
            biased;
            () = driving.stop.cancelled() => return,
            () = sender.closed() => return,
            event = chats.recv() => heard("chat", event),
            call = calls.recv() => heard("call", call),
            line = next_line(&mut log) => heard("log", line),
            true = next_change(&mut bot) => {
                Some(event_of("bot", &driving.bot.as_ref().map(crate::process::BotProcess::status)))
            }
            _ = looks.tick() => {
                let now = faults_now(&driving);
                if now == faults {
                    let now = without_uptime(system_now(&driving).await);
                    (now != system).then(|| {
                        system = now;
                        event_of("system", &system)
                    })
                } else {
                    faults = now;
                    looks.reset_immediately();
                    Some(event_of("faults", &faults))
                }
            }
        };
        if let Some(event) = event
            && sender.send(event).await.is_err()
        {
            return;
        }
    }
}

fn heard<T: Serialize>(name: &str, heard: Result<T, RecvError>) -> Option<SseEvent> {
    match heard {
        Ok(content) => Some(event_of(name, &content)),
        Err(RecvError::Lagged(_)) => Some(event_of("resync", &json!({}))),
        // Its sender lives as long as the sandbox, which ends this stream by itself.
        Err(RecvError::Closed) => None,
    }
}

fn event_of(name: &str, content: &impl Serialize) -> SseEvent {
    let event = SseEvent::default().event(name);
    match serde_json::to_string(content) {
        Ok(content) => event.data(content),
        Err(error) => event.comment(error.to_string()),
    }
}

async fn next_line(log: &mut Option<Receiver<String>>) -> Result<String, RecvError> {
    match log {
        Some(log) => log.recv().await,
        None => std::future::pending().await,
    }
}

async fn next_change<T>(changes: &mut Option<tokio::sync::watch::Receiver<T>>) -> bool {
    match changes {
        Some(changes) => changes.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}

fn faults_now(driving: &Driving) -> Value {
    json!({
        "rules": driving.faults.rules_in_force(),
        "held": driving.faults.held(),
        "delivery": driving.telegram.look(|world| world.updates.faults),
        "limits": driving.telegram.look(|world| world.send_limiter.limits()),
    })
}

/// The uptime alone is no change worth telling.
fn without_uptime(mut system: Value) -> Value {
    if let Some(bot) = system.get_mut("bot").and_then(Value::as_object_mut) {
        bot.remove("uptime_seconds");
    }
    system
}
