//! What the seeds really met, so that the simulation cannot become a walk in the park unnoticed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what was met. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    counts: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Coverage {
    /// It was met.
    pub fn saw(&self, what: &str) {
        self.saw_times(what, 1);
    }

    /// It was met so many times.
    pub fn saw_times(&self, what: &str, times: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.get_mut(what) {
            Some(count) => *count += times,
            None => drop(counts.insert(what.to_owned(), times)),
        }
    }

    /// Adds what another one counted.
    pub fn add(&self, other: &Self) {
        let others = other.counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (what, times) in others {
            self.saw_times(&what, times);
        }
    }

    /// How often it was met.
    pub fn count(&self, what: &str) -> u64 {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(what).copied().unwrap_or_default()
    }

    /// Everything, one line each.
    pub fn table(&self) -> String {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(what, times)| format!("{times:>8}  {what}")).collect::<Vec<_>>().join("\n")
    }
}
