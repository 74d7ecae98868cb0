//! Ids that carry a node's time, and chance out of the seed.

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Clock, IdSource};
use uuid::Uuid;

use crate::chance::Chance;

struct Inner {
    chance: Chance,
    last: u64,
}

/// The ids of a node in one of its lives.
pub struct NodeIds {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
}

impl NodeIds {
    /// Ids with the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>, chance: Chance) -> Self {
        Self { clock, inner: Mutex::new(Inner { chance, last: 0 }) }
    }
}

impl IdSource for NodeIds {
    fn uuid(&self) -> Uuid {
        let now = u64::try_from(self.clock.now().as_micros() / 1000).expect("a time after 1970");
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Ids of one source sort as they were made.
        inner.last = now.max(inner.last + 1);
        let mut random = [0; 10];
        inner.chance.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(inner.last, &random).into_uuid()
    }

    fn random(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).chance.bits()
    }
}
