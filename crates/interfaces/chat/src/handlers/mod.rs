//! What happens when a person writes or presses: one update in, messages and requests out.

mod command;
mod commands;
mod failure;
mod limits;
mod message;
mod press;
mod talk;

use tokio::sync::OnceCell;

use crate::error::HandlerError;
use crate::features::elsewhere;
use crate::inbound::{Event, read_event};
use crate::ports::ChatPorts;
use crate::settings::ChatSettings;
use crate::telegram::{BotIdentity, TelegramError};

pub(crate) use talk::{NoQuote, Place, Talk};

use limits::Reminders;

/// The conversations of one bot. Holds no state of value: any number of processes may run it, one at a time for each
/// conversation.
pub struct Chat {
    pub(crate) ports: ChatPorts,
    pub(crate) settings: ChatSettings,
    identity: OnceCell<BotIdentity>,
    reminders: Reminders,
}

impl Chat {
    /// Conversations over these ports.
    pub fn new(ports: ChatPorts, settings: ChatSettings) -> Self {
        Self { ports, settings, identity: OnceCell::new(), reminders: Reminders::default() }
    }

    /// Handles an update. May be run again for the same update: what costs something happens once.
    ///
    /// # Errors
    /// When it cannot be handled now, or never.
    pub async fn handle(&self, body: &str) -> Result<(), HandlerError> {
        match read_event(body)? {
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
