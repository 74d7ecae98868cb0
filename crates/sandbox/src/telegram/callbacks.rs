//! Presses of buttons that wait for an answer.

use std::collections::BTreeMap;

use crate::clock;

/// Presses that are remembered.
const MOST_QUERIES: usize = 20_000;
/// Seconds in which a press can be answered.
const ANSWERABLE_SECONDS: u64 = 15 * 60;

/// A press.
#[derive(Clone, Debug)]
pub struct CallbackQuery {
    /// Whose screen shows the answer: the person who pressed.
    pub person: i64,
    at: u64,
}

/// The presses, by their ids, which count up.
#[derive(Debug)]
pub struct Callbacks {
    queries: BTreeMap<u64, CallbackQuery>,
    next: u64,
}

impl Callbacks {
    /// No press yet; the first bears the number `first`.
    pub const fn new(first: u64) -> Self {
        Self { queries: BTreeMap::new(), next: first }
    }

    /// Notes a press, and gives its id.
    pub fn add(&mut self, person: i64) -> String {
        let id = self.next;
        self.next += 1;
        self.queries.insert(id, CallbackQuery { person, at: clock::unix_seconds() });
        if self.queries.len() > MOST_QUERIES {
            self.queries.pop_first();
        }
        id.to_string()
    }

    /// The number of the next press.
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// The press of an id, unless it is unknown or too old.
    pub fn answerable(&self, id: &str) -> Option<&CallbackQuery> {
        let query = self.queries.get(&id.parse().ok()?)?;
        (clock::unix_seconds().saturating_sub(query.at) < ANSWERABLE_SECONDS).then_some(query)
    }
}
