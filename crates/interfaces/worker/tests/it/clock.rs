//! The clock of the paused time.

use kernel::{Clock, Timestamp};
use tokio::time::Instant;

/// Shows the time of the runtime, which goes on when everybody waits.
#[derive(Debug, Clone, Copy)]
pub struct RuntimeClock {
    started: Instant,
}

impl RuntimeClock {
    /// A clock that starts some day in 2026.
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_795_478_400) + self.started.elapsed()
    }
}
