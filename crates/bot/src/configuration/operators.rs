//! `[operators]`

use std::str::FromStr;

use kernel::ChatId;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const CHAT_IDS: Setting =
    Setting::new("operators", "chat_ids", "Telegram ids of people, such as 123456789 or 123456789,987654321");

/// The people who run this installation.
#[derive(Debug, Clone)]
pub struct OperatorsSection {
    /// Their private chats.
    pub chat_ids: Vec<ChatId>,
}

impl OperatorsSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let chat_ids = reader.list::<PersonsChat>(&CHAT_IDS)?.into_iter().map(|chat| chat.0).collect();
        Ok(Self { chat_ids })
    }
}

/// The private chat of a person; a group would have a negative id.
struct PersonsChat(ChatId);

impl FromStr for PersonsChat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse::<i64>() {
            Ok(id) if id > 0 => Ok(Self(ChatId::new(id))),
            _ => Err("no Telegram id of a person"),
        }
    }
}
