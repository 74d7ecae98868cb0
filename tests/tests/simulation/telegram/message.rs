//! Messages of the bot, as a conversation shows them.

use chat::{ButtonAction, CallbackData, FileId, Keyboard, Surface};
use kernel::{ChatId, MessageId};
use serde_json::{Value, json};

/// What a message shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Words.
    Text,
    /// A photo.
    Photo(FileId),
    /// A file.
    Document(FileId),
}

/// A message of the bot.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its number.
    pub id: MessageId,
    /// What it shows.
    pub body: Body,
    /// Its words.
    pub words: String,
    /// Where the first quotation stands.
    pub quotation: Option<(usize, usize)>,
    /// Its buttons.
    pub keyboard: Keyboard,
    /// The album that it is part of.
    pub album: Option<i64>,
}

impl Message {
    /// What its buttons carry.
    pub fn buttons(&self) -> impl Iterator<Item = CallbackData> {
        self.keyboard.buttons().filter_map(|button| match button.action {
            ButtonAction::Press(data) => Some(data),
            ButtonAction::Open(_) => None,
        })
    }

    /// Whether it brought the result of a request: a part of an album, or a photo with the buttons of a result.
    pub fn is_result(&self) -> bool {
        let is_under_a_result = |data: CallbackData| {
            matches!(
                data,
                CallbackData::Mark { surface: Surface::Result, .. }
                    | CallbackData::Unmark { surface: Surface::Result, .. }
            )
        };
        matches!(self.body, Body::Photo(_)) && (self.album.is_some() || self.buttons().any(is_under_a_result))
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
