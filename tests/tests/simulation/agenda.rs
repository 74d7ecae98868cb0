//! What the world outside of the program is going to do, and when. It goes on whether the program is alive or not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::ProviderEvent;
use serde_json::Value;

/// Something from outside.
#[derive(Debug, Clone)]
pub enum Event {
    /// A person does something.
    Act {
        /// Which person.
        person: usize,
    },
    /// Telegram brings an update to the webhook.
    Update {
        /// The update.
        update: Value,
        /// Which try this is.
        tries: u32,
    },
    /// A provider calls back.
    Callback {
        /// Which provider.
        provider: String,
        /// The address that it was given.
        address: String,
        /// What it says.
        event: ProviderEvent,
        /// Which try this is.
        tries: u32,
    },
    /// An operator gives a person credits, once per number.
    Gift {
        /// Which person.
        person: usize,
        /// The number of the gift.
        number: u64,
        /// Which try this is.
        tries: u32,
    },
    /// A node of the program is told to stop.
    Stop {
        /// Which node.
        node: usize,
    },
    /// A node that was told to stop has had its time.
    Kill {
        /// Which node.
        node: usize,
        /// In which of its lives.
        life: u64,
    },
    /// A node of the program is started.
    Start {
        /// Which node.
        node: usize,
    },
}

/// When, and the order among what is at the same time.
pub type Entry = (Duration, u64);

#[derive(Default)]
struct State {
    entries: BTreeMap<Entry, Event>,
    last: u64,
}

/// What is going to happen. Clones are one agenda.
#[derive(Clone, Default)]
pub struct Agenda {
    state: Arc<Mutex<State>>,
}

impl Agenda {
    /// Something is going to happen at a time.
    pub fn at(&self, time: Duration, event: Event) -> Entry {
        let mut state = self.lock();
        state.last += 1;
        let entry = (time, state.last);
        state.entries.insert(entry, event);
        entry
    }

    /// It is not going to happen.
    pub fn cancel(&self, entry: Entry) {
        self.lock().entries.remove(&entry);
    }

    /// When the next thing happens.
    pub fn next_time(&self) -> Option<Duration> {
        self.lock().entries.keys().next().map(|(time, _)| *time)
    }

    /// Takes the next thing, if its time has come.
    pub fn take_due(&self, now: Duration) -> Option<Event> {
        let mut state = self.lock();
        let first = state.entries.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Whether nothing is going to happen any more.
    pub fn is_empty(&self) -> bool {
        self.lock().entries.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
