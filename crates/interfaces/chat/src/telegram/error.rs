//! What can go wrong between us and Telegram, as callers need to tell it apart.

use generation::NotifyError;
use kernel::{CallOutcome, FailureClass, ProviderError};
use thiserror::Error;

/// A call to Telegram failed.
#[derive(Debug, Error)]
pub enum TelegramError {
    /// The person blocked the bot, deleted their account, or the conversation is gone. Trying again is useless.
    #[error("the person cannot be reached")]
    Unreachable,
    /// The message is gone, too old, or of another kind: send a new one.
    #[error("the message cannot be edited or deleted")]
    MessageGone,
    /// The press is too old to be answered.
    #[error("the press is too old to be answered")]
    PressExpired,
    /// Telegram does not know the file id: upload the file again.
    #[error("the file id is not known")]
    UnknownFile,
    /// The file is larger than it may be.
    #[error("the file is too large")]
    FileTooLarge,
    /// Telegram cannot make a photo of the bytes.
    #[error("the photo is not accepted")]
    UnusablePhoto,
    /// Another process asks for updates with the same token.
    #[error("another process asks for updates")]
    OtherPoller,
    /// A webhook is set, so that updates cannot be asked for.
    #[error("a webhook is set")]
    WebhookActive,
    /// Anything else, by its class.
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl TelegramError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Unreachable | Self::MessageGone | Self::PressExpired | Self::UnknownFile => {
                FailureClass::NotFound
            }
            Self::UnusablePhoto | Self::FileTooLarge => FailureClass::Invalid,
            Self::OtherPoller | Self::WebhookActive => FailureClass::Conflict,
            Self::Failed(error) => error.class,
        }
    }

    /// Whether the call may have had its effect.
    pub const fn outcome(&self) -> CallOutcome {
        match self {
            Self::Failed(error) => error.outcome,
            _ => CallOutcome::NotDone,
        }
    }

    /// A word for counting equal failures.
    pub fn code(&self) -> &str {
        match self {
            Self::Unreachable => "unreachable",
            Self::MessageGone => "message-gone",
            Self::PressExpired => "press-expired",
            Self::UnknownFile => "unknown-file",
            Self::FileTooLarge => "file-too-large",
            Self::UnusablePhoto => "unusable-photo",
            Self::OtherPoller => "other-poller",
            Self::WebhookActive => "webhook-active",
            Self::Failed(error) => &error.code,
        }
    }
}

impl From<TelegramError> for NotifyError {
    fn from(error: TelegramError) -> Self {
        match error {
            TelegramError::Unreachable => Self::Unreachable,
            TelegramError::Failed(error) => Self::Failed(error),
            other => Self::Failed(ProviderError::new(other.class(), other.code(), other.to_string())),
        }
    }
}
