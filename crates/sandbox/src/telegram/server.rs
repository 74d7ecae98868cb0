//! The server: one world that many hands share.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::keeping;
use super::profile::BotProfile;
use super::webhook::deliver_updates;
use super::world::{Beginnings, World};
use crate::clock;
use crate::faults::FaultBoard;
use crate::journal::Journal;

/// How long after a change the chats are written down, so that many changes are written at once.
const WRITE_DOWN_AFTER: Duration = Duration::from_secs(2);

/// What a server is set up with.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// The token of the bot, `<digits>:<secret>`.
    pub token: String,
    /// The name that people see.
    pub bot_name: String,
    /// The bot's name without `@`.
    pub bot_username: String,
    /// Bytes of files that are kept; above it the oldest go.
    pub file_capacity: usize,
    /// Where calls are noted.
    pub journal: Journal,
    /// The rules by which calls go wrong.
    pub faults: FaultBoard,
    /// For webhooks and files by address.
    pub http: reqwest::Client,
    /// Where chats are kept from run to run; none forgets them with the process.
    pub kept_in: Option<PathBuf>,
}

/// Why one `getUpdates` has to give way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takeover {
    /// Another `getUpdates` began.
    OtherPoll,
    /// A webhook was set.
    Webhook,
}

/// Whose turn it is to poll.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Counts polls.
    pub(super) number: u64,
    /// Why the turn went over.
    pub(super) takeover: Takeover,
}

/// A Telegram with one bot. Clones share it.
#[derive(Clone, Debug)]
pub struct TelegramServer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: TelegramSettings,
    world: Mutex<World>,
    /// Counts changes, for those who wait for one.
    changes: watch::Sender<u64>,
    turns: watch::Sender<Turn>,
}

impl TelegramServer {
    /// A server with its bot and nobody else. Counters begin at the time of day, so that a bot which remembers an
    /// earlier run meets no number twice.
    ///
    /// # Errors
    /// When what an earlier run has kept can't be read.
    pub fn new(settings: TelegramSettings) -> io::Result<Self> {
        let kept = match &settings.kept_in {
            Some(directory) => keeping::read(directory)?,
            None => None,
        };
        let world = if let Some(kept) = kept {
            World::restore(kept, settings.file_capacity, beginnings())
        } else {
            let id = settings.token.split_once(':').and_then(|(id, _)| id.parse().ok()).unwrap_or(1);
            let bot = BotProfile::new(id, &settings.bot_name, &settings.bot_username);
            World::new(bot, settings.file_capacity, beginnings())
        };
        let (changes, _) = watch::channel(0);
        let (turns, _) = watch::channel(Turn { number: 0, takeover: Takeover::OtherPoll });
        Ok(Self { inner: Arc::new(Inner { settings, world: Mutex::new(world), changes, turns }) })
    }

    /// Writes the chats down now, if they are to be kept. Slow: call it where blocking is allowed.
    ///
    /// # Errors
    /// When the directory can't be written.
    pub fn write_down(&self) -> io::Result<()> {
        match &self.inner.settings.kept_in {
            Some(directory) => keeping::write(directory, self.look(World::keep)),
            None => Ok(()),
        }
    }

    /// Begins to write the chats down a little after each change, until the handle is aborted.
    pub fn write_down_as_it_changes(&self) -> JoinHandle<()> {
        let server = self.clone();
        tokio::spawn(async move {
            let mut changes = server.changes();
            while server.inner.settings.kept_in.is_some() && changes.changed().await.is_ok() {
                sleep(WRITE_DOWN_AFTER).await;
                changes.mark_unchanged();
                let writer = server.clone();
                match spawn_blocking(move || writer.write_down()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "the chats can't be written down"),
                    Err(error) => tracing::warn!(%error, "writing the chats down failed"),
                }
            }
        })
    }

    /// Begins to deliver updates to webhooks, until the handle is aborted.
    pub fn deliver_to_webhooks(&self) -> JoinHandle<()> {
        tokio::spawn(deliver_updates(self.clone(), self.inner.changes.subscribe()))
    }

    /// What the server was set up with.
    pub fn settings(&self) -> &TelegramSettings {
        &self.inner.settings
    }

    /// Where calls are noted.
    pub fn journal(&self) -> &Journal {
        &self.inner.settings.journal
    }

    /// The rules by which calls go wrong.
    pub fn faults(&self) -> &FaultBoard {
        &self.inner.settings.faults
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.inner.settings.http
    }

    /// Looks at the world.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world())
    }

    /// Changes the world and wakes those who wait for a change.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let outcome = change(&mut self.world());
        self.inner.changes.send_modify(|count| *count += 1);
        outcome
    }

    /// Changes the world in a way that nobody waits for.
    pub(super) fn change_quietly<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.world())
    }

    /// Counts changes of the world.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// Takes the turn to poll from whoever has it.
    pub(super) fn take_turn(&self, takeover: Takeover) -> (u64, watch::Receiver<Turn>) {
        let mut number = 0;
        self.inner.turns.send_modify(|turn| {
            turn.number += 1;
            turn.takeover = takeover;
            number = turn.number;
        });
        (number, self.inner.turns.subscribe())
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.inner.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ten numbers for every second since 2025, which stays below 2³¹ until 2031.
fn beginnings() -> Beginnings {
    const START_OF_2025: u64 = 1_735_689_600;
    let number = clock::unix_seconds().saturating_sub(START_OF_2025) * 10;
    Beginnings { update_id: i64::try_from(number).unwrap_or(0), number }
}
