//! Being a person over the driving API.

use std::time::Duration;

use reqwest::multipart::Form;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{ANN, Harness, file, png};

#[tokio::test]
async fn people_are_added_and_listed() {
    let harness = Harness::start_with_nobody().await;
    let first = harness.drive("people", json!({ "first_name": "Ann", "language_code": "ru" })).await;
    let second = harness.drive("people", json!({ "first_name": "Bob", "username": "bob" })).await;
    assert_ne!(first["telegram_id"], second["telegram_id"]);
    let people = harness.look("people").await;
    assert_eq!(people.as_array().unwrap().len(), 2);
    assert_eq!(people[0]["standing"], "stranger");
    let (status, _) = harness.drive_in_vain("people", json!({ "first_name": " " })).await;
    assert_eq!(status, 400);
    let (status, error) = harness.drive_in_vain("people/5/text", json!({ "text": "x" })).await;
    assert_eq!((status, error.as_str()), (404, "there is no person 5"));
}

#[tokio::test]
async fn waiting_for_the_bot_ends_with_its_answer() {
    let harness = Harness::start().await;
    let sent = harness.drive(&format!("people/{ANN}/text"), json!({ "text": "hello" })).await;
    let path = format!("people/{ANN}/events?after={}&by=bot&timeout_ms=20000", sent["after"]);
    let (events, _) =
        timeout(Duration::from_secs(10), async { tokio::join!(harness.look(&path), harness.say("hi")) })
            .await
            .unwrap();
    let events = events["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["type"], "message");
    assert_eq!(events[0]["message"]["text"]["plain"], "hi");
    let nothing = format!("people/{ANN}/events?after={}&by=bot&timeout_ms=10", events[0]["sequence"]);
    assert_eq!(harness.look(&nothing).await["events"], json!([]));
}

#[tokio::test]
async fn a_long_text_leaves_as_several_messages() {
    let harness = Harness::start().await;
    let sent = harness.drive(&format!("people/{ANN}/text"), json!({ "text": "я".repeat(10_000) })).await;
    assert_eq!(sent["messages"].as_array().unwrap().len(), 3);
    assert_eq!(harness.updates(json!({})).await.len(), 3);
    let (status, _) = harness.drive_in_vain(&format!("people/{ANN}/text"), json!({ "text": " \n" })).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn photos_albums_documents_and_voice_arrive_at_the_bot() {
    let harness = Harness::start().await;
    let post = |what: &str| harness.http.post(harness.driving_url(&format!("people/{ANN}/{what}")));
    let bare = post("photo?caption=me").header("content-type", "image/png").body(png(700, 500));
    assert!(bare.send().await.unwrap().status().is_success());
    let album = Form::new()
        .text("caption", "two")
        .part("one", file("1.png", png(60, 40)))
        .part("two", file("2.png", png(40, 60)));
    assert!(post("album").multipart(album).send().await.unwrap().status().is_success());
    let document = Form::new().part("file", file("me.png", png(64, 64)));
    assert!(post("document").multipart(document).send().await.unwrap().status().is_success());
    let voice = post("voice?seconds=4").header("content-type", "audio/ogg").body(b"OggS....".to_vec());
    assert!(voice.send().await.unwrap().status().is_success());

    let updates = harness.updates(json!({})).await;
    let messages: Vec<&Value> = updates.iter().map(|update| &update["message"]).collect();
    assert_eq!(messages.len(), 5);
    assert_eq!(messages[0]["caption"], "me");
    assert_eq!(messages[0]["photo"].as_array().unwrap().len(), 3);
    assert_eq!(messages[1]["media_group_id"], messages[2]["media_group_id"]);
    assert_eq!(messages[1]["caption"], "two");
    assert!(messages[2].get("caption").is_none());
    assert_eq!(messages[3]["document"]["file_name"], "me.png");
    assert_eq!(messages[4]["voice"]["duration"], 4);

    let bad = post("photo").header("content-type", "image/png").body("no picture").send().await.unwrap();
    assert_eq!(bad.status().as_u16(), 400);
    let lonely = Form::new().part("one", file("1.png", png(60, 40)));
    assert_eq!(post("album").multipart(lonely).send().await.unwrap().status().as_u16(), 400);
}

#[tokio::test]
async fn buttons_are_pressed_twice_by_others_and_long_after() {
    let harness = Harness::start().await;
    harness.drive("people", json!({ "telegram_id": 43, "first_name": "Bob" })).await;
    let keyboard = json!({ "inline_keyboard": [[{ "text": "Pay 2", "callback_data": "pay" }, { "text": "Terms", "url": "https://x.y/" }]] });
    let sent =
        harness.ok("sendMessage", json!({ "chat_id": ANN, "text": "?", "reply_markup": keyboard })).await;
    let id = &sent["message_id"];

    let twice = json!({ "message_id": id, "data": "pay", "times": 2 });
    let twice = harness.drive(&format!("people/{ANN}/press"), twice).await;
    assert_eq!(twice["callback_query_ids"].as_array().unwrap().len(), 2);
    let other = json!({ "message_id": id, "data": "pay", "chat_id": ANN });
    harness.drive("people/43/press", other).await;
    let link =
        harness.drive(&format!("people/{ANN}/press"), json!({ "message_id": id, "label": "Terms" })).await;
    assert_eq!(link["url"], "https://x.y/");
    let (status, _) = harness
        .drive_in_vain(&format!("people/{ANN}/press"), json!({ "message_id": id, "data": "gone" }))
        .await;
    assert_eq!(status, 404);

    harness.ok("deleteMessage", json!({ "chat_id": ANN, "message_id": id })).await;
    let (status, _) = harness
        .drive_in_vain(&format!("people/{ANN}/press"), json!({ "message_id": id, "data": "pay" }))
        .await;
    assert_eq!(status, 404);
    harness.drive(&format!("people/{ANN}/press"), json!({ "message_id": id, "old_data": "pay" })).await;

    let updates = harness.updates(json!({})).await;
    let from: Vec<_> = updates.iter().map(|u| u["callback_query"]["from"]["id"].as_i64().unwrap()).collect();
    assert_eq!(from, vec![ANN, ANN, 43, ANN]);
    assert_eq!(updates[2]["callback_query"]["message"]["chat"]["id"], ANN);
    assert_eq!(updates[3]["callback_query"]["message"]["date"], 0);
}

#[tokio::test]
async fn a_group_can_be_written_to_until_the_bot_leaves() {
    let harness = Harness::start().await;
    let group =
        harness.drive("groups", json!({ "person": ANN, "title": "Friends" })).await["chat_id"].clone();
    harness
        .drive(&format!("groups/{group}/text"), json!({ "person": ANN, "text": "/start@aisha_test_bot" }))
        .await;
    let updates = harness.updates(json!({})).await;
    assert_eq!(updates[0]["my_chat_member"]["new_chat_member"]["status"], "member");
    let message = &updates[1]["message"];
    assert_eq!((&message["chat"]["type"], &message["chat"]["title"]), (&json!("group"), &json!("Friends")));
    assert_eq!(message["from"]["id"], ANN);

    harness.ok("sendMessage", json!({ "chat_id": group, "text": "In private, please" })).await;
    assert_eq!(harness.ok("leaveChat", json!({ "chat_id": group })).await, true);
    let refused = harness.call("sendMessage", json!({ "chat_id": group, "text": "x" })).await;
    assert_eq!(refused.refusal(403), "Forbidden: bot is not a member of the group chat");
    let seen = harness.look(&format!("groups/{group}")).await;
    assert_eq!(seen["has_bot"], false);
    assert_eq!(seen["messages"][1]["text"]["plain"], "In private, please");
    harness.drive(&format!("groups/{group}/text"), json!({ "person": ANN, "text": "gone?" })).await;
    assert_eq!(harness.updates(json!({})).await.len(), 3);
    let private = harness.call("leaveChat", json!({ "chat_id": ANN })).await;
    assert_eq!(private.refusal(400), "Bad Request: chat member status can't be changed in private chats");
}

#[tokio::test]
async fn the_transcript_shows_words_as_safe_html() {
    let harness = Harness::start().await;
    let text = "<b>1 &lt; 2</b> <script>";
    let refused =
        harness.call("sendMessage", json!({ "chat_id": ANN, "text": text, "parse_mode": "HTML" })).await;
    assert!(refused.refusal(400).contains("Unsupported start tag \"script\""));
    harness
        .ok("sendMessage", json!({ "chat_id": ANN, "text": "<b>1 &lt; 2</b>", "parse_mode": "HTML" }))
        .await;
    harness.say("<script>alert(1)</script>").await;
    let transcript = harness.look(&format!("people/{ANN}/transcript")).await;
    let messages = transcript["messages"].as_array().unwrap();
    assert_eq!(messages[1]["text"]["html"], "<b>1 &lt; 2</b>");
    assert_eq!(messages[1]["text"]["plain"], "1 < 2");
    assert_eq!(messages[2]["text"]["html"], "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_eq!(messages[0]["from"], "person");
}

#[tokio::test]
async fn the_bots_face_is_shown_in_the_persons_language() {
    let harness = Harness::start().await;
    let commands = |word: &str| json!([{ "command": "imagine", "description": word }]);
    harness.ok("setMyCommands", json!({ "commands": commands("Make an image") })).await;
    harness.ok("setMyCommands", json!({ "commands": commands("Создать"), "language_code": "ru" })).await;
    harness.ok("setMyDescription", json!({ "description": "I paint" })).await;
    assert_eq!(harness.look("telegram/bot?language=ru").await["commands"][0]["description"], "Создать");
    let german = harness.look("telegram/bot?language=de").await;
    assert_eq!(german["commands"][0]["description"], "Make an image");
    assert_eq!(german["description"], "I paint");
    let bad = harness
        .call("setMyCommands", json!({ "commands": [{ "command": "Bad!", "description": "x" }] }))
        .await;
    assert_eq!(bad.refusal(400), "Bad Request: BOT_COMMAND_INVALID");
}

#[tokio::test]
async fn the_stream_tells_what_happens() {
    let harness = Harness::start().await;
    let mut stream = harness.http.get(harness.driving_url("events")).send().await.unwrap();
    let mut heard = String::new();
    let mut has_said = false;
    let listening = async {
        while !(heard.contains("event: chat")
            && heard.contains("event: call")
            && heard.contains("event: system"))
        {
            heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
            if !has_said {
                has_said = true;
                harness.say("on the stream").await;
            }
        }
    };
    timeout(Duration::from_secs(20), listening).await.expect("the stream tells everything");
    assert!(heard.contains("on the stream"));
    let journal = harness.look("journal").await;
    let calls = journal["calls"].as_array().unwrap();
    assert!(calls.iter().any(|call| call["summary"] == "sendMessage: text 2 for Ann"));
    assert!(calls.iter().all(|call| !call["path"].as_str().unwrap().contains("getUpdates")));
}

#[tokio::test]
async fn the_page_is_served_with_everything_it_names() {
    let harness = Harness::start().await;
    let base = harness.driving_api.trim_end_matches("/sandbox");
    let page = harness.http.get(base).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let page = page.text().await.unwrap();
    let mut waiting: Vec<String> =
        page.split('"').filter(|word| word.starts_with("/page/")).map(str::to_owned).collect();
    assert!(waiting.len() > 8);
    let mut seen = Vec::new();
    while let Some(path) = waiting.pop() {
        if seen.contains(&path) {
            continue;
        }
        let response = harness.http.get(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let content = response.text().await.unwrap();
        if path.contains(".js") {
            let imports = content.split('"').filter(|word| word.starts_with("./"));
            waiting.extend(imports.map(|name| name.replacen("./", "/page/", 1)));
        }
        seen.push(path);
    }
    assert!(seen.iter().any(|path| path == "/page/faults.js"));
}
