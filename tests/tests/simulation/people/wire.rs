//! What Telegram tells of what a person did.

use serde_json::{Value, json};

use crate::telegram::Telegram;

/// How Telegram describes a person.
pub fn user(id: i64, language: &str) -> Value {
    json!({"id": id, "is_bot": false, "first_name": "Somebody", "language_code": language})
}

/// They sent a message with this content.
pub fn message(telegram: &Telegram, user: &Value, mut content: Value) -> Value {
    content["message_id"] = json!(telegram.number());
    content["date"] = json!(1_795_478_400);
    content["chat"] = json!({"id": user["id"], "type": "private"});
    content["from"] = user.clone();
    json!({"update_id": telegram.number(), "message": content})
}

/// They pressed a button of `message`.
pub fn press(telegram: &Telegram, user: &Value, message: &Value, data: &str) -> Value {
    let number = telegram.number();
    json!({"update_id": number, "callback_query": {
        "id": format!("press-{number}"), "from": user, "chat_instance": "-5", "message": message, "data": data,
    }})
}
