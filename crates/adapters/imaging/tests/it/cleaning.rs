//! Formats and colours of cleaned images and previews.

use bytes::Bytes;
use image::{DynamicImage, RgbImage, RgbaImage};
use imaging_adapter::ImageProcessor;
use img_parts::ImageICC;
use img_parts::jpeg::Jpeg;
use kernel::{ImageFormat, ImageLimits, Imaging};

use crate::bench::{encoded, motif};

const LIMITS: ImageLimits = ImageLimits::UPLOAD;

#[tokio::test]
async fn a_cleaned_image_keeps_its_format_but_for_webp() {
    let imaging = ImageProcessor::inline();
    let opaque = motif(20, 10);
    let mut see_through = opaque.to_rgba8();
    see_through.get_pixel_mut(0, 0).0[3] = 128;
    let see_through = DynamicImage::ImageRgba8(see_through);
    for (picture, format, expected) in [
        (&opaque, ImageFormat::Jpeg, ImageFormat::Jpeg),
        (&opaque, ImageFormat::Png, ImageFormat::Png),
        (&opaque, ImageFormat::WebP, ImageFormat::Jpeg),
        (&see_through, ImageFormat::Png, ImageFormat::Png),
        (&see_through, ImageFormat::WebP, ImageFormat::Png),
    ] {
        let clean = imaging.clean(encoded(format, picture), LIMITS).await.unwrap();
        assert_eq!(clean.info.format, expected, "from {format:?}");
        if expected == ImageFormat::Png {
            let pixels = image::load_from_memory(&clean.bytes).unwrap();
            assert_eq!(pixels.to_rgba8(), picture.to_rgba8(), "a PNG loses nothing");
        }
    }
}

#[tokio::test]
async fn grey_stays_grey() {
    let grey = DynamicImage::ImageLuma8(motif(20, 10).to_luma8());
    let clean = ImageProcessor::inline().clean(encoded(ImageFormat::Jpeg, &grey), LIMITS).await.unwrap();
    let pixels = image::load_from_memory(&clean.bytes).unwrap();
    assert_eq!(pixels.color(), image::ColorType::L8);
}

/// A JPEG of one colour whose numbers mean Display P3.
fn wide_gamut(color: [u8; 3]) -> Bytes {
    let plain = DynamicImage::ImageRgb8(RgbImage::from_pixel(16, 16, image::Rgb(color)));
    let mut jpeg = Jpeg::from_bytes(encoded(ImageFormat::Jpeg, &plain)).unwrap();
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    jpeg.set_icc_profile(Some(Bytes::from(profile)));
    jpeg.encoder().bytes()
}

#[tokio::test]
async fn the_colours_of_a_phones_photo_stay_what_they_were() {
    let imaging = ImageProcessor::inline();
    // Skin in Display P3; the same colour has other numbers in sRGB, stronger in red and weaker in blue.
    let photo = wide_gamut([220, 170, 150]);
    let clean = imaging.clean(photo.clone(), LIMITS).await.unwrap().bytes;
    let preview = imaging.preview(photo, 8, LIMITS).await.unwrap();
    for (what, bytes) in [("clean", clean), ("preview", preview)] {
        let pixel = image::load_from_memory(&bytes).unwrap().to_rgb8().get_pixel(4, 4).0;
        let expected = [229_u8, 168, 146];
        for (seen, meant) in pixel.into_iter().zip(expected) {
            assert!(seen.abs_diff(meant) <= 3, "{what}: {pixel:?} instead of {expected:?}");
        }
        assert_eq!(Jpeg::from_bytes(bytes).unwrap().icc_profile(), None, "{what} needs no profile");
    }
}

#[tokio::test]
async fn a_broken_profile_does_no_harm() {
    let mut jpeg = Jpeg::from_bytes(encoded(ImageFormat::Jpeg, &motif(16, 16))).unwrap();
    jpeg.set_icc_profile(Some(Bytes::from_static(b"no profile at all")));
    let clean = ImageProcessor::inline().clean(jpeg.encoder().bytes(), LIMITS).await.unwrap();
    assert_eq!((clean.info.width, clean.info.height), (16, 16));
}

#[tokio::test]
async fn a_preview_of_something_transparent_lies_on_white() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(40, 40, image::Rgba([0, 0, 0, 0])));
    let preview =
        ImageProcessor::inline().preview(encoded(ImageFormat::Png, &clear), 10, LIMITS).await.unwrap();
    let pixel = image::load_from_memory(&preview).unwrap().to_rgb8().get_pixel(5, 5).0;
    assert_eq!(pixel, [255, 255, 255]);
}

#[tokio::test]
async fn a_preview_has_at_least_one_pixel() {
    let preview =
        ImageProcessor::inline().preview(encoded(ImageFormat::Png, &motif(40, 40)), 0, LIMITS).await.unwrap();
    let pixels = image::load_from_memory(&preview).unwrap();
    assert_eq!((pixels.width(), pixels.height()), (1, 1));
}
