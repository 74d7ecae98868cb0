//! How a person is known at the messenger.

use std::fmt;

use kernel::ChatId;
use serde::{Deserialize, Serialize};

/// A person's id at Telegram: up to 52 bits, above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TelegramUserId(i64);

impl TelegramUserId {
    /// Wraps an id that came from Telegram or from storage.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The private conversation with this person, which has the same number.
    pub const fn private_chat(self) -> ChatId {
        ChatId::new(self.0)
    }
}

impl fmt::Display for TelegramUserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}
