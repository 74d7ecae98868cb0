//! Pixels to files.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, RgbaImage};

use super::{PaintError, Picture, PictureFormat, Size};

/// Encodes opaque pixels.
pub(super) fn encode(pixels: RgbaImage, size: Size, format: PictureFormat) -> Result<Picture, PaintError> {
    let opaque = DynamicImage::ImageRgba8(pixels).into_rgb8();
    let picture = DynamicImage::ImageRgb8(opaque);
    let mut file = Cursor::new(Vec::new());
    match format {
        PictureFormat::Png => {
            let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Sub);
            picture.write_with_encoder(encoder)?;
        }
        PictureFormat::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut file, 90))?,
        PictureFormat::Webp => picture.write_with_encoder(WebPEncoder::new_lossless(&mut file))?,
    }
    Ok(Picture { bytes: Bytes::from(file.into_inner()), format, size })
}
