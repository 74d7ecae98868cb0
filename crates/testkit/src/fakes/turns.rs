//! Turns in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Lane, Limit, Timestamp, Turns, TurnsError};

/// The moments that were given, of every lane the last.
#[derive(Clone)]
pub struct MemoryTurns {
    drained: Arc<Mutex<BTreeMap<Lane, Timestamp>>>,
    clock: Arc<dyn Clock>,
}

impl MemoryTurns {
    /// Turns by the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { drained: Arc::default(), clock }
    }
}

#[async_trait]
impl Turns for MemoryTurns {
    async fn take(&self, lane: Lane, count: u32, pace: Limit) -> Result<Duration, TurnsError> {
        let now = self.clock.now();
        let mut drained = self.drained.lock().unwrap_or_else(PoisonError::into_inner);
        let drained = drained.entry(lane).or_insert(now);
        *drained = (*drained).max(now);
        let turn = drained.before(ahead(pace)).max(now);
        *drained = *drained + pace.period.saturating_mul(count);
        Ok(turn.since(now))
    }

    async fn hold_back(&self, lane: Lane, pause: Duration, pace: Limit) -> Result<(), TurnsError> {
        let full = self.clock.now() + pause + ahead(pace);
        let mut drained = self.drained.lock().unwrap_or_else(PoisonError::into_inner);
        let drained = drained.entry(lane).or_insert(full);
        *drained = (*drained).max(full);
        Ok(())
    }
}

/// How far ahead of its turns a lane may be filled.
fn ahead(pace: Limit) -> Duration {
    pace.period.saturating_mul(pace.burst.saturating_sub(1))
}
