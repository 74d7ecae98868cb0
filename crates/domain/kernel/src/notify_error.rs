//! Why a message did not get through.

use thiserror::Error;

use crate::{FailureClass, ProviderError};

/// A message did not get through.
#[derive(Debug, Error)]
pub enum NotifyError {
    /// The person blocked the bot or is gone. Trying again is useless.
    #[error("the person cannot be reached")]
    Unreachable,
    /// The messenger failed; its class and outcome say how.
    #[error(transparent)]
    Failed(#[from] ProviderError),
}

impl NotifyError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Unreachable => FailureClass::NotFound,
            Self::Failed(error) => error.class,
        }
    }
}
