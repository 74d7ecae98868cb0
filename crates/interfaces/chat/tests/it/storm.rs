//! Weather that a test makes when it wants it.

use std::sync::{Arc, Mutex, PoisonError};

use testkit::weather::{Fate, Weather};

/// Fair until it is told to strike. Clones are one.
#[derive(Clone, Default)]
pub struct Storm {
    next: Arc<Mutex<Option<Strike>>>,
}

#[derive(Clone, Copy)]
struct Strike {
    port: &'static str,
    fate: Fate,
    left: u32,
}

impl Storm {
    /// The next `times` calls of `port` have this fate.
    pub fn strike(&self, port: &'static str, fate: Fate, times: u32) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(Strike { port, fate, left: times });
    }

    /// Whether everything that was to strike has struck.
    pub fn is_over(&self) -> bool {
        self.next.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}

impl Weather for Storm {
    fn fate(&self, port: &'static str) -> Fate {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        match *next {
            Some(strike) if strike.port == port => {
                *next = (strike.left > 1).then_some(Strike { left: strike.left - 1, ..strike });
                strike.fate
            }
            _ => Fate::Fair,
        }
    }

    fn die(&self) {}
}
