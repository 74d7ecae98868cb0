//! Pictures: checked, cleaned, made small, marked as made by AI.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{BoxError, FailureClass, GenerationId};

/// A format by content, never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImageFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    WebP,
}

impl ImageFormat {
    /// The media type, such as `image/png`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The usual file name extension without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

/// What an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageInfo {
    /// Its format.
    pub format: ImageFormat,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// How large an image may be before it is even decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageLimits {
    /// The encoded size in bytes.
    pub bytes: usize,
    /// Width times height.
    pub pixels: u64,
    /// The longer side in pixels.
    pub side: u32,
}

impl ImageLimits {
    /// For results of providers: 32 MiB, 32 megapixels.
    pub const RESULT: Self = Self { bytes: 32 * 1024 * 1024, pixels: 32_000_000, side: 10_000 };
    /// For photos that people send: Telegram's 20 MiB, 50 megapixels.
    pub const UPLOAD: Self = Self { bytes: 20 * 1024 * 1024, pixels: 50_000_000, side: 12_000 };
}

/// Where a generated image comes from, as its metadata says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The id of the model that made it.
    pub model: String,
    /// The generation that it belongs to.
    pub generation: GenerationId,
}

/// An image without metadata, turned the right way up.
#[derive(Debug, Clone)]
pub struct CleanImage {
    /// What it is now.
    pub info: ImageInfo,
    /// The encoded image.
    pub bytes: Bytes,
}

/// A 64-bit perceptual hash: the fewer bits differ, the more alike two images look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerceptualHash(pub u64);

impl PerceptualHash {
    /// How many of 64 bits differ.
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

/// Why an image cannot be used.
#[derive(Debug, Error)]
pub enum ImagingError {
    /// The bytes are no image of a known format, or a broken one.
    #[error("not an image that can be read")]
    NotAnImage(#[source] Option<BoxError>),
    /// The image is larger than the limits allow.
    #[error("the image is too large")]
    TooLarge,
    /// Work of ours went wrong.
    #[error("the image could not be processed")]
    Bug(#[source] BoxError),
}

impl ImagingError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::NotAnImage(_) | Self::TooLarge => FailureClass::Invalid,
            Self::Bug(_) => FailureClass::Bug,
        }
    }
}

/// Works on encoded images.
///
/// **Contract**
/// - Every call MUST refuse more than the limits before it allocates the pixels.
/// - `inspect` MUST decode the whole image, so that a truncated one is `NotAnImage`.
/// - `mark` MUST leave every pixel as it is and `read_mark` MUST find exactly what `mark` wrote, in every format.
/// - The mark MUST say IPTC `DigitalSourceType` = `trainedAlgorithmicMedia`.
/// - `clean` MUST remove all metadata (EXIF, GPS, XMP, comments) and apply the orientation.
/// - `preview` MUST give a JPEG whose longer side is at most `side` pixels, and never enlarge.
#[async_trait]
pub trait Imaging: Send + Sync {
    /// What the image is.
    async fn inspect(&self, bytes: Bytes, limits: ImageLimits) -> Result<ImageInfo, ImagingError>;

    /// The image without metadata, the right way up.
    async fn clean(&self, bytes: Bytes, limits: ImageLimits) -> Result<CleanImage, ImagingError>;

    /// A small JPEG of it, `side` pixels at most on the longer side.
    async fn preview(&self, bytes: Bytes, side: u32, limits: ImageLimits) -> Result<Bytes, ImagingError>;

    /// The same image with metadata that says it was made by AI, and by which model for which generation.
    async fn mark(&self, bytes: Bytes, provenance: &Provenance) -> Result<Bytes, ImagingError>;

    /// What the image's metadata says of its origin, if it bears our mark.
    async fn read_mark(&self, bytes: Bytes) -> Result<Option<Provenance>, ImagingError>;

    /// What the image looks like, as 64 bits.
    async fn fingerprint(&self, bytes: Bytes, limits: ImageLimits) -> Result<PerceptualHash, ImagingError>;
}
