//! Files as other encoders write them.

use std::fs;
use std::path::Path;

use bytes::Bytes;
use imaging_adapter::ImageProcessor;
use img_parts::riff::RiffChunk;
use img_parts::webp::{CHUNK_VP8X, WebP};
use kernel::{GenerationId, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, Provenance};
use testkit::suites::imaging::Bench;
use uuid::Uuid;

use crate::bench::{RealImages, encoded, motif};

const LIMITS: ImageLimits = ImageLimits::RESULT;

fn fixture(name: &str) -> Bytes {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name);
    Bytes::from(fs::read(path).unwrap())
}

fn provenance() -> Provenance {
    Provenance { model: "a-model".to_owned(), generation: GenerationId::new(Uuid::from_u128(77)) }
}

#[tokio::test]
async fn every_encoders_file_is_read_marked_and_read_again() {
    let bench = RealImages(ImageProcessor::inline());
    let imaging = bench.imaging();
    for (name, format, width, height) in [
        ("lossy.webp", ImageFormat::WebP, 64, 48),
        ("lossy-transparent.webp", ImageFormat::WebP, 64, 48),
        ("progressive.jpg", ImageFormat::Jpeg, 64, 48),
        ("cmyk.jpg", ImageFormat::Jpeg, 64, 48),
        ("grey-16-bit.png", ImageFormat::Png, 16, 12),
    ] {
        let file = fixture(name);
        let info = ImageInfo { format, width, height };
        assert_eq!(imaging.inspect(file.clone(), LIMITS).await.unwrap(), info, "{name}");

        let marked = imaging.mark(file.clone(), &provenance()).await.unwrap();
        assert_eq!(imaging.read_mark(marked.clone()).await.unwrap(), Some(provenance()), "{name}");
        assert_eq!(imaging.inspect(marked.clone(), LIMITS).await.unwrap(), info, "{name}");
        assert!(bench.pixels(&marked) == bench.pixels(&file), "{name} has other pixels");

        for percent in [30, 90, 99] {
            let cut = file.slice(..file.len() * percent / 100);
            assert!(
                matches!(imaging.inspect(cut.clone(), LIMITS).await, Err(ImagingError::NotAnImage(_))),
                "{percent} % of {name}"
            );
            assert!(
                matches!(imaging.mark(cut, &provenance()).await, Err(ImagingError::NotAnImage(_))),
                "{percent} % of {name}"
            );
        }
        imaging.preview(file.clone(), 20, LIMITS).await.unwrap();
        imaging.clean(file.clone(), LIMITS).await.unwrap();
        imaging.fingerprint(file, LIMITS).await.unwrap();
    }
}

#[tokio::test]
async fn a_marked_webp_announces_what_it_holds() {
    let imaging = ImageProcessor::inline();
    let mut transparent = motif(30, 20).into_rgba8();
    transparent.get_pixel_mut(3, 4).0[3] = 0;
    for (name, file, flags) in [
        ("lossy", fixture("lossy.webp"), 0b0000_0100),
        ("lossy, transparent", fixture("lossy-transparent.webp"), 0b0001_0100),
        ("lossless", encoded(ImageFormat::WebP, &motif(30, 20)), 0b0000_0100),
        ("lossless, transparent", encoded(ImageFormat::WebP, &transparent.into()), 0b0001_0100),
    ] {
        let sides = WebP::from_bytes(file.clone()).unwrap().dimensions();
        let marked = imaging.mark(file, &provenance()).await.unwrap();
        let webp = WebP::from_bytes(marked).unwrap();
        assert_eq!(webp.chunks().first().map(RiffChunk::id), Some(CHUNK_VP8X), "{name}");
        let header = webp.chunk_by_id(CHUNK_VP8X).unwrap().content().data().unwrap();
        assert_eq!(header.len(), 10, "{name}");
        assert_eq!(header[0], flags, "{name}");
        assert_eq!(webp.dimensions(), sides, "{name}");
    }
}

#[tokio::test]
async fn what_follows_the_end_of_an_image_does_not_disturb() {
    let imaging = ImageProcessor::inline();
    for name in ["progressive.jpg", "grey-16-bit.png", "lossy.webp"] {
        let mut file = fixture(name).to_vec();
        file.extend_from_slice(b"something else");
        let file = Bytes::from(file);
        imaging.inspect(file.clone(), LIMITS).await.unwrap();
        let marked = imaging.mark(file, &provenance()).await.unwrap();
        assert_eq!(imaging.read_mark(marked).await.unwrap(), Some(provenance()), "{name}");
    }
}

#[tokio::test]
async fn other_formats_are_no_images_to_us() {
    let imaging = ImageProcessor::inline();
    for bytes in [&b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"[..], b"BM", b"%PDF-1.7", b"II*\0"] {
        let bytes = Bytes::from_static(bytes);
        for refusal in [
            imaging.inspect(bytes.clone(), LIMITS).await.err(),
            imaging.mark(bytes.clone(), &provenance()).await.err(),
            imaging.read_mark(bytes.clone()).await.err(),
        ] {
            assert!(matches!(refusal, Some(ImagingError::NotAnImage(_))), "{bytes:?}: {refusal:?}");
        }
    }
}

#[tokio::test]
async fn no_damage_to_a_file_is_more_than_a_refusal() {
    let imaging = ImageProcessor::inline();
    for name in ["lossy.webp", "lossy-transparent.webp", "progressive.jpg", "grey-16-bit.png"] {
        let file = fixture(name);
        for position in 0..file.len().min(400) {
            let mut damaged = file.to_vec();
            damaged[position] ^= 0xff;
            let damaged = Bytes::from(damaged);
            let small = ImageLimits { pixels: 100_000, ..LIMITS };
            for refusal in [
                imaging.inspect(damaged.clone(), small).await.err(),
                imaging.mark(damaged.clone(), &provenance()).await.err(),
                imaging.read_mark(damaged).await.err(),
            ] {
                assert!(
                    !matches!(refusal, Some(ImagingError::Bug(_))),
                    "byte {position} of {name}: {refusal:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_model_id_that_cannot_be_written_is_our_mistake() {
    let imaging = ImageProcessor::inline();
    let unwritable = Provenance { model: "m".repeat(70_000), ..provenance() };
    assert!(matches!(imaging.mark(fixture("progressive.jpg"), &unwritable).await, Err(ImagingError::Bug(_))));
}
