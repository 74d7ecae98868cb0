//! Takes updates out of the inbox and handles them: many conversations at once, each in order, each in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{FuturesUnordered, StreamExt as _};
use kernel::{
    ChatId, FailureLog, IdSource, Inbox, Lease, LeaseName, Leases, OperatorChannel, StoreError, WaitingUpdate,
};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::InboxBell;
use super::failures::{FailureDesk, NextTry, next_try};
use super::lease::{LEASE_TIMES, give_up, while_leased};
use crate::error::HandlerError;
use crate::handlers::Chat;

/// How many updates of one conversation are handled before others get their turn.
const TURN: u32 = 20;
/// The wait after the database failed under a conversation.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How conversations are handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DispatcherSettings {
    /// Conversations handled at once.
    pub concurrency: usize,
    /// How often the inbox is looked through without being told to.
    pub scan_period: Duration,
}

impl Default for DispatcherSettings {
    fn default() -> Self {
        Self { concurrency: 64, scan_period: Duration::from_secs(1) }
    }
}

/// What the dispatcher needs.
#[derive(Clone)]
pub struct DispatcherPorts {
    /// Where updates are kept.
    pub inbox: Arc<dyn Inbox>,
    /// So that a conversation is handled in one place at a time.
    pub leases: Arc<dyn Leases>,
    /// Wakes it.
    pub bell: InboxBell,
    /// Keeps failures.
    pub failures: Arc<dyn FailureLog>,
    /// Hears of new kinds of failures.
    pub operators: Arc<dyn OperatorChannel>,
    /// Draws references.
    pub ids: Arc<dyn IdSource>,
}

/// Handles what is in the inbox. Any number of processes may run it.
pub struct Dispatcher {
    chat: Arc<Chat>,
    inbox: Arc<dyn Inbox>,
    leases: Arc<dyn Leases>,
    bell: InboxBell,
    desk: FailureDesk,
    settings: DispatcherSettings,
}

/// What came of a conversation's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TurnEnd {
    /// Nothing waits any more, or it is handled elsewhere.
    Quiet,
    /// More waits.
    More,
    /// Not before this wait.
    Rest(Duration),
}

/// What the dispatcher waits for.
enum Work {
    Turn(ChatId, TurnEnd),
    Scan(Result<Vec<ChatId>, StoreError>),
}

type Working<'run> = FuturesUnordered<Pin<Box<dyn Future<Output = Work> + Send + 'run>>>;

impl Dispatcher {
    /// A dispatcher to these conversations.
    pub fn new(ports: DispatcherPorts, chat: Arc<Chat>, settings: DispatcherSettings) -> Self {
        let desk = FailureDesk { log: ports.failures, operators: ports.operators, ids: ports.ids };
        Self { chat, inbox: ports.inbox, leases: ports.leases, bell: ports.bell, desk, settings }
    }

    /// Handles updates until `stop`; then lets every conversation finish the update it is at, and gives it up.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut roster = Roster::default();
        let mut working = Working::new();
        let mut next_scan = Instant::now();
        let mut is_scanning = false;
        while !stop.is_cancelled() {
            while roster.working.len() < self.settings.concurrency
                && let Some(chat) = roster.take_next(Instant::now())
            {
                working.push(Box::pin(self.take_turn(chat, stop).map(move |end| Work::Turn(chat, end))));
            }
            let scan_at = if is_scanning { Instant::now() + self.settings.scan_period } else { next_scan };
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                Some(done) = working.next() => match done {
                    Work::Turn(chat, end) => roster.ended(chat, end, Instant::now()),
                    Work::Scan(found) => {
                        is_scanning = false;
                        next_scan = Instant::now() + self.settings.scan_period;
                        roster.found(found);
                    }
                },
                chats = self.bell.rung() => roster.rung(chats),
                () = sleep_until(scan_at) => if !is_scanning {
                    is_scanning = true;
                    let limit = self.scan_limit(&roster);
                    working.push(Box::pin(self.inbox_scan(limit).map(Work::Scan)));
                },
            }
        }
        while working.next().await.is_some() {}
    }

    /// Enough to find somebody new behind those that are being handled or are resting.
    fn scan_limit(&self, roster: &Roster) -> u16 {
        let known = roster.working.len() + roster.resting.len();
        u16::try_from(known.saturating_add(self.settings.concurrency.saturating_mul(4))).unwrap_or(u16::MAX)
    }

    async fn inbox_scan(&self, limit: u16) -> Result<Vec<ChatId>, StoreError> {
        self.inbox.waiting_chats(limit).await
    }

    /// Handles the waiting updates of a conversation, under its lease.
    async fn take_turn(&self, chat: ChatId, stop: &CancellationToken) -> TurnEnd {
        let lease = match self.leases.acquire(LeaseName::Chat(chat), LEASE_TIMES.span).await {
            Ok(Some(lease)) => lease,
            // Whoever holds it looks for more before giving it up; the scan is the net.
            Ok(None) => return TurnEnd::Quiet,
            Err(error) => {
                tracing::warn!(%chat, %error, "a conversation's lease cannot be asked for");
                return TurnEnd::Rest(STORE_PAUSE);
            }
        };
        let turn = self.handle_waiting(chat, &lease, stop);
        let Some(end) = while_leased(self.leases.as_ref(), &lease, LEASE_TIMES, turn).await else {
            return TurnEnd::Quiet;
        };
        give_up(self.leases.as_ref(), &lease).await;
        end
    }

    async fn handle_waiting(&self, chat: ChatId, lease: &Lease, stop: &CancellationToken) -> TurnEnd {
        for _ in 0..TURN {
            if stop.is_cancelled() {
                return TurnEnd::More;
            }
            let handled = match self.inbox.next(chat).await {
                Ok(Some(update)) => self.handle(chat, lease, &update).await,
                Ok(None) => return TurnEnd::Quiet,
                Err(error) => Err(error),
            };
            match handled {
                Ok(None) => {}
                Ok(Some(wait)) => return TurnEnd::Rest(wait),
                Err(StoreError::Superseded { .. }) => return TurnEnd::Quiet,
                Err(error) => {
                    tracing::warn!(%chat, %error, "the inbox failed");
                    return TurnEnd::Rest(STORE_PAUSE);
                }
            }
        }
        TurnEnd::More
    }

    /// Handles one update; how long to wait when it has to be tried again.
    async fn handle(
        &self,
        chat: ChatId,
        lease: &Lease,
        update: &WaitingUpdate,
    ) -> Result<Option<Duration>, StoreError> {
        // A panic ends the handling of one update, not of all conversations. What it left half done is like after a crash,
        // and handled the same: everything is done again.
        let outcome = AssertUnwindSafe(self.chat.handle(&update.body))
            .catch_unwind()
            .await
            .unwrap_or(Err(HandlerError::Panicked));
        match outcome {
            Ok(()) => {}
            Err(error) if error.is_unreachable() => {
                tracing::info!(%chat, update = %update.update, "nobody is there any more to be answered");
            }
            Err(error) => return self.after_failure(chat, lease, update, &error).await,
        }
        self.inbox.mark_handled(lease, chat, update.update).await?;
        Ok(None)
    }

    async fn after_failure(
        &self,
        chat: ChatId,
        lease: &Lease,
        update: &WaitingUpdate,
        error: &HandlerError,
    ) -> Result<Option<Duration>, StoreError> {
        let reason = error.code();
        match next_try(error, update.failures) {
            NextTry::After(wait) => {
                tracing::warn!(%chat, update = %update.update, %error, ?wait, "an update will be tried again");
                self.inbox.mark_failed(lease, chat, update.update, &reason).await?;
                Ok(Some(wait))
            }
            NextTry::Never => {
                let reference = self.desk.record(error).await;
                let reason = format!("{reason} {reference}");
                self.inbox.set_aside(lease, chat, update.update, &reason).await?;
                self.chat.tell_failure(&update.body, &reference).await;
                Ok(None)
            }
        }
    }
}

/// Which conversations are handled, wait, or rest.
#[derive(Debug, Default)]
struct Roster {
    /// Being handled; whether something came in the meantime.
    working: BTreeMap<ChatId, Came>,
    /// To be handled, in the order in which they were heard of.
    waiting: BTreeMap<u64, ChatId>,
    /// The same, to hear of each once.
    known: BTreeSet<ChatId>,
    /// Not to be handled before their time.
    resting: BTreeMap<ChatId, Instant>,
    tickets: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Nothing,
    Something,
}

impl Roster {
    fn take_next(&mut self, now: Instant) -> Option<ChatId> {
        let rested: Vec<ChatId> =
            self.resting.iter().filter(|(_, until)| **until <= now).map(|(chat, _)| *chat).collect();
        for chat in rested {
            self.resting.remove(&chat);
            self.enqueue(chat);
        }
        let (_, chat) = self.waiting.pop_first()?;
        self.known.remove(&chat);
        self.working.insert(chat, Came::Nothing);
        Some(chat)
    }

    fn rung(&mut self, chats: impl IntoIterator<Item = ChatId>) {
        for chat in chats {
            match self.working.get_mut(&chat) {
                Some(came) => *came = Came::Something,
                None => self.enqueue(chat),
            }
        }
    }

    fn found(&mut self, found: Result<Vec<ChatId>, StoreError>) {
        match found {
            // Those at work look for more themselves.
            Ok(chats) => {
                for chat in chats {
                    if !self.working.contains_key(&chat) {
                        self.enqueue(chat);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the inbox cannot be looked through"),
        }
    }

    fn ended(&mut self, chat: ChatId, end: TurnEnd, now: Instant) {
        let came = self.working.remove(&chat);
        match end {
            TurnEnd::Rest(wait) => {
                self.resting.insert(chat, now + wait);
            }
            TurnEnd::More => self.enqueue(chat),
            TurnEnd::Quiet if came == Some(Came::Something) => self.enqueue(chat),
            TurnEnd::Quiet => {}
        }
    }

    fn enqueue(&mut self, chat: ChatId) {
        if !self.resting.contains_key(&chat) && self.known.insert(chat) {
            self.tickets += 1;
            self.waiting.insert(self.tickets, chat);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ChatId = ChatId::new(1);
    const TWO: ChatId = ChatId::new(2);

    #[tokio::test(start_paused = true)]
    async fn conversations_come_in_the_order_in_which_they_were_heard_of() {
        let now = Instant::now();
        let mut roster = Roster::default();
        roster.rung([TWO]);
        roster.rung([ONE, TWO]);
        assert_eq!(roster.take_next(now), Some(TWO));
        assert_eq!(roster.take_next(now), Some(ONE));
        assert_eq!(roster.take_next(now), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_during_a_turn_makes_another_turn() {
        let now = Instant::now();
        let mut roster = Roster::default();
        roster.rung([ONE]);
        assert_eq!(roster.take_next(now), Some(ONE));
        roster.rung([ONE]);
        assert_eq!(roster.take_next(now), None, "one place at a time");
        roster.ended(ONE, TurnEnd::Quiet, now);
        assert_eq!(roster.take_next(now), Some(ONE));
        roster.ended(ONE, TurnEnd::Quiet, now);
        assert_eq!(roster.take_next(now), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_resting_conversation_is_left_alone_until_its_time() {
        let now = Instant::now();
        let mut roster = Roster::default();
        roster.rung([ONE]);
        assert_eq!(roster.take_next(now), Some(ONE));
        roster.ended(ONE, TurnEnd::Rest(Duration::from_secs(5)), now);
        roster.rung([ONE, TWO]);
        assert_eq!(roster.take_next(now), Some(TWO));
        assert_eq!(roster.take_next(now), None);
        assert_eq!(roster.take_next(now + Duration::from_secs(5)), Some(ONE));
    }
}
