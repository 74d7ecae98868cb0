//! A clock that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Timestamp};

use crate::suites::Elapse;

/// A clock that stands still until it is moved. Clones are one clock.
#[derive(Debug, Clone)]
pub struct ManualClock {
    micros: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        Self { micros: Arc::new(AtomicI64::new(start.as_micros())) }
    }

    /// Moves it forward.
    pub fn advance(&self, span: Duration) {
        self.micros.store((self.now() + span).as_micros(), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    /// Some day in 2026.
    fn default() -> Self {
        Self::at(Timestamp::from_seconds(1_795_478_400))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Elapse for ManualClock {
    async fn elapse(&self, span: Duration) {
        self.advance(span);
    }
}
