//! The list of commands that Telegram shows.

use kernel::Language;

use super::Chat;
use crate::telegram::{CommandEntry, TelegramError};
use crate::words::Texts;

impl Chat {
    /// Lists the commands with Telegram, in every language; in English for everybody else.
    ///
    /// # Errors
    /// When Telegram cannot be reached.
    pub async fn list_commands(&self) -> Result<(), TelegramError> {
        let telegram = &self.ports.telegram;
        telegram.list_commands(None, &entries(Texts::of(Language::default()))).await?;
        for language in Language::ALL {
            telegram.list_commands(Some(language), &entries(Texts::of(language))).await?;
        }
        Ok(())
    }
}

fn entries(texts: Texts) -> Vec<CommandEntry> {
    [
        ("start", texts.command_start()),
        ("imagine", texts.command_imagine()),
        ("draw", texts.command_draw()),
        ("avatars", texts.command_avatars()),
        ("gallery", texts.command_gallery()),
        ("balance", texts.command_balance()),
        ("settings", texts.command_settings()),
        ("help", texts.command_help()),
        ("privacy", texts.command_privacy()),
        ("cancel", texts.command_cancel()),
    ]
    .map(|(command, description)| CommandEntry { command, description })
    .into()
}
