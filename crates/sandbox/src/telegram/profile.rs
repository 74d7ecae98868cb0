//! The bot's own face: its name, its commands, its descriptions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One command of the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// 1–32 of `[a-z0-9_]`, without the slash.
    pub command: String,
    /// 1–256 characters.
    pub description: String,
}

/// A bot that is known to Telegram.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BotProfile {
    /// Its user id: the digits of its token.
    pub id: i64,
    /// The name that people see.
    pub first_name: String,
    /// The name without `@`.
    pub username: String,
    /// Commands by language, `""` being every other language.
    commands: BTreeMap<String, Vec<Command>>,
    /// Texts by their field (`name`, `description`, `short_description`) and language.
    texts: BTreeMap<String, BTreeMap<String, String>>,
}

impl BotProfile {
    /// A bot that has said nothing of itself yet.
    pub fn new(id: i64, first_name: &str, username: &str) -> Self {
        Self {
            id,
            first_name: first_name.to_owned(),
            username: username.to_owned(),
            commands: BTreeMap::new(),
            texts: BTreeMap::new(),
        }
    }

    /// The bot's `User` object.
    pub fn user(&self) -> Value {
        json!({
            "id": self.id,
            "is_bot": true,
            "first_name": self.first_name,
            "username": self.username,
        })
    }

    /// The answer of `getMe`.
    pub fn me(&self) -> Value {
        let mut me = self.user();
        for capability in [
            "can_join_groups",
            "can_read_all_group_messages",
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
        ] {
            me[capability] = json!(capability == "can_join_groups");
        }
        me
    }

    /// Replaces the commands of a language; none removes them.
    pub fn set_commands(&mut self, language: &str, commands: Vec<Command>) {
        if commands.is_empty() {
            self.commands.remove(language);
        } else {
            self.commands.insert(language.to_owned(), commands);
        }
    }

    /// The commands for a person of that language.
    pub fn commands(&self, language: &str) -> &[Command] {
        let commands = self.commands.get(language).or_else(|| self.commands.get(""));
        commands.map(Vec::as_slice).unwrap_or_default()
    }

    /// Sets a text of a field in a language.
    pub fn set_text(&mut self, field: &str, language: &str, text: String) {
        self.texts.entry(field.to_owned()).or_default().insert(language.to_owned(), text);
    }

    /// The text of a field for a person of that language; empty when there is none.
    pub fn text(&self, field: &str, language: &str) -> &str {
        let texts = self.texts.get(field);
        texts.and_then(|texts| texts.get(language).or_else(|| texts.get(""))).map_or("", String::as_str)
    }
}
