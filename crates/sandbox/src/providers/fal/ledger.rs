//! The requests of the queue and what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::endpoint::Endpoint;
use super::errors::ApiError;
use crate::clock;

/// Requests kept at most; the oldest go first.
const CAPACITY: usize = 10_000;

/// How a request ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// The model's output, or the error it answered with.
    pub(super) result: Result<Value, ApiError>,
    /// Seconds on the runner, as text of a decimal number.
    pub(super) inference_seconds: f64,
}

impl Outcome {
    /// HTTP status of the result.
    pub(super) fn status(&self) -> StatusCode {
        self.result.as_ref().map_or_else(|error| error.status, |_| StatusCode::OK)
    }
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    InQueue,
    InProgress,
    Completed(Outcome),
}

/// One request of the queue.
#[derive(Debug, Clone)]
pub(super) struct QueueRequest {
    pub(super) id: Uuid,
    pub(super) endpoint: Endpoint,
    pub(super) phase: Phase,
    pub(super) logs: Vec<Value>,
    pub(super) cancel: CancellationToken,
    /// When the result is forgotten; none while there is none.
    forgotten_at: Option<Instant>,
    place: u64,
}

impl QueueRequest {
    /// Whether the request has ended and its result is gone.
    pub(super) fn is_forgotten(&self) -> bool {
        self.forgotten_at.is_some_and(|end| end <= Instant::now())
    }
}

/// What cancelling came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancellation {
    Requested,
    TooLate,
}

/// All requests.
#[derive(Debug)]
pub(super) struct Ledger {
    book: Mutex<Book>,
    /// Counts changes, for those who watch a request.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Book {
    requests: BTreeMap<Uuid, QueueRequest>,
    order: VecDeque<Uuid>,
    last_place: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        let (changes, _) = watch::channel(0);
        Self { book: Mutex::default(), changes }
    }
}

impl Ledger {
    /// Enters a new request; gives its place in the queue, counted from 0, and the token that cancels it.
    pub(super) fn enter(&self, id: Uuid, endpoint: Endpoint) -> (usize, CancellationToken) {
        let cancel = CancellationToken::new();
        let position = {
            let mut book = self.book();
            book.last_place += 1;
            let request = QueueRequest {
                id,
                endpoint,
                phase: Phase::InQueue,
                logs: Vec::new(),
                cancel: cancel.clone(),
                forgotten_at: None,
                place: book.last_place,
            };
            let position = book.waiting_before(&request);
            book.requests.insert(id, request);
            book.order.push_back(id);
            if book.order.len() > CAPACITY
                && let Some(oldest) = book.order.pop_front()
            {
                book.requests.remove(&oldest);
            }
            position
        };
        self.announce();
        (position, cancel)
    }

    /// A request and its place among those that wait for the same application.
    pub(super) fn find(&self, id: Uuid, application: &str) -> Option<(QueueRequest, usize)> {
        let book = self.book();
        let request = book.requests.get(&id)?;
        // A request is also found under its full endpoint id.
        let is_its_own =
            request.endpoint.application() == application || request.endpoint.to_string() == application;
        is_its_own.then(|| (request.clone(), book.waiting_before(request)))
    }

    /// How many requests wait for an application.
    pub(super) fn waiting(&self, application: &str) -> usize {
        let book = self.book();
        let waits = |request: &&QueueRequest| {
            request.phase == Phase::InQueue && request.endpoint.application() == application
        };
        book.requests.values().filter(waits).count()
    }

    /// A runner has taken the request.
    pub(super) fn start(&self, id: Uuid) {
        self.change(id, |request| {
            request.phase = Phase::InProgress;
            request.logs.push(log_line("Started"));
        });
    }

    /// The runner says something.
    pub(super) fn log(&self, id: Uuid, message: &str) {
        self.change(id, |request| request.logs.push(log_line(message)));
    }

    /// The request has ended, and its result is kept for so long; an ending is never replaced.
    pub(super) fn complete(&self, id: Uuid, outcome: &Outcome, kept_for: Duration) {
        self.change(id, |request| {
            if !matches!(request.phase, Phase::Completed(_)) {
                request.phase = Phase::Completed(outcome.clone());
                request.forgotten_at = Instant::now().checked_add(kept_for);
                request.logs.push(log_line("Done"));
            }
        });
    }

    /// The result of a request is gone from now on.
    pub(super) fn forget(&self, id: Uuid) {
        self.change(id, |request| request.forgotten_at = Some(Instant::now()));
    }

    /// Asks for the end of a request.
    pub(super) fn cancel(&self, id: Uuid, application: &str) -> Option<Cancellation> {
        let (request, _) = self.find(id, application)?;
        if matches!(request.phase, Phase::Completed(_)) {
            return Some(Cancellation::TooLate);
        }
        request.cancel.cancel();
        Some(Cancellation::Requested)
    }

    /// A signal of every change.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn change(&self, id: Uuid, change: impl FnOnce(&mut QueueRequest)) {
        if let Some(request) = self.book().requests.get_mut(&id) {
            change(request);
        }
        self.announce();
    }

    fn announce(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn waiting_before(&self, request: &QueueRequest) -> usize {
        let application = request.endpoint.application();
        let is_before = |other: &&QueueRequest| {
            other.phase == Phase::InQueue
                && other.place < request.place
                && other.endpoint.application() == application
        };
        self.requests.values().filter(is_before).count()
    }
}

fn log_line(message: &str) -> Value {
    json!({"message": message, "timestamp": clock::iso_utc(), "level": "INFO", "source": "USER"})
}
