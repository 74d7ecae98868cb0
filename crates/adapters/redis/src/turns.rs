//! Turns by the server's clock.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::Script;
use kernel::{Lane, Limit, Turns, TurnsError};

use crate::time_span::micros;
use crate::{RedisFailure, RedisServer};

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/take_turns.lua")));
static HOLD_BACK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/hold_back.lua")));

/// Hands out turns by the generic cell rate algorithm with reservations, for all processes, in one call each.
pub struct RedisTurns {
    server: RedisServer,
}

impl RedisTurns {
    /// Turns on this server.
    pub const fn new(server: RedisServer) -> Self {
        Self { server }
    }
}

#[async_trait]
impl Turns for RedisTurns {
    async fn take(&self, lane: Lane, count: u32, pace: Limit) -> Result<Duration, TurnsError> {
        let mut take = TAKE.key(self.server.keys().lane(lane));
        take.arg(micros(pace.period)).arg(pace.burst.max(1)).arg(count.max(1));
        self.server.script(&take).await.map(Duration::from_micros).map_err(away)
    }

    async fn hold_back(&self, lane: Lane, pause: Duration, pace: Limit) -> Result<(), TurnsError> {
        let mut hold_back = HOLD_BACK.key(self.server.keys().lane(lane));
        hold_back.arg(micros(pace.period)).arg(pace.burst.max(1)).arg(micros(pause));
        self.server.script::<()>(&hold_back).await.map_err(away)
    }
}

fn away(failure: RedisFailure) -> TurnsError {
    TurnsError(failure.boxed())
}
