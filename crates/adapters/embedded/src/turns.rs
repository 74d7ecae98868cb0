//! Turns in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Lane, Limit, Turns, TurnsError};
use tokio::time::Instant;

/// Lanes remembered before the idle ones are forgotten.
const REMEMBERED_LANES: usize = 10_000;

/// Hands out turns by the generic cell rate algorithm with reservations. The pace is that of this process.
#[derive(Debug, Default)]
pub struct LocalTurns {
    /// When each lane is drained.
    drained: Mutex<BTreeMap<Lane, Instant>>,
}

impl LocalTurns {
    /// Turns of which none is taken yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `fill` say when the lane is drained from when it would be now.
    fn fill<T>(&self, lane: Lane, fill: impl FnOnce(Instant, &mut Instant) -> T) -> T {
        let now = Instant::now();
        let mut drained = self.drained.lock().unwrap_or_else(PoisonError::into_inner);
        if drained.len() >= REMEMBERED_LANES {
            drained.retain(|_, drained| *drained > now);
        }
        let drained = drained.entry(lane).or_insert(now);
        *drained = (*drained).max(now);
        fill(now, drained)
    }
}

#[async_trait]
impl Turns for LocalTurns {
    async fn take(&self, lane: Lane, count: u32, pace: Limit) -> Result<Duration, TurnsError> {
        Ok(self.fill(lane, |now, drained| {
            let wait = drained.duration_since(now).saturating_sub(ahead(pace));
            *drained += pace.period.saturating_mul(count.max(1));
            wait
        }))
    }

    async fn hold_back(&self, lane: Lane, pause: Duration, pace: Limit) -> Result<(), TurnsError> {
        self.fill(lane, |now, drained| *drained = (*drained).max(now + pause + ahead(pace)));
        Ok(())
    }
}

/// How far ahead of its turns a lane may be filled.
fn ahead(pace: Limit) -> Duration {
    pace.period.saturating_mul(pace.burst.saturating_sub(1))
}
