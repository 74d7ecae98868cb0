//! Requests that are kept waiting until somebody lets them go.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch;

use super::Service;

/// A request that is being kept waiting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRequest {
    /// The server that keeps it.
    pub service: Service,
    /// Method and path.
    pub operation: String,
}

/// The waiting room. Clones share one room.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    waiting: Mutex<BTreeMap<u64, HeldRequest>>,
    next_place: Mutex<u64>,
    /// Counts calls of `release`; a request leaves when it sees another count than at its arrival.
    releases: watch::Sender<u64>,
    population: watch::Sender<usize>,
}

impl Default for Holding {
    fn default() -> Self {
        let (releases, _) = watch::channel(0);
        let (population, _) = watch::channel(0);
        Self {
            shared: Arc::new(Shared {
                waiting: Mutex::default(),
                next_place: Mutex::default(),
                releases,
                population,
            }),
        }
    }
}

impl Holding {
    /// Waits until the next release. Dropping the future (its caller went away) leaves the room too.
    pub(super) async fn wait(&self, request: HeldRequest) {
        let mut releases = self.shared.releases.subscribe();
        let _place = self.enter(request);
        // The sender lives in `self`, so this ends only with a release.
        let _released = releases.changed().await;
    }

    /// Lets every waiting request go, and says how many there were.
    pub(super) fn release(&self) -> usize {
        let waiting = self.waiting().len();
        self.shared.releases.send_modify(|count| *count += 1);
        waiting
    }

    /// The requests that wait now, in the order of their arrival.
    pub(super) fn list(&self) -> Vec<HeldRequest> {
        self.waiting().values().cloned().collect()
    }

    /// Waits until at least `count` requests are held.
    pub(super) async fn wait_for(&self, count: usize) {
        let mut population = self.shared.population.subscribe();
        let _reached = population.wait_for(|held| *held >= count).await;
    }

    fn enter(&self, request: HeldRequest) -> Place {
        let number = {
            let mut next = self.shared.next_place.lock().unwrap_or_else(PoisonError::into_inner);
            *next += 1;
            *next
        };
        self.waiting().insert(number, request);
        self.announce();
        Place { holding: self.clone(), number }
    }

    fn announce(&self) {
        let held = self.waiting().len();
        self.shared.population.send_replace(held);
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<u64, HeldRequest>> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request's place in the room, given up on drop.
struct Place {
    holding: Holding,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.holding.waiting().remove(&self.number);
        self.holding.announce();
    }
}
