//! Keeps updates that Telegram brings, one at a time, before they are acknowledged.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Inbox, StoreError};
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::InboxBell;
use super::event::inbound_update;

/// For how long the number of waiting updates is believed.
const DEPTH_LASTS: Duration = Duration::from_secs(1);

/// Why an update was not kept. Telegram brings it again.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// It is not JSON, which Telegram does not send.
    #[error("it is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// Too many updates wait to be handled.
    #[error("{waiting} updates wait to be handled, more than are allowed to")]
    Full {
        /// How many wait.
        waiting: u64,
    },
    /// The inbox failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in what a webhook receives.
pub struct InboxIntake {
    inbox: Arc<dyn Inbox>,
    bell: InboxBell,
    most_waiting: u64,
    depth: Mutex<Depth>,
}

/// How many updates wait, as far as is known.
#[derive(Debug, Default)]
struct Depth {
    waiting: u64,
    looked_at: Option<Instant>,
}

impl InboxIntake {
    /// An intake into this inbox, in which so many updates may wait.
    pub fn new(inbox: Arc<dyn Inbox>, bell: InboxBell, most_waiting: u64) -> Self {
        Self { inbox, bell, most_waiting, depth: Mutex::default() }
    }

    /// Keeps an update. When it returns without an error, the update is kept for good; one that was there before changes
    /// nothing. JSON that is no update is told to the log and passed over: it would come again for ever.
    ///
    /// # Errors
    /// When it was not kept.
    pub async fn take_in(&self, body: &[u8]) -> Result<(), IntakeError> {
        let body: Value = serde_json::from_slice(body).map_err(IntakeError::NotJson)?;
        let update = match inbound_update(&body) {
            Ok(update) => update,
            Err(error) => {
                tracing::error!(%error, "an update cannot be kept");
                return Ok(());
            }
        };
        self.make_room().await?;
        let chat = update.chat;
        let fresh = self.inbox.accept(&[update]).await?;
        tracing::debug!(fresh, "an update was kept");
        self.bell.ring([chat]);
        Ok(())
    }

    /// Counts one more update, if one more may wait.
    async fn make_room(&self) -> Result<(), IntakeError> {
        let mut depth = self.depth.lock().await;
        if depth.looked_at.is_none_or(|at| at.elapsed() >= DEPTH_LASTS) {
            depth.waiting = self.inbox.depth().await?;
            depth.looked_at = Some(Instant::now());
        }
        if depth.waiting >= self.most_waiting {
            return Err(IntakeError::Full { waiting: depth.waiting });
        }
        depth.waiting += 1;
        Ok(())
    }
}
