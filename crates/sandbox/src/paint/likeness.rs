//! How a person looks: small pictures of the face, and the colours of skin, hair and clothes.
//!
//! It is taken from photos, is small enough to travel in the metadata of a weights file, and is what portraits are
//! painted with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::imageops::{self, thumbnail};
use image::{RgbaImage, SubImage};
use serde::{Deserialize, Serialize};

use super::face_finding::{self, Square};

/// Edge of a face's picture, pixels.
pub(super) const FACE_EDGE: u16 = 48;
/// Faces kept at most, from the first photos.
const MOST_FACES: usize = 4;

/// How a person looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    faces: Vec<Face>,
    skin: [u8; 3],
    hair: [u8; 3],
    clothes: [u8; 3],
}

/// A face: [`FACE_EDGE`] rows of as many pixels, three bytes each, in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Face(String);

impl Likeness {
    /// The person in these photos; none without a photo.
    pub fn of_photos<'a>(photos: impl IntoIterator<Item = &'a RgbaImage>) -> Option<Self> {
        let portraits: Vec<Portrait> = photos.into_iter().filter_map(Portrait::of).collect();
        if portraits.is_empty() {
            return None;
        }
        let mean = |part: fn(&Portrait) -> [u8; 3]| mean_colour(portraits.iter().map(part));
        Some(Self {
            skin: mean(Portrait::skin),
            hair: mean(Portrait::hair),
            clothes: mean(Portrait::clothes),
            faces: portraits.iter().take(MOST_FACES).map(Portrait::face).collect(),
        })
    }

    /// As text, for a file's metadata.
    pub fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// From the text of [`Self::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) const fn skin(&self) -> [u8; 3] {
        self.skin
    }

    pub(super) const fn hair(&self) -> [u8; 3] {
        self.hair
    }

    pub(super) const fn clothes(&self) -> [u8; 3] {
        self.clothes
    }

    pub(super) fn faces(&self) -> u16 {
        u16::try_from(self.faces.len()).unwrap_or(u16::MAX)
    }

    /// A face's opaque pixels, four bytes each; none when there is no such face or its text is damaged.
    pub(super) fn face(&self, index: u16) -> Option<Vec<u8>> {
        let Face(text) = self.faces.get(usize::from(index))?;
        let colours = STANDARD.decode(text).ok()?;
        let pixels = usize::from(FACE_EDGE) * usize::from(FACE_EDGE);
        let opaque = colours.chunks_exact(3).flat_map(|colour| colour.iter().copied().chain([u8::MAX]));
        (colours.len() == pixels * 3).then(|| opaque.collect())
    }
}

/// One photo, made small.
struct Portrait {
    face: RgbaImage,
    /// A strip near the lower edge, where clothes show.
    bottom: RgbaImage,
}

impl Portrait {
    fn of(photo: &RgbaImage) -> Option<Self> {
        let height = photo.height();
        let edge = u32::from(FACE_EDGE);
        let Square { left, top, edge: span } = face_finding::head(photo)?;
        let part = |left, top, width, height| -> SubImage<&RgbaImage> {
            imageops::crop_imm(photo, left, top, width, height)
        };
        let (low, strip) = (height * 4 / 5, (height / 10).max(1));
        Some(Self {
            face: thumbnail(&*part(left, top, span, span), edge, edge),
            bottom: thumbnail(&*part(left, low, span, strip), 8, 8),
        })
    }

    fn face(&self) -> Face {
        let colours: Vec<u8> = self.face.pixels().flat_map(|pixel| pixel.0.into_iter().take(3)).collect();
        Face(STANDARD.encode(colours))
    }

    fn skin(&self) -> [u8; 3] {
        let edge = u32::from(FACE_EDGE);
        mean_of(&self.face, edge / 3, edge * 2 / 5, edge / 3, edge / 4)
    }

    fn hair(&self) -> [u8; 3] {
        let edge = u32::from(FACE_EDGE);
        mean_of(&self.face, edge / 3, 0, edge / 3, edge / 8)
    }

    fn clothes(&self) -> [u8; 3] {
        mean_of(&self.bottom, 0, 0, self.bottom.width(), self.bottom.height())
    }
}

fn mean_of(picture: &RgbaImage, left: u32, top: u32, width: u32, height: u32) -> [u8; 3] {
    let part = imageops::crop_imm(picture, left, top, width, height).to_image();
    mean_colour(part.pixels().map(|pixel| {
        let [red, green, blue, _] = pixel.0;
        [red, green, blue]
    }))
}

fn mean_colour(colours: impl Iterator<Item = [u8; 3]>) -> [u8; 3] {
    let mut sums = [0_u64; 3];
    let mut count = 0_u64;
    for colour in colours {
        count += 1;
        for (sum, part) in sums.iter_mut().zip(colour) {
            *sum += u64::from(part);
        }
    }
    sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn colours_come_from_where_they_are_in_a_portrait() {
        // Dark hair above, a light face, blue clothes at the bottom.
        let photo = RgbaImage::from_fn(100, 140, |_, y| match y {
            0..40 => Rgba([20, 10, 5, 255]),
            40..112 => Rgba([220, 170, 140, 255]),
            _ => Rgba([10, 30, 200, 255]),
        });
        let likeness = Likeness::of_photos([&photo, &photo]).unwrap();
        assert_eq!(likeness.skin(), [220, 170, 140]);
        assert_eq!(likeness.hair(), [20, 10, 5]);
        assert_eq!(likeness.clothes(), [10, 30, 200]);
        assert_eq!(likeness.faces(), 2);
        assert_eq!(likeness.face(0).unwrap().len(), 48 * 48 * 4);
        assert_eq!(likeness.face(2), None);
    }

    #[test]
    fn the_person_of_the_test_pictures_is_recognised() {
        use crate::test_pictures::{PictureKind, picture};
        let skin_of = |kind, variant| {
            let bytes = picture(kind, variant, 480, 600).unwrap();
            let photo = image::load_from_memory(&bytes).unwrap().into_rgba8();
            Likeness::of_photos([&photo]).unwrap().skin()
        };
        let is_like = |skin: [u8; 3], wanted: [u8; 3]| {
            skin.iter().zip(wanted).all(|(is, wanted)| is.abs_diff(wanted) < 60)
        };
        let found = (0..12).filter(|variant| is_like(skin_of(PictureKind::Clear, *variant), [223, 168, 133]));
        assert!(found.count() >= 9);
    }

    #[test]
    fn it_survives_as_text() {
        let photo = RgbaImage::from_pixel(30, 20, Rgba([1, 2, 3, 255]));
        let likeness = Likeness::of_photos([&photo]).unwrap();
        assert_eq!(Likeness::from_text(&likeness.to_text()), Some(likeness));
        assert_eq!(Likeness::from_text("{}"), None);
    }

    #[test]
    fn photos_of_any_shape_are_taken() {
        assert_eq!(Likeness::of_photos(&[]), None);
        for (width, height) in [(2, 2), (1, 400), (400, 3)] {
            let photo = RgbaImage::from_pixel(width, height, Rgba([9, 9, 9, 255]));
            assert_eq!(Likeness::of_photos([&photo]).is_some(), width.min(height) > 1);
        }
    }
}
