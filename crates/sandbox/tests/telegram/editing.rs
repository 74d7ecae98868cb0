//! Messages that change and go.

use reqwest::multipart::Form;
use serde_json::{Value, json};

use crate::harness::{ANN, Harness, file, png};

const NOT_MODIFIED: &str = "Bad Request: message is not modified: specified new message content and reply markup \
    are exactly the same as a current content and reply markup of the message";

fn keyboard(data: &str) -> Value {
    json!({ "inline_keyboard": [[{ "text": "Go", "callback_data": data }]] })
}

#[tokio::test]
async fn words_and_buttons_are_replaced() {
    let harness = Harness::start().await;
    let id = harness.say("one").await;
    let edited = json!({ "chat_id": ANN, "message_id": id, "text": "<b>two</b>", "parse_mode": "HTML", "reply_markup": keyboard("x") });
    let message = harness.ok("editMessageText", edited.clone()).await;
    assert_eq!(message["text"], "two");
    assert!(message["edit_date"].is_number());
    assert_eq!(message["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "x");
    assert_eq!(harness.call("editMessageText", edited).await.refusal(400), NOT_MODIFIED);

    let bare = harness.ok("editMessageReplyMarkup", json!({ "chat_id": ANN, "message_id": id })).await;
    assert!(bare.get("reply_markup").is_none());
    assert_eq!(bare["text"], "two");
    let again = json!({ "chat_id": ANN, "message_id": id });
    assert_eq!(harness.call("editMessageReplyMarkup", again).await.refusal(400), NOT_MODIFIED);
}

#[tokio::test]
async fn what_cannot_be_edited() {
    let harness = Harness::start().await;
    let edit = |id: i64| json!({ "chat_id": ANN, "message_id": id, "text": "x" });
    assert_eq!(
        harness.call("editMessageText", edit(77)).await.refusal(400),
        "Bad Request: message to edit not found"
    );
    assert_eq!(
        harness.call("editMessageText", edit(1)).await.refusal(400),
        "Bad Request: message can't be edited"
    );
    let without = json!({ "chat_id": ANN, "text": "x" });
    assert_eq!(
        harness.call("editMessageText", without).await.refusal(400),
        "Bad Request: message identifier is not specified"
    );
    let id = harness.say("words").await;
    let caption = json!({ "chat_id": ANN, "message_id": id, "caption": "x" });
    assert_eq!(
        harness.call("editMessageCaption", caption).await.refusal(400),
        "Bad Request: there is no caption in the message to edit"
    );
    harness.ok("deleteMessage", json!({ "chat_id": ANN, "message_id": id })).await;
    assert_eq!(
        harness.call("editMessageText", edit(id)).await.refusal(400),
        "Bad Request: message to edit not found"
    );
}

#[tokio::test]
async fn a_text_becomes_a_photo_and_its_words_a_caption() {
    let harness = Harness::start().await;
    let id = harness.say("painting …").await;
    let media =
        json!({ "type": "photo", "media": "attach://p", "caption": "<i>done</i>", "parse_mode": "HTML" });
    let form = Form::new()
        .text("chat_id", "42")
        .text("message_id", id.to_string())
        .text("media", media.to_string())
        .text("reply_markup", keyboard("again").to_string())
        .part("p", file("p.png", png(64, 64)));
    let message = harness.call_with_files("editMessageMedia", form).await.result();
    assert_eq!(message["caption"], "done");
    assert!(message.get("text").is_none());
    let file_id = message["photo"][0]["file_id"].as_str().unwrap();

    let words = json!({ "chat_id": ANN, "message_id": id, "text": "x" });
    assert_eq!(
        harness.call("editMessageText", words).await.refusal(400),
        "Bad Request: there is no text in the message to edit"
    );
    let caption =
        json!({ "chat_id": ANN, "message_id": id, "caption": "better", "reply_markup": keyboard("again") });
    assert_eq!(harness.ok("editMessageCaption", caption).await["caption"], "better");
    let same = json!({
        "chat_id": ANN,
        "message_id": id,
        "media": { "type": "photo", "media": file_id, "caption": "better" },
        "reply_markup": keyboard("again"),
    });
    assert_eq!(harness.call("editMessageMedia", same).await.refusal(400), NOT_MODIFIED);
}

#[tokio::test]
async fn deleted_messages_are_gone_for_both_and_marked_in_the_transcript() {
    let harness = Harness::start().await;
    let first = harness.say("one").await;
    let second = harness.say("two").await;
    harness.ok("deleteMessages", json!({ "chat_id": ANN, "message_ids": [first, second, 999] })).await;
    let again = harness.call("deleteMessage", json!({ "chat_id": ANN, "message_id": first })).await;
    assert_eq!(again.refusal(400), "Bad Request: message to delete not found");
    let transcript = harness.look(&format!("people/{ANN}/transcript")).await;
    let deleted: Vec<_> = transcript["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["deleted"].as_bool().unwrap())
        .collect();
    assert_eq!(deleted, vec![false, true, true]);
    // The next message does not take the place of one that is gone.
    assert_eq!(harness.say("three").await, second + 1);
}
