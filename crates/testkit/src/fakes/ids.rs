//! Ids and chance out of a seed.

use std::sync::{Mutex, PoisonError};

use kernel::IdSource;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

/// Ids and chance out of a seed: the same seed gives the same run.
#[derive(Debug)]
pub struct SeededIds {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    chance: ChaCha8Rng,
    millis: u64,
}

impl SeededIds {
    /// A source for a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            inner: Mutex::new(Inner { chance: ChaCha8Rng::seed_from_u64(seed), millis: 1_795_478_400_000 }),
        }
    }
}

impl IdSource for SeededIds {
    fn uuid(&self) -> Uuid {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // A millisecond further with each id, so that they sort as they were made.
        inner.millis += 1;
        let mut random = [0; 10];
        inner.chance.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(inner.millis, &random).into_uuid()
    }

    fn random(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).chance.next_u64()
    }
}
