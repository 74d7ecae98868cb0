//! What people send that is no photo, or more than one.

use std::error::Error as _;

use bytes::Bytes;
use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage, Rgba};
use imaging_adapter::{ImageProcessor, UnsupportedFormat};
use kernel::{FailureClass, ImageFormat, ImageLimits, Imaging, ImagingError};

use crate::bench::{encoded, motif};

const LIMITS: ImageLimits = ImageLimits::UPLOAD;

#[tokio::test]
async fn a_picture_of_40_megapixels_is_cleaned_where_so_many_are_allowed() {
    let imaging = ImageProcessor::inline();
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(8_000, 5_000, Rgb([40, 90, 200])));
    let bytes = encoded(ImageFormat::Png, &picture);
    let clean = imaging.clean(bytes.clone(), LIMITS).await.unwrap();
    assert_eq!((clean.info.width, clean.info.height), (8_000, 5_000));
    let fewer = ImageLimits { pixels: 30_000_000, ..LIMITS };
    assert!(matches!(imaging.clean(bytes, fewer).await, Err(ImagingError::TooLarge)));
}

#[tokio::test]
async fn a_small_file_with_too_many_pixels_is_refused_whatever_it_is_called() {
    let imaging = ImageProcessor::inline();
    let picture = DynamicImage::ImageLuma8(GrayImage::from_pixel(12_000, 4_500, Luma([7])));
    let bomb = encoded(ImageFormat::Png, &picture);
    assert!(bomb.len() < 1_000_000, "{} bytes", bomb.len());
    for refusal in [
        imaging.inspect(bomb.clone(), LIMITS).await.err(),
        imaging.clean(bomb.clone(), LIMITS).await.err(),
        imaging.preview(bomb.clone(), 64, LIMITS).await.err(),
        imaging.fingerprint(bomb, LIMITS).await.err(),
    ] {
        assert!(matches!(refusal, Some(ImagingError::TooLarge)), "{refusal:?}");
    }
}

#[tokio::test]
async fn many_bytes_a_pixel_count_as_many_pixels() {
    let imaging = ImageProcessor::inline();
    let deep = ImageBuffer::from_pixel(100, 100, Rgba([1_u16, 2, 3, 4]));
    let bytes = encoded(ImageFormat::Png, &DynamicImage::ImageRgba16(deep));
    let just_so_many = ImageLimits { pixels: 10_000, ..LIMITS };
    assert!(matches!(imaging.clean(bytes.clone(), just_so_many).await, Err(ImagingError::TooLarge)));
    imaging.clean(bytes, ImageLimits { pixels: 20_000, ..LIMITS }).await.unwrap();
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_not_even_looked_at() {
    let large = Bytes::from(vec![0; LIMITS.bytes + 1]);
    let refusal = ImageProcessor::inline().clean(large, LIMITS).await.unwrap_err();
    assert!(matches!(refusal, ImagingError::TooLarge));
    assert_eq!(refusal.class(), FailureClass::Invalid);
}

#[tokio::test]
async fn a_truncated_photo_is_refused_and_not_filled_up() {
    let imaging = ImageProcessor::inline();
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(format, &motif(400, 300));
        for percent in [10, 50, 90, 99] {
            let part = whole.slice(..whole.len() * percent / 100);
            let refusal = imaging.clean(part, LIMITS).await;
            assert!(matches!(refusal, Err(ImagingError::NotAnImage(_))), "{percent} % of a {format:?}");
        }
    }
}

#[tokio::test]
async fn a_known_format_that_is_not_read_is_named() {
    let imaging = ImageProcessor::inline();
    for (bytes, name) in [
        (&b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"[..], "HEIC"),
        (b"\0\0\0\x18ftypheix\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1", "HEIF"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a film"),
        (b"GIF89a\x01\0\x01\0\0\0\0;", "GIF"),
        (b"%PDF-1.7", "PDF"),
        (b"II*\0", "TIFF"),
        (b"PK\x03\x04\x14\0", "an archive"),
    ] {
        let refusal = imaging.clean(Bytes::from_static(bytes), LIMITS).await.unwrap_err();
        assert_eq!(refusal.class(), FailureClass::Invalid, "{name}");
        let reason = refusal.source().and_then(|source| source.downcast_ref::<UnsupportedFormat>());
        assert_eq!(reason, Some(&UnsupportedFormat(name)));
    }
    let text = imaging.clean(Bytes::from_static(b"hello"), LIMITS).await.unwrap_err();
    assert!(text.source().unwrap().downcast_ref::<UnsupportedFormat>().is_none());
}
