//! What happens in the chats, numbered, for those who watch: tests that wait and the page that shows.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use super::message::Author;
use crate::clock;

/// Events that are kept.
const MOST_EVENTS: usize = 20_000;
/// How far a listener may fall behind before it misses events.
const LISTENER_BACKLOG: usize = 4_096;

/// Something that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Counts up from 1 over all chats.
    pub sequence: u64,
    /// Unix milliseconds.
    pub at_ms: u64,
    /// The chat, which is the id of its person.
    pub chat_id: i64,
    /// Who did it.
    pub by: Author,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What may happen.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// A message was sent.
    Message {
        /// As the transcript shows it.
        message: Value,
    },
    /// A message was edited.
    Edited {
        /// As the transcript shows it.
        message: Value,
    },
    /// A message was deleted.
    Deleted {
        /// Which.
        message_id: i64,
    },
    /// A button was pressed.
    Pressed {
        /// The callback query.
        callback_query_id: String,
        /// The message that bears the button.
        message_id: i64,
        /// Its data.
        data: String,
    },
    /// The press of a button was answered.
    CallbackAnswered {
        /// The callback query.
        callback_query_id: String,
        /// What the person reads, if anything.
        text: Option<String>,
        /// They have to close it.
        show_alert: bool,
        /// A page that opens.
        url: Option<String>,
    },
    /// The bot types, sends a photo, and so on; it shows for 5 seconds.
    ChatAction {
        /// `typing`, `upload_photo`, …
        action: String,
    },
    /// The person's keyboard was replaced, or given back.
    ReplyKeyboard {
        /// The buttons, none when it was given back.
        keyboard: Option<Value>,
    },
    /// A payment came to nothing.
    PaymentRefused {
        /// What the person reads.
        reason: String,
    },
    /// The person blocked the bot or let it in again.
    Standing {
        /// Whether the bot is blocked now.
        blocked: bool,
    },
    /// A person appeared.
    PersonAdded,
    /// The list of commands, or the bot's description, changed.
    ProfileChanged,
}

impl Happening {
    /// The name by which it is told on the wire.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message { .. } => "message",
            Self::Edited { .. } => "edited",
            Self::Deleted { .. } => "deleted",
            Self::Pressed { .. } => "pressed",
            Self::CallbackAnswered { .. } => "callback_answered",
            Self::ChatAction { .. } => "chat_action",
            Self::ReplyKeyboard { .. } => "reply_keyboard",
            Self::PaymentRefused { .. } => "payment_refused",
            Self::Standing { .. } => "standing",
            Self::PersonAdded => "person_added",
            Self::ProfileChanged => "profile_changed",
        }
    }
}

/// The latest events, and those who listen.
#[derive(Debug)]
pub struct EventLog {
    events: VecDeque<Event>,
    last_sequence: u64,
    listeners: broadcast::Sender<Event>,
}

impl Default for EventLog {
    fn default() -> Self {
        let (listeners, _) = broadcast::channel(LISTENER_BACKLOG);
        Self { events: VecDeque::new(), last_sequence: 0, listeners }
    }
}

impl EventLog {
    /// Adds an event.
    pub fn add(&mut self, chat_id: i64, by: Author, happening: Happening) {
        self.last_sequence += 1;
        let event =
            Event { sequence: self.last_sequence, at_ms: clock::unix_millis(), chat_id, by, happening };
        if self.events.len() == MOST_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event.clone());
        // An error only says that nobody listens.
        let _nobody_listens = self.listeners.send(event);
    }

    /// Events after `sequence`, oldest first.
    pub fn since(&self, sequence: u64) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.sequence > sequence)
    }

    /// The number of the latest event, 0 when there was none.
    pub const fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    /// Events from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.listeners.subscribe()
    }
}
