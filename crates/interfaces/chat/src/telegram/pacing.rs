//! When a message may go out, so that Telegram's limits are kept instead of run into.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::ChatId;
use tokio::time::{Instant, sleep_until};

/// Messages that a conversation may get at once before its pace is kept.
const CHAT_BURST: u32 = 5;
/// The pace of one conversation.
const CHAT_PERIOD: Duration = Duration::from_secs(1);
/// Conversations remembered before the idle ones are forgotten.
const REMEMBERED_CHATS: usize = 10_000;

/// How many messages may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// This many a second over all conversations (Telegram allows about 30), and in one conversation one a second after
    /// a burst of five.
    PerSecond(u32),
    /// Any number, as for measurements.
    Unlimited,
}

/// Gives every send its moment. The pace is that of this process.
#[derive(Debug)]
pub(super) struct Throttle {
    overall: Option<Mutex<Lane>>,
    chats: Mutex<BTreeMap<ChatId, Lane>>,
}

impl Throttle {
    /// A throttle that has let nothing through yet.
    pub(super) fn new(pacing: Pacing) -> Self {
        let overall = match pacing {
            Pacing::PerSecond(sends) => {
                let sends = sends.max(1);
                Some(Mutex::new(Lane::new(sends, Duration::from_secs(1) / sends)))
            }
            Pacing::Unlimited => None,
        };
        Self { overall, chats: Mutex::new(BTreeMap::new()) }
    }

    /// Waits until `messages` more may go to `chat`. The conversation's own turn is waited for first, so that a talkative
    /// one takes no room from the others.
    pub(super) async fn admit(&self, chat: ChatId, messages: u32) {
        let Some(overall) = &self.overall else {
            return;
        };
        let turn = {
            let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            if chats.len() >= REMEMBERED_CHATS {
                chats.retain(|_, lane| !lane.is_idle(now));
            }
            chats.entry(chat).or_insert_with(|| Lane::new(CHAT_BURST, CHAT_PERIOD)).reserve(now, messages)
        };
        sleep_until(turn).await;
        let turn = overall.lock().unwrap_or_else(PoisonError::into_inner).reserve(Instant::now(), messages);
        sleep_until(turn).await;
    }

    /// Telegram asked to leave the conversation alone for `pause`.
    pub(super) fn hold_back(&self, chat: ChatId, pause: Duration) {
        if self.overall.is_some() {
            let until = Instant::now() + pause;
            let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
            chats.entry(chat).or_insert_with(|| Lane::new(CHAT_BURST, CHAT_PERIOD)).hold_until(until);
        }
    }
}

/// The generic cell rate algorithm, with reservations.
#[derive(Debug)]
struct Lane {
    period: Duration,
    tolerance: Duration,
    /// When the lane is empty again; `None` before the first send.
    drained: Option<Instant>,
}

impl Lane {
    fn new(burst: u32, period: Duration) -> Self {
        Self { period, tolerance: period * burst.saturating_sub(1), drained: None }
    }

    /// The moment at which the next `messages` may go; the room is taken.
    fn reserve(&mut self, now: Instant, messages: u32) -> Instant {
        let drained = self.drained.map_or(now, |drained| drained.max(now));
        let turn = drained.checked_sub(self.tolerance).map_or(now, |turn| turn.max(now));
        self.drained = Some(drained + self.period * messages.max(1));
        turn
    }

    fn hold_until(&mut self, until: Instant) {
        let full = until + self.tolerance;
        self.drained = Some(self.drained.map_or(full, |drained| drained.max(full)));
    }

    fn is_idle(&self, now: Instant) -> bool {
        self.drained.is_none_or(|drained| drained <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: ChatId = ChatId::new(1);

    async fn seconds_for(throttle: &Throttle, sends: u32, chat: impl Fn(u32) -> ChatId) -> u64 {
        let start = Instant::now();
        for number in 0..sends {
            throttle.admit(chat(number), 1).await;
        }
        start.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn all_conversations_together_keep_the_pace() {
        let throttle = Throttle::new(Pacing::PerSecond(30));
        let seconds = seconds_for(&throttle, 301, |number| ChatId::new(i64::from(number))).await;
        assert_eq!(seconds, 9);
    }

    #[tokio::test(start_paused = true)]
    async fn one_conversation_gets_a_burst_and_then_one_a_second() {
        let throttle = Throttle::new(Pacing::PerSecond(30));
        assert_eq!(seconds_for(&throttle, 5, |_| CHAT).await, 0);
        assert_eq!(seconds_for(&throttle, 3, |_| CHAT).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_talkative_conversation_takes_no_room_from_others() {
        let throttle = Throttle::new(Pacing::PerSecond(30));
        let flood = async {
            for _ in 0..100 {
                throttle.admit(CHAT, 1).await;
            }
        };
        let other = async {
            tokio::time::sleep(Duration::from_secs(10)).await;
            let start = Instant::now();
            throttle.admit(ChatId::new(2), 1).await;
            start.elapsed()
        };
        let ((), waited) = tokio::join!(flood, other);
        assert!(waited < Duration::from_millis(100), "{waited:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_conversation_is_left_alone_as_long_as_telegram_asks() {
        let throttle = Throttle::new(Pacing::PerSecond(30));
        throttle.hold_back(CHAT, Duration::from_secs(7));
        assert_eq!(seconds_for(&throttle, 1, |_| CHAT).await, 7);
        assert_eq!(seconds_for(&throttle, 1, |_| ChatId::new(2)).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits() {
        let throttle = Throttle::new(Pacing::Unlimited);
        assert_eq!(seconds_for(&throttle, 10_000, |_| CHAT).await, 0);
    }
}
