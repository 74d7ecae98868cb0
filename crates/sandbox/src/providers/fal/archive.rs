//! Training archives: zip files with images, and texts beside them.

use std::io::{Cursor, Read as _};

use bytes::Bytes;
use image::{ImageReader, Limits, RgbaImage};
use serde_json::json;
use zip::ZipArchive;

use super::errors::Problem;
use super::trainer::Trainer;
use crate::paint::Likeness;

/// Most entries of an archive.
const MOST_ENTRIES: usize = 2_000;
/// Largest image file, bytes.
const LARGEST_IMAGE: u64 = 50 * 1024 * 1024;
/// Longest edge of an image, pixels.
const LONGEST_EDGE: u32 = 16_384;
/// Memory for decoding one image, bytes.
const DECODING_MEMORY: u64 = 512 * 1024 * 1024;
/// Edge that an image is brought within once it is known to be one, pixels.
const KEPT_EDGE: u32 = 256;
/// Images from which the person's looks are taken.
const MOST_PORTRAITS: usize = 32;
/// What images are called.
const IMAGE_ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Archive {
    /// Number of images, masks left out.
    pub(super) images: usize,
    /// Number of images with a text beside them.
    pub(super) captions: usize,
    /// The person in the images.
    pub(super) likeness: Option<Likeness>,
}

/// Opens an archive and decodes every image in it. This takes processor time.
pub(super) fn open(bytes: &Bytes, trainer: &Trainer) -> Result<Archive, Problem> {
    let invalid = || {
        trainer
            .archive_problem("invalid_archive", "The archive can't be opened")
            .with_context(json!({"supported_extensions": [".zip"]}))
    };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| invalid())?;
    if zip.len() > MOST_ENTRIES {
        return Err(trainer.archive_problem(
            "archive_file_count_exceeds_maximum",
            format!("The archive has {} files; at most {MOST_ENTRIES} are allowed", zip.len()),
        ));
    }
    let mut stems = Vec::new();
    let mut texts = Vec::new();
    let mut portraits = Vec::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).map_err(|_| invalid())?;
        let name = file.name().map_err(|_| invalid())?.into_owned();
        match Entry::of(&name) {
            Entry::Image(stem) => {
                let mut image = Vec::new();
                file.by_ref().take(LARGEST_IMAGE + 1).read_to_end(&mut image).map_err(|_| invalid())?;
                let portrait = decode(&image).ok_or_else(|| {
                    trainer.archive_problem("image_load_error", format!("Failed to load the image {name}"))
                })?;
                if portraits.len() < MOST_PORTRAITS {
                    portraits.push(portrait);
                }
                stems.push(stem.to_owned());
            }
            Entry::Text(stem) => texts.push(stem.to_owned()),
            Entry::Other => {}
        }
    }
    Ok(Archive {
        images: stems.len(),
        captions: stems.iter().filter(|stem| texts.contains(stem)).count(),
        likeness: Likeness::of_photos(&portraits),
    })
}

/// What a file of an archive is, with its name's part before the ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry<'a> {
    Image(&'a str),
    Text(&'a str),
    Other,
}

impl<'a> Entry<'a> {
    fn of(path: &'a str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with('.') || path.starts_with("__MACOSX/") {
            return Self::Other;
        }
        match path.rsplit_once('.') {
            Some((stem, ending)) if ending.eq_ignore_ascii_case("txt") => Self::Text(stem),
            Some((stem, ending)) if IMAGE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
                if stem.ends_with("_mask") {
                    Self::Other
                } else {
                    Self::Image(stem)
                }
            }
            _ => Self::Other,
        }
    }
}

/// A picture, decoded within limits and made small; none when it is not one.
pub(super) fn decode(bytes: &[u8]) -> Option<RgbaImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(DECODING_MEMORY);
    reader.limits(limits);
    let image = reader.decode().ok()?;
    let is_small = image.width() <= KEPT_EDGE && image.height() <= KEPT_EDGE;
    Some(if is_small { image.into_rgba8() } else { image.thumbnail(KEPT_EDGE, KEPT_EDGE).into_rgba8() })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use image::ImageFormat;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::errors::ApiError;
    use super::super::trainer;
    use super::*;

    fn png() -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let picture = RgbaImage::from_pixel(20, 30, image::Rgba([200, 100, 50, 255]));
        picture.write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    fn zipped(files: &[(&str, &[u8])]) -> Bytes {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        Bytes::from(zip.finish().unwrap().into_inner())
    }

    fn portrait_trainer() -> &'static Trainer {
        trainer::find("fal-ai/flux-lora-portrait-trainer").unwrap()
    }

    fn problem(bytes: &Bytes) -> String {
        let problem = open(bytes, portrait_trainer()).unwrap_err();
        let error = ApiError::problems(&[problem], &json!({}));
        error.body["detail"][0]["type"].as_str().unwrap().to_owned()
    }

    #[test]
    fn images_are_counted_and_the_rest_is_passed_over() {
        let png = png();
        let archive = open(
            &zipped(&[
                ("a.png", &png),
                ("set/b.PNG", &png),
                ("set/b.txt", b"a person"),
                ("a_mask.png", &png),
                ("__MACOSX/a.png", b"junk"),
                (".hidden.png", b"junk"),
                ("readme.md", b"junk"),
            ]),
            portrait_trainer(),
        )
        .unwrap();
        assert_eq!((archive.images, archive.captions), (2, 1));
        assert!(archive.likeness.is_some());
    }

    #[test]
    fn broken_archives_and_images_are_told_apart() {
        assert_eq!(problem(&Bytes::from_static(b"PK..")), "invalid_archive");
        assert_eq!(problem(&zipped(&[("a.png", b"no picture")])), "image_load_error");
        let whole = zipped(&[("a.png", &png())]);
        assert_eq!(problem(&whole.slice(..whole.len() / 2)), "invalid_archive");
    }

    #[test]
    fn an_archive_without_images_is_an_empty_one() {
        let archive = open(&zipped(&[("a.txt", b"x")]), portrait_trainer()).unwrap();
        assert_eq!(archive, Archive { images: 0, captions: 0, likeness: None });
    }
}
