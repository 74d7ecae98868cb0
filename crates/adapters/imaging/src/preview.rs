//! An image made small.

use bytes::Bytes;
use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use kernel::{ImageLimits, ImagingError};

use crate::color::to_srgb;
use crate::decode::decode;
use crate::encode::{self, JpegQuality};

/// A JPEG of the image, the right way up, in sRGB, whose longer side is at most `side` pixels (at least one).
/// Transparent places become white.
pub(crate) fn preview(bytes: &[u8], side: u32, limits: ImageLimits) -> Result<Bytes, ImagingError> {
    let side = side.max(1);
    let (pixels, profile) = decode(bytes, limits)?.upright();
    let small = if pixels.width().max(pixels.height()) > side {
        pixels.resize(side, side, FilterType::Triangle)
    } else {
        pixels
    };
    let small = to_srgb(small, profile.as_deref());
    encode::jpeg(&on_white(small), JpegQuality::Preview)
}

fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let transparent = image.into_rgba8();
    let mut opaque = RgbImage::new(transparent.width(), transparent.height());
    for (pixel, below) in transparent.pixels().zip(opaque.pixels_mut()) {
        let [red, green, blue, opacity] = pixel.0;
        below.0 = [red, green, blue].map(|channel| over_white(channel, opacity));
    }
    DynamicImage::ImageRgb8(opaque)
}

fn over_white(channel: u8, opacity: u8) -> u8 {
    let (channel, opacity) = (u32::from(channel), u32::from(opacity));
    u8::try_from((channel * opacity + 255 * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparency_lets_white_through() {
        assert_eq!(over_white(10, 255), 10);
        assert_eq!(over_white(10, 0), 255);
        assert_eq!(over_white(0, 128), 127);
        assert_eq!(over_white(255, 77), 255);
    }
}
