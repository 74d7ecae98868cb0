//! Shapes of images.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Width to height. Every provider in the registry makes these five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AspectRatio {
    /// 1:1.
    #[default]
    Square,
    /// 3:4.
    Portrait,
    /// 4:3.
    Landscape,
    /// 9:16, a phone's screen.
    Tall,
    /// 16:9, a film's.
    Wide,
}

/// The text is no aspect ratio that we offer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown aspect ratio {0:?}")]
pub struct UnknownAspectRatio(pub String);

impl AspectRatio {
    /// Every ratio, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Square, Self::Portrait, Self::Landscape, Self::Tall, Self::Wide];

    /// The ratio as people and providers write it, such as `16:9`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Square => "1:1",
            Self::Portrait => "3:4",
            Self::Landscape => "4:3",
            Self::Tall => "9:16",
            Self::Wide => "16:9",
        }
    }
}

impl fmt::Display for AspectRatio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for AspectRatio {
    type Err = UnknownAspectRatio;

    fn from_str(text: &str) -> Result<Self, UnknownAspectRatio> {
        Self::ALL
            .into_iter()
            .find(|ratio| ratio.as_str() == text)
            .ok_or_else(|| UnknownAspectRatio(text.to_owned()))
    }
}

impl TryFrom<String> for AspectRatio {
    type Error = UnknownAspectRatio;

    fn try_from(text: String) -> Result<Self, UnknownAspectRatio> {
        text.parse()
    }
}

impl From<AspectRatio> for String {
    fn from(ratio: AspectRatio) -> Self {
        ratio.as_str().to_owned()
    }
}
