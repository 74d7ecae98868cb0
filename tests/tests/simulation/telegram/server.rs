//! Telegram's side: conversations, files, updates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chat::{FileId, FileSource, Html, Keyboard, PressId, RawUpdate, SentMessage, TelegramError};
use kernel::{ChatId, GenerationId, MessageId, UpdateId};
use serde_json::Value;
use tokio::sync::Notify;

use super::markup::{check_keyboard, read, unsendable};
use super::message::{Body, Message};
use crate::chance::{Chance, Stream};
use crate::trace::Trace;

/// In what a result was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// In a message of its own.
    Message(MessageId),
    /// In an album.
    Album(i64),
}

/// A result was shown, whatever became of the message since.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Showing {
    /// Whose images.
    pub generation: GenerationId,
    /// Where.
    pub chat: ChatId,
    /// In what.
    pub shown: Shown,
}

/// What Telegram keeps.
pub struct State {
    chance: Chance,
    rooms: BTreeMap<ChatId, BTreeMap<MessageId, Message>>,
    files: BTreeMap<String, Bytes>,
    waiting: BTreeMap<UpdateId, Value>,
    fetched: Vec<(UpdateId, Value)>,
    blocked: BTreeSet<ChatId>,
    ever_blocked: BTreeSet<ChatId>,
    showings: BTreeSet<Showing>,
    /// Presses that the bot at least tried to answer.
    answered: BTreeSet<String>,
    last: i64,
}

/// Telegram. Clones are one.
#[derive(Clone)]
pub struct Telegram {
    state: Arc<Mutex<State>>,
    pub(super) news: Arc<Notify>,
    trace: Trace,
}

impl Telegram {
    /// Telegram, with which nobody has spoken yet.
    pub fn of(seed: u64, trace: Trace) -> Self {
        let state = State {
            chance: Chance::of(seed, Stream::Telegram),
            rooms: BTreeMap::new(),
            files: BTreeMap::new(),
            waiting: BTreeMap::new(),
            fetched: Vec::new(),
            blocked: BTreeSet::new(),
            ever_blocked: BTreeSet::new(),
            showings: BTreeSet::new(),
            answered: BTreeSet::new(),
            last: 0,
        };
        Self { state: Arc::new(Mutex::new(state)), news: Arc::default(), trace }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The messages of a conversation, oldest first.
    pub fn messages(&self, chat: ChatId) -> Vec<Message> {
        self.lock().rooms.get(&chat).into_iter().flatten().map(|(_, message)| message.clone()).collect()
    }

    /// Every result that was ever shown.
    pub fn showings(&self) -> Vec<Showing> {
        self.lock().showings.iter().cloned().collect()
    }

    /// A number that was not used before.
    pub fn number(&self) -> i64 {
        self.lock().number()
    }

    /// A person has a file sent; Telegram's id of it.
    pub fn upload(&self, bytes: Bytes) -> String {
        let mut state = self.lock();
        let id = format!("upload-{}", state.number());
        state.files.insert(id.clone(), bytes);
        id
    }

    /// Makes an update wait to be fetched.
    pub fn push(&self, id: UpdateId, update: Value) {
        self.lock().waiting.insert(id, update);
        self.news.notify_waiters();
    }

    /// Updates that nobody has fetched and confirmed.
    pub fn unconfirmed(&self) -> usize {
        self.lock().waiting.len()
    }

    /// The person removes a message of the bot.
    pub fn remove(&self, chat: ChatId, id: MessageId) {
        self.lock().rooms.entry(chat).or_default().remove(&id);
    }

    /// The person blocks the bot.
    pub fn block(&self, chat: ChatId) {
        let mut state = self.lock();
        state.blocked.insert(chat);
        state.ever_blocked.insert(chat);
    }

    /// The person takes the bot back.
    pub fn unblock(&self, chat: ChatId) {
        self.lock().blocked.remove(&chat);
    }

    /// Whether the person ever blocked the bot.
    pub fn was_ever_blocked(&self, chat: ChatId) -> bool {
        self.lock().ever_blocked.contains(&chat)
    }

    /// Whether the bot at least tried to answer a press.
    pub fn was_answered(&self, press: &str) -> bool {
        self.lock().answered.contains(press)
    }

    pub(super) fn note_answer(&self, PressId(press): &PressId) {
        self.lock().answered.insert(press.clone());
    }

    pub(super) fn note(&self, words: String) {
        self.trace.note(words);
    }
}

impl State {
    fn number(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    /// The next updates. Earlier ones than `from` are confirmed. They come in any order, some twice, and some again.
    pub(super) fn fetch(&mut self, from: Option<UpdateId>) -> Option<Vec<RawUpdate>> {
        if let Some(from) = from {
            let rest = self.waiting.split_off(&from);
            self.fetched.extend(std::mem::replace(&mut self.waiting, rest));
        }
        if self.waiting.is_empty() {
            return None;
        }
        let mut batch: Vec<(UpdateId, Value)> =
            self.waiting.iter().take(20).map(|(id, body)| (*id, body.clone())).collect();
        if self.chance.percent(30) {
            let again = self.chance.pick(&batch).clone();
            batch.push(again);
        }
        if self.chance.percent(10) && !self.fetched.is_empty() {
            let again = self.chance.pick(&self.fetched).clone();
            batch.push(again);
        }
        if self.chance.percent(50) {
            self.chance.shuffle(&mut batch);
        }
        Some(batch.into_iter().map(|(id, body)| RawUpdate { id, body }).collect())
    }

    pub(super) fn is_blocked(&self, chat: ChatId) -> bool {
        self.blocked.contains(&chat)
    }

    pub(super) fn compose(
        &mut self,
        body: Body,
        words: &Html,
        limit: usize,
        keyboard: &Keyboard,
    ) -> Result<Message, TelegramError> {
        let words = read(words.as_str(), limit)?;
        if body == Body::Text && words.text.is_empty() {
            return Err(unsendable("no words"));
        }
        check_keyboard(keyboard)?;
        let id = MessageId::new(self.number());
        let keyboard = keyboard.clone();
        Ok(Message { id, body, words: words.text, quotation: words.quotation, keyboard, album: None })
    }

    pub(super) fn file(&mut self, source: &FileSource) -> Result<FileId, TelegramError> {
        match source {
            FileSource::Known(id) if self.files.contains_key(&id.0) => Ok(id.clone()),
            FileSource::Known(_) => Err(TelegramError::UnknownFile),
            FileSource::Upload(upload) => {
                let id = format!("file-{}", self.number());
                self.files.insert(id.clone(), upload.bytes.clone());
                Ok(FileId(id))
            }
        }
    }

    pub(super) fn bytes(&self, FileId(file): &FileId) -> Option<Bytes> {
        self.files.get(file).cloned()
    }

    pub(super) fn existing(&mut self, chat: ChatId, id: MessageId) -> Result<&mut Message, TelegramError> {
        self.rooms.entry(chat).or_default().get_mut(&id).ok_or(TelegramError::MessageGone)
    }

    /// Puts a message into a conversation, in the place of another one of its number if there is one.
    pub(super) fn put(&mut self, chat: ChatId, message: Message) -> SentMessage {
        if let Body::Photo(FileId(id)) = &message.body
            && message.is_result()
            && let Some(generation) = self.files.get(id).and_then(generation_of)
        {
            let shown = message.album.map_or(Shown::Message(message.id), Shown::Album);
            self.showings.insert(Showing { generation, chat, shown });
        }
        let (photo, document) = match &message.body {
            Body::Text => (None, None),
            Body::Photo(file) => (Some(file.clone()), None),
            Body::Document(file) => (None, Some(file.clone())),
        };
        let id = message.id;
        self.rooms.entry(chat).or_default().insert(id, message);
        SentMessage { id, photo, document }
    }

    pub(super) fn delete(&mut self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        self.rooms.entry(chat).or_default().remove(&id).map(drop).ok_or(TelegramError::MessageGone)
    }

    pub(super) fn new_album(&mut self) -> i64 {
        self.number()
    }
}

/// The generation that the mark in a picture names.
fn generation_of(bytes: &Bytes) -> Option<GenerationId> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, mark) = text.split_once("trainedAlgorithmicMedia ")?;
    mark.split(' ').next()?.parse().ok()
}
