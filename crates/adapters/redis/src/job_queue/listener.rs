//! Waits at the server for all who wait in this process.

use std::collections::VecDeque;

use deadpool_redis::redis::aio::MultiplexedConnection;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use kernel::WakeUp;
use tokio::sync::mpsc;

use super::handover::{Message, Waiter};
use super::line::{Heard, Line};
use crate::RedisFailure;

/// One a queue. It takes a wake-up from the server only when somebody is there for it, and gives back what nobody took.
pub(super) struct Listener {
    line: Line,
    messages: mpsc::UnboundedReceiver<Message>,
    waiters: VecDeque<Waiter>,
    connection: Option<MultiplexedConnection>,
    /// The command that waits at the server. It is never given up half-way: the server would ring for nobody.
    listening: Option<BoxFuture<'static, Listened>>,
}

struct Listened {
    heard: Result<Heard, RedisFailure>,
    connection: Option<MultiplexedConnection>,
}

/// What happens next.
enum Event {
    Message(Option<Message>),
    Listened(Listened),
}

impl Listener {
    pub(super) fn new(line: Line, messages: mpsc::UnboundedReceiver<Message>) -> Self {
        Self { line, messages, waiters: VecDeque::new(), connection: None, listening: None }
    }

    /// Listens until the queue is dropped.
    pub(super) async fn run(mut self) {
        loop {
            if self.somebody_waits() && self.listening.is_none() {
                self.take_or_listen().await;
            }
            match self.next_event().await {
                Event::Message(None) => return,
                Event::Message(Some(Message::Waiting(waiter))) => self.waiters.push_back(waiter),
                Event::Message(Some(Message::Returned(wake_up))) => self.hand_on(wake_up).await,
                Event::Listened(listened) => self.hear(listened).await,
            }
        }
    }

    async fn next_event(&mut self) -> Event {
        let Some(listening) = &mut self.listening else {
            return Event::Message(self.messages.recv().await);
        };
        tokio::select! {
            biased;
            message = self.messages.recv() => Event::Message(message),
            listened = listening => Event::Listened(listened),
        }
    }

    fn somebody_waits(&mut self) -> bool {
        self.waiters.retain(Waiter::is_there);
        !self.waiters.is_empty()
    }

    /// Serves all who wait for as long as there are wake-ups, and then begins to listen for more.
    async fn take_or_listen(&mut self) {
        while self.somebody_waits() {
            match self.line.take().await {
                Ok(Some(wake_up)) => self.hand_on(wake_up).await,
                Ok(None) => return self.begin_to_listen(),
                Err(failure) => return self.disappoint_all(&failure),
            }
        }
    }

    fn begin_to_listen(&mut self) {
        let line = self.line.clone();
        let connection = self.connection.take();
        self.listening = Some(listen(line, connection).boxed());
    }

    async fn hear(&mut self, listened: Listened) {
        self.listening = None;
        self.connection = listened.connection;
        match listened.heard {
            Ok(Heard::Bell) if !self.somebody_waits() => {
                if let Err(error) = self.line.ring().await {
                    tracing::debug!(%error, "a wake-up is left to the sweeper");
                }
            }
            // Whether it rang or not, a look is due: the bell may have rung for a process that died.
            Ok(_) => {}
            Err(failure) => self.disappoint_all(&failure),
        }
    }

    /// To the next who waits, or back to the server.
    async fn hand_on(&mut self, wake_up: WakeUp) {
        if self.somebody_waits()
            && let Some(waiter) = self.waiters.pop_front()
        {
            waiter.hand(wake_up);
        } else if let Err(error) = self.line.push(wake_up).await {
            tracing::debug!(%error, job = %wake_up.job, "a wake-up is left to the sweeper");
        }
    }

    fn disappoint_all(&mut self, failure: &RedisFailure) {
        for waiter in self.waiters.drain(..) {
            waiter.disappoint(failure.clone());
        }
    }
}

async fn listen(line: Line, connection: Option<MultiplexedConnection>) -> Listened {
    let connection = match connection {
        Some(connection) => Ok(connection),
        None => line.listening_connection().await,
    };
    match connection {
        Ok(mut connection) => {
            let heard = line.listen(&mut connection).await;
            let connection = heard.is_ok().then_some(connection);
            Listened { heard, connection }
        }
        Err(failure) => Listened { heard: Err(failure), connection: None },
    }
}
