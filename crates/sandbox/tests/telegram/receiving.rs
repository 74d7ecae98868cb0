//! Updates for a bot that polls.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{ANN, Harness};

async fn write(harness: &Harness, text: &str) -> Value {
    harness.drive(&format!("people/{ANN}/text"), json!({ "text": text })).await
}

fn ids(updates: &[Value]) -> Vec<i64> {
    updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn updates_come_until_an_offset_confirms_them() {
    let harness = Harness::start().await;
    for text in ["one", "two", "three"] {
        write(&harness, text).await;
    }
    let all = harness.updates(json!({})).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[0]["message"]["text"], "one");
    assert_eq!(all[0]["message"]["from"]["language_code"], "en");
    assert_eq!(all[0]["message"]["chat"]["type"], "private");
    let first = ids(&all)[0];
    assert_eq!(ids(&all), vec![first, first + 1, first + 2]);
    assert_eq!(ids(&harness.updates(json!({ "limit": 1 })).await), vec![first]);
    assert_eq!(ids(&harness.updates(json!({ "offset": first + 2 })).await), vec![first + 2]);
    assert_eq!(ids(&harness.updates(json!({})).await), vec![first + 2]);
    assert!(harness.updates(json!({ "offset": first + 3 })).await.is_empty());
}

#[tokio::test]
async fn a_poll_waits_for_what_comes() {
    let harness = Harness::start().await;
    let poll = harness.updates(json!({ "timeout": 20 }));
    let (updates, _) = tokio::join!(timeout(Duration::from_secs(10), poll), write(&harness, "hello"));
    assert_eq!(updates.unwrap()[0]["message"]["text"], "hello");
}

#[tokio::test]
async fn commands_bear_their_entity() {
    let harness = Harness::start().await;
    write(&harness, "/imagine a red fox").await;
    let updates = harness.updates(json!({})).await;
    let entity = json!({ "type": "bot_command", "offset": 0, "length": 8 });
    assert_eq!(updates[0]["message"]["entities"], json!([entity]));
}

#[tokio::test]
async fn a_bot_gets_the_kinds_it_asks_for() {
    let harness = Harness::start().await;
    harness.updates(json!({ "allowed_updates": ["callback_query"] })).await;
    write(&harness, "unheard").await;
    assert!(harness.updates(json!({})).await.is_empty());
    harness.updates(json!({ "allowed_updates": [] })).await;
    write(&harness, "heard").await;
    assert_eq!(harness.updates(json!({})).await[0]["message"]["text"], "heard");
}

#[tokio::test]
async fn a_second_poll_ends_the_first() {
    let harness = Harness::start().await;
    let poll = || harness.call("getUpdates", json!({ "timeout": 2 }));
    let (one, other) = tokio::join!(poll(), poll());
    // Which of the two came first is the network's to decide.
    let (ended, answered) = if one.status == 409 { (one, other) } else { (other, one) };
    assert_eq!(
        ended.refusal(409),
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    assert_eq!(answered.result(), json!([]));
}

#[tokio::test]
async fn presses_come_with_their_message_and_are_answered_once() {
    let harness = Harness::start().await;
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Go", "callback_data": "go:1" }]] });
    let sent =
        harness.ok("sendMessage", json!({ "chat_id": ANN, "text": "press", "reply_markup": keyboard })).await;
    let press = json!({ "message_id": sent["message_id"], "label": "Go" });
    let pressed = harness.drive(&format!("people/{ANN}/press"), press).await;
    let query = &harness.updates(json!({})).await[0]["callback_query"];
    assert_eq!(query["id"], pressed["callback_query_ids"][0]);
    assert_eq!(query["data"], "go:1");
    assert_eq!(query["message"]["text"], "press");
    assert!(query["chat_instance"].is_string());
    let answer = json!({ "callback_query_id": query["id"], "text": "gone", "show_alert": true });
    harness.ok("answerCallbackQuery", answer).await;
    let events = harness
        .look(&format!("people/{ANN}/events?after={}&types=callback_answered", pressed["after"]))
        .await;
    assert_eq!(events["events"][0]["text"], "gone");
    assert_eq!(events["events"][0]["show_alert"], true);
    let unknown = harness.call("answerCallbackQuery", json!({ "callback_query_id": "1" })).await;
    assert_eq!(
        unknown.refusal(400),
        "Bad Request: query is too old and response timeout expired or query id is invalid"
    );
    let long = json!({ "callback_query_id": query["id"], "text": "x".repeat(201) });
    assert_eq!(harness.call("answerCallbackQuery", long).await.refusal(400), "Bad Request: MESSAGE_TOO_LONG");
}

#[tokio::test]
async fn updates_can_come_twice_and_out_of_order() {
    let harness = Harness::start().await;
    let delivery = harness.driving_url("telegram/delivery");
    harness.http.put(&delivery).json(&json!({ "twice": true, "shuffled": true })).send().await.unwrap();
    for number in 0..30 {
        write(&harness, &number.to_string()).await;
    }
    let mut seen = Vec::new();
    let mut offset = 0;
    loop {
        let batch = ids(&harness.updates(json!({ "offset": offset })).await);
        let Some(last) = batch.iter().max() else { break };
        offset = offset.max(last + 1);
        seen.extend(batch);
    }
    assert_eq!(seen.len(), 60);
    assert!(!seen.is_sorted());
    seen.sort_unstable();
    let repeated = seen.chunks(2).filter(|pair| pair[0] == pair[1]).count();
    assert_eq!(repeated, 30);
}
