//! Messages as this crate sends them.

use bytes::Bytes;
use kernel::MessageId;

use super::Keyboard;
use crate::words::Html;

/// Telegram's id of a file that it has; only the bot that sent or received the file can use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileId(pub String);

/// A file to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The name that the person sees.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Where a file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// Telegram has it.
    Known(FileId),
    /// It is uploaded.
    Upload(Upload),
}

/// A message of words: 1 to 4096 UTF-16 units without the markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextMessage {
    /// The words.
    pub text: Html,
    /// The buttons.
    pub keyboard: Keyboard,
}

impl TextMessage {
    /// A message without buttons.
    pub const fn plain(text: Html) -> Self {
        Self { text, keyboard: Keyboard::none() }
    }

    /// A message with buttons.
    pub const fn new(text: Html, keyboard: Keyboard) -> Self {
        Self { text, keyboard }
    }
}

/// A photo with words below it: up to 1024 UTF-16 units without the markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoMessage {
    /// The photo: up to 10 MB, width and height together up to 10,000 pixels.
    pub photo: FileSource,
    /// The words below it.
    pub caption: Html,
    /// The buttons.
    pub keyboard: Keyboard,
}

/// One photo of an album. Albums bear no buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumPhoto {
    /// The photo, with the limits of [`PhotoMessage::photo`].
    pub photo: FileSource,
    /// The words; those of the first photo stand below the album.
    pub caption: Option<Html>,
}

/// A file with words below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentMessage {
    /// The file: up to 50 MB.
    pub document: FileSource,
    /// The words below it, with the limit of [`PhotoMessage::caption`].
    pub caption: Html,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// Its number in the conversation.
    pub id: MessageId,
    /// The largest size of its photo, if it is one.
    pub photo: Option<FileId>,
    /// Its file, if it is one.
    pub document: Option<FileId>,
}
