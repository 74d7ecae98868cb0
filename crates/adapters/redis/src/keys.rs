//! The names under which things are kept.

use std::fmt::Display;

use account::TelegramUserId;
use kernel::{AccountId, Action, ChatId, Lane, Urgency};

use crate::KeyPrefix;

/// Makes keys.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    prefix: KeyPrefix,
}

impl Keys {
    pub(crate) const fn new(prefix: KeyPrefix) -> Self {
        Self { prefix }
    }

    /// A balance for display.
    pub(crate) fn balance(&self, account: AccountId) -> String {
        self.key(format_args!("balance:{account}"))
    }

    /// The highest version of a balance that was offered lately.
    pub(crate) fn balance_version(&self, account: AccountId) -> String {
        self.key(format_args!("balance-version:{account}"))
    }

    /// An account by messenger id.
    pub(crate) fn profile(&self, telegram_user: TelegramUserId) -> String {
        self.key(format_args!("profile:{telegram_user}"))
    }

    /// Where a conversation stands.
    pub(crate) fn dialogue(&self, chat: ChatId) -> String {
        self.key(format_args!("dialogue:{chat}"))
    }

    /// What a conversation has spent of an action's limit.
    pub(crate) fn limit(&self, chat: ChatId, action: Action) -> String {
        self.key(format_args!("limit:{}:{chat}", action.as_str()))
    }

    /// When a lane is drained.
    pub(crate) fn lane(&self, lane: Lane) -> String {
        match lane {
            Lane::Everybody => self.key("lane:everybody"),
            Lane::Chat(chat) => self.key(format_args!("lane:chat:{chat}")),
        }
    }

    /// Whose turn it is among the accounts of which wake-ups wait.
    pub(crate) fn waiting_accounts(&self, urgency: Urgency) -> String {
        self.key(format_args!("wake-ups:{}:accounts", urgency_name(urgency)))
    }

    /// The waiting wake-ups of the account whose id follows.
    pub(crate) fn waiting_jobs(&self, urgency: Urgency) -> String {
        self.key(format_args!("wake-ups:{}:jobs:", urgency_name(urgency)))
    }

    /// What idle workers listen to.
    pub(crate) fn bell(&self) -> String {
        self.key("wake-ups:bell")
    }

    /// The number of the next turn.
    pub(crate) fn turn(&self) -> String {
        self.key("wake-ups:turn")
    }

    fn key(&self, name: impl Display) -> String {
        format!("{}{name}", self.prefix)
    }
}

const fn urgency_name(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::PersonWaits => "person-waits",
        Urgency::Background => "background",
    }
}
