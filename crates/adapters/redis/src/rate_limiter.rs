//! Rate limits by the server's clock.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::Script;
use kernel::{Action, ChatId, Limit, RateLimiter, RateLimiterError, Verdict};

use crate::RedisServer;
use crate::time_span::micros;

static SPEND: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/spend.lua")));

/// Counts actions by the generic cell rate algorithm, for all processes, in one call each.
pub struct RedisRateLimiter {
    server: RedisServer,
}

impl RedisRateLimiter {
    /// A limiter on this server.
    pub const fn new(server: RedisServer) -> Self {
        Self { server }
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn check(&self, chat: ChatId, action: Action, limit: Limit) -> Result<Verdict, RateLimiterError> {
        let mut spend = SPEND.key(self.server.keys().limit(chat, action));
        spend.arg(micros(limit.period)).arg(limit.burst.max(1));
        let wait = self.server.script(&spend).await;
        Ok(match wait.map_err(|failure| RateLimiterError(failure.boxed()))? {
            0 => Verdict::Allowed,
            wait => Verdict::Wait(Duration::from_micros(wait)),
        })
    }
}
