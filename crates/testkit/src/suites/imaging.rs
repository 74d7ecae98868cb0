//! What every [`Imaging`] must do.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{GenerationId, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, Provenance};
use uuid::Uuid;

/// Makes the pictures that the tests need, and looks at those that come back. An adapter for real images encodes real
/// ones; a fake has an encoding of its own.
pub trait Bench: Sync {
    /// The port under test.
    fn imaging(&self) -> Arc<dyn Imaging>;

    /// A picture without metadata, in which no two corners are alike.
    fn picture(&self, format: ImageFormat, width: u32, height: u32) -> Bytes;

    /// What a picture of this size begins with, and nothing of its pixels.
    fn header(&self, format: ImageFormat, width: u32, height: u32) -> Bytes;

    /// The same picture as [`Bench::picture`] to whoever looks at it, but stored lying on its side with an orientation
    /// that says so, and with `secret` in plain text in each kind of metadata that the format can carry: EXIF with GPS,
    /// XMP, a comment.
    fn photo(&self, format: ImageFormat, width: u32, height: u32, secret: &str) -> Bytes;

    /// What is to be seen, as stored.
    fn pixels(&self, picture: &Bytes) -> Pixels;
}

/// A decoded picture.
#[derive(Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Red, green, blue, opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}

const FORMATS: [ImageFormat; 3] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];

const LIMITS: ImageLimits = ImageLimits { bytes: 2_000_000, pixels: 1_000_000, side: 4_000 };

const SECRET: &str = "the-photographers-address";

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    every_call_must_refuse_more_than_the_limits_before_it_allocates_the_pixels(bench).await;
    inspect_must_decode_the_whole_image_so_that_a_truncated_one_is_not_an_image(bench).await;
    mark_must_leave_every_pixel_as_it_is_and_read_mark_must_find_exactly_what_mark_wrote(bench).await;
    the_mark_must_say_trained_algorithmic_media(bench).await;
    clean_must_remove_all_metadata_and_apply_the_orientation(bench).await;
    preview_must_give_a_jpeg_whose_longer_side_is_at_most_side_and_never_enlarge(bench).await;
}

/// Every call MUST refuse more than the limits before it allocates the pixels. The images are mere headers, so that the
/// right refusal cannot come after the pixels were read.
pub async fn every_call_must_refuse_more_than_the_limits_before_it_allocates_the_pixels(bench: &dyn Bench) {
    for format in FORMATS {
        for (what, bytes, limits) in [
            ("too many pixels", bench.header(format, 1_001, 1_000), LIMITS),
            ("too wide", bench.header(format, 4_001, 1), LIMITS),
            ("too high", bench.header(format, 1, 4_001), LIMITS),
            ("as large as can be", bench.header(format, 16_383, 16_383), LIMITS),
            ("too many bytes", bench.picture(format, 40, 30), ImageLimits { bytes: 20, ..LIMITS }),
        ] {
            for (call, refusal) in every_call(bench, &bytes, limits).await {
                assert!(
                    matches!(refusal, Some(ImagingError::TooLarge)),
                    "{call} of a {format:?} with {what}: {refusal:?}"
                );
            }
        }
        let bytes = bench.picture(format, 1_000, 1_000);
        for (call, refusal) in every_call(bench, &bytes, LIMITS).await {
            assert!(refusal.is_none(), "{call} of a {format:?} at the limit: {refusal:?}");
        }
    }
}

async fn every_call(
    bench: &dyn Bench,
    bytes: &Bytes,
    limits: ImageLimits,
) -> [(&'static str, Option<ImagingError>); 4] {
    let imaging = bench.imaging();
    [
        ("inspect", imaging.inspect(bytes.clone(), limits).await.err()),
        ("clean", imaging.clean(bytes.clone(), limits).await.err()),
        ("preview", imaging.preview(bytes.clone(), 64, limits).await.err()),
        ("fingerprint", imaging.fingerprint(bytes.clone(), limits).await.err()),
    ]
}

/// `inspect` MUST decode the whole image, so that a truncated one is `NotAnImage`.
pub async fn inspect_must_decode_the_whole_image_so_that_a_truncated_one_is_not_an_image(bench: &dyn Bench) {
    let imaging = bench.imaging();
    for format in FORMATS {
        let whole = bench.picture(format, 120, 90);
        let info = imaging.inspect(whole.clone(), LIMITS).await.expect("a whole image");
        assert_eq!(info, ImageInfo { format, width: 120, height: 90 });
        for percent in [0, 1, 10, 50, 80, 95, 99] {
            let length = whole.len() * percent / 100;
            let refusal = imaging.inspect(whole.slice(..length), LIMITS).await;
            assert!(
                matches!(refusal, Err(ImagingError::NotAnImage(_))),
                "the first {length} of {} bytes of a {format:?}: {refusal:?}",
                whole.len()
            );
        }
    }
    for nonsense in ["", "x", "<html><body>502 Bad Gateway</body></html>", "RIFF\u{1}\u{1}\u{1}\u{1}WEBP"] {
        let refusal = imaging.inspect(Bytes::from(nonsense), LIMITS).await;
        assert!(matches!(refusal, Err(ImagingError::NotAnImage(_))), "{nonsense:?}: {refusal:?}");
    }
}

/// `mark` MUST leave every pixel as it is and `read_mark` MUST find exactly what `mark` wrote, in every format.
pub async fn mark_must_leave_every_pixel_as_it_is_and_read_mark_must_find_exactly_what_mark_wrote(
    bench: &dyn Bench,
) {
    let imaging = bench.imaging();
    for format in FORMATS {
        for (kind, picture) in
            [("picture", bench.picture(format, 61, 43)), ("photo", bench.photo(format, 61, 43, SECRET))]
        {
            let read = imaging.read_mark(picture.clone()).await.expect("an image");
            assert_eq!(read, None, "an unmarked {kind} in {format:?}");

            for (model, number) in [
                ("gemini-nano-banana-2.1", 1),
                // Marking again replaces the mark.
                ("fal-ai/flux-2", 2),
                ("odd \"model\" <&> 'name'\n\u{439}", 3),
            ] {
                let provenance = provenance(model, number);
                let once = imaging.mark(picture.clone(), &provenance).await.expect("mark");
                let other = self::provenance("another model", 99);
                let twice = imaging.mark(once.clone(), &other).await.expect("mark again");
                let back = imaging.mark(twice.clone(), &provenance).await.expect("mark back");
                for (marked, expected) in [(&once, &provenance), (&twice, &other), (&back, &provenance)] {
                    assert_eq!(
                        imaging.read_mark(marked.clone()).await.expect("read the mark").as_ref(),
                        Some(expected),
                        "a {kind} in {format:?}"
                    );
                    assert!(
                        bench.pixels(marked) == bench.pixels(&picture),
                        "marking changed the pixels of a {kind} in {format:?}"
                    );
                    let info = imaging.inspect(marked.clone(), LIMITS).await.expect("still an image");
                    assert_eq!(info.format, format);
                }
                assert!(back == once, "the mark is replaced, not piled up, in {format:?}");
            }
        }
    }
}

/// The mark MUST say IPTC `DigitalSourceType` = `trainedAlgorithmicMedia`.
pub async fn the_mark_must_say_trained_algorithmic_media(bench: &dyn Bench) {
    for format in FORMATS {
        let marked = bench
            .imaging()
            .mark(bench.picture(format, 20, 20), &provenance("some model", 4))
            .await
            .expect("mark");
        for words in
            ["DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"]
        {
            assert!(contains(&marked, words), "a marked {format:?} says {words}");
        }
    }
}

/// `clean` MUST remove all metadata (EXIF, GPS, XMP, comments) and apply the orientation.
pub async fn clean_must_remove_all_metadata_and_apply_the_orientation(bench: &dyn Bench) {
    let imaging = bench.imaging();
    for format in FORMATS {
        let upright = bench.pixels(&bench.picture(format, 48, 32));
        let photo = bench.photo(format, 48, 32, SECRET);
        assert!(contains(&photo, SECRET), "the test's own {format:?} has metadata");
        assert_eq!(
            (bench.pixels(&photo).width, bench.pixels(&photo).height),
            (32, 48),
            "the test's own {format:?} lies on its side"
        );

        let clean = imaging.clean(photo, LIMITS).await.expect("clean");
        for words in [SECRET, "Exif", "GPS", "xmp"] {
            assert!(!contains(&clean.bytes, words), "a cleaned {format:?} still says {words}");
        }
        let info = imaging.inspect(clean.bytes.clone(), LIMITS).await.expect("a clean image");
        assert_eq!(info, clean.info, "what it says it is now is what it is");
        let pixels = bench.pixels(&clean.bytes);
        assert_eq!((pixels.width, pixels.height), (48, 32), "the right way up");
        let difference = mean_difference(&pixels, &upright);
        assert!(difference < 8, "a cleaned {format:?} differs by {difference} on average");

        let marked =
            imaging.mark(bench.picture(format, 48, 32), &provenance("some model", 5)).await.expect("mark");
        let clean = imaging.clean(marked, LIMITS).await.expect("clean");
        assert_eq!(imaging.read_mark(clean.bytes).await.expect("an image"), None);
    }
}

/// `preview` MUST give a JPEG whose longer side is at most `side` pixels, and never enlarge.
pub async fn preview_must_give_a_jpeg_whose_longer_side_is_at_most_side_and_never_enlarge(bench: &dyn Bench) {
    let imaging = bench.imaging();
    for format in FORMATS {
        for ((width, height), side, expected) in [
            ((400, 300), 100, (100, 75)),
            ((300, 400), 100, (75, 100)),
            ((100, 100), 100, (100, 100)),
            ((60, 40), 100, (60, 40)),
            ((2_000, 3), 100, (100, 1)),
        ] {
            let picture = bench.picture(format, width, height);
            let preview = imaging.preview(picture, side, LIMITS).await.expect("preview");
            let info = imaging.inspect(preview.clone(), LIMITS).await.expect("an image");
            assert_eq!(info.format, ImageFormat::Jpeg);
            assert_eq!((info.width, info.height), expected, "{width} times {height} in {format:?}");
        }

        // It shows the picture, and the right way up.
        let small = imaging.preview(bench.photo(format, 96, 64, SECRET), 48, LIMITS).await.expect("preview");
        assert!(!contains(&small, SECRET), "a preview of a {format:?} has no metadata");
        let difference =
            mean_difference(&bench.pixels(&small), &bench.pixels(&bench.picture(format, 48, 32)));
        assert!(difference < 16, "a preview of a {format:?} differs by {difference} on average");
    }
}

fn provenance(model: &str, generation: u128) -> Provenance {
    Provenance {
        model: model.to_owned(),
        generation: GenerationId::new(Uuid::from_u128(generation << 80 | generation)),
    }
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

/// How much a channel of a pixel differs on average, of 255.
fn mean_difference(one: &Pixels, other: &Pixels) -> u64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let total: u64 = one.rgba.iter().zip(&other.rgba).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    total / u64::try_from(one.rgba.len()).expect("a length")
}
