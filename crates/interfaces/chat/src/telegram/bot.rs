//! The port over teloxide's client.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use kernel::{ChatId, Language, MessageId, UpdateId};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use teloxide_core::net::Download as _;
use teloxide_core::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters as _, DeleteMessage, DeleteWebhook, EditMessageMedia,
    EditMessageMediaSetters as _, EditMessageReplyMarkup, EditMessageReplyMarkupSetters as _,
    EditMessageText, EditMessageTextSetters as _, GetFile, GetMe, LeaveChat, SendChatAction, SendDocument,
    SendDocumentSetters as _, SendMediaGroup, SendMessage, SendMessageSetters as _, SendPhoto,
    SendPhotoSetters as _, SetMyCommands, SetMyCommandsSetters as _, SetWebhook, SetWebhookSetters as _,
};
use teloxide_core::requests::{JsonRequest, MultipartPayload, MultipartRequest, Payload, Request as _};
use teloxide_core::types::{
    AllowedUpdate, BotCommand, CallbackQueryId, ChatAction, ChatId as WireChatId, FileId as WireFileId,
    InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia, InputMediaPhoto, LinkPreviewOptions,
    MessageId as WireMessageId, ParseMode,
};
use teloxide_core::{Bot, RequestError};
use thiserror::Error;
use url::Url;

use super::refusal::{meaning, unless_unmodified};
use super::request::{AnyAnswer, GetUpdates, IdentityAnswer, MessageAnswer, Narrow, StoredFileAnswer};
use super::{
    Activity, AlbumPhoto, BotIdentity, Button, ButtonAction, CommandEntry, DocumentMessage, FileId,
    FileSource, Keyboard, PhotoMessage, PressAnswer, PressId, RawUpdate, SentMessage, TelegramApi,
    TelegramError, TextMessage, Webhook,
};

/// The kinds of updates that are asked for. Edited messages are not among them: what was asked for is not changed by
/// editing the words afterwards.
const WANTED_UPDATES: &[&str] = &["message", "callback_query", "my_chat_member"];
/// The same for a webhook.
const WEBHOOK_UPDATES: &[AllowedUpdate] =
    &[AllowedUpdate::Message, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// How long calls may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TelegramTimeouts {
    /// Connecting.
    pub connect: Duration,
    /// A call as a whole, uploads included.
    pub call: Duration,
    /// What a poll for updates may take beyond its own patience.
    pub poll_margin: Duration,
    /// The longest patience of a poll for updates.
    pub longest_poll: Duration,
}

impl Default for TelegramTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Duration::from_mins(1),
            poll_margin: Duration::from_secs(15),
            longest_poll: Duration::from_secs(50),
        }
    }
}

/// The client could not be built.
#[derive(Debug, Error)]
#[error("the client for telegram cannot be built: {0}")]
pub struct TelegramBotError(String);

/// Telegram over HTTP.
///
/// After a server error teloxide waits 10 s before it reports it; the timeouts count from the call all the same.
pub struct TelegramBot {
    calls: Bot,
    polls: Bot,
}

impl TelegramBot {
    /// A client for the bot with this token at this address, `https://api.telegram.org` in production.
    ///
    /// # Errors
    /// When the TLS set-up fails.
    pub fn new(
        token: &SecretString,
        api_url: &Url,
        timeouts: TelegramTimeouts,
    ) -> Result<Self, TelegramBotError> {
        let bot = |timeout: Duration| {
            let client = teloxide_core::net::default_reqwest_settings()
                .connect_timeout(timeouts.connect)
                .timeout(timeout)
                .build()
                .map_err(|error| TelegramBotError(error.to_string()))?;
            Ok(Bot::with_client(token.expose_secret(), client).set_api_url(api_url.clone()))
        };
        Ok(Self { calls: bot(timeouts.call)?, polls: bot(timeouts.longest_poll + timeouts.poll_margin)? })
    }

    async fn json<P, Answer>(&self, payload: P) -> Result<Answer, RequestError>
    where
        P: Payload + serde::Serialize + Send + 'static,
        Answer: DeserializeOwned + 'static,
    {
        JsonRequest::new(self.calls.clone(), Narrow::<P, Answer>::new(payload)).send().await
    }

    async fn multipart<P, Answer>(&self, payload: P) -> Result<Answer, RequestError>
    where
        P: MultipartPayload + serde::Serialize + Send + 'static,
        Answer: DeserializeOwned + 'static,
    {
        MultipartRequest::new(self.calls.clone(), Narrow::<P, Answer>::new(payload)).send().await
    }

    async fn tell<P>(&self, payload: P) -> Result<(), TelegramError>
    where
        P: Payload + serde::Serialize + Send + 'static,
    {
        self.json::<P, AnyAnswer>(payload).await.map(|_| ()).map_err(|error| meaning(&error))
    }
}

#[async_trait]
impl TelegramApi for TelegramBot {
    async fn identity(&self) -> Result<BotIdentity, TelegramError> {
        let answer: IdentityAnswer = self.json(GetMe::new()).await.map_err(|error| meaning(&error))?;
        Ok(BotIdentity { username: answer.username })
    }

    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError> {
        let request = GetUpdates {
            offset: from.map(UpdateId::get),
            timeout: patience.as_secs(),
            allowed_updates: WANTED_UPDATES,
        };
        let updates =
            JsonRequest::new(self.polls.clone(), request).send().await.map_err(|error| meaning(&error))?;
        Ok(updates.into_iter().filter_map(raw_update).collect())
    }

    async fn set_webhook(&self, webhook: &Webhook) -> Result<(), TelegramError> {
        let payload = SetWebhook::new(webhook.url.clone())
            .secret_token(webhook.secret.expose_secret())
            .max_connections(webhook.connections)
            .allowed_updates(WEBHOOK_UPDATES.iter().copied());
        self.tell(payload).await
    }

    async fn remove_webhook(&self) -> Result<(), TelegramError> {
        self.tell(DeleteWebhook::new()).await
    }

    async fn list_commands(
        &self,
        language: Option<Language>,
        commands: &[CommandEntry],
    ) -> Result<(), TelegramError> {
        let commands = commands.iter().map(|entry| BotCommand::new(entry.command, entry.description.clone()));
        let payload = SetMyCommands::new(commands);
        self.tell(match language {
            Some(language) => payload.language_code(language.tag()),
            None => payload,
        })
        .await
    }

    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError> {
        let payload = SendMessage::new(wire_chat(chat), message.text.as_str())
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        let payload = match markup(&message.keyboard) {
            Some(markup) => payload.reply_markup(markup),
            None => payload,
        };
        sent(self.json(payload).await)
    }

    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError> {
        let payload = EditMessageText::new(wire_chat(chat), wire_message(id)?, message.text.as_str())
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        let payload = match markup(&message.keyboard) {
            Some(markup) => payload.reply_markup(markup),
            None => payload,
        };
        unless_unmodified(self.json::<_, AnyAnswer>(payload).await).map(|_| ())
    }

    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        let payload = EditMessageReplyMarkup::new(wire_chat(chat), wire_message(id)?);
        let payload = match markup(keyboard) {
            Some(markup) => payload.reply_markup(markup),
            None => payload,
        };
        unless_unmodified(self.json::<_, AnyAnswer>(payload).await).map(|_| ())
    }

    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError> {
        let payload = SendPhoto::new(wire_chat(chat), input_file(&photo.photo))
            .caption(photo.caption.as_str())
            .parse_mode(ParseMode::Html);
        let payload = match markup(&photo.keyboard) {
            Some(markup) => payload.reply_markup(markup),
            None => payload,
        };
        sent(self.multipart(payload).await)
    }

    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        let media = InputMedia::Photo(
            InputMediaPhoto::new(input_file(&photo.photo))
                .caption(photo.caption.as_str())
                .parse_mode(ParseMode::Html),
        );
        let payload = EditMessageMedia::new(wire_chat(chat), wire_message(id)?, media);
        let payload = match markup(&photo.keyboard) {
            Some(markup) => payload.reply_markup(markup),
            None => payload,
        };
        let answer = unless_unmodified(self.multipart::<_, MessageAnswer>(payload).await)?;
        Ok(answer.and_then(|answer| sent_message(answer).photo))
    }

    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError> {
        let media = photos.iter().map(|photo| {
            let media = InputMediaPhoto::new(input_file(&photo.photo));
            InputMedia::Photo(match &photo.caption {
                Some(caption) => media.caption(caption.as_str()).parse_mode(ParseMode::Html),
                None => media,
            })
        });
        let payload = SendMediaGroup::new(wire_chat(chat), media);
        let answers: Vec<MessageAnswer> = self.multipart(payload).await.map_err(|error| meaning(&error))?;
        Ok(answers.into_iter().map(sent_message).collect())
    }

    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError> {
        let payload = SendDocument::new(wire_chat(chat), input_file(&document.document))
            .caption(document.caption.as_str())
            .parse_mode(ParseMode::Html)
            .disable_content_type_detection(true);
        sent(self.multipart(payload).await)
    }

    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError> {
        self.tell(DeleteMessage::new(wire_chat(chat), wire_message(id)?)).await
    }

    async fn show_activity(&self, chat: ChatId, activity: Activity) -> Result<(), TelegramError> {
        let action = match activity {
            Activity::SendingPhoto => ChatAction::UploadPhoto,
            Activity::SendingFile => ChatAction::UploadDocument,
        };
        self.tell(SendChatAction::new(wire_chat(chat), action)).await
    }

    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError> {
        let payload = AnswerCallbackQuery::new(CallbackQueryId(press.0.clone()));
        self.tell(match answer {
            PressAnswer::Silent => payload,
            PressAnswer::Toast(text) => payload.text(text),
            PressAnswer::Alert(text) => payload.text(text).show_alert(true),
        })
        .await
    }

    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError> {
        let stored: StoredFileAnswer =
            self.json(GetFile::new(WireFileId(file.0.clone()))).await.map_err(|error| meaning(&error))?;
        if stored.file_size.is_some_and(|size| size > limit) {
            return Err(TelegramError::FileTooLarge);
        }
        let path = stored.file_path.ok_or(TelegramError::UnknownFile)?;
        let mut pieces = self.calls.download_file_stream(&path);
        let mut bytes = BytesMut::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| match error.status().map(|status| status.as_u16()) {
                Some(404) => TelegramError::UnknownFile,
                // The address of a file holds the token.
                _ => meaning(&RequestError::Network(Arc::new(error.without_url()))),
            })?;
            // What was said of the size need not be true.
            if bytes.len().saturating_add(piece.len()) > limit {
                return Err(TelegramError::FileTooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes.freeze())
    }

    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError> {
        self.tell(LeaveChat::new(wire_chat(chat))).await
    }
}

const fn wire_chat(chat: ChatId) -> WireChatId {
    WireChatId(chat.get())
}

fn wire_message(id: MessageId) -> Result<WireMessageId, TelegramError> {
    i32::try_from(id.get()).map(WireMessageId).map_err(|_| TelegramError::MessageGone)
}

const fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

fn input_file(source: &FileSource) -> InputFile {
    match source {
        FileSource::Known(id) => InputFile::file_id(WireFileId(id.0.clone())),
        FileSource::Upload(upload) => InputFile::memory(upload.bytes.clone()).file_name(upload.name.clone()),
    }
}

fn markup(keyboard: &Keyboard) -> Option<InlineKeyboardMarkup> {
    if keyboard.is_empty() {
        return None;
    }
    let rows = keyboard.rows.iter().map(|row| row.iter().map(wire_button).collect::<Vec<_>>());
    Some(InlineKeyboardMarkup::new(rows))
}

fn wire_button(button: &Button) -> InlineKeyboardButton {
    match &button.action {
        ButtonAction::Press(data) => InlineKeyboardButton::callback(&button.label, data.encode()),
        ButtonAction::Open(url) => InlineKeyboardButton::url(&button.label, url.clone()),
    }
}

/// Without a number an update can neither be kept nor confirmed.
fn raw_update(body: Value) -> Option<RawUpdate> {
    let id = body.get("update_id").and_then(Value::as_i64);
    if id.is_none() {
        tracing::error!("telegram gave an update without a number");
    }
    id.map(|id| RawUpdate { id: UpdateId::new(id), body })
}

fn sent(answer: Result<MessageAnswer, RequestError>) -> Result<SentMessage, TelegramError> {
    answer.map(sent_message).map_err(|error| meaning(&error))
}

fn sent_message(answer: MessageAnswer) -> SentMessage {
    let largest = answer.photo.into_iter().max_by_key(|size| size.width.saturating_mul(size.height));
    SentMessage {
        id: MessageId::new(answer.message_id),
        photo: largest.map(|size| FileId(size.file_id)),
        document: answer.document.map(|file| FileId(file.file_id)),
    }
}
