//! What is read of an update's JSON. Fields that are not needed here are not looked at, so that a new kind of content
//! never makes an update unreadable.

use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Debug, Deserialize)]
pub(super) struct WireUpdate {
    #[serde(default)]
    pub(super) update_id: i64,
    pub(super) message: Option<WireMessage>,
    pub(super) callback_query: Option<WireCallbackQuery>,
    pub(super) my_chat_member: Option<WireMembership>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireUser {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) is_bot: bool,
    pub(super) language_code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireChat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireEntity {
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// In UTF-16 units.
    pub(super) offset: usize,
    /// In UTF-16 units.
    pub(super) length: usize,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireMessage {
    pub(super) message_id: i64,
    /// 0 for a message that the bot cannot see any more.
    #[serde(default)]
    pub(super) date: i64,
    pub(super) chat: WireChat,
    pub(super) from: Option<WireUser>,
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) entities: Vec<WireEntity>,
    pub(super) caption: Option<String>,
    pub(super) media_group_id: Option<String>,
    pub(super) photo: Option<Vec<WireFile>>,
    pub(super) document: Option<WireFile>,
    pub(super) voice: Option<WireFile>,
    pub(super) audio: Option<WireFile>,
    pub(super) video_note: Option<WireFile>,
    pub(super) video: Option<IgnoredAny>,
    pub(super) animation: Option<IgnoredAny>,
    pub(super) sticker: Option<IgnoredAny>,
    pub(super) contact: Option<IgnoredAny>,
    pub(super) location: Option<IgnoredAny>,
    pub(super) venue: Option<IgnoredAny>,
    pub(super) poll: Option<IgnoredAny>,
    pub(super) dice: Option<IgnoredAny>,
    pub(super) story: Option<IgnoredAny>,
}

/// A file of any kind, or one size of a photo.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WireFile {
    #[serde(default)]
    pub(super) file_id: String,
    #[serde(default)]
    pub(super) file_unique_id: String,
    /// In bytes.
    pub(super) file_size: Option<u64>,
    pub(super) mime_type: Option<String>,
    /// In seconds.
    pub(super) duration: Option<u64>,
    /// In pixels.
    #[serde(default)]
    pub(super) width: u64,
    /// In pixels.
    #[serde(default)]
    pub(super) height: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireCallbackQuery {
    pub(super) id: String,
    pub(super) from: WireUser,
    pub(super) message: Option<WireMessage>,
    pub(super) data: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireMembership {
    pub(super) chat: WireChat,
    pub(super) from: WireUser,
    pub(super) new_chat_member: WireMember,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireMember {
    pub(super) status: String,
}
