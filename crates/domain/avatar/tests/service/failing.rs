//! Weather that strikes the first calls of one port.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use testkit::weather::{Fate, Weather};

/// The first calls of one port fail in one way.
pub struct Failing {
    port: &'static str,
    fate: Fate,
    calls: AtomicU32,
    failures: u32,
}

impl Failing {
    pub fn first(failures: u32, port: &'static str, fate: Fate) -> Arc<Self> {
        Arc::new(Self { port, fate, calls: AtomicU32::new(0), failures })
    }

    pub fn always(port: &'static str) -> Arc<Self> {
        Self::first(u32::MAX, port, Fate::FailsBefore)
    }
}

impl Weather for Failing {
    fn fate(&self, port: &'static str) -> Fate {
        if port == self.port && self.calls.fetch_add(1, Ordering::SeqCst) < self.failures {
            self.fate
        } else {
            Fate::Fair
        }
    }

    fn die(&self) {}
}
