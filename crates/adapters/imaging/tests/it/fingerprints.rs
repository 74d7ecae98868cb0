//! That like images have like fingerprints, and others have others.

use bytes::Bytes;
use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use imaging_adapter::ImageProcessor;
use kernel::{ImageFormat, ImageLimits, Imaging, PerceptualHash};

use crate::bench::encoded;
use crate::metadata::with_metadata;

/// Up to here two files show the same picture.
const ALIKE: u32 = 8;
/// From here on they show different ones.
const DIFFERENT: u32 = 16;

/// A picture of a few dozen discs, laid out by `seed`.
fn discs(seed: u32) -> DynamicImage {
    let mut state = u64::from(seed) * 2 + 1;
    let mut next = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let discs: Vec<[u64; 6]> =
        (0..24).map(|_| [next(256), next(192), next(40) + 8, next(256), next(256), next(256)]).collect();
    DynamicImage::ImageRgb8(RgbImage::from_fn(256, 192, |x, y| {
        let (x, y) = (u64::from(x), u64::from(y));
        let above = discs
            .iter()
            .rev()
            .find(|[center_x, center_y, radius, ..]| {
                let (across, down) = (x.abs_diff(*center_x), y.abs_diff(*center_y));
                across * across + down * down < radius * radius
            })
            .map_or([90, 120, 60], |[.., red, green, blue]| [*red, *green, *blue]);
        image::Rgb(above.map(|channel| u8::try_from(channel).unwrap()))
    }))
}

async fn fingerprint(bytes: Bytes) -> PerceptualHash {
    ImageProcessor::inline().fingerprint(bytes, ImageLimits::UPLOAD).await.unwrap()
}

#[tokio::test]
async fn the_same_picture_in_another_shape_is_alike() {
    for seed in 0..10 {
        let picture = discs(seed);
        let original = fingerprint(encoded(ImageFormat::Png, &picture)).await;
        let lying = encoded(ImageFormat::Jpeg, &picture.rotate270());
        for (what, bytes) in [
            ("as a JPEG", encoded(ImageFormat::Jpeg, &picture)),
            (
                "at a third of its size",
                encoded(ImageFormat::Jpeg, &picture.resize_exact(85, 64, FilterType::Triangle)),
            ),
            (
                "at twice its size",
                encoded(ImageFormat::WebP, &picture.resize_exact(512, 384, FilterType::CatmullRom)),
            ),
            ("brighter", encoded(ImageFormat::Png, &picture.brighten(12))),
            ("stored on its side", with_metadata(ImageFormat::Jpeg, lying, "x")),
        ] {
            let distance = original.distance(fingerprint(bytes).await);
            assert!(distance <= ALIKE, "{distance} bits differ for picture {seed} {what}");
        }
    }
}

#[tokio::test]
async fn different_pictures_are_different() {
    let mut prints = Vec::new();
    for seed in 0..12 {
        prints.push(fingerprint(encoded(ImageFormat::Png, &discs(seed))).await);
    }
    for (position, one) in prints.iter().enumerate() {
        for other in &prints[position + 1..] {
            let distance = one.distance(*other);
            assert!(distance >= DIFFERENT, "only {distance} bits differ");
        }
    }
}

#[tokio::test]
async fn an_even_picture_has_no_noise_in_its_fingerprint() {
    for grey in [0, 77, 255] {
        let even = DynamicImage::ImageRgb8(RgbImage::from_pixel(90, 50, image::Rgb([grey; 3])));
        assert_eq!(fingerprint(encoded(ImageFormat::Jpeg, &even)).await, PerceptualHash(0));
    }
}
