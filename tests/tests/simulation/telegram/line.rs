//! A node's line to Telegram, which the weather may cut.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chat::{
    Activity, AlbumPhoto, BotIdentity, CommandEntry, DocumentMessage, FileId, Keyboard, PhotoMessage,
    PressAnswer, PressId, RawUpdate, SentMessage, TelegramApi, TelegramError, TextMessage, Webhook,
};
use kernel::{ChatId, FailureClass, Language, MessageId, ProviderError, UpdateId};
use testkit::weather::{Weather, befall};

use super::markup::unsendable;
use super::message::{Body, Message};
use super::server::{State, Telegram};
use crate::sky::NodeWeather;

const LONGEST_TEXT: usize = 4096;
const LONGEST_CAPTION: usize = 1024;

/// A node's line to Telegram.
pub struct Line {
    telegram: Telegram,
    node: Arc<NodeWeather>,
    weather: Arc<dyn Weather>,
}

impl Line {
    /// The line of the node with this weather.
    pub fn new(telegram: Telegram, node: Arc<NodeWeather>) -> Self {
        let weather = Arc::clone(&node) as Arc<dyn Weather>;
        Self { telegram, node, weather }
    }

    async fn call<T>(
        &self,
        port: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, TelegramError>,
    ) -> Result<T, TelegramError> {
        match befall(&self.weather, port).await {
            Err(_) => Err(self.refusal()),
            Ok(aftermath) => {
                let outcome = effect(&mut self.telegram.lock());
                aftermath.settle(&self.weather, outcome, |_| unheard()).await
            }
        }
    }

    /// The same, for a call to somebody who may have blocked the bot.
    async fn reach<T>(
        &self,
        port: &'static str,
        chat: ChatId,
        effect: impl FnOnce(&mut State) -> Result<T, TelegramError>,
    ) -> Result<T, TelegramError> {
        let effect = |state: &mut State| {
            if state.is_blocked(chat) { Err(TelegramError::Unreachable) } else { effect(state) }
        };
        self.call(port, effect).await
    }

    /// A failure without an effect.
    fn refusal(&self) -> TelegramError {
        match self.node.draw(4) {
            0 => ProviderError::new(FailureClass::Unavailable, "not-reached", "the line was cut").into(),
            1 => {
                let retry_after = Some(Duration::from_secs(1 + self.node.draw(15)));
                ProviderError::new(FailureClass::Limited { retry_after }, "limited", "too many").into()
            }
            // The other side knows that nothing was done; we do not.
            _ => unheard(),
        }
    }
}

/// Nobody knows what came of it.
fn unheard() -> TelegramError {
    ProviderError::new(FailureClass::Unavailable, "timeout", "no answer").with_unknown_outcome().into()
}

#[async_trait]
impl TelegramApi for Line {
    async fn identity(&self) -> Result<BotIdentity, TelegramError> {
        self.call("telegram.identity", |_| Ok(BotIdentity { username: "AishaBot".to_owned() })).await
    }

    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError> {
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let news = self.telegram.news.notified();
            let batch = self.call("telegram.updates", |state| Ok(state.fetch(from))).await?;
            if let Some(batch) = batch {
                return Ok(batch);
            }
            if tokio::time::timeout_at(deadline, news).await.is_err() {
                return Ok(Vec::new());
            }
        }
    }

    async fn set_webhook(&self, _webhook: &Webhook) -> Result<(), TelegramError> {
        self.call("telegram.set_webhook", |_| Ok(())).await
    }

    async fn remove_webhook(&self) -> Result<(), TelegramError> {
        self.call("telegram.remove_webhook", |_| Ok(())).await
    }

    async fn list_commands(
        &self,
        _language: Option<Language>,
        _commands: &[CommandEntry],
    ) -> Result<(), TelegramError> {
        self.call("telegram.list_commands", |_| Ok(())).await
    }

    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError> {
        self.reach("telegram.send_message", chat, |state| {
            let sent = state.compose(Body::Text, &message.text, LONGEST_TEXT, &message.keyboard)?;
            self.telegram.note(format!("chat {chat} gets {}: {}", sent.id, first_line(&sent)));
            Ok(state.put(chat, sent))
        })
        .await
    }

    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError> {
        self.reach("telegram.edit_message", chat, |state| {
            let edited = state.compose(Body::Text, &message.text, LONGEST_TEXT, &message.keyboard)?;
            if state.existing(chat, id)?.body != Body::Text {
                return Err(TelegramError::MessageGone);
            }
            self.telegram.note(format!("chat {chat} sees {id} become: {}", first_line(&edited)));
            state.put(chat, Message { id, ..edited });
            Ok(())
        })
        .await
    }

    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        self.reach("telegram.edit_keyboard", chat, |state| {
            state.existing(chat, id)?.keyboard = keyboard.clone();
            Ok(())
        })
        .await
    }

    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError> {
        self.reach("telegram.send_photo", chat, |state| {
            let file = state.file(&photo.photo)?;
            let sent = state.compose(Body::Photo(file), &photo.caption, LONGEST_CAPTION, &photo.keyboard)?;
            self.telegram.note(format!("chat {chat} gets the photo {}: {}", sent.id, first_line(&sent)));
            Ok(state.put(chat, sent))
        })
        .await
    }

    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        self.reach("telegram.edit_into_photo", chat, |state| {
            state.existing(chat, id)?;
            let file = state.file(&photo.photo)?;
            let edited =
                state.compose(Body::Photo(file), &photo.caption, LONGEST_CAPTION, &photo.keyboard)?;
            self.telegram.note(format!("chat {chat} sees {id} become the photo: {}", first_line(&edited)));
            Ok(state.put(chat, Message { id, ..edited }).photo)
        })
        .await
    }

    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError> {
        self.reach("telegram.send_album", chat, |state| {
            if !(2..=10).contains(&photos.len()) {
                return Err(unsendable("an album has 2 to 10 photos"));
            }
            let album = state.new_album();
            let mut messages = Vec::new();
            for photo in photos {
                let file = state.file(&photo.photo)?;
                let caption = photo.caption.clone().unwrap_or_default();
                let message =
                    state.compose(Body::Photo(file), &caption, LONGEST_CAPTION, &Keyboard::none())?;
                messages.push(Message { album: Some(album), ..message });
            }
            self.telegram.note(format!("chat {chat} gets the album {album} of {}", messages.len()));
            Ok(messages.into_iter().map(|message| state.put(chat, message)).collect())
        })
        .await
    }

    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError> {
        self.reach("telegram.send_document", chat, |state| {
            let file = state.file(&document.document)?;
            let body = Body::Document(file);
            let sent = state.compose(body, &document.caption, LONGEST_CAPTION, &Keyboard::none())?;
            self.telegram.note(format!("chat {chat} gets the file {}", sent.id));
            Ok(state.put(chat, sent))
        })
        .await
    }

    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        self.reach("telegram.delete_message", chat, |state| {
            state.delete(chat, id)?;
            self.telegram.note(format!("chat {chat} sees {id} disappear"));
            Ok(())
        })
        .await
    }

    async fn show_activity(&self, chat: ChatId, _activity: Activity) -> Result<(), TelegramError> {
        self.reach("telegram.show_activity", chat, |_| Ok(())).await
    }

    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError> {
        self.telegram.note_answer(press);
        self.call("telegram.answer_press", |_| {
            if let PressAnswer::Toast(text) | PressAnswer::Alert(text) = answer {
                if text.chars().count() > 200 {
                    return Err(unsendable("an answer has up to 200 characters"));
                }
                self.telegram.note(format!("a press is answered: {text}"));
            }
            Ok(())
        })
        .await
    }

    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError> {
        self.call("telegram.fetch_file", |state| match state.bytes(file) {
            Some(bytes) if bytes.len() > limit => Err(TelegramError::FileTooLarge),
            Some(bytes) => Ok(bytes),
            None => Err(TelegramError::UnknownFile),
        })
        .await
    }

    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError> {
        self.call("telegram.leave", |_| {
            self.telegram.note(format!("the bot leaves {chat}"));
            Ok(())
        })
        .await
    }
}

fn first_line(message: &Message) -> &str {
    message.words.lines().next().unwrap_or_default()
}
