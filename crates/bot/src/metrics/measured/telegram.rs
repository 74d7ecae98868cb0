//! Telegram, watched. It goes right around the client, below what keeps the pace, so that each call that Telegram sees
//! is recorded.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chat::{
    Activity, AlbumPhoto, BotIdentity, CommandEntry, DocumentMessage, FileId, Keyboard, PhotoMessage,
    PressAnswer, PressId, RawUpdate, SentMessage, TelegramApi, TelegramError, TextMessage, Webhook,
};
use kernel::{ChatId, FailureClass, Language, MessageId, UpdateId};
use tokio::time::Instant;

use crate::metrics::Metrics;
use crate::metrics::names::{TELEGRAM_LIMITED_SECONDS, TELEGRAM_REQUEST_SECONDS};

/// Records calls to Telegram.
pub(crate) struct MeasuredTelegram {
    inner: Arc<dyn TelegramApi>,
    metrics: Metrics,
}

impl MeasuredTelegram {
    pub(crate) fn new(inner: Arc<dyn TelegramApi>, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }

    async fn timed<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, TelegramError>>,
    ) -> Result<T, TelegramError> {
        let begun = Instant::now();
        let result = call.await;
        let outcome = result.as_ref().map_or_else(outcome, |_| "ok");
        self.metrics.observe(&TELEGRAM_REQUEST_SECONDS, &[method, outcome], begun.elapsed());
        if let Err(error) = &result
            && let FailureClass::Limited { retry_after } = error.class()
        {
            self.metrics.observe(&TELEGRAM_LIMITED_SECONDS, &[method], retry_after.unwrap_or_default());
        }
        result
    }
}

fn outcome(error: &TelegramError) -> &'static str {
    match error {
        TelegramError::Unreachable => "unreachable",
        TelegramError::MessageGone | TelegramError::PressExpired | TelegramError::UnknownFile => "gone",
        error => match error.class() {
            FailureClass::Limited { .. } => "limited",
            _ => "failed",
        },
    }
}

#[async_trait]
impl TelegramApi for MeasuredTelegram {
    async fn identity(&self) -> Result<BotIdentity, TelegramError> {
        self.timed("getMe", self.inner.identity()).await
    }

    /// Not recorded: it waits for as long as nobody writes.
    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError> {
        self.inner.updates(from, patience).await
    }

    async fn set_webhook(&self, webhook: &Webhook) -> Result<(), TelegramError> {
        self.timed("setWebhook", self.inner.set_webhook(webhook)).await
    }

    async fn remove_webhook(&self) -> Result<(), TelegramError> {
        self.timed("deleteWebhook", self.inner.remove_webhook()).await
    }

    async fn list_commands(
        &self,
        language: Option<Language>,
        commands: &[CommandEntry],
    ) -> Result<(), TelegramError> {
        self.timed("setMyCommands", self.inner.list_commands(language, commands)).await
    }

    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError> {
        self.timed("sendMessage", self.inner.send_message(chat, message)).await
    }

    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError> {
        self.timed("editMessageText", self.inner.edit_message(chat, id, message)).await
    }

    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        self.timed("editMessageReplyMarkup", self.inner.edit_keyboard(chat, id, keyboard)).await
    }

    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError> {
        self.timed("sendPhoto", self.inner.send_photo(chat, photo)).await
    }

    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        self.timed("editMessageMedia", self.inner.edit_into_photo(chat, id, photo)).await
    }

    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError> {
        self.timed("sendMediaGroup", self.inner.send_album(chat, photos)).await
    }

    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError> {
        self.timed("sendDocument", self.inner.send_document(chat, document)).await
    }

    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        self.timed("deleteMessage", self.inner.delete_message(chat, id)).await
    }

    async fn show_activity(&self, chat: ChatId, activity: Activity) -> Result<(), TelegramError> {
        self.timed("sendChatAction", self.inner.show_activity(chat, activity)).await
    }

    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError> {
        self.timed("answerCallbackQuery", self.inner.answer_press(press, answer)).await
    }

    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError> {
        self.timed("getFile", self.inner.fetch_file(file, limit)).await
    }

    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError> {
        self.timed("leaveChat", self.inner.leave(chat)).await
    }
}
