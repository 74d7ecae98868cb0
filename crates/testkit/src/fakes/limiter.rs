//! Rate limits in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Action, ChatId, Clock, Limit, RateLimiter, RateLimiterError, Timestamp, Verdict};

/// The generic cell rate algorithm in memory: per conversation and action, the time at which the bucket is full again.
#[derive(Clone)]
pub struct MemoryRateLimiter {
    full_again: Arc<Mutex<BTreeMap<(ChatId, Action), Timestamp>>>,
    clock: Arc<dyn Clock>,
}

impl MemoryRateLimiter {
    /// A limiter that takes its time from `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { full_again: Arc::default(), clock }
    }
}

#[async_trait]
impl RateLimiter for MemoryRateLimiter {
    async fn check(&self, chat: ChatId, action: Action, limit: Limit) -> Result<Verdict, RateLimiterError> {
        let now = self.clock.now();
        let mut full_again = self.full_again.lock().unwrap_or_else(PoisonError::into_inner);
        let next = full_again.get(&(chat, action)).copied().unwrap_or(now).max(now) + limit.period;
        let allowed_until = now + limit.period.saturating_mul(limit.burst);
        if next > allowed_until {
            return Ok(Verdict::Wait(next.since(allowed_until).max(Duration::from_micros(1))));
        }
        full_again.insert((chat, action), next);
        Ok(Verdict::Allowed)
    }
}
