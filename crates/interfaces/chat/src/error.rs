//! Why an update could not be handled.

use account::PrivacyError;
use avatar::{AvatarError, OrderError};
use balance::{BalanceError, LedgerError};
use generation::{AdvanceError, RequestError};
use kernel::{FailureClass, ImagingError, ObjectStoreError, PersonalDataError, StoreError};
use thiserror::Error;

use crate::inbound::NotAnUpdate;
use crate::telegram::TelegramError;

/// Why an update could not be handled. What a person can do something about is no error: they are told.
#[derive(Debug, Error)]
pub enum HandlerError {
    /// Nobody can read it.
    #[error(transparent)]
    Unreadable(#[from] NotAnUpdate),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Telegram failed.
    #[error(transparent)]
    Telegram(#[from] TelegramError),
    /// A request could not be taken.
    #[error("a request could not be taken")]
    Request(#[source] RequestError),
    /// A balance could not be changed.
    #[error("a balance could not be changed")]
    Balance(#[from] BalanceError),
    /// A request could not be taken back.
    #[error("a request could not be taken back")]
    Cancel(#[source] AdvanceError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// An image could not be worked on.
    #[error(transparent)]
    Imaging(#[from] ImagingError),
    /// An avatar could not be changed.
    #[error("an avatar could not be changed")]
    Avatar(#[source] AvatarError),
    /// A training could not be ordered.
    #[error("a training could not be ordered")]
    Order(#[source] OrderError),
    /// What is kept of a person could not be dealt with.
    #[error(transparent)]
    PersonalData(#[from] PersonalDataError),
    /// A person's wish about their data could not be taken.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// A mistake of ours stopped the handler.
    #[error("the handler panicked")]
    Panicked,
}

impl HandlerError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error)
            | Self::Request(RequestError::Store(error) | RequestError::Ledger(LedgerError::Store(error)))
            | Self::Order(OrderError::Store(error) | OrderError::Ledger(LedgerError::Store(error)))
            | Self::Balance(BalanceError::Store(error)) => error.class(),
            Self::Avatar(error) => error.class(),
            Self::Telegram(error) => error.class(),
            Self::Cancel(error) => error.class(),
            Self::Objects(error) => error.class(),
            Self::PersonalData(error) => error.class(),
            Self::Privacy(error) => error.class(),
            Self::Unreadable(_)
            | Self::Request(_)
            | Self::Order(_)
            | Self::Balance(_)
            | Self::Imaging(_)
            | Self::Panicked => FailureClass::Bug,
        }
    }

    /// Whether it may work later.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.class(),
            FailureClass::Unavailable
                | FailureClass::Limited { .. }
                | FailureClass::Conflict
                | FailureClass::Misconfigured
        )
    }

    /// Whether the person is gone, so that there is nobody to handle it for.
    pub const fn is_unreachable(&self) -> bool {
        matches!(self, Self::Telegram(TelegramError::Unreachable))
    }

    /// A word for counting equal failures; no person's data.
    pub fn code(&self) -> String {
        match self {
            Self::Unreadable(_) => "unreadable".to_owned(),
            Self::Store(error) => format!("store-{}", store_code(error)),
            Self::Telegram(error) => format!("telegram-{}", error.code()),
            Self::Request(RequestError::Store(error) | RequestError::Ledger(LedgerError::Store(error))) => {
                format!("request-{}", store_code(error))
            }
            Self::Request(_) => "request".to_owned(),
            Self::Balance(BalanceError::Store(error)) => format!("balance-{}", store_code(error)),
            Self::Balance(_) => "balance".to_owned(),
            Self::Avatar(_) => "avatar".to_owned(),
            Self::Order(OrderError::Store(error)) => format!("order-{}", store_code(error)),
            Self::Order(_) => "order".to_owned(),
            Self::Cancel(_) => "cancel".to_owned(),
            Self::Objects(_) => "objects".to_owned(),
            Self::Imaging(_) => "imaging".to_owned(),
            Self::PersonalData(_) => "personal-data".to_owned(),
            Self::Privacy(_) => "privacy".to_owned(),
            Self::Panicked => "panic".to_owned(),
        }
    }
}

const fn store_code(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) => "unavailable",
        StoreError::Contended(_) => "contended",
        StoreError::Conflict { .. } => "conflict",
        StoreError::Superseded { .. } => "superseded",
        StoreError::Poisoned => "poisoned",
        StoreError::Inconsistent { .. } => "inconsistent",
        StoreError::Bug(_) => "bug",
    }
}

/// The error with its causes, one after the other.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = inner.source();
    }
    text
}
