//! Asks Telegram for updates, and confirms them there once they are kept here.

use std::sync::Arc;
use std::time::Duration;

use kernel::{FailureClass, InboundUpdate, Inbox, LeaseName, Leases, UpdateId};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::InboxBell;
use super::event::inbound_update;
use super::lease::whenever_leased;
use crate::handlers::Chat;
use crate::telegram::{RawUpdate, TelegramApi, TelegramError};

/// The first wait after a failure; doubled with each.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest wait after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The least time between two polls that brought nothing, in case the other side does not wait.
const LEAST_IDLE_POLL: Duration = Duration::from_millis(200);

/// How updates are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollerSettings {
    /// How long Telegram waits for the first update before it answers with none: whole seconds, up to 50.
    pub patience: Duration,
}

impl Default for PollerSettings {
    fn default() -> Self {
        Self { patience: Duration::from_secs(25) }
    }
}

/// What the poller needs.
#[derive(Clone)]
pub struct PollerPorts {
    /// Telegram.
    pub telegram: Arc<dyn TelegramApi>,
    /// Where updates are kept.
    pub inbox: Arc<dyn Inbox>,
    /// So that only one process polls.
    pub leases: Arc<dyn Leases>,
    /// Wakes the dispatcher.
    pub bell: InboxBell,
}

/// Polls for updates. Any number of processes may run it: one at a time does.
pub struct Poller {
    ports: PollerPorts,
    chat: Arc<Chat>,
    settings: PollerSettings,
}

impl Poller {
    /// A poller. `chat` lists its commands with Telegram when polling begins.
    pub const fn new(ports: PollerPorts, chat: Arc<Chat>, settings: PollerSettings) -> Self {
        Self { ports, chat, settings }
    }

    /// Polls until `stop`.
    pub async fn run(&self, stop: &CancellationToken) {
        let leases = self.ports.leases.as_ref();
        whenever_leased(leases, LeaseName::Poller, "polling for updates", stop, || self.poll()).await;
    }

    async fn poll(&self) {
        self.prepare().await;
        // Whoever polled before has confirmed what they kept; Telegram knows where to go on.
        let mut next = None;
        let mut failures = 0;
        loop {
            let asked_at = Instant::now();
            match self.take_batch(next).await {
                Ok(Some(after)) => {
                    next = Some(after);
                    failures = 0;
                }
                Ok(None) => {
                    failures = 0;
                    tokio::time::sleep_until(asked_at + LEAST_IDLE_POLL).await;
                }
                Err(wait) => {
                    failures += 1;
                    let usual = FIRST_PAUSE.saturating_mul(1 << failures.min(8)).min(LONGEST_PAUSE);
                    tokio::time::sleep(wait.unwrap_or(usual)).await;
                }
            }
        }
    }

    /// One poll: the number to go on with after a batch. Only what was kept is confirmed by the next poll.
    async fn take_batch(&self, next: Option<UpdateId>) -> Result<Option<UpdateId>, Option<Duration>> {
        let batch = match self.ports.telegram.updates(next, self.settings.patience).await {
            Ok(batch) => batch,
            Err(error) => return Err(self.after_failure(&error).await),
        };
        let Some(last) = batch.iter().map(|update| update.id).max() else {
            return Ok(None);
        };
        let updates: Vec<InboundUpdate> = batch.iter().filter_map(keepable).collect();
        let fresh = self.ports.inbox.accept(&updates).await.map_err(|error| {
            tracing::warn!(%error, "updates could not be kept; telegram will give them again");
            None
        })?;
        tracing::debug!(updates = updates.len(), fresh, "updates were kept");
        self.ports.bell.ring(updates.iter().map(|update| update.chat));
        Ok(Some(UpdateId::new(last.get().saturating_add(1))))
    }

    async fn after_failure(&self, error: &TelegramError) -> Option<Duration> {
        match error {
            TelegramError::WebhookActive => {
                tracing::warn!("a webhook was set; it is removed, because this bot polls");
                self.prepare().await;
            }
            TelegramError::OtherPoller => {
                tracing::error!(
                    "another program asks for this bot's updates: stop it, or give this one another token"
                );
            }
            error if error.class() == FailureClass::Misconfigured => {
                tracing::error!(%error, "telegram refuses the bot");
            }
            error => tracing::warn!(%error, "telegram gave no updates"),
        }
        match error.class() {
            FailureClass::Limited { retry_after } => retry_after,
            _ => None,
        }
    }

    async fn prepare(&self) {
        if let Err(error) = self.ports.telegram.remove_webhook().await {
            tracing::warn!(%error, "a webhook, if any, could not be removed");
        }
        if let Err(error) = self.chat.list_commands().await {
            tracing::warn!(%error, "the commands could not be listed");
        }
    }
}

fn keepable(update: &RawUpdate) -> Option<InboundUpdate> {
    inbound_update(&update.body).inspect_err(|error| tracing::error!(%error, "an update cannot be kept")).ok()
}
