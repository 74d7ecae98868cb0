//! Rate limits in memory.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Action, ChatId, Clock, Limit, RateLimiter, RateLimiterError, Timestamp, Verdict};

use crate::expiring_map::ExpiringMap;

/// How many conversations' actions are remembered at most; beyond that, those nearest to a clean slate are forgotten.
const CAPACITY: usize = 200_000;

/// Counts actions by the generic cell rate algorithm.
///
/// All that it remembers of a conversation's action is one point in time: when the whole burst will be earned back.
pub struct LocalRateLimiter {
    clock: Arc<dyn Clock>,
    earned_back_at: Mutex<ExpiringMap<(ChatId, Action), Timestamp>>,
}

impl LocalRateLimiter {
    /// A limiter by the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, earned_back_at: Mutex::new(ExpiringMap::new(CAPACITY)) }
    }
}

#[async_trait]
impl RateLimiter for LocalRateLimiter {
    async fn check(&self, chat: ChatId, action: Action, limit: Limit) -> Result<Verdict, RateLimiterError> {
        let key = (chat, action);
        let mut earned_back_at = self.earned_back_at.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        Ok(match spend(earned_back_at.get(key, now).copied(), limit, now) {
            Ok(later) => {
                earned_back_at.insert(key, later, later, now);
                Verdict::Allowed
            }
            Err(wait) => Verdict::Wait(wait),
        })
    }
}

/// When the whole burst will be earned back after one more action, or how long that action has to wait.
fn spend(earned_back_at: Option<Timestamp>, limit: Limit, now: Timestamp) -> Result<Timestamp, Duration> {
    let all_spent = now + limit.period.saturating_mul(limit.burst.max(1));
    // Nothing can be further away than a whole burst, unless the clock was set back meanwhile.
    let earned_back_at = earned_back_at.unwrap_or(now).clamp(now, all_spent);
    let later = earned_back_at + limit.period;
    if later <= all_spent { Ok(later) } else { Err(later.since(all_spent)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { burst: 2, period: Duration::from_secs(10) };

    #[test]
    fn a_long_pause_earns_a_burst_and_no_more() {
        let now = Timestamp::from_seconds(1_000_000);
        let first = spend(Some(Timestamp::from_seconds(5)), LIMIT, now).unwrap();
        let second = spend(Some(first), LIMIT, now).unwrap();
        assert_eq!(spend(Some(second), LIMIT, now), Err(Duration::from_secs(10)));
    }

    #[test]
    fn a_clock_set_back_never_locks_anybody_out_for_longer_than_a_period() {
        let far_ahead = Timestamp::from_seconds(1_000_000);
        let now = Timestamp::from_seconds(100);
        assert_eq!(spend(Some(far_ahead), LIMIT, now), Err(Duration::from_secs(10)));
    }

    #[test]
    fn a_burst_of_none_is_a_burst_of_one() {
        let limit = Limit { burst: 0, ..LIMIT };
        let now = Timestamp::from_seconds(100);
        let later = spend(None, limit, now).unwrap();
        assert_eq!(spend(Some(later), limit, now), Err(LIMIT.period));
    }
}
