//! What this crate asks of Telegram: a narrow port, so that tests and simulations can stand in for the network.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ChatId, Language, MessageId, UpdateId};
use secrecy::SecretString;
use url::Url;

use super::{
    AlbumPhoto, DocumentMessage, FileId, Keyboard, PhotoMessage, SentMessage, TelegramError, TextMessage,
};

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    /// Its username without the `@`, under which people find it.
    pub username: String,
}

/// An update as the messenger gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawUpdate {
    /// The messenger's number.
    pub id: UpdateId,
    /// The update's JSON.
    pub body: serde_json::Value,
}

/// Where the messenger brings updates to.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The address.
    pub url: Url,
    /// What the messenger sends along with each update, so that nobody else can bring any: 1 to 256 of `A-Z`, `a-z`,
    /// `0-9`, `_` and `-`.
    pub secret: SecretString,
    /// How many updates are brought at the same time at most: 1 to 100.
    pub connections: u8,
}

/// A command as the messenger lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandEntry {
    /// The word after the slash.
    pub command: &'static str,
    /// What it does, for people.
    pub description: String,
}

/// What the head of the conversation shows for some seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// A photo is on its way.
    SendingPhoto,
    /// A file is on its way.
    SendingFile,
}

/// The messenger's id of a press of a button; it is to be answered once, and soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressId(pub String);

/// What the person sees right after a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PressAnswer {
    /// Nothing; the button stops spinning.
    Silent,
    /// A line that goes by itself.
    Toast(String),
    /// A box that has to be dismissed.
    Alert(String),
}

/// Speaks to Telegram.
///
/// **Contract**
/// - Edits that would change nothing MUST succeed.
/// - A person who blocked the bot or is gone MUST be `Unreachable`; a message that cannot be edited or deleted any more
///   MUST be `MessageGone`.
/// - A send whose fate is unknown MUST say `CallOutcome::Unknown`, and MUST NOT be repeated by the adapter.
/// - The token MUST NOT appear in any error.
#[async_trait]
pub trait TelegramApi: Send + Sync {
    /// Who the bot is.
    async fn identity(&self) -> Result<BotIdentity, TelegramError>;

    /// Updates from `from` on, which confirms all earlier ones; waits up to `patience` for the first.
    async fn updates(
        &self,
        from: Option<UpdateId>,
        patience: Duration,
    ) -> Result<Vec<RawUpdate>, TelegramError>;

    /// Has updates brought to an address from now on, in place of an earlier one. Waiting updates stay. Repeatable.
    async fn set_webhook(&self, webhook: &Webhook) -> Result<(), TelegramError>;

    /// Removes a webhook, so that updates can be asked for. Waiting updates stay.
    async fn remove_webhook(&self) -> Result<(), TelegramError>;

    /// Lists the commands for people whose Telegram speaks `language`, or for everybody else.
    async fn list_commands(
        &self,
        language: Option<Language>,
        commands: &[CommandEntry],
    ) -> Result<(), TelegramError>;

    /// Sends a message. Not repeatable.
    async fn send_message(&self, chat: ChatId, message: &TextMessage) -> Result<SentMessage, TelegramError>;

    /// Replaces the words and buttons of a message of words.
    async fn edit_message(
        &self,
        chat: ChatId,
        id: MessageId,
        message: &TextMessage,
    ) -> Result<(), TelegramError>;

    /// Replaces the buttons of any message.
    async fn edit_keyboard(
        &self,
        chat: ChatId,
        id: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError>;

    /// Sends a photo. Not repeatable.
    async fn send_photo(&self, chat: ChatId, photo: &PhotoMessage) -> Result<SentMessage, TelegramError>;

    /// Turns a message of words or a photo into this photo; its file id, unless nothing changed.
    async fn edit_into_photo(
        &self,
        chat: ChatId,
        id: MessageId,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError>;

    /// Sends 2 to 10 photos as one album. Not repeatable.
    async fn send_album(
        &self,
        chat: ChatId,
        photos: &[AlbumPhoto],
    ) -> Result<Vec<SentMessage>, TelegramError>;

    /// Sends a file, byte for byte. Not repeatable.
    async fn send_document(
        &self,
        chat: ChatId,
        document: &DocumentMessage,
    ) -> Result<SentMessage, TelegramError>;

    /// Removes a message.
    async fn delete_message(&self, chat: ChatId, id: MessageId) -> Result<(), TelegramError>;

    /// Shows what the bot is doing.
    async fn show_activity(&self, chat: ChatId, activity: Activity) -> Result<(), TelegramError>;

    /// Answers a press.
    async fn answer_press(&self, press: &PressId, answer: &PressAnswer) -> Result<(), TelegramError>;

    /// The bytes of a file that somebody sent, as they were sent; more than `limit` bytes, or than Telegram hands out to
    /// bots, is `FileTooLarge`, and what Telegram no longer has is `UnknownFile`.
    async fn fetch_file(&self, file: &FileId, limit: usize) -> Result<Bytes, TelegramError>;

    /// Leaves a group or channel.
    async fn leave(&self, chat: ChatId) -> Result<(), TelegramError>;
}
