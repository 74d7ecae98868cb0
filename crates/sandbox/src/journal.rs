//! The journal: what was asked of each server and what it answered, for the page and for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::clock;
use crate::faults::Service;

/// Calls kept when nothing else is asked for.
pub const DEFAULT_CAPACITY: usize = 2_000;

/// How far a listener may fall behind before it misses calls.
const LISTENER_BACKLOG: usize = 512;

/// One call that ended: an answer was sent, or the caller or a fault closed the connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Counts calls from 1 over the journal's life; never reused, not even by [`Journal::clear`].
    pub sequence: u64,
    /// When the call began, milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// The server that was called.
    pub service: Service,
    /// HTTP method, or `WEBHOOK` for a call that the server made itself.
    pub method: String,
    /// Path with query; for a webhook the target URL.
    pub path: String,
    /// HTTP status of the answer; none when the connection ended without one.
    pub status: Option<u16>,
    /// From the request's arrival to the answer, milliseconds.
    pub duration_ms: u64,
    /// What happened, in one short line for people.
    pub summary: String,
    /// The fault that was injected, by its name.
    pub fault: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// HTTP status of the answer; none when there was none.
    pub status: Option<u16>,
    /// What happened, in one short line.
    pub summary: String,
    /// The fault that was injected, by its name.
    pub fault: Option<String>,
}

/// A shared, bounded record of calls. Clones share one record.
#[derive(Debug, Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    pages: Mutex<Pages>,
    listeners: broadcast::Sender<Call>,
}

#[derive(Debug)]
struct Pages {
    calls: VecDeque<Call>,
    capacity: usize,
    last_sequence: u64,
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

impl Journal {
    /// A journal that keeps the latest `capacity` calls (at least one).
    pub fn new(capacity: usize) -> Self {
        let (listeners, _) = broadcast::channel(LISTENER_BACKLOG);
        let pages = Pages { calls: VecDeque::new(), capacity: capacity.max(1), last_sequence: 0 };
        Self { shared: Arc::new(Shared { pages: Mutex::new(pages), listeners }) }
    }

    /// Notes that a call has begun. It is recorded when [`OpenCall::close`] is called, or, without an
    /// answer, when the value is dropped because the caller went away.
    pub fn open(&self, service: Service, method: impl Into<String>, path: impl Into<String>) -> OpenCall {
        OpenCall {
            journal: self.clone(),
            service,
            method: method.into(),
            path: path.into(),
            at_ms: clock::unix_millis(),
            started: Instant::now(),
            ending: None,
        }
    }

    /// Calls with a sequence above `sequence`, oldest first; 0 gives all that are kept.
    pub fn since(&self, sequence: u64) -> Vec<Call> {
        self.pages().calls.iter().filter(|call| call.sequence > sequence).cloned().collect()
    }

    /// The sequence of the latest call, 0 when there was none.
    pub fn last_sequence(&self) -> u64 {
        self.pages().last_sequence
    }

    /// Forgets the calls; sequences go on counting.
    pub fn clear(&self) {
        self.pages().calls.clear();
    }

    /// Calls as they end, from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Call> {
        self.shared.listeners.subscribe()
    }

    fn record(&self, make: impl FnOnce(u64) -> Call) {
        let call = {
            let mut pages = self.pages();
            pages.last_sequence += 1;
            let call = make(pages.last_sequence);
            if pages.calls.len() == pages.capacity {
                pages.calls.pop_front();
            }
            pages.calls.push_back(call.clone());
            call
        };
        // An error only says that nobody listens.
        let _nobody_listens = self.shared.listeners.send(call);
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.shared.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way; see [`Journal::open`].
#[derive(Debug)]
pub struct OpenCall {
    journal: Journal,
    service: Service,
    method: String,
    path: String,
    at_ms: u64,
    started: Instant,
    ending: Option<Ending>,
}

impl OpenCall {
    /// Records the call with its ending.
    pub fn close(mut self, ending: Ending) {
        self.ending = Some(ending);
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let ending = self
            .ending
            .take()
            .unwrap_or_else(|| Ending { summary: "the caller went away".to_owned(), ..Ending::default() });
        let duration_ms = clock::millis(self.started.elapsed());
        let (method, path) = (std::mem::take(&mut self.method), std::mem::take(&mut self.path));
        self.journal.record(|sequence| Call {
            sequence,
            at_ms: self.at_ms,
            service: self.service,
            method,
            path,
            status: ending.status,
            duration_ms,
            summary: ending.summary,
            fault: ending.fault,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> Ending {
        Ending { status: Some(status), ..Ending::default() }
    }

    #[tokio::test]
    async fn keeps_the_latest_calls_and_counts_on() {
        let journal = Journal::new(2);
        for path in ["/a", "/b", "/c"] {
            journal.open(Service::Google, "GET", path).close(answered(200));
        }
        let paths: Vec<String> = journal.since(0).into_iter().map(|call| call.path).collect();
        assert_eq!(paths, ["/b", "/c"]);
        assert_eq!(journal.since(2).len(), 1);
        journal.clear();
        journal.open(Service::Google, "GET", "/d").close(answered(200));
        assert_eq!(journal.since(0)[0].sequence, 4);
    }

    #[tokio::test]
    async fn a_call_whose_caller_left_is_recorded_without_a_status() {
        let journal = Journal::default();
        drop(journal.open(Service::Fal, "POST", "/x"));
        let calls = journal.since(0);
        assert_eq!(calls[0].status, None);
        assert_eq!(calls[0].summary, "the caller went away");
    }

    #[tokio::test]
    async fn listeners_hear_calls_as_they_end() {
        let journal = Journal::default();
        let mut listener = journal.subscribe();
        journal.open(Service::OpenAi, "POST", "/v1/moderations").close(answered(200));
        let call = listener.recv().await.unwrap();
        assert_eq!(serde_json::to_value(&call).unwrap()["service"], "openai");
    }
}
