//! `[access]`

use std::str::FromStr;

use account::TelegramUserId;
use chat::{AccessMode, AccessPolicy};
use kernel::ChatId;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const MODE: Setting = Setting::new("access", "mode", "open, invite or allow-list");
const ALLOWED: Setting =
    Setting::new("access", "allowed", "Telegram ids of people, such as 123456789 or 123456789,987654321");

/// Who may come in.
#[derive(Debug, Clone)]
pub struct AccessSection {
    mode: AccessMode,
    allowed: Vec<TelegramUserId>,
}

impl AccessSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let allowed = reader.list::<i64>(&ALLOWED)?;
        Ok(Self {
            mode: reader.required::<Mode>(&MODE)?.0,
            allowed: allowed.into_iter().map(TelegramUserId::new).collect(),
        })
    }

    /// Who may come in; operators always may.
    pub fn policy(&self, operators: &[ChatId]) -> AccessPolicy {
        AccessPolicy {
            mode: self.mode,
            allowed: self.allowed.iter().copied().collect(),
            operators: operators.iter().map(|chat| TelegramUserId::new(chat.get())).collect(),
        }
    }
}

struct Mode(AccessMode);

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self(AccessMode::Open)),
            "invite" => Ok(Self(AccessMode::Invite)),
            "allow-list" => Ok(Self(AccessMode::AllowList)),
            _ => Err("no such mode"),
        }
    }
}
