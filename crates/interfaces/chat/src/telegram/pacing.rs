//! When a message may go out, so that Telegram's limits are kept instead of run into.

use std::sync::Arc;
use std::time::Duration;

use kernel::{ChatId, Lane, Limit, Turns};

/// Messages that a conversation may get at once before its pace is kept, and the pace.
const CHAT_PACE: Limit = Limit { burst: 5, period: Duration::from_secs(1) };

/// How many messages may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// This many a second over all conversations (Telegram allows about 30), and in one conversation one a second after
    /// a burst of five.
    PerSecond(u32),
    /// Any number, as for measurements.
    Unlimited,
}

/// Gives every send its moment. The pace is that of all who share the turns.
pub(super) struct Throttle {
    turns: Arc<dyn Turns>,
    overall: Option<Limit>,
}

impl Throttle {
    /// A throttle by these turns.
    pub(super) fn new(turns: Arc<dyn Turns>, pacing: Pacing) -> Self {
        let overall = match pacing {
            Pacing::PerSecond(sends) => {
                let sends = sends.max(1);
                Some(Limit { burst: sends, period: Duration::from_secs(1) / sends })
            }
            Pacing::Unlimited => None,
        };
        Self { turns, overall }
    }

    /// Waits until `messages` more may go to `chat`. The conversation's own turn is waited for first, so that a talkative
    /// one takes no room from the others.
    pub(super) async fn admit(&self, chat: ChatId, messages: u32) {
        let Some(overall) = self.overall else {
            return;
        };
        self.wait_for_turn(Lane::Chat(chat), messages, CHAT_PACE).await;
        self.wait_for_turn(Lane::Everybody, messages, overall).await;
    }

    /// Telegram asked to leave the conversation alone for `pause`.
    pub(super) async fn hold_back(&self, chat: ChatId, pause: Duration) {
        if self.overall.is_some()
            && let Err(error) = self.turns.hold_back(Lane::Chat(chat), pause, CHAT_PACE).await
        {
            tracing::warn!(%error, "a pause that telegram asked for is kept by this process alone");
        }
    }

    async fn wait_for_turn(&self, lane: Lane, messages: u32, pace: Limit) {
        match self.turns.take(lane, messages, pace).await {
            Ok(wait) => tokio::time::sleep(wait).await,
            // Telegram says when it is too much.
            Err(error) => tracing::warn!(%error, "a message is sent without waiting for its turn"),
        }
    }
}
