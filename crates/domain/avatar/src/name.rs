//! Names of avatars.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a person calls their avatar: 2 to 50 characters on one line, of which at least one is a letter or a digit.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AvatarName(String);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AvatarNameError {
    /// It is too short, or nothing in it can be read.
    #[error("a name has at least {} characters", AvatarName::MIN_CHARACTERS)]
    TooShort,
    /// It is too long.
    #[error("a name has at most {} characters", AvatarName::MAX_CHARACTERS)]
    TooLong,
}

impl AvatarName {
    /// The shortest name, in characters.
    pub const MIN_CHARACTERS: usize = 2;
    /// The longest name, in characters.
    pub const MAX_CHARACTERS: usize = 50;

    /// A name: white space is joined to single spaces, control characters are dropped.
    ///
    /// # Errors
    /// When what is left is too short or too long.
    pub fn new(text: &str) -> Result<Self, AvatarNameError> {
        let readable: String = text
            .chars()
            .map(|character| if character.is_whitespace() { ' ' } else { character })
            .filter(|character| !character.is_control())
            .collect();
        let name = readable.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let characters = name.chars().count();
        if characters < Self::MIN_CHARACTERS || !name.chars().any(char::is_alphanumeric) {
            return Err(AvatarNameError::TooShort);
        }
        if characters > Self::MAX_CHARACTERS {
            return Err(AvatarNameError::TooLong);
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AvatarName {
    type Error = AvatarNameError;

    fn try_from(text: String) -> Result<Self, AvatarNameError> {
        Self::new(&text)
    }
}

impl From<AvatarName> for String {
    fn from(name: AvatarName) -> Self {
        name.0
    }
}

impl fmt::Display for AvatarName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A name is a person's own word and does not belong into a log.
impl fmt::Debug for AvatarName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AvatarName({} characters)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_2_to_50_characters() {
        assert_eq!(AvatarName::new("A"), Err(AvatarNameError::TooShort));
        assert_eq!(AvatarName::new("  \u{0}A\n"), Err(AvatarNameError::TooShort));
        assert_eq!(AvatarName::new("Я ").unwrap_err(), AvatarNameError::TooShort);
        assert_eq!(AvatarName::new("Ян").unwrap().as_str(), "Ян");
        assert!(AvatarName::new(&"й".repeat(50)).is_ok());
        assert_eq!(AvatarName::new(&"й".repeat(51)), Err(AvatarNameError::TooLong));
    }

    #[test]
    fn a_name_is_one_line_and_can_be_read() {
        assert_eq!(AvatarName::new(" Anna \n  Maria ").unwrap().as_str(), "Anna Maria");
        for unreadable in ["--", "🦊🦊", "...", "   "] {
            assert_eq!(AvatarName::new(unreadable), Err(AvatarNameError::TooShort), "{unreadable:?}");
        }
    }

    #[test]
    fn debug_output_never_shows_the_name() {
        assert_eq!(format!("{:?}", AvatarName::new("Anna").unwrap()), "AvatarName(4 characters)");
    }
}
