//! What an avatar is a model of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an avatar is a model of, each with what only it has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AvatarKind {
    /// A person, trained from their photos.
    Portrait {
        /// Lasting traits in a few English words, taken from the photos; put into descriptions.
        traits: String,
    },
    /// A manner of drawing, trained from pictures in it.
    Style,
    /// A person, drawn from a few photos without training.
    Instant {
        /// As for [`Portrait`](AvatarKind::Portrait).
        traits: String,
    },
}

/// The name of a kind, as it is stored and pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// See [`AvatarKind::Portrait`].
    Portrait,
    /// See [`AvatarKind::Style`].
    Style,
    /// See [`AvatarKind::Instant`].
    Instant,
}

/// A stored kind that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown kind of avatar {0:?}")]
pub struct UnknownKind(pub String);

impl AvatarKind {
    /// An avatar of that kind of which nothing is known yet.
    pub const fn new(name: KindName) -> Self {
        match name {
            KindName::Portrait => Self::Portrait { traits: String::new() },
            KindName::Style => Self::Style,
            KindName::Instant => Self::Instant { traits: String::new() },
        }
    }

    /// The kind's name.
    pub const fn name(&self) -> KindName {
        match self {
            Self::Portrait { .. } => KindName::Portrait,
            Self::Style => KindName::Style,
            Self::Instant { .. } => KindName::Instant,
        }
    }

    /// The same kind with these traits, where it has any.
    #[must_use]
    pub fn with_traits(self, traits: String) -> Self {
        match self {
            Self::Portrait { .. } => Self::Portrait { traits },
            Self::Instant { .. } => Self::Instant { traits },
            Self::Style => Self::Style,
        }
    }

    /// The traits; empty where there are none.
    pub fn traits(&self) -> &str {
        match self {
            Self::Portrait { traits } | Self::Instant { traits } => traits,
            Self::Style => "",
        }
    }
}

/// A person's looks do not belong into a log.
impl fmt::Debug for AvatarKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name(), formatter)
    }
}

impl KindName {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Portrait, Self::Style, Self::Instant];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portrait => "portrait",
            Self::Style => "style",
            Self::Instant => "instant",
        }
    }

    /// Whether it shows a real person.
    pub const fn shows_a_person(self) -> bool {
        matches!(self, Self::Portrait | Self::Instant)
    }

    /// Whether a provider trains it.
    pub const fn is_trained(self) -> bool {
        matches!(self, Self::Portrait | Self::Style)
    }

    /// The fewest photos that it is made of.
    pub const fn min_photos(self) -> u8 {
        if self.is_trained() { 10 } else { 1 }
    }

    /// The most photos that it is made of.
    pub const fn max_photos(self) -> u8 {
        if self.is_trained() { 20 } else { 4 }
    }
}

impl FromStr for KindName {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}
