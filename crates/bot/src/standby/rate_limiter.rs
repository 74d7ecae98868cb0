//! Rate limits that go on while the shared ones are away.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Action, ChatId, Limit, RateLimiter, RateLimiterError, Verdict};

use super::Presence;

/// The shared limiter, and one of this process while it is away.
pub(crate) struct StandbyRateLimiter {
    pub(crate) shared: Arc<dyn RateLimiter>,
    pub(crate) own: Arc<dyn RateLimiter>,
    pub(crate) presence: Arc<Presence>,
}

#[async_trait]
impl RateLimiter for StandbyRateLimiter {
    async fn check(&self, chat: ChatId, action: Action, limit: Limit) -> Result<Verdict, RateLimiterError> {
        match self.presence.noted(self.shared.check(chat, action, limit).await) {
            Some(verdict) => Ok(verdict),
            None => self.own.check(chat, action, limit).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use embedded_adapter::{LocalRateLimiter, SystemClock};
    use kernel::BoxError;

    use super::*;

    struct Away;

    #[async_trait]
    impl RateLimiter for Away {
        async fn check(&self, _: ChatId, _: Action, _: Limit) -> Result<Verdict, RateLimiterError> {
            Err(RateLimiterError(BoxError::from("away")))
        }
    }

    #[tokio::test]
    async fn while_the_server_is_away_this_process_keeps_the_limit() {
        let limiter = StandbyRateLimiter {
            shared: Arc::new(Away),
            own: Arc::new(LocalRateLimiter::new(Arc::new(SystemClock))),
            presence: Arc::new(Presence::of("redis")),
        };
        let limit = Limit { burst: 1, period: Duration::from_mins(1) };
        let chat = ChatId::new(1);
        assert_eq!(limiter.check(chat, Action::Write, limit).await.unwrap(), Verdict::Allowed);
        assert!(matches!(limiter.check(chat, Action::Write, limit).await.unwrap(), Verdict::Wait(_)));
    }
}
