//! Descriptions of images.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A description: 1 to [`Prompt::MAX_CHARACTERS`] characters of which at least one can be seen. Never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prompt(String);

/// Why a text is no description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PromptError {
    /// There is nothing to see in it.
    #[error("the description is empty")]
    Empty,
    /// It is too long.
    #[error("the description has {characters} characters, {} are allowed", Prompt::MAX_CHARACTERS)]
    TooLong {
        /// How long it is.
        characters: usize,
    },
}

impl Prompt {
    /// The longest description, in characters.
    pub const MAX_CHARACTERS: usize = 2000;

    /// A description, trimmed.
    ///
    /// # Errors
    /// When it is empty, made of invisible characters alone, or too long.
    pub fn new(text: &str) -> Result<Self, PromptError> {
        let text: String =
            text.chars().filter(|character| *character == '\n' || !character.is_control()).collect();
        let text = text.trim();
        if !text.chars().any(is_visible) {
            return Err(PromptError::Empty);
        }
        let characters = text.chars().count();
        if characters > Self::MAX_CHARACTERS {
            return Err(PromptError::TooLong { characters });
        }
        Ok(Self(text.to_owned()))
    }

    /// The same description, introduced by words that call for somebody; these do not count against the length.
    #[must_use]
    pub fn introduced_by(&self, words: &str) -> Self {
        if words.is_empty() { self.clone() } else { Self(format!("{words}. {}", self.0)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Zero-width and formatting characters fill a message without showing anything.
fn is_visible(character: char) -> bool {
    !character.is_whitespace()
        && !matches!(
            u32::from(character),
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
                | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
                | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF
        )
}

impl TryFrom<String> for Prompt {
    type Error = PromptError;

    fn try_from(text: String) -> Result<Self, PromptError> {
        Self::new(&text)
    }
}

impl From<Prompt> for String {
    fn from(prompt: Prompt) -> Self {
        prompt.0
    }
}

impl fmt::Debug for Prompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Prompt({} characters)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_no_description() {
        for empty in ["", "   ", "\n\t", "\u{200b}\u{200d}", "\u{feff}", "\u{2800}\u{2800}", "\u{0}"] {
            assert_eq!(Prompt::new(empty), Err(PromptError::Empty), "{empty:?}");
        }
    }

    #[test]
    fn emoji_and_every_script_are_descriptions() {
        for good in ["🦊❄️", "лиса", "狐", "a < b & c > d", "*_[]`"] {
            assert_eq!(Prompt::new(good).unwrap().as_str(), good);
        }
        assert_eq!(Prompt::new("  a\u{0}b \n").unwrap().as_str(), "ab");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Prompt::new(&"й".repeat(2000)).is_ok());
        assert_eq!(Prompt::new(&"й".repeat(2001)), Err(PromptError::TooLong { characters: 2001 }));
    }

    #[test]
    fn debug_output_never_shows_the_words() {
        assert_eq!(format!("{:?}", Prompt::new("secret fox").unwrap()), "Prompt(10 characters)");
    }
}
