//! `GET …/status/stream`: status objects as server-sent events until the request is complete.

use std::convert::Infallible;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use tokio::sync::watch;
use uuid::Uuid;

use super::ledger::Phase;
use super::{Fal, queue};

/// Where a stream stands.
struct Watching {
    fal: Fal,
    id: Uuid,
    application: String,
    changes: watch::Receiver<u64>,
    last: Option<String>,
    is_done: bool,
}

/// Streams the statuses of a request.
pub(super) fn statuses(fal: Fal, id: Uuid, application: String) -> Response {
    let changes = fal.ledger.watch();
    let watching = Watching { fal, id, application, changes, last: None, is_done: false };
    Sse::new(events(watching)).into_response()
}

fn events(watching: Watching) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(watching, |mut watching| async move {
        if watching.is_done {
            return None;
        }
        loop {
            watching.changes.mark_unchanged();
            let (request, position) = watching.fal.ledger.find(watching.id, &watching.application)?;
            let status = queue::describe(&watching.fal, &request, position).to_string();
            watching.is_done = matches!(request.phase, Phase::Completed(_));
            if watching.last.as_ref() != Some(&status) {
                watching.last = Some(status.clone());
                return Some((Ok(Event::default().data(status)), watching));
            }
            watching.changes.changed().await.ok()?;
        }
    })
}
