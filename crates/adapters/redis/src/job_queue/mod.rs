//! Wake-ups, carried from any process to any idle worker.
//!
//! What waits lies at the server in lines that scripts keep: urgent before background, accounts in turns. One listener a
//! process waits at the server for all who wait here, over a connection of its own.

mod handover;
mod line;
mod listener;

use std::time::Duration;

use async_trait::async_trait;
use kernel::{JobQueue, JobQueueError, WakeUp};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::RedisServer;
use handover::{Message, Waiter};
use line::Line;
use listener::Listener;

/// Carries wake-ups between processes.
///
/// A wake-up that comes while the same one still waits is dropped, and so is one that finds the line full; the sweeper
/// feeds every due job again.
pub struct RedisJobQueue {
    line: Line,
    listener: mpsc::UnboundedSender<Message>,
}

/// The task that listens is gone, and with it the runtime that it lived in.
#[derive(Debug, Error)]
#[error("nobody listens for wake-ups any more")]
struct NobodyListens;

impl RedisJobQueue {
    /// A queue on this server. Its listener lives in the present runtime, as long as the queue does.
    pub fn new(server: RedisServer) -> Self {
        let line = Line::new(server);
        let (listener, messages) = mpsc::unbounded_channel();
        tokio::spawn(Listener::new(line.clone(), messages).run());
        Self { line, listener }
    }
}

#[async_trait]
impl JobQueue for RedisJobQueue {
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError> {
        self.line.push(wake_up).await.map_err(|failure| JobQueueError(failure.boxed()))
    }

    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError> {
        let (reply, answer) = oneshot::channel();
        let waiter = Waiter { reply, back: self.listener.clone() };
        self.listener.send(Message::Waiting(waiter)).map_err(|_| JobQueueError(Box::new(NobodyListens)))?;
        match timeout(patience, answer).await {
            Ok(Ok(Ok(handover))) => Ok(handover.accept()),
            Ok(Ok(Err(failure))) => Err(JobQueueError(failure.boxed())),
            Ok(Err(_)) => Err(JobQueueError(Box::new(NobodyListens))),
            // What was handed over in this very moment goes back by itself.
            Err(_) => Ok(None),
        }
    }
}
