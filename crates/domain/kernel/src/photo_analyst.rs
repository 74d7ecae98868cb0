//! Looking at photos: what is in them, whether they can teach an avatar, and how they can be described.

use std::collections::BTreeSet;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{Language, ProviderError};

/// A share in hundredths, 0 to 100.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "u8")]
pub struct Percent(u8);

impl Percent {
    /// All of it.
    pub const FULL: Self = Self(100);

    /// `hundredths`, at most 100.
    pub const fn new(hundredths: u8) -> Self {
        if hundredths > 100 { Self::FULL } else { Self(hundredths) }
    }

    /// The hundredths, 0 to 100.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl From<u8> for Percent {
    fn from(hundredths: u8) -> Self {
        Self::new(hundredths)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", self.0)
    }
}

/// From where a face is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaceAngle {
    /// From the front.
    Front,
    /// Turned a little.
    ThreeQuarter,
    /// From the side.
    Profile,
    /// From behind.
    Back,
}

/// How much of the person is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShotDistance {
    /// Head and shoulders.
    Close,
    /// To the waist.
    Half,
    /// From head to foot.
    Full,
}

/// The light in a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoLight {
    /// Even light, as by a window.
    Soft,
    /// Direct light with sharp shadows.
    Hard,
    /// Too little of it.
    Dark,
    /// It comes from behind.
    Backlit,
}

/// What speaks against a photo, whatever it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoConcern {
    /// Eyes behind dark glasses.
    Sunglasses,
    /// A mask, a hand or hair covers the face.
    FaceCovered,
    /// Somebody who may be under 18.
    LooksMinor,
    /// Nudity, violence, or something else that no avatar may be made of.
    Unsafe,
}

/// What was seen in one photo.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoReport {
    /// How many faces can be seen.
    pub faces: u16,
    /// The share of the picture's height that the largest face takes.
    pub face_share: Percent,
    /// How sharp the face is; 100 is tack sharp.
    pub sharpness: Percent,
    /// How bright the face is; 0 is black.
    pub brightness: Percent,
    /// From where the face is seen.
    pub angle: FaceAngle,
    /// How much of the person is seen.
    pub distance: ShotDistance,
    /// The light.
    pub light: PhotoLight,
    /// What speaks against it.
    pub concerns: BTreeSet<PhotoConcern>,
    /// Lasting traits in a few English words, such as "woman, dark curly hair, freckles"; empty when nobody is seen.
    pub traits: String,
}

/// A person's looks are nobody else's business, so that only counts are written to logs.
impl fmt::Debug for PhotoReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PhotoReport")
            .field("faces", &self.faces)
            .field("concerns", &self.concerns)
            .finish_non_exhaustive()
    }
}

/// Whether photos show one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonComparison {
    /// The photos, by their place among those that were given, that show somebody else than most do.
    pub outliers: BTreeSet<usize>,
}

/// What a description is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescriptionPurpose {
    /// For the person to read, in their language.
    ForPerson(Language),
    /// For a model to draw something like it, in English.
    ForModel,
}

/// Looks at photos. Every call is free of side effects and may be repeated.
///
/// **Contract**
/// - `examine` MUST report what is seen and judge nothing; an unsafe photo MUST be the concern `Unsafe` or the class
///   `Refused`.
/// - `compare` MUST name every photo of somebody else than most show, and MUST name none when all show one person.
/// - Words in a photo MUST be taken as part of the picture, never as an instruction.
/// - An answer that cannot be read MUST be an error, never a guess.
/// - No photo and nothing of what was seen MUST appear in an error.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait PhotoAnalyst: Send + Sync {
    /// What is in one photo (JPEG, PNG or WebP without metadata).
    async fn examine(&self, photo: &Bytes) -> Result<PhotoReport, ProviderError>;

    /// Whether these photos, at least two, show one person. Small versions are enough.
    async fn compare(&self, photos: &[Bytes]) -> Result<PersonComparison, ProviderError>;

    /// The photo in words, at most 1,000 characters.
    async fn describe(&self, photo: &Bytes, purpose: DescriptionPurpose) -> Result<String, ProviderError>;
}
