//! Flood control: buckets that refill, one for the whole bot and one for each chat.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Chats whose buckets are remembered; full buckets are forgotten first.
const MOST_BUCKETS: usize = 10_000;

/// How much a bot may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendLimits {
    /// Messages a second over all chats.
    pub per_second: u32,
    /// Messages that one chat takes at once before it falls back to one a second.
    pub chat_burst: u32,
}

impl Default for SendLimits {
    fn default() -> Self {
        Self { per_second: 30, chat_burst: 20 }
    }
}

/// Counts what a bot sends; without limits it counts nothing.
#[derive(Debug, Default)]
pub struct SendLimiter {
    limits: Option<SendLimits>,
    overall: Option<Bucket>,
    chats: BTreeMap<i64, Bucket>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it will be full again.
    full_at: Instant,
}

impl SendLimiter {
    /// Sets the limits; none lifts them.
    pub fn set(&mut self, limits: Option<SendLimits>) {
        *self = Self { limits, ..Self::default() };
    }

    /// The limits in force.
    pub const fn limits(&self) -> Option<SendLimits> {
        self.limits
    }

    /// Counts `messages` to a chat.
    ///
    /// # Errors
    /// Whole seconds to wait when it is too much; then nothing is counted.
    pub fn admit(&mut self, chat_id: i64, messages: u32, now: Instant) -> Result<(), u64> {
        let Some(limits) = self.limits else { return Ok(()) };
        let per_message = Duration::from_secs(1) / limits.per_second.max(1);
        let empty = Bucket { full_at: now };
        let overall = self.overall.unwrap_or(empty).filled(now, per_message * messages);
        let chat = self.chats.get(&chat_id).copied().unwrap_or(empty);
        let chat = chat.filled(now, Duration::from_secs(u64::from(messages)));
        let excess = overall
            .excess(now, Duration::from_secs(1))
            .max(chat.excess(now, Duration::from_secs(u64::from(limits.chat_burst.max(1)))));
        if !excess.is_zero() {
            return Err(excess.as_secs() + 1);
        }
        self.overall = Some(overall);
        self.chats.insert(chat_id, chat);
        if self.chats.len() > MOST_BUCKETS {
            self.chats.retain(|_, bucket| bucket.full_at > now);
        }
        Ok(())
    }
}

impl Bucket {
    fn filled(self, now: Instant, cost: Duration) -> Self {
        Self { full_at: self.full_at.max(now) + cost }
    }

    /// By how much the bucket is past what it holds.
    fn excess(self, now: Instant, capacity: Duration) -> Duration {
        self.full_at.saturating_duration_since(now).saturating_sub(capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_limits_everything_passes() {
        let mut limiter = SendLimiter::default();
        let now = Instant::now();
        assert!((0..1_000).all(|_| limiter.admit(1, 1, now).is_ok()));
    }

    #[test]
    fn a_chat_takes_a_burst_and_then_one_a_second() {
        let mut limiter = SendLimiter::default();
        limiter.set(Some(SendLimits { per_second: 30, chat_burst: 3 }));
        let now = Instant::now();
        assert!((0..3).all(|_| limiter.admit(1, 1, now).is_ok()));
        assert_eq!(limiter.admit(1, 1, now), Err(2));
        assert_eq!(limiter.admit(2, 1, now), Ok(()));
        assert_eq!(limiter.admit(1, 1, now + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn the_bot_as_a_whole_has_a_limit() {
        let mut limiter = SendLimiter::default();
        limiter.set(Some(SendLimits { per_second: 10, chat_burst: 3 }));
        let now = Instant::now();
        assert!((0..10).all(|chat| limiter.admit(chat, 1, now).is_ok()));
        assert_eq!(limiter.admit(99, 1, now), Err(1));
    }
}
