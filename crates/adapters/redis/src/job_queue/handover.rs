//! From the listener to whoever waits, and back when they are gone.

use kernel::WakeUp;
use tokio::sync::{mpsc, oneshot};

use crate::RedisFailure;

/// What the listener is told.
pub(super) enum Message {
    /// Somebody waits.
    Waiting(Waiter),
    /// A wake-up reached somebody who had stopped waiting.
    Returned(WakeUp),
}

/// Somebody who waits for a wake-up.
pub(super) struct Waiter {
    pub(super) reply: oneshot::Sender<Result<Handover, RedisFailure>>,
    pub(super) back: mpsc::UnboundedSender<Message>,
}

impl Waiter {
    /// Whether they still do.
    pub(super) fn is_there(&self) -> bool {
        !self.reply.is_closed()
    }

    /// Hands a wake-up over. If they are gone by then it comes back as a message.
    pub(super) fn hand(self, wake_up: WakeUp) {
        let handover = Handover { wake_up: Some(wake_up), back: self.back };
        drop(self.reply.send(Ok(handover)));
    }

    /// Tells them that there will be none.
    pub(super) fn disappoint(self, failure: RedisFailure) {
        drop(self.reply.send(Err(failure)));
    }
}

/// A wake-up on its way. Whoever drops it unread returns it.
pub(super) struct Handover {
    wake_up: Option<WakeUp>,
    back: mpsc::UnboundedSender<Message>,
}

impl Handover {
    pub(super) fn accept(mut self) -> Option<WakeUp> {
        self.wake_up.take()
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        if let Some(wake_up) = self.wake_up.take() {
            // Without a listener the queue is gone, and the sweeper finds the job.
            drop(self.back.send(Message::Returned(wake_up)));
        }
    }
}
