//! Has Telegram bring updates to an address, where this installation keeps them.

use std::sync::Arc;
use std::time::Duration;

use kernel::{FailureClass, LeaseName, Leases};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::lease::whenever_leased;
use crate::handlers::Chat;
use crate::telegram::{TelegramApi, TelegramError, Webhook};

/// How often the webhook is set anew, in case somebody else removed it.
const SET_EVERY: Duration = Duration::from_mins(10);
/// The wait after a failure.
const PAUSE: Duration = Duration::from_secs(5);

/// What the keeper of the webhook needs.
#[derive(Clone)]
pub struct WebhookKeeperPorts {
    /// Telegram.
    pub telegram: Arc<dyn TelegramApi>,
    /// So that only one process speaks to Telegram about updates, as with polling: one that polls removes webhooks.
    pub leases: Arc<dyn Leases>,
}

/// Sets the webhook, and keeps it set. Any number of processes may run it: one at a time does. None removes it, so that
/// Telegram goes on delivering while processes come and go.
pub struct WebhookKeeper {
    ports: WebhookKeeperPorts,
    chat: Arc<Chat>,
    webhook: Webhook,
}

impl WebhookKeeper {
    /// A keeper of this webhook. `chat` lists its commands with Telegram when the webhook is set first.
    pub const fn new(ports: WebhookKeeperPorts, chat: Arc<Chat>, webhook: Webhook) -> Self {
        Self { ports, chat, webhook }
    }

    /// Keeps the webhook set until `stop`.
    pub async fn run(&self, stop: &CancellationToken) {
        let leases = self.ports.leases.as_ref();
        whenever_leased(leases, LeaseName::Poller, "keeping the webhook", stop, || self.keep()).await;
    }

    async fn keep(&self) {
        self.set().await;
        if let Err(error) = self.chat.list_commands().await {
            tracing::warn!(%error, "the commands could not be listed");
        }
        loop {
            sleep(SET_EVERY).await;
            self.set().await;
        }
    }

    /// Sets the webhook, however often it takes.
    async fn set(&self) {
        while let Err(error) = self.ports.telegram.set_webhook(&self.webhook).await {
            if error.class() == FailureClass::Misconfigured {
                tracing::error!(%error, "telegram refuses the bot");
            } else {
                tracing::warn!(%error, url = %self.webhook.url, "telegram did not take the webhook; trying again");
            }
            sleep(wait_after(&error)).await;
        }
        tracing::info!(url = %self.webhook.url, "the webhook is set");
    }
}

fn wait_after(error: &TelegramError) -> Duration {
    match error.class() {
        FailureClass::Limited { retry_after: Some(wait) } => wait,
        _ => PAUSE,
    }
}
