//! People who talk to the bot.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A person with a Telegram account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Telegram's id of the person, and of their private chat with the bot.
    pub telegram_id: i64,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Name without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF tag of the language of their Telegram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

impl Person {
    /// The `User` object.
    pub fn user(&self) -> Value {
        let mut user = json!({ "id": self.telegram_id, "is_bot": false, "first_name": self.first_name });
        self.add_names(&mut user);
        if let Some(code) = &self.language_code {
            user["language_code"] = json!(code);
        }
        user
    }

    /// The `Chat` object of the private chat with the bot.
    pub fn chat(&self) -> Value {
        let mut chat = json!({ "id": self.telegram_id, "type": "private", "first_name": self.first_name });
        self.add_names(&mut chat);
        chat
    }

    fn add_names(&self, object: &mut Value) {
        if let Some(name) = &self.last_name {
            object["last_name"] = json!(name);
        }
        if let Some(name) = &self.username {
            object["username"] = json!(name);
        }
    }
}
