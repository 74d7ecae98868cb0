//! Chats that outlive the process.

use reqwest::multipart::Form;
use serde_json::json;

use crate::harness::{ANN, Harness, file, png};

#[tokio::test]
async fn the_next_run_begins_where_this_one_ended() {
    let directory = std::env::temp_dir().join(format!("sandbox-keeping-{}", std::process::id()));
    let first = Harness::start_in(Some(directory.clone())).await;
    first.drive("people", json!({ "telegram_id": ANN, "first_name": "Ann" })).await;
    first.drive(&format!("people/{ANN}/text"), json!({ "text": "/start" })).await;
    let greeting =
        json!({ "chat_id": ANN, "text": "<b>Hello</b> <tg-spoiler>you</tg-spoiler>", "parse_mode": "HTML" });
    first.ok("sendMessage", greeting).await;
    let photo = Form::new().text("chat_id", "42").part("photo", file("p.png", png(200, 100)));
    let photo = first.call_with_files("sendPhoto", photo).await.result();
    let update = first.updates(json!({})).await[0]["update_id"].as_i64().unwrap();
    let before = first.look(&format!("people/{ANN}/transcript")).await["messages"].clone();
    first.server.write_down().unwrap();
    drop(first);

    let second = Harness::start_in(Some(directory.clone())).await;
    let after = second.look(&format!("people/{ANN}/transcript")).await["messages"].clone();
    assert_eq!(after, before);
    // What waited still waits, and new numbers are none of the old ones.
    second.drive(&format!("people/{ANN}/text"), json!({ "text": "again" })).await;
    let updates = second.updates(json!({})).await;
    assert_eq!(updates[0]["update_id"], update);
    assert!(updates[1]["update_id"].as_i64().unwrap() > update);
    let again =
        second.ok("sendPhoto", json!({ "chat_id": ANN, "photo": photo["photo"][1]["file_id"] })).await;
    assert_eq!(again["photo"], photo["photo"]);
    assert_eq!(again["message_id"], 5);
    std::fs::remove_dir_all(directory).unwrap();
}
