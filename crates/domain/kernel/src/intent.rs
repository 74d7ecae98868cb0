//! What a person wanted, as a key: wanting it once makes it once.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::UpdateId;

/// The key of one wish of one person. A double press or a repeated update carries the same key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Intent(String);

impl Intent {
    /// A paid button, by the nonce that was drawn when it was shown.
    pub fn button(nonce: u64) -> Self {
        Self(format!("button:{nonce:016x}"))
    }

    /// A message, by the messenger's number of it.
    pub fn message(update: UpdateId) -> Self {
        Self(format!("update:{update}"))
    }

    /// Something that the program itself wants for a piece of work, once.
    pub fn of_work(name: &str, work: uuid::Uuid) -> Self {
        Self(format!("{name}:{work}"))
    }

    /// A key that was stored.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
