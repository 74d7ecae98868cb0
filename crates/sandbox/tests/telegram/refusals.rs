//! What Telegram refuses, in the words that clients match on.

use sandbox::faults::{Fault, NewRule, Service, StatusFault, Times};
use serde_json::{Value, json};

use crate::harness::{ANN, Harness};

async fn refusal(harness: &Harness, method: &str, mut parameters: Value) -> String {
    if parameters.get("chat_id").is_none() {
        parameters["chat_id"] = json!(ANN);
    }
    harness.call(method, parameters).await.refusal(400)
}

#[tokio::test]
async fn texts_have_limits_that_count_after_the_markup_is_parsed() {
    let harness = Harness::start().await;
    let longest = format!("<b>{}</b>", "я".repeat(4096));
    let sent =
        harness.ok("sendMessage", json!({ "chat_id": ANN, "text": longest, "parse_mode": "HTML" })).await;
    assert_eq!(sent["entities"][0]["length"], 4096);
    let too_long = json!({ "text": "я".repeat(4097) });
    assert_eq!(refusal(&harness, "sendMessage", too_long).await, "Bad Request: message is too long");
    for text in ["", "   \n", "<b></b>"] {
        let empty = json!({ "text": text, "parse_mode": "HTML" });
        assert_eq!(refusal(&harness, "sendMessage", empty).await, "Bad Request: message text is empty");
    }
}

#[tokio::test]
async fn markup_that_is_not_telegrams_is_refused() {
    let harness = Harness::start().await;
    let refused = [
        ("a < b", "Unsupported start tag \"\" at byte offset 2"),
        ("<h1>x</h1>", "Unsupported start tag \"h1\" at byte offset 0"),
        ("<b>x", "Can't find end tag corresponding to start tag \"b\""),
        ("<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
    ];
    for (text, reason) in refused {
        let description =
            refusal(&harness, "sendMessage", json!({ "text": text, "parse_mode": "HTML" })).await;
        assert_eq!(description, format!("Bad Request: can't parse entities: {reason}"));
    }
    let mode = json!({ "text": "x", "parse_mode": "BBCode" });
    assert_eq!(refusal(&harness, "sendMessage", mode).await, "Bad Request: unsupported parse_mode");
    assert_eq!(harness.ok("sendMessage", json!({ "chat_id": ANN, "text": "a < b" })).await["text"], "a < b");
}

#[tokio::test]
async fn entities_come_back_in_utf16_units() {
    let harness = Harness::start().await;
    let text = "🦊 <b>fox</b> &amp; <a href=\"https://x.y/\">link</a> /help";
    let sent = harness.ok("sendMessage", json!({ "chat_id": ANN, "text": text, "parse_mode": "html" })).await;
    assert_eq!(sent["text"], "🦊 fox & link /help");
    assert_eq!(
        sent["entities"],
        json!([
            { "type": "bold", "offset": 3, "length": 3 },
            { "type": "text_link", "offset": 9, "length": 4, "url": "https://x.y/" },
            { "type": "bot_command", "offset": 14, "length": 5 },
        ])
    );
}

#[tokio::test]
async fn keyboards_are_checked() {
    let harness = Harness::start().await;
    let with = |button: Value| json!({ "text": "x", "reply_markup": { "inline_keyboard": [[button]] } });
    let long = with(json!({ "text": "a", "callback_data": "x".repeat(65) }));
    assert_eq!(refusal(&harness, "sendMessage", long).await, "Bad Request: BUTTON_DATA_INVALID");
    let idle = with(json!({ "text": "a" }));
    assert_eq!(
        refusal(&harness, "sendMessage", idle).await,
        "Bad Request: Text buttons are unallowed in the inline keyboard"
    );
    let string = json!({ "text": "x", "reply_markup": "not json" });
    assert!(refusal(&harness, "sendMessage", string).await.starts_with("Bad Request: can't parse"));
}

#[tokio::test]
async fn chats_that_cannot_be_written_to() {
    let harness = Harness::start().await;
    assert_eq!(
        refusal(&harness, "sendMessage", json!({ "chat_id": 999, "text": "x" })).await,
        "Bad Request: chat not found"
    );
    assert_eq!(
        refusal(&harness, "sendMessage", json!({ "chat_id": "@nobody", "text": "x" })).await,
        "Bad Request: chat not found"
    );
    assert_eq!(
        harness.call("sendMessage", json!({ "text": "x" })).await.refusal(400),
        "Bad Request: chat_id is empty"
    );
    harness.drive("people", json!({ "telegram_id": 43, "first_name": "Bob" })).await;
    let stranger = harness.call("sendMessage", json!({ "chat_id": 43, "text": "x" })).await;
    assert_eq!(stranger.refusal(403), "Forbidden: bot can't initiate conversation with a user");
}

#[tokio::test]
async fn a_person_who_blocked_the_bot_is_out_of_reach_until_they_let_it_in() {
    let harness = Harness::start().await;
    harness.drive(&format!("people/{ANN}/block"), json!({})).await;
    let blocked = harness.call("sendMessage", json!({ "chat_id": ANN, "text": "x" })).await;
    assert_eq!(blocked.refusal(403), "Forbidden: bot was blocked by the user");
    let (status, _) = harness.drive_in_vain(&format!("people/{ANN}/text"), json!({ "text": "hi" })).await;
    assert_eq!(status, 409);
    harness.drive(&format!("people/{ANN}/unblock"), json!({})).await;
    harness.say("welcome back").await;
    let updates = harness.updates(json!({})).await;
    let statuses: Vec<_> =
        updates.iter().map(|u| &u["my_chat_member"]["new_chat_member"]["status"]).collect();
    assert_eq!(statuses, vec!["kicked", "member"]);
}

#[tokio::test]
async fn flood_control_says_how_long_to_wait() {
    let harness = Harness::start().await;
    for _ in 0..40 {
        harness.say("no limit by default").await;
    }
    let limits = harness.driving_url("telegram/limits");
    harness.http.put(&limits).json(&json!({ "per_second": 30, "chat_burst": 3 })).send().await.unwrap();
    for _ in 0..3 {
        harness.say("burst").await;
    }
    let refused = harness.call("sendMessage", json!({ "chat_id": ANN, "text": "one too many" })).await;
    let seconds = refused.body["parameters"]["retry_after"].as_u64().unwrap();
    assert!((1..=3).contains(&seconds));
    assert_eq!(refused.refusal(429), format!("Too Many Requests: retry after {seconds}"));
    harness.http.put(&limits).json(&Value::Null).send().await.unwrap();
    harness.say("lifted").await;
}

#[tokio::test]
async fn faults_come_in_telegrams_own_words() {
    let harness = Harness::start().await;
    let status = |code, retry_after_seconds| {
        Fault::Status(StatusFault { code, retry_after_seconds, ..StatusFault::default() })
    };
    let rule = |fault| NewRule {
        service: Service::Telegram,
        operation: Some("sendmessage".to_owned()),
        fault,
        times: Times::Once,
    };
    let faults = harness.server.faults();
    faults.add(rule(status(429, Some(17))));
    let refused = harness.call("sendMessage", json!({ "chat_id": ANN, "text": "x" })).await;
    assert_eq!(refused.body["parameters"]["retry_after"], 17);
    assert_eq!(refused.refusal(429), "Too Many Requests: retry after 17");
    faults.add(rule(status(502, None)));
    let refused = harness.call("sendMessage", json!({ "chat_id": ANN, "text": "x" })).await;
    assert_eq!(refused.refusal(502), "Bad Gateway");

    faults.add(rule(Fault::DropAfterEffect));
    let lost = harness.http.post(harness.url("sendMessage")).json(&json!({ "chat_id": ANN, "text": "seen" }));
    assert!(lost.send().await.is_err());
    let saw = harness.look(&format!("people/{ANN}/saw")).await;
    assert_eq!(saw.as_array().unwrap().iter().filter(|sight| sight["words"] == "seen").count(), 1);
}

#[tokio::test]
async fn nonsense_never_breaks_the_server() {
    let harness = Harness::start().await;
    let methods = [
        "getUpdates",
        "setWebhook",
        "sendMessage",
        "sendPhoto",
        "sendDocument",
        "sendVoice",
        "sendMediaGroup",
        "sendChatAction",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "editMessageReplyMarkup",
        "deleteMessage",
        "deleteMessages",
        "answerCallbackQuery",
        "getFile",
        "getChat",
        "leaveChat",
        "setMyCommands",
        "setMyDescription",
        "sendInvoice",
        "answerPreCheckoutQuery",
        "refundStarPayment",
        "getStarTransactions",
    ];
    let values = [
        json!(null),
        json!(-1),
        json!(1.5),
        json!("x"),
        json!([]),
        json!({}),
        json!([[1]]),
        json!(i64::MIN),
        json!(true),
    ];
    for method in methods {
        for value in &values {
            let mut parameters = json!({ "chat_id": ANN });
            for name in [
                "text",
                "message_id",
                "photo",
                "document",
                "voice",
                "media",
                "reply_markup",
                "offset",
                "limit",
                "allowed_updates",
                "message_ids",
                "commands",
                "prices",
                "entities",
                "reply_parameters",
                "file_id",
                "url",
                "user_id",
                "duration",
                "callback_query_id",
                "title",
                "description",
                "payload",
                "currency",
            ] {
                parameters[name] = value.clone();
            }
            parameters["timeout"] = json!(0);
            let answer = harness.call(method, parameters).await;
            assert!(answer.body["ok"].is_boolean(), "{method} {value}: {}", answer.body);
            assert!(answer.status < 500, "{method} {value}: {}", answer.body);
        }
    }
    harness.call("deleteWebhook", json!({})).await.result();
    harness.say("still here").await;
}
