//! A private chat: its messages within a bound, and how the two stand to each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::Message;

/// Messages that are kept in one chat.
const MOST_MESSAGES: usize = 3_000;

/// How the person stands to the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They never wrote: the bot may not write first.
    Stranger,
    /// They talk.
    Member,
    /// The person blocked the bot.
    Blocked,
}

/// A private chat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chat {
    /// How the person stands to the bot.
    pub standing: Standing,
    /// The buttons in place of the person's keyboard, if the bot put some there.
    pub reply_keyboard: Option<Value>,
    last_message_id: i64,
    messages: BTreeMap<i64, Message>,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            standing: Standing::Stranger,
            reply_keyboard: None,
            last_message_id: 0,
            messages: BTreeMap::new(),
        }
    }
}

impl Chat {
    /// The id for the next message; ids are never used twice.
    pub fn next_message_id(&mut self) -> i64 {
        self.last_message_id += 1;
        self.last_message_id
    }

    /// Keeps a message; the oldest goes when there are too many.
    pub fn keep(&mut self, message: Message) {
        self.messages.insert(message.message_id, message);
        if self.messages.len() > MOST_MESSAGES {
            self.messages.pop_first();
        }
    }

    /// A message that was not deleted.
    pub fn message(&self, message_id: i64) -> Option<&Message> {
        self.messages.get(&message_id).filter(|message| !message.deleted)
    }

    /// A message that was not deleted, to change it.
    pub fn message_mut(&mut self, message_id: i64) -> Option<&mut Message> {
        self.messages.get_mut(&message_id).filter(|message| !message.deleted)
    }

    /// A message, deleted or not.
    pub fn message_or_ghost(&self, message_id: i64) -> Option<&Message> {
        self.messages.get(&message_id)
    }

    /// All messages that are kept, deleted ones too, oldest first.
    pub fn transcript(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.values()
    }
}
