//! What happens when a person writes or presses: one update in, messages and requests out.

mod admission;
mod command;
mod commands;
mod failure;
mod limits;
mod message;
mod press;
mod talk;

use std::sync::Arc;
use std::time::Duration;

use kernel::FailureClass;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::door::Door;
use crate::error::HandlerError;
use crate::features::elsewhere;
use crate::inbound::{Event, read_event};
use crate::ports::ChatPorts;
use crate::settings::ChatSettings;
use crate::telegram::{BotIdentity, TelegramError};

pub(crate) use talk::{NoQuote, Place, Talk};

use limits::Reminders;

/// What an update was, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateKind {
    /// Somebody wrote.
    Message,
    /// Somebody pressed a button.
    Press,
    /// The bot was added somewhere.
    Added,
    /// Nothing that anything is done about.
    Other,
    /// Nobody can read it.
    Unreadable,
}

/// Hears of every update that was handled.
pub trait UpdateWatch: Send + Sync {
    /// An update was handled; `failed` says of which class the failure was, if it failed.
    fn handled(&self, kind: UpdateKind, failed: Option<FailureClass>, took: Duration);
}

const fn kind_of(event: Option<&Event>) -> UpdateKind {
    match event {
        Some(Event::Message(_)) => UpdateKind::Message,
        Some(Event::Press(_)) => UpdateKind::Press,
        Some(Event::Added { .. }) => UpdateKind::Added,
        Some(Event::Nothing) => UpdateKind::Other,
        None => UpdateKind::Unreadable,
    }
}

/// The conversations of one bot. Holds no state of value: any number of processes may run it, one at a time for each
/// conversation.
pub struct Chat {
    pub(crate) ports: ChatPorts,
    pub(crate) settings: ChatSettings,
    identity: OnceCell<BotIdentity>,
    reminders: Reminders,
    door: Option<Door>,
    watch: Option<Arc<dyn UpdateWatch>>,
}

impl Chat {
    /// Conversations over these ports.
    pub fn new(ports: ChatPorts, settings: ChatSettings) -> Self {
        Self {
            ports,
            settings,
            identity: OnceCell::new(),
            reminders: Reminders::default(),
            door: None,
            watch: None,
        }
    }

    /// The same conversations behind a door. Without one everybody may come in.
    #[must_use]
    pub fn behind(mut self, door: Door) -> Self {
        self.door = Some(door);
        self
    }

    /// The same conversations, watched.
    #[must_use]
    pub fn watched_by(mut self, watch: Arc<dyn UpdateWatch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Handles an update. May be run again for the same update: what costs something happens once.
    ///
    /// # Errors
    /// When it cannot be handled now, or never.
    pub async fn handle(&self, body: &str) -> Result<(), HandlerError> {
        let begun = Instant::now();
        let event = read_event(body);
        let kind = kind_of(event.as_ref().ok());
        let outcome = match event {
            Ok(event) => self.on_event(event).await,
            Err(error) => Err(error.into()),
        };
        if let Some(watch) = &self.watch {
            watch.handled(kind, outcome.as_ref().err().map(HandlerError::class), begun.elapsed());
        }
        outcome
    }

    async fn on_event(&self, event: Event) -> Result<(), HandlerError> {
        match event {
            Event::Message(message) => self.on_message(message).await,
            Event::Press(press) => self.on_press(press).await,
            Event::Added { chat, sender } => elsewhere::decline(self, chat, &sender).await,
            Event::Nothing => Ok(()),
        }
    }

    /// Who the bot is; asked once.
    pub(crate) async fn identity(&self) -> Result<&BotIdentity, TelegramError> {
        self.identity.get_or_try_init(|| self.ports.telegram.identity()).await
    }
}
