//! Everything that this Telegram knows, behind one lock; its operations keep messages, updates and events in step.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::api_error::ApiError;
use super::callbacks::Callbacks;
use super::chat::{Chat, Standing};
use super::delivered::{Arrival, DeliveredLog, Sight};
use super::events::{EventLog, Happening};
use super::files::FileStore;
use super::group::Group;
use super::keeping::{Kept, KeptState};
use super::message::{Author, Content, Message};
use super::payments::Payments;
use super::person::Person;
use super::profile::BotProfile;
use super::send_limits::SendLimiter;
use super::updates::UpdateQueue;
use super::view::message_view;
use super::webhook::WebhookState;
use crate::clock;

/// A message that is about to be sent.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it holds.
    pub content: Content,
    /// The rows of its inline keyboard.
    pub inline_keyboard: Option<Value>,
    /// The message it answers.
    pub reply_to_message_id: Option<i64>,
    /// The album it belongs to.
    pub media_group_id: Option<String>,
    /// The person who writes, in a group.
    pub writer: Option<i64>,
}

impl Draft {
    /// A message with nothing but its content.
    pub const fn of(content: Content) -> Self {
        Self { content, inline_keyboard: None, reply_to_message_id: None, media_group_id: None, writer: None }
    }
}

/// The state of one Telegram.
#[derive(Debug)]
pub struct World {
    /// The bot.
    pub bot: BotProfile,
    /// People by Telegram id.
    pub people: BTreeMap<i64, Person>,
    /// Private chats by the id of their person, and those of groups.
    pub chats: BTreeMap<i64, Chat>,
    /// Groups by their chat id.
    pub groups: BTreeMap<i64, Group>,
    /// Files.
    pub files: FileStore,
    /// Updates that wait for the bot.
    pub updates: UpdateQueue,
    /// What happened.
    pub events: EventLog,
    /// What people saw.
    pub delivered: DeliveredLog,
    /// Presses of buttons.
    pub callbacks: Callbacks,
    /// Stars.
    pub payments: Payments,
    /// Flood control.
    pub send_limiter: SendLimiter,
    /// Where updates are sent, if the bot asked for it.
    pub webhook: WebhookState,
    next_media_group: u64,
}

/// Where the counters of a world begin, so that nothing repeats what an earlier run has said.
#[derive(Clone, Copy, Debug)]
pub struct Beginnings {
    /// The first update.
    pub update_id: i64,
    /// The first callback query, file, payment and album.
    pub number: u64,
}

impl World {
    /// A world with a bot and nobody else.
    pub fn new(bot: BotProfile, file_capacity: usize, beginnings: Beginnings) -> Self {
        Self {
            bot,
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            groups: BTreeMap::new(),
            files: FileStore::new(file_capacity, beginnings.number),
            updates: UpdateQueue::new(beginnings.update_id),
            events: EventLog::default(),
            delivered: DeliveredLog::default(),
            callbacks: Callbacks::new(beginnings.number),
            payments: Payments::new(beginnings.number),
            send_limiter: SendLimiter::default(),
            webhook: WebhookState::default(),
            next_media_group: beginnings.number,
        }
    }

    /// What outlives this run.
    pub fn keep(&self) -> Kept {
        let numbers =
            [self.files.next(), self.callbacks.next(), self.payments.next(), self.next_media_group + 1];
        let state = KeptState::new(
            self.updates.next_id(),
            numbers.into_iter().max().unwrap_or_default(),
            self.bot.clone(),
            self.people.values().cloned().collect(),
            self.chats
                .iter()
                .filter(|(id, _)| self.people.contains_key(id))
                .map(|(id, chat)| (*id, chat.clone()))
                .collect(),
            self.updates.waiting().cloned().collect(),
        );
        Kept { state, files: self.files.all().cloned().collect() }
    }

    /// The world of an earlier run. Numbers go on from whichever is higher: those of then, or `beginnings`.
    pub fn restore(kept: Kept, file_capacity: usize, beginnings: Beginnings) -> Self {
        let beginnings = Beginnings {
            update_id: beginnings.update_id.max(kept.state.next_update_id),
            number: beginnings.number.max(kept.state.next_number),
        };
        let mut world = Self::new(kept.state.bot, file_capacity, beginnings);
        world.people = kept.state.people.into_iter().map(|person| (person.telegram_id, person)).collect();
        world.chats = kept.state.chats;
        for waiting in kept.state.waiting {
            world.updates.put_back(waiting);
        }
        for file in kept.files {
            world.files.keep(file);
        }
        world
    }

    /// The id of a new album.
    pub fn next_media_group_id(&mut self) -> String {
        self.next_media_group += 1;
        format!("{}", 13_000_000_000_000_000 + self.next_media_group)
    }

    /// The chat that the bot may write to.
    ///
    /// # Errors
    /// In Telegram's words: the chat is unknown, its person never wrote, or has blocked the bot.
    pub fn reachable_chat(&mut self, chat_id: i64) -> Result<&mut Chat, ApiError> {
        match self.groups.get(&chat_id) {
            Some(group) if group.has_bot => return Ok(self.chats.entry(chat_id).or_default()),
            Some(_) => return Err(ApiError::forbidden("bot is not a member of the group chat")),
            None if self.people.contains_key(&chat_id) => {}
            None => return Err(ApiError::bad_request("chat not found")),
        }
        let chat = self.chats.entry(chat_id).or_default();
        match chat.standing {
            Standing::Member => Ok(chat),
            Standing::Stranger => Err(ApiError::forbidden("bot can't initiate conversation with a user")),
            Standing::Blocked => Err(ApiError::forbidden("bot was blocked by the user")),
        }
    }

    /// Keeps a message and tells those who watch.
    pub fn post(&mut self, chat_id: i64, author: Author, draft: Draft) -> Message {
        let chat = self.chats.entry(chat_id).or_default();
        let message = Message {
            message_id: chat.next_message_id(),
            chat_id,
            author,
            writer: draft.writer,
            date: clock::unix_seconds(),
            edit_date: None,
            edits: 0,
            deleted: false,
            content: draft.content,
            media_group_id: draft.media_group_id,
            reply_to_message_id: draft.reply_to_message_id,
            inline_keyboard: draft.inline_keyboard,
        };
        chat.keep(message.clone());
        let view = message_view(&self.files, &message);
        self.events.add(chat_id, author, Happening::Message { message: view });
        if author == Author::Bot {
            self.note_sight(&message, Arrival::Sent);
        }
        message
    }

    /// Replaces a message of the bot by an edited one and tells those who watch.
    pub fn replace(&mut self, mut edited: Message) -> Message {
        edited.edits += 1;
        edited.edit_date = Some(clock::unix_seconds());
        if let Some(kept) =
            self.chats.get_mut(&edited.chat_id).and_then(|chat| chat.message_mut(edited.message_id))
        {
            kept.clone_from(&edited);
        }
        let view = message_view(&self.files, &edited);
        self.events.add(edited.chat_id, edited.author, Happening::Edited { message: view });
        self.note_sight(&edited, Arrival::Edited);
        edited
    }

    /// Deletes a message for both; false when there is none.
    pub fn delete(&mut self, chat_id: i64, message_id: i64, by: Author) -> bool {
        let Some(message) = self.chats.get_mut(&chat_id).and_then(|chat| chat.message_mut(message_id)) else {
            return false;
        };
        message.deleted = true;
        self.events.add(chat_id, by, Happening::Deleted { message_id });
        true
    }

    /// All messages of a chat that are kept, deleted ones too, oldest first, as the page shows them.
    pub fn transcript(&self, chat_id: i64) -> Vec<Value> {
        let messages = self.chats.get(&chat_id).into_iter().flat_map(Chat::transcript);
        messages.map(|message| message_view(&self.files, message)).collect()
    }

    /// The `Message` object as the bot gets it.
    pub fn message_object(&self, message: &Message) -> Value {
        let reply_to = message
            .reply_to_message_id
            .and_then(|message_id| self.chats.get(&message.chat_id)?.message(message_id))
            .map(|answered| {
                answered.object(&self.chat_object(answered.chat_id), &self.author_object(answered), None)
            });
        message.object(&self.chat_object(message.chat_id), &self.author_object(message), reply_to)
    }

    /// The `Chat` object of a group or of a person's private chat.
    pub fn chat_object(&self, chat_id: i64) -> Value {
        if let Some(group) = self.groups.get(&chat_id) {
            return group.chat();
        }
        match self.people.get(&chat_id) {
            Some(person) => person.chat(),
            None => json!({ "id": chat_id, "type": "private" }),
        }
    }

    fn author_object(&self, message: &Message) -> Value {
        match message.author {
            Author::Bot => self.bot.user(),
            Author::Person => {
                self.people.get(&message.writer.unwrap_or(message.chat_id)).map_or(Value::Null, Person::user)
            }
        }
    }

    fn note_sight(&mut self, message: &Message, arrival: Arrival) {
        let origin = message.content.file_id().and_then(|file_id| self.files.get(file_id));
        let words = message.content.words().map(|words| words.text.chars().take(200).collect());
        self.delivered.add(Sight {
            at_ms: 0,
            chat_id: message.chat_id,
            message_id: message.message_id,
            kind: message.content.kind(),
            arrival,
            media_group_id: message.media_group_id.clone(),
            content_sha256: origin.map(|file| file.description.origin.clone()),
            words: words.unwrap_or_default(),
        });
    }
}
