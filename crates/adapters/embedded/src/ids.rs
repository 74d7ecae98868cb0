//! Ids and chance from the operating system.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Clock, IdSource};
use rand::Rng;
use uuid::{ContextV7, Timestamp, Uuid};

/// Makes time-ordered ids and unpredictable numbers.
///
/// Ids made within one millisecond, or while the clock steps back, are kept in order by a counter within the id.
pub struct SystemIds {
    clock: Arc<dyn Clock>,
    counter: Mutex<ContextV7>,
}

impl SystemIds {
    /// A source whose ids carry the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, counter: Mutex::new(ContextV7::new()) }
    }
}

impl IdSource for SystemIds {
    fn uuid(&self) -> Uuid {
        let counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        let micros = u64::try_from(self.clock.now().as_micros()).unwrap_or(0);
        let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&*counter, micros / 1_000_000, nanos))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place where chance enters the program")]
    fn random(&self) -> u64 {
        // A cryptographically secure generator that the operating system seeds and reseeds.
        rand::rng().next_u64()
    }
}
