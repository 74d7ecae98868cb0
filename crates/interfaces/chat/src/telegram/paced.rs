//! Telegram at the pace that it allows.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{CallOutcome, ChatId, FailureClass, Language, MessageId, Turns, UpdateId};

use super::pacing::Throttle;
use super::{
    Activity, AlbumPhoto, BotIdentity, CommandEntry, DocumentMessage, FileId, Keyboard, Pacing, PhotoMessage,
    PressAnswer, PressId, RawUpdate, SentMessage, TelegramApi, TelegramError, TextMessage, Webhook,
};

/// The longest wait that Telegram may impose and that is waited out here; a longer one is the caller's to plan.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The wait when Telegram says "too many" without saying how long.
const USUAL_WAIT: Duration = Duration::from_secs(1);
/// How often one call waits.
const MOST_WAITS: u32 = 3;

/// Telegram with every send and edit at its turn. "Too many requests" has no effect at Telegram, so that such a call is
/// made again after the wait that was asked for.
pub struct PacedTelegram {
    inner: Arc<dyn TelegramApi>,
    throttle: Throttle,
}

impl PacedTelegram {
    /// `inner` at this pace, which all who share `turns` keep together.
    pub fn new(inner: Arc<dyn TelegramApi>, turns: Arc<dyn Turns>, pacing: Pacing) -> Self {
        Self { inner, throttle: Throttle::new(turns, pacing) }
    }

    async fn paced<T, F>(
        &self,
        chat: ChatId,
        messages: u32,
        call: impl Fn() -> F + Send + Sync,
    ) -> Result<T, TelegramError>
    where
        F: Future<Output = Result<T, TelegramError>> + Send,
        T: Send,
    {
        let mut waits = 0;
        loop {
            self.throttle.admit(chat, messages).await;
            let error = match call().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let Some(wait) = asked_wait(&error) else {
                return Err(error);
            };
            self.throttle.hold_back(chat, wait).await;
            waits += 1;
            if wait > LONGEST_WAIT || waits > MOST_WAITS {
                return Err(error);
            }
            tracing::info!(%chat, ?wait, "telegram asked for a pause");
            tokio::time::sleep(wait).await;
        }
    }
}

fn asked_wait(error: &TelegramError) -> Option<Duration> {
    match (error.class(), error.outcome()) {
        (FailureClass::Limited { retry_after }, CallOutcome::NotDone) => {
            Some(retry_after.unwrap_or(USUAL_WAIT))
        }
        _ => None,
    }
}

#[async_trait]
impl TelegramApi for PacedTelegram {
    async fn identity(&self) -> Result<BotIdentity, TelegramError> {
        self.inner.identity().await
    }

    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError> {
        self.inner.updates(from, patience).await
    }

    async fn set_webhook(&self, webhook: &Webhook) -> Result<(), TelegramError> {
        self.inner.set_webhook(webhook).await
    }

    async fn remove_webhook(&self) -> Result<(), TelegramError> {
        self.inner.remove_webhook().await
    }

    async fn list_commands(
        &self,
        language: Option<Language>,
        commands: &[CommandEntry],
    ) -> Result<(), TelegramError> {
        self.inner.list_commands(language, commands).await
    }

    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError> {
        self.paced(chat, 1, || self.inner.send_message(chat, message)).await
    }

    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError> {
        self.paced(chat, 1, || self.inner.edit_message(chat, id, message)).await
    }

    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        self.paced(chat, 1, || self.inner.edit_keyboard(chat, id, keyboard)).await
    }

    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError> {
        self.paced(chat, 1, || self.inner.send_photo(chat, photo)).await
    }

    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        self.paced(chat, 1, || self.inner.edit_into_photo(chat, id, photo)).await
    }

    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError> {
        let messages = u32::try_from(photos.len()).unwrap_or(u32::MAX);
        self.paced(chat, messages, || self.inner.send_album(chat, photos)).await
    }

    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError> {
        self.paced(chat, 1, || self.inner.send_document(chat, document)).await
    }

    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        self.inner.delete_message(chat, id).await
    }

    async fn show_activity(&self, chat: ChatId, activity: Activity) -> Result<(), TelegramError> {
        self.inner.show_activity(chat, activity).await
    }

    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError> {
        self.inner.answer_press(press, answer).await
    }

    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError> {
        self.inner.fetch_file(file, limit).await
    }

    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError> {
        self.inner.leave(chat).await
    }
}
