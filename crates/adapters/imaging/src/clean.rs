//! An image without anything but its pixels.

use bytes::Bytes;
use image::DynamicImage;
use kernel::{CleanImage, ImageFormat, ImageInfo, ImageLimits, ImagingError};

use crate::color::to_srgb;
use crate::decode::decode;
use crate::encode::{self, JpegQuality};

/// Decodes the image and encodes it anew, the right way up and in sRGB. Whatever else the file held, known or unknown,
/// has no way to come along.
///
/// JPEG stays JPEG and PNG stays PNG. WebP, of which we could only write the lossless kind, becomes JPEG, or PNG when it
/// is transparent anywhere.
pub(crate) fn clean(bytes: &[u8], limits: ImageLimits) -> Result<CleanImage, ImagingError> {
    let decoded = decode(bytes, limits)?;
    let format = match decoded.info.format {
        ImageFormat::WebP if decoded.pixels.color().has_alpha() => ImageFormat::Png,
        ImageFormat::WebP | ImageFormat::Jpeg => ImageFormat::Jpeg,
        ImageFormat::Png => ImageFormat::Png,
    };
    let (pixels, profile) = decoded.upright();
    let pixels = to_srgb(pixels, profile.as_deref());
    Ok(CleanImage {
        info: ImageInfo { format, width: pixels.width(), height: pixels.height() },
        bytes: encoded(&pixels, format)?,
    })
}

fn encoded(pixels: &DynamicImage, format: ImageFormat) -> Result<Bytes, ImagingError> {
    match format {
        ImageFormat::Jpeg => encode::jpeg(pixels, JpegQuality::Original),
        ImageFormat::Png | ImageFormat::WebP => encode::png(pixels),
    }
}
