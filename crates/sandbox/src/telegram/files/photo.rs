//! What Telegram does to a photo: checks it, scales it to several sizes, and compresses each again, which drops all
//! metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, Rgb, RgbImage};

/// Longest side of each size, smallest first.
const LONGEST_SIDES: [u32; 4] = [90, 320, 800, 1280];
/// Largest sum of width and height.
const LARGEST_SUM: u32 = 10_000;
/// Largest relation between the sides.
const LARGEST_RATIO: u32 = 20;
/// Memory for decoding.
const LARGEST_DECODED: u64 = 512 * 1024 * 1024;
/// JPEG quality of the sizes.
const QUALITY: u8 = 87;

/// One size of a photo.
#[derive(Clone, Debug)]
pub struct MadePhoto {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// JPEG without metadata.
    pub bytes: Vec<u8>,
}

/// Why a file can't be a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoRefusal {
    /// No picture, or one that can't be decoded.
    NotAnImage,
    /// Sides too long together, or too unequal.
    Dimensions,
}

/// Makes the sizes of a photo, smallest first. Slow: call it where blocking is allowed.
///
/// # Errors
/// When the bytes are no picture within Telegram's limits.
pub fn make_photo(bytes: &[u8]) -> Result<Vec<MadePhoto>, PhotoRefusal> {
    let picture = decode(bytes)?;
    let longest = picture.width().max(picture.height());
    let mut sizes = Vec::with_capacity(LONGEST_SIDES.len());
    for side in LONGEST_SIDES {
        let reaches_original = side >= longest;
        let scaled;
        let shown = if reaches_original {
            &picture
        } else {
            let (width, height) = fitted(&picture, side);
            scaled = picture.resize_exact(width, height, FilterType::Triangle);
            &scaled
        };
        sizes.push(MadePhoto { width: shown.width(), height: shown.height(), bytes: compress(shown)? });
        if reaches_original {
            break;
        }
    }
    Ok(sizes)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, PhotoRefusal> {
    let not_an_image = |_| PhotoRefusal::NotAnImage;
    let reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PhotoRefusal::NotAnImage)?;
    let mut decoder = reader.into_decoder().map_err(not_an_image)?;
    let (width, height) = decoder.dimensions();
    let (longer, shorter) = (width.max(height), width.min(height));
    if shorter == 0 {
        return Err(PhotoRefusal::NotAnImage);
    }
    if width.saturating_add(height) > LARGEST_SUM || longer > shorter.saturating_mul(LARGEST_RATIO) {
        return Err(PhotoRefusal::Dimensions);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(LARGEST_DECODED);
    decoder.set_limits(limits).map_err(not_an_image)?;
    let orientation = decoder.orientation().map_err(not_an_image)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(not_an_image)?;
    picture.apply_orientation(orientation);
    Ok(on_white(picture))
}

/// JPEG knows no transparency: what shows through is white.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let picture = picture.into_rgba8();
    let flattened = RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let blend = |channel: u8| {
            let value = (u32::from(channel) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(value).unwrap_or(u8::MAX)
        };
        Rgb([blend(red), blend(green), blend(blue)])
    });
    DynamicImage::ImageRgb8(flattened)
}

fn fitted(picture: &DynamicImage, side: u32) -> (u32, u32) {
    let (width, height) = (picture.width(), picture.height());
    let longest = u64::from(width.max(height));
    let scale = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / longest;
        u32::try_from(scaled.max(1)).unwrap_or(side)
    };
    (scale(width), scale(height))
}

fn compress(picture: &DynamicImage) -> Result<Vec<u8>, PhotoRefusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode_image(picture)
        .map_err(|_| PhotoRefusal::NotAnImage)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([200, 30, 40])))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_large_photo_gets_four_sizes_up_to_1280() {
        let sizes = make_photo(&png(2000, 1000)).unwrap();
        let shapes: Vec<_> = sizes.iter().map(|size| (size.width, size.height)).collect();
        assert_eq!(shapes, vec![(90, 45), (320, 160), (800, 400), (1280, 640)]);
        assert!(sizes.iter().all(|size| size.bytes.starts_with(&[0xff, 0xd8])));
    }

    #[test]
    fn a_small_photo_is_not_scaled_up() {
        let shapes: Vec<_> =
            make_photo(&png(100, 50)).unwrap().iter().map(|size| (size.width, size.height)).collect();
        assert_eq!(shapes, vec![(90, 45), (100, 50)]);
    }

    #[test]
    fn what_is_no_photo_is_refused() {
        assert_eq!(make_photo(b"<html>").unwrap_err(), PhotoRefusal::NotAnImage);
        assert_eq!(make_photo(&png(2100, 100)).unwrap_err(), PhotoRefusal::Dimensions);
        assert_eq!(make_photo(&png(9000, 1001)).unwrap_err(), PhotoRefusal::Dimensions);
    }
}
