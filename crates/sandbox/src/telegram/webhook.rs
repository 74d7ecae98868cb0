//! Delivery of updates to the bot's webhook: one at a time for each chat, again until it says 2xx.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::methods;
use super::parameters::Parameters;
use super::server::TelegramServer;
use super::updates::Waiting;
use crate::clock;

/// How long the bot may take to accept an update.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Pause after the first refusal; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A webhook that the bot set.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where updates go.
    pub url: String,
    /// Goes along in `X-Telegram-Bot-Api-Secret-Token`.
    pub secret_token: Option<String>,
    /// Updates under way at the same time.
    pub max_connections: usize,
    /// Which `setWebhook` this is; deliveries of an earlier one end.
    generation: u64,
}

/// The webhook and how it fares.
#[derive(Debug, Default)]
pub struct WebhookState {
    current: Option<Webhook>,
    last_error: Option<(u64, String)>,
    failures_in_a_row: u32,
    generation: u64,
}

impl WebhookState {
    /// The webhook in force.
    pub const fn current(&self) -> Option<&Webhook> {
        self.current.as_ref()
    }

    /// Sets a webhook in place of the one that was there.
    pub fn set(&mut self, url: String, secret_token: Option<String>, max_connections: usize) {
        self.generation += 1;
        let generation = self.generation;
        self.current = Some(Webhook { url, secret_token, max_connections, generation });
        self.last_error = None;
        self.failures_in_a_row = 0;
    }

    /// Removes the webhook.
    pub fn remove(&mut self) {
        self.current = None;
    }

    /// When and why a delivery failed last: Unix seconds and a reason.
    pub fn last_error(&self) -> Option<&(u64, String)> {
        self.last_error.as_ref()
    }

    fn note_failure(&mut self, reason: String) {
        self.last_error = Some((clock::unix_seconds(), reason));
        self.failures_in_a_row = self.failures_in_a_row.saturating_add(1);
    }

    /// Whether deliveries are being refused now.
    pub const fn is_failing(&self) -> bool {
        self.failures_in_a_row > 0
    }

    /// How long to wait before the next delivery.
    fn pause(&self) -> Duration {
        match self.failures_in_a_row {
            0 => Duration::ZERO,
            failures => (FIRST_PAUSE * 2_u32.saturating_pow(failures.min(10) - 1)).min(LONGEST_PAUSE),
        }
    }
}

/// Delivers updates for as long as the server lives.
pub(super) async fn deliver_updates(server: TelegramServer, mut changes: watch::Receiver<u64>) {
    let mut busy = BTreeSet::new();
    let mut under_way = FuturesUnordered::new();
    loop {
        changes.mark_unchanged();
        while let Some((webhook, waiting)) = next_delivery(&server, &busy, under_way.len()) {
            busy.insert(waiting.chat_id);
            let copies = if server.look(|world| world.updates.faults.twice) { 2 } else { 1 };
            let delivery = deliver(&server, webhook, waiting, copies);
            under_way.push(delivery.boxed());
        }
        tokio::select! {
            biased;
            Some(done) = under_way.next(), if !under_way.is_empty() => {
                let done: Delivered = done;
                busy.remove(&done.chat_id);
            }
            outcome = changes.changed() => {
                if outcome.is_err() {
                    return;
                }
            }
        }
    }
}

struct Delivered {
    chat_id: i64,
}

fn next_delivery(
    server: &TelegramServer,
    busy: &BTreeSet<i64>,
    under_way: usize,
) -> Option<(Webhook, Waiting)> {
    server.change_quietly(|world| {
        let webhook = world.webhook.current.clone()?;
        if under_way >= webhook.max_connections {
            return None;
        }
        let waiting = world.updates.take_for_webhook(busy)?;
        Some((webhook, waiting))
    })
}

/// Delivers one update, `copies` times at once; a refused one goes back to the queue after a pause.
async fn deliver(server: &TelegramServer, webhook: Webhook, waiting: Waiting, copies: usize) -> Delivered {
    let posts = (0..copies).map(|_| post(server, &webhook, &waiting.update));
    let outcomes = futures::future::join_all(posts).await;
    let mut refusal = None;
    for outcome in outcomes {
        match outcome {
            Ok(Some(call)) => run_returned_call(server, call).await,
            Ok(None) => {}
            Err(reason) => refusal = Some(reason),
        }
    }
    let chat_id = waiting.chat_id;
    let Some(reason) = refusal else {
        server.change_quietly(|world| world.webhook.failures_in_a_row = 0);
        return Delivered { chat_id };
    };
    let pause = server.change_quietly(|world| {
        world.webhook.note_failure(reason);
        let is_current =
            world.webhook.current.as_ref().is_some_and(|current| current.generation == webhook.generation);
        world.updates.put_back(waiting);
        if is_current { world.webhook.pause() } else { Duration::ZERO }
    });
    sleep(pause).await;
    Delivered { chat_id }
}

/// Posts an update. The answer may hold a method call.
async fn post(server: &TelegramServer, webhook: &Webhook, update: &Value) -> Result<Option<Value>, String> {
    let mut request = server.http().post(&webhook.url).timeout(ANSWER_TIMEOUT).json(update);
    if let Some(secret) = &webhook.secret_token {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let response = request.send().await.map_err(|error| {
        if error.is_timeout() { "Read timeout expired" } else { "Connection refused" }.to_owned()
    })?;
    let status = response.status();
    if !status.is_success() {
        let reason = status.canonical_reason().unwrap_or_default();
        return Err(format!("Wrong response from the webhook: {} {reason}", status.as_u16()));
    }
    Ok(response.json().await.ok())
}

/// Carries out the call that a webhook's answer may hold; nobody learns its result.
async fn run_returned_call(server: &TelegramServer, call: Value) {
    let Value::Object(mut call) = call else { return };
    let Some(Value::String(method)) = call.remove("method") else {
        return;
    };
    let outcome = methods::call(server, &method, Parameters::from_object(call)).await;
    if let Err(refusal) = outcome {
        tracing::debug!(%method, description = %refusal.description, "a call in a webhook's answer was refused");
    }
}
