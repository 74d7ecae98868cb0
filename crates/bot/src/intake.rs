//! What the web side receives from Telegram goes to the inbox.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chat::{InboxIntake, IntakeError};
use web::{NotTakenIn, UpdateIntake};

/// When Telegram is to come again while too many updates wait.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The conversations' intake, as the web side knows it.
pub(crate) struct TelegramIntake(pub(crate) InboxIntake);

#[async_trait]
impl UpdateIntake for TelegramIntake {
    async fn take_in(&self, update: Bytes) -> Result<(), NotTakenIn> {
        self.0.take_in(&update).await.map_err(|error| match error {
            IntakeError::NotJson(cause) => NotTakenIn::Malformed(cause.into()),
            IntakeError::Full { .. } => NotTakenIn::Busy { retry_after: RETRY_AFTER },
            IntakeError::Store(cause) => NotTakenIn::Unavailable(cause.into()),
        })
    }
}
