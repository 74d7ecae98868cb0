//! Telegram in memory: conversations with their messages, and the limits of the real one.
//!
//! It refuses what Telegram refuses (words too long, tags that do not match, buttons that carry too much), so that every
//! test of the conversations is a test of these limits, too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chat::{
    Activity, AlbumPhoto, BotIdentity, ButtonAction, CommandEntry, DocumentMessage, FileId, FileSource, Html,
    Keyboard, PhotoMessage, PressAnswer, PressId, RawUpdate, SentMessage, TelegramApi, TelegramError,
    TextMessage, Webhook,
};
use kernel::{ChatId, FailureClass, Language, MessageId, ProviderError, UpdateId};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// What a message shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Text,
    Photo(FileId),
    Document(FileId),
}

/// A message of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    pub body: Body,
    /// The words as people see them.
    pub words: String,
    /// The first quotation: offset and length in UTF-16 units.
    quotation: Option<(usize, usize)>,
    pub keyboard: Keyboard,
    /// The number of the album that it is part of.
    pub album: Option<u64>,
}

impl Message {
    /// The labels of the buttons, row by row.
    pub fn labels(&self) -> Vec<&str> {
        self.keyboard.buttons().map(|button| button.label.as_str()).collect()
    }

    /// What Telegram tells of the message in an update.
    pub fn wire(&self, chat: ChatId) -> Value {
        let mut wire = json!({
            "message_id": self.id.get(), "date": 1_795_478_400, "chat": {"id": chat.get(), "type": "private"},
        });
        match self.body {
            Body::Text => {
                wire["text"] = json!(self.words);
                if let Some((offset, length)) = self.quotation {
                    wire["entities"] = json!([{"type": "blockquote", "offset": offset, "length": length}]);
                }
            }
            Body::Photo(_) => wire["photo"] = json!([]),
            Body::Document(_) => wire["document"] = json!({}),
        }
        wire
    }
}

#[derive(Default)]
struct State {
    chats: BTreeMap<ChatId, BTreeMap<MessageId, Message>>,
    files: BTreeMap<String, Bytes>,
    names: BTreeMap<String, String>,
    answers: Vec<(PressId, PressAnswer)>,
    updates: BTreeMap<UpdateId, Value>,
    commands: Vec<(Option<Language>, Vec<String>)>,
    left: Vec<ChatId>,
    webhooks: Vec<String>,
    calls: Vec<(&'static str, ChatId)>,
    failures: BTreeMap<&'static str, VecDeque<TelegramError>>,
    stalled: BTreeSet<ChatId>,
    blocked: BTreeSet<ChatId>,
    loses_answers: bool,
    panics: BTreeSet<&'static str>,
    uploads: usize,
    next: i64,
}

/// Telegram. Clones are one.
#[derive(Clone, Default)]
pub struct FakeTelegram {
    state: Arc<Mutex<State>>,
    news: Arc<Notify>,
}

impl FakeTelegram {
    /// The messages of a conversation, oldest first.
    pub fn messages(&self, chat: ChatId) -> Vec<Message> {
        self.lock().chats.get(&chat).into_iter().flatten().map(|(_, message)| message.clone()).collect()
    }

    /// The answers to presses so far.
    pub fn answers(&self) -> Vec<PressAnswer> {
        self.lock().answers.iter().map(|(_, answer)| answer.clone()).collect()
    }

    /// The addresses of the webhooks that were set, in order.
    pub fn webhooks(&self) -> Vec<String> {
        self.lock().webhooks.clone()
    }

    /// The bytes of a file.
    pub fn file(&self, id: &FileId) -> Bytes {
        self.lock().files[&id.0].clone()
    }

    /// The name of a file.
    pub fn file_name(&self, id: &FileId) -> String {
        self.lock().names[&id.0].clone()
    }

    /// Forgets every file, so that its id is not known any more.
    pub fn forget_files(&self) {
        self.lock().files.clear();
    }

    /// How many files were uploaded.
    pub fn uploads(&self) -> usize {
        self.lock().uploads
    }

    /// The commands that are listed, by language.
    pub fn commands(&self) -> Vec<(Option<Language>, Vec<String>)> {
        self.lock().commands.clone()
    }

    /// Conversations that were left.
    pub fn left(&self) -> Vec<ChatId> {
        self.lock().left.clone()
    }

    /// The calls so far, with their conversations.
    pub fn calls(&self) -> Vec<(&'static str, ChatId)> {
        self.lock().calls.clone()
    }

    /// The next call of `method` fails like this, before it has an effect.
    pub fn fail_next(&self, method: &'static str, error: TelegramError) {
        self.lock().failures.entry(method).or_default().push_back(error);
    }

    /// Removes a message, as a person does.
    pub fn remove(&self, chat: ChatId, id: MessageId) {
        self.lock().chats.entry(chat).or_default().remove(&id);
    }

    /// A number that was not used before.
    pub fn number(&self) -> i64 {
        let mut state = self.lock();
        state.next += 1;
        state.next
    }

    /// Makes an update wait to be asked for.
    pub fn push_update(&self, update: Value) {
        let id = UpdateId::new(update["update_id"].as_i64().expect("an update id"));
        self.lock().updates.insert(id, update);
        self.news.notify_waiters();
    }

    /// Updates that are not confirmed yet.
    pub fn unconfirmed(&self) -> usize {
        self.lock().updates.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The person blocks the bot.
    pub fn block(&self, chat: ChatId) {
        self.lock().blocked.insert(chat);
    }

    /// From now on every call has its effect, and no answer comes back.
    pub fn lose_answers(&self) {
        self.lock().loses_answers = true;
    }

    /// Calls of this conversation never return any more.
    pub fn stall(&self, chat: ChatId) {
        self.lock().stalled.insert(chat);
    }

    /// They return again, those that wait included.
    pub fn release(&self, chat: ChatId) {
        self.lock().stalled.remove(&chat);
        self.news.notify_waiters();
    }

    /// The next call of `method` panics.
    pub fn panic_next(&self, method: &'static str) {
        self.lock().panics.insert(method);
    }

    async fn begin(
        &self,
        method: &'static str,
        chat: ChatId,
    ) -> Result<MutexGuard<'_, State>, TelegramError> {
        loop {
            let news = self.news.notified();
            if !self.lock().stalled.contains(&chat) {
                break;
            }
            news.await;
        }
        let mut state = self.lock();
        state.calls.push((method, chat));
        if state.panics.remove(method) {
            drop(state);
            panic!("a panic made by the test");
        }
        if state.blocked.contains(&chat) {
            return Err(TelegramError::Unreachable);
        }
        match state.failures.get_mut(method).and_then(VecDeque::pop_front) {
            Some(error) => Err(error),
            None => Ok(state),
        }
    }
}

impl State {
    /// The answer, as far as it comes back.
    fn answer<T>(&self, answer: T) -> Result<T, TelegramError> {
        if self.loses_answers {
            let lost = ProviderError::new(FailureClass::Unavailable, "timeout", "no answer");
            return Err(lost.with_unknown_outcome().into());
        }
        Ok(answer)
    }

    fn add(&mut self, chat: ChatId, message: Message) -> SentMessage {
        let sent = SentMessage {
            id: message.id,
            photo: match &message.body {
                Body::Photo(file) => Some(file.clone()),
                _ => None,
            },
            document: match &message.body {
                Body::Document(file) => Some(file.clone()),
                _ => None,
            },
        };
        self.chats.entry(chat).or_default().insert(message.id, message);
        sent
    }

    fn message(
        &mut self,
        body: Body,
        text: &Html,
        limit: usize,
        keyboard: &Keyboard,
    ) -> Result<Message, TelegramError> {
        self.next += 1;
        let (words, quotation) = parsed(text.as_str())?;
        let length = words.encode_utf16().count();
        if length > limit || (body == Body::Text && length == 0) {
            return Err(unsendable(&format!("{length} UTF-16 units, {limit} are allowed")));
        }
        check_keyboard(keyboard)?;
        Ok(Message {
            id: MessageId::new(self.next),
            body,
            words,
            quotation,
            keyboard: keyboard.clone(),
            album: None,
        })
    }

    fn file(&mut self, source: &FileSource) -> Result<FileId, TelegramError> {
        match source {
            FileSource::Known(id) if self.files.contains_key(&id.0) => Ok(id.clone()),
            FileSource::Known(_) => Err(TelegramError::UnknownFile),
            FileSource::Upload(upload) => {
                self.uploads += 1;
                let id = format!("file-{}", self.uploads);
                self.files.insert(id.clone(), upload.bytes.clone());
                self.names.insert(id.clone(), upload.name.clone());
                Ok(FileId(id))
            }
        }
    }

    fn existing(&mut self, chat: ChatId, id: MessageId) -> Result<&mut Message, TelegramError> {
        self.chats.entry(chat).or_default().get_mut(&id).ok_or(TelegramError::MessageGone)
    }
}

fn unsendable(what: &str) -> TelegramError {
    ProviderError::new(FailureClass::Bug, "unsendable", what).into()
}

fn check_keyboard(keyboard: &Keyboard) -> Result<(), TelegramError> {
    if keyboard.rows.iter().any(|row| row.is_empty() || row.len() > 8) || keyboard.buttons().count() > 100 {
        return Err(unsendable("a keyboard that Telegram does not show"));
    }
    for button in keyboard.buttons() {
        let carried = match &button.action {
            ButtonAction::Press(data) => data.encode().len(),
            ButtonAction::Open(_) => 1,
        };
        if !(1..=64).contains(&carried) || button.label.is_empty() {
            return Err(unsendable("BUTTON_DATA_INVALID"));
        }
    }
    Ok(())
}

/// The words of a text in Telegram's HTML, and where its first quotation stands.
fn parsed(html: &str) -> Result<(String, Option<(usize, usize)>), TelegramError> {
    let mut words = String::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut quotation = None;
    let mut rest = html;
    while let Some(character) = rest.chars().next() {
        if let Some(tag) = rest.strip_prefix('<') {
            let (tag, after) = tag.split_once('>').ok_or_else(|| unsendable("an unclosed tag"))?;
            let here = words.encode_utf16().count();
            if let Some(name) = tag.strip_prefix('/') {
                let (opened, begin) = open.pop().ok_or_else(|| unsendable("an end tag too many"))?;
                if opened != name {
                    return Err(unsendable("tags that do not match"));
                }
                if name == "blockquote" && quotation.is_none() {
                    quotation = Some((begin, here - begin));
                }
            } else {
                let name = tag.split(' ').next().unwrap_or_default();
                if !["b", "i", "code", "blockquote"].contains(&name) {
                    return Err(unsendable("an unsupported tag"));
                }
                open.push((name, here));
            }
            rest = after;
        } else if let Some((entity, letter)) = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')]
            .into_iter()
            .find(|(entity, _)| rest.starts_with(entity))
        {
            words.push(letter);
            rest = &rest[entity.len()..];
        } else if character == '>' || character == '&' {
            return Err(unsendable("an unescaped character"));
        } else {
            words.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    if open.is_empty() { Ok((words, quotation)) } else { Err(unsendable("a tag that is not closed")) }
}

const LONGEST_TEXT: usize = 4096;
const LONGEST_CAPTION: usize = 1024;
const NOWHERE: ChatId = ChatId::new(0);

#[async_trait]
impl TelegramApi for FakeTelegram {
    async fn identity(&self) -> Result<BotIdentity, TelegramError> {
        let _state = self.begin("identity", NOWHERE).await?;
        Ok(BotIdentity { username: "AishaTestBot".to_owned() })
    }

    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError> {
        let deadline = tokio::time::Instant::now() + patience;
        drop(self.begin("updates", NOWHERE).await?);
        loop {
            let news = self.news.notified();
            {
                let mut state = self.lock();
                if let Some(from) = from {
                    state.updates = state.updates.split_off(&from);
                }
                if !state.updates.is_empty() {
                    let batch = state.updates.iter().take(100);
                    return Ok(batch.map(|(id, body)| RawUpdate { id: *id, body: body.clone() }).collect());
                }
            }
            if tokio::time::timeout_at(deadline, news).await.is_err() {
                return Ok(Vec::new());
            }
        }
    }

    async fn set_webhook(&self, webhook: &Webhook) -> Result<(), TelegramError> {
        let mut state = self.begin("set_webhook", NOWHERE).await?;
        state.webhooks.push(webhook.url.to_string());
        Ok(())
    }

    async fn remove_webhook(&self) -> Result<(), TelegramError> {
        self.begin("remove_webhook", NOWHERE).await.map(drop)
    }

    async fn list_commands(
        &self,
        language: Option<Language>,
        commands: &[CommandEntry],
    ) -> Result<(), TelegramError> {
        let mut state = self.begin("list_commands", NOWHERE).await?;
        let names =
            commands.iter().map(|entry| format!("/{} {}", entry.command, entry.description)).collect();
        state.commands.push((language, names));
        Ok(())
    }

    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError> {
        let mut state = self.begin("send_message", chat).await?;
        let message = state.message(Body::Text, &message.text, LONGEST_TEXT, &message.keyboard)?;
        let sent = state.add(chat, message);
        state.answer(sent)
    }

    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError> {
        let mut state = self.begin("edit_message", chat).await?;
        let edited = state.message(Body::Text, &message.text, LONGEST_TEXT, &message.keyboard)?;
        let existing = state.existing(chat, id)?;
        if existing.body != Body::Text {
            return Err(TelegramError::MessageGone);
        }
        *existing = Message { id, ..edited };
        Ok(())
    }

    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        let mut state = self.begin("edit_keyboard", chat).await?;
        check_keyboard(keyboard)?;
        state.existing(chat, id)?.keyboard = keyboard.clone();
        Ok(())
    }

    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError> {
        let mut state = self.begin("send_photo", chat).await?;
        let file = state.file(&photo.photo)?;
        let message = state.message(Body::Photo(file), &photo.caption, LONGEST_CAPTION, &photo.keyboard)?;
        let sent = state.add(chat, message);
        state.answer(sent)
    }

    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        let mut state = self.begin("edit_into_photo", chat).await?;
        state.existing(chat, id)?;
        let file = state.file(&photo.photo)?;
        let edited =
            state.message(Body::Photo(file.clone()), &photo.caption, LONGEST_CAPTION, &photo.keyboard)?;
        *state.existing(chat, id)? = Message { id, ..edited };
        state.answer(Some(file))
    }

    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError> {
        let mut state = self.begin("send_album", chat).await?;
        if !(2..=10).contains(&photos.len()) {
            return Err(unsendable("an album of 2 to 10"));
        }
        state.next += 1;
        let album = u64::try_from(state.next).expect("a number");
        let mut sent = Vec::new();
        for photo in photos {
            let file = state.file(&photo.photo)?;
            let caption = photo.caption.clone().unwrap_or_default();
            let message = state.message(Body::Photo(file), &caption, LONGEST_CAPTION, &Keyboard::none())?;
            sent.push(state.add(chat, Message { album: Some(album), ..message }));
        }
        state.answer(sent)
    }

    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError> {
        let mut state = self.begin("send_document", chat).await?;
        let file = state.file(&document.document)?;
        let message =
            state.message(Body::Document(file), &document.caption, LONGEST_CAPTION, &Keyboard::none())?;
        let sent = state.add(chat, message);
        state.answer(sent)
    }

    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        let mut state = self.begin("delete_message", chat).await?;
        state.existing(chat, id)?;
        state.chats.entry(chat).or_default().remove(&id);
        Ok(())
    }

    async fn show_activity(&self, chat: ChatId, _activity: Activity) -> Result<(), TelegramError> {
        self.begin("show_activity", chat).await.map(drop)
    }

    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError> {
        let mut state = self.begin("answer_press", NOWHERE).await?;
        if let PressAnswer::Toast(text) | PressAnswer::Alert(text) = answer
            && text.chars().count() > 200
        {
            return Err(unsendable("an answer of up to 200 characters"));
        }
        state.answers.push((press.clone(), answer.clone()));
        Ok(())
    }

    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError> {
        let state = self.begin("fetch_file", NOWHERE).await?;
        let bytes = state.files.get(&file.0).ok_or(TelegramError::UnknownFile)?;
        if bytes.len() > limit { Err(TelegramError::FileTooLarge) } else { Ok(bytes.clone()) }
    }

    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError> {
        let mut state = self.begin("leave", chat).await?;
        state.left.push(chat);
        Ok(())
    }
}
