//! Buttons under a message.

use url::Url;

use crate::callback::CallbackData;

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonAction {
    /// Tells the bot.
    Press(CallbackData),
    /// Opens an address.
    Open(Url),
}

/// A button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What is written on it.
    pub label: String,
    /// What it does.
    pub action: ButtonAction,
}

impl Button {
    /// A button that tells the bot.
    pub fn press(label: impl Into<String>, data: CallbackData) -> Self {
        Self { label: label.into(), action: ButtonAction::Press(data) }
    }
}

/// Rows of buttons; none at all is no keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keyboard {
    /// The rows, top to bottom.
    pub rows: Vec<Vec<Button>>,
}

impl Keyboard {
    /// No buttons.
    pub const fn none() -> Self {
        Self { rows: Vec::new() }
    }

    /// The same keyboard with one more row; an empty row adds nothing.
    #[must_use]
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let buttons: Vec<Button> = buttons.into_iter().collect();
        if !buttons.is_empty() {
            self.rows.push(buttons);
        }
        self
    }

    /// Whether there is no button.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every button, row by row.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.rows.iter().flatten()
    }
}
