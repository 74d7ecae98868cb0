//! Updates for a bot with a webhook.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::harness::{ANN, Harness};

/// A bot's web server that refuses a number of updates before it takes them.
#[derive(Clone)]
struct Hook {
    refusals: Arc<AtomicU32>,
    taken: mpsc::UnboundedSender<(Option<String>, Value)>,
    answer: Value,
}

async fn take(State(hook): State<Hook>, headers: HeaderMap, body: String) -> Response {
    let update: Value = serde_json::from_str(&body).unwrap();
    let secret =
        headers.get("x-telegram-bot-api-secret-token").map(|value| value.to_str().unwrap().to_owned());
    if hook.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    hook.taken.send((secret, update)).unwrap();
    axum::Json(hook.answer).into_response()
}

async fn hook(
    harness: &Harness,
    refusals: u32,
    answer: Value,
) -> (String, mpsc::UnboundedReceiver<(Option<String>, Value)>) {
    let (taken, updates) = mpsc::unbounded_channel();
    let hook = Hook { refusals: Arc::new(AtomicU32::new(refusals)), taken, answer };
    let url = harness.serve(Router::new().route("/telegram", post(take)).with_state(hook)).await;
    (format!("{url}/telegram"), updates)
}

async fn next(updates: &mut mpsc::UnboundedReceiver<(Option<String>, Value)>) -> (Option<String>, Value) {
    timeout(Duration::from_secs(10), updates.recv()).await.expect("an update in time").unwrap()
}

#[tokio::test]
async fn updates_are_posted_with_the_secret_and_again_after_a_refusal() {
    let harness = Harness::start().await;
    let (url, mut updates) = hook(&harness, 1, json!({})).await;
    harness.ok("setWebhook", json!({ "url": url, "secret_token": "s3cr3t_-" })).await;
    harness.drive(&format!("people/{ANN}/text"), json!({ "text": "hello" })).await;
    let (secret, update) = next(&mut updates).await;
    assert_eq!(secret.as_deref(), Some("s3cr3t_-"));
    assert_eq!(update["message"]["text"], "hello");
    let info = harness.ok("getWebhookInfo", json!({})).await;
    assert_eq!(info["url"], url);
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
    assert_eq!(info["max_connections"], 40);

    // One chat's updates keep their order.
    for number in 0..10 {
        harness.drive(&format!("people/{ANN}/text"), json!({ "text": number.to_string() })).await;
    }
    for number in 0..10 {
        assert_eq!(next(&mut updates).await.1["message"]["text"], number.to_string());
    }
    harness.ok("deleteWebhook", json!({})).await;
    assert_eq!(harness.ok("getWebhookInfo", json!({})).await["url"], "");
    assert!(harness.updates(json!({})).await.is_empty());
}

#[tokio::test]
async fn what_waited_is_posted_once_there_is_a_webhook() {
    let harness = Harness::start().await;
    harness.drive(&format!("people/{ANN}/text"), json!({ "text": "before" })).await;
    let (url, mut updates) = hook(&harness, 0, json!({})).await;
    harness.ok("setWebhook", json!({ "url": url })).await;
    let (secret, update) = next(&mut updates).await;
    assert_eq!(secret, None);
    assert_eq!(update["message"]["text"], "before");
}

#[tokio::test]
async fn a_doubled_update_is_posted_twice() {
    let harness = Harness::start().await;
    let delivery = harness.driving_url("telegram/delivery");
    harness.http.put(&delivery).json(&json!({ "twice": true })).send().await.unwrap();
    let (url, mut updates) = hook(&harness, 0, json!({})).await;
    harness.ok("setWebhook", json!({ "url": url })).await;
    harness.drive(&format!("people/{ANN}/text"), json!({ "text": "hello" })).await;
    let (_, first) = next(&mut updates).await;
    let (_, second) = next(&mut updates).await;
    assert_eq!(first["update_id"], second["update_id"]);
}

#[tokio::test]
async fn the_answer_may_hold_a_call() {
    let harness = Harness::start().await;
    let call = json!({ "method": "sendMessage", "chat_id": ANN, "text": "by return" });
    let (url, mut updates) = hook(&harness, 0, call).await;
    harness.ok("setWebhook", json!({ "url": url })).await;
    let sent = harness.drive(&format!("people/{ANN}/text"), json!({ "text": "hello" })).await;
    next(&mut updates).await;
    let path = format!("people/{ANN}/events?after={}&by=bot&types=message&timeout_ms=10000", sent["after"]);
    assert_eq!(harness.look(&path).await["events"][0]["message"]["text"]["plain"], "by return");
}

#[tokio::test]
async fn polling_and_a_webhook_exclude_each_other() {
    let harness = Harness::start().await;
    let (url, _updates) = hook(&harness, 0, json!({})).await;
    harness.ok("setWebhook", json!({ "url": url })).await;
    let refused = harness.call("getUpdates", json!({})).await.refusal(409);
    assert!(
        refused.starts_with("Conflict: can't use getUpdates method while webhook is active"),
        "{refused}"
    );
}

#[tokio::test]
async fn bad_webhooks_are_refused() {
    let harness = Harness::start().await;
    for (parameters, reason) in [
        (
            json!({ "url": "http://example.org/hook" }),
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            json!({ "url": "https://example.org:1234/" }),
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (json!({ "url": "nonsense" }), "Bad Request: bad webhook: invalid webhook URL specified"),
        (
            json!({ "url": "https://example.org/", "secret_token": "a b" }),
            "Bad Request: secret token contains unallowed characters",
        ),
    ] {
        assert_eq!(harness.call("setWebhook", parameters).await.refusal(400), reason);
    }
    harness.ok("setWebhook", json!({ "url": "" })).await;
}
