//! Leaves a failing server alone for a moment, so that not every call waits for it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::RedisFailure;
use crate::failure::Prospect;

/// How long.
const REST: Duration = Duration::from_millis(500);

/// Whether the server is asked.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    until: Mutex<Option<Instant>>,
}

impl Rest {
    /// Lets a call through. When a rest is over one call is, and the others wait for what becomes of it.
    pub(crate) fn admit(&self) -> Result<(), RedisFailure> {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match *until {
            Some(until) if now < until => Err(RedisFailure::Resting),
            Some(_) => {
                *until = Some(now + REST);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes note of what became of a call.
    pub(crate) fn note<T>(&self, outcome: &Result<T, RedisFailure>) {
        let prospect = outcome.as_ref().err().map_or(Prospect::Fair, RedisFailure::prospect);
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *until = match prospect {
            Prospect::Fair => None,
            Prospect::Poor => Some(Instant::now() + REST),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn after_a_failure_one_call_in_a_while_is_let_through_until_one_works() {
        let rest = Rest::default();
        assert!(rest.admit().is_ok());
        rest.note::<()>(&Err(RedisFailure::Slow));
        assert!(rest.admit().is_err());
        tokio::time::advance(REST).await;
        assert!(rest.admit().is_ok());
        assert!(rest.admit().is_err(), "one is enough to find out");
        rest.note(&Ok(()));
        assert!(rest.admit().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_says_nothing_about_the_next_call() {
        let rest = Rest::default();
        rest.note::<()>(&Err(RedisFailure::Full));
        assert!(rest.admit().is_ok());
    }
}
