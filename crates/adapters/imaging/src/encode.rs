//! From pixels to bytes, without any metadata.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageError};
use kernel::ImagingError;

/// How much a JPEG keeps, from 1 to 100.
#[derive(Debug, Clone, Copy)]
pub(crate) enum JpegQuality {
    /// For originals: no loss that an eye or a training would find.
    Original,
    /// For what is looked at in a small size.
    Preview,
}

impl JpegQuality {
    const fn percent(self) -> u8 {
        match self {
            Self::Original => 95,
            Self::Preview => 85,
        }
    }
}

/// A JPEG of an image without transparency, in colours or in grey as it is.
pub(crate) fn jpeg(image: &DynamicImage, quality: JpegQuality) -> Result<Bytes, ImagingError> {
    let mut bytes = Vec::new();
    let writer = JpegEncoder::new_with_quality(&mut bytes, quality.percent());
    let encoded = if image.color().has_color() {
        image.to_rgb8().write_with_encoder(writer)
    } else {
        image.to_luma8().write_with_encoder(writer)
    };
    finished(encoded, bytes)
}

/// A PNG of the image as it is.
pub(crate) fn png(image: &DynamicImage) -> Result<Bytes, ImagingError> {
    let mut bytes = Vec::new();
    let encoded = image.write_with_encoder(PngEncoder::new(&mut bytes));
    finished(encoded, bytes)
}

fn finished(encoded: Result<(), ImageError>, bytes: Vec<u8>) -> Result<Bytes, ImagingError> {
    match encoded {
        Ok(()) => Ok(Bytes::from(bytes)),
        Err(error) => Err(ImagingError::Bug(Box::new(error))),
    }
}
