//! Weather that strikes some calls of one port.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use testkit::weather::{Fate, Weather};

/// Some calls of one port fail in one way.
pub struct Failing {
    port: &'static str,
    fate: Fate,
    calls: AtomicU32,
    struck: Range<u32>,
}

impl Failing {
    pub fn always(port: &'static str) -> Arc<Self> {
        Self::first(u32::MAX, port, Fate::FailsBefore)
    }

    pub fn first(failures: u32, port: &'static str, fate: Fate) -> Arc<Self> {
        Self::calls(0..failures, port, fate)
    }

    /// Calls are counted from 0.
    pub fn calls(struck: Range<u32>, port: &'static str, fate: Fate) -> Arc<Self> {
        Arc::new(Self { port, fate, calls: AtomicU32::new(0), struck })
    }
}

impl Weather for Failing {
    fn fate(&self, port: &'static str) -> Fate {
        if port == self.port && self.struck.contains(&self.calls.fetch_add(1, Ordering::SeqCst)) {
            self.fate
        } else {
            Fate::Fair
        }
    }

    fn die(&self) {}
}
