//! How many images one request asks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One to four images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct ImageCount(u8);

/// The number is outside 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("one request is for 1 to 4 images, not {0}")]
pub struct ImageCountError(pub u8);

impl ImageCount {
    /// A single image.
    pub const ONE: Self = Self(1);

    /// Every count, in order.
    pub const ALL: [Self; 4] = [Self(1), Self(2), Self(3), Self(4)];

    /// A count.
    ///
    /// # Errors
    /// Outside 1 to 4.
    pub const fn new(count: u8) -> Result<Self, ImageCountError> {
        if count >= 1 && count <= 4 { Ok(Self(count)) } else { Err(ImageCountError(count)) }
    }

    /// The number.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for ImageCount {
    fn default() -> Self {
        Self::ONE
    }
}

impl TryFrom<u8> for ImageCount {
    type Error = ImageCountError;

    fn try_from(count: u8) -> Result<Self, ImageCountError> {
        Self::new(count)
    }
}

impl From<ImageCount> for u8 {
    fn from(count: ImageCount) -> Self {
        count.0
    }
}

impl fmt::Display for ImageCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}
