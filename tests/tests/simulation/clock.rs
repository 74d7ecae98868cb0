//! Simulated time. It goes on through all lives of the program; each node's own clock may be wrong.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{Clock, Timestamp};
use tokio::time::Instant;

/// When every simulation begins: some day in 2026.
pub const START: Timestamp = Timestamp::from_seconds(1_795_478_400);

#[derive(Debug, Default)]
struct Reading {
    /// Spent in earlier lives of the program and between them.
    past: Duration,
    /// When the present life began, by the paused clock of its runtime.
    began: Option<Instant>,
}

/// Simulated time. Clones are one clock; the database's is this one.
#[derive(Debug, Clone, Default)]
pub struct SimulatedClock {
    reading: Arc<Mutex<Reading>>,
}

impl SimulatedClock {
    /// Time since the simulation began.
    pub fn elapsed(&self) -> Duration {
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        reading.past + reading.began.map_or(Duration::ZERO, |began| began.elapsed())
    }

    /// A life of the program begins, in the runtime in which this is called.
    pub fn begin_life(&self) {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).began = Some(Instant::now());
    }

    /// A life of the program is over, in the runtime in which this is called.
    pub fn end_life(&self) {
        let elapsed = self.elapsed();
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = Reading { past: elapsed, began: None };
    }

    /// Nobody is alive for `span`.
    pub fn skip(&self, span: Duration) {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).past += span;
    }

    /// Waits until so much time has passed since the simulation began.
    pub async fn wait_until(&self, elapsed: Duration) {
        tokio::time::sleep(elapsed.saturating_sub(self.elapsed())).await;
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        START + self.elapsed()
    }
}

/// The clock of one node, which is wrong by a constant.
#[derive(Debug, Clone)]
pub struct SkewedClock {
    /// The right time.
    pub right: SimulatedClock,
    /// By how many seconds it is ahead.
    pub ahead: i64,
}

impl Clock for SkewedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.right.now().as_micros() + self.ahead * 1_000_000)
    }
}
