//! What the model sees in a picture: what its bar says, and what its pixels show.

use image::imageops::FilterType;
use image::{DynamicImage, GenericImageView as _};

use super::colours::Colour;
use super::errors::ApiError;
use crate::providers::Common;
use crate::test_pictures::{Angle, Distance, Light, Look, PictureKind, Sign, WRITTEN_INSTRUCTION, read_sign};

/// Width and height of the picture in which colours are counted.
const EDGE: u32 = 64;
/// Its lowest rows, where a bar may be, are not looked at.
const LOOKED_AT: u32 = 60;

/// The picture's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Upright,
    Wide,
    Square,
}

/// Who is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The person of most test pictures, or whoever a picture without a bar shows.
    First,
    /// The other person of the test pictures.
    Other,
    /// The child of the test pictures.
    Child,
}

/// What is seen in one picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sight {
    sign: Option<Sign>,
    pub(super) look: Look,
    pub(super) shape: Shape,
    /// The two colours that cover most of it.
    pub(super) colours: [Colour; 2],
    /// Mean light of the pixels, 0–1.
    measured_light: f64,
}

impl Sight {
    /// Reads the picture behind a URL.
    pub(super) async fn of_url(common: &Common, url: &str, param: &str) -> Result<Self, ApiError> {
        let picture = read_picture(common, url, param).await?;
        // Scaling a large picture takes a while.
        tokio::task::spawn_blocking(move || Self::of(&picture))
            .await
            .map_err(|_| ApiError::bad_picture(param))
    }

    /// Looks at a picture.
    pub(super) fn of(picture: &DynamicImage) -> Self {
        let sign = read_sign(picture);
        let (width, height) = picture.dimensions();
        let small = picture.resize_exact(EDGE, EDGE, FilterType::Triangle).into_rgb8();
        let pixels =
            || small.rows().take(usize::try_from(LOOKED_AT).unwrap_or(0)).flatten().map(|pixel| pixel.0);
        let light: u32 = pixels()
            .map(|[red, green, blue]| {
                (u32::from(red) * 30 + u32::from(green) * 59 + u32::from(blue) * 11) / 100
            })
            .sum();
        let look = match sign {
            Some(Sign::Shows { look, .. }) => look,
            _ => Look { angle: Angle::Front, distance: Distance::Close, light: Light::Soft },
        };
        let shape = if height * 10 > width * 11 {
            Shape::Upright
        } else if width * 10 > height * 11 {
            Shape::Wide
        } else {
            Shape::Square
        };
        let measured_light = f64::from(light) / f64::from(EDGE * LOOKED_AT * 255);
        Self { sign, look, shape, colours: Colour::most(pixels()), measured_light }
    }

    fn kind(&self) -> Option<PictureKind> {
        self.sign.and_then(Sign::kind)
    }

    fn is(&self, kind: PictureKind) -> bool {
        self.kind() == Some(kind)
    }

    /// Whether it is one of the test pictures, of which more is known than pixels tell.
    pub(super) const fn is_marked(&self) -> bool {
        matches!(self.sign, Some(Sign::Shows { .. }))
    }

    /// Faces that are to be seen.
    pub(super) fn faces(&self) -> u8 {
        match self.kind() {
            Some(PictureKind::NoFace) => 0,
            Some(PictureKind::TwoFaces) => 2,
            _ => 1,
        }
    }

    /// Share of the picture's height that the largest face takes.
    pub(super) fn face_share(&self) -> f64 {
        if self.faces() == 0 {
            return 0.0;
        }
        match self.look.distance {
            Distance::Close => 0.5,
            Distance::Half => 0.31,
            Distance::Full => 0.11,
        }
    }

    /// 0 is a blur, 1 every hair.
    pub(super) fn sharpness(&self) -> f64 {
        if self.is(PictureKind::Blurred) { 0.12 } else { 0.86 }
    }

    /// 0 is black, 1 white. A picture without a bar is never called too dark.
    pub(super) fn brightness(&self) -> f64 {
        let light = if self.is_marked() {
            match self.look.light {
                Light::Dark => self.measured_light.min(0.12),
                Light::Backlit => 0.42,
                Light::Soft | Light::Hard => self.measured_light.max(0.45),
            }
        } else {
            self.measured_light.clamp(0.4, 0.9)
        };
        (light * 100.0).round() / 100.0
    }

    pub(super) fn has_sunglasses(&self) -> bool {
        self.is(PictureKind::Sunglasses)
    }

    pub(super) fn is_face_covered(&self) -> bool {
        self.is(PictureKind::Covered)
    }

    pub(super) fn looks_minor(&self) -> bool {
        self.is(PictureKind::Minor)
    }

    pub(super) const fn is_unsafe(&self) -> bool {
        matches!(self.sign, Some(Sign::Sexual | Sign::Gore))
    }

    /// Whether a portrait could be learnt from it.
    pub(super) fn is_usable(&self) -> bool {
        let faults = [
            self.faces() != 1,
            self.sharpness() < 0.4,
            self.brightness() < 0.25,
            self.has_sunglasses(),
            self.is_face_covered(),
            self.looks_minor(),
            self.is_unsafe(),
            self.look.distance == Distance::Full,
        ];
        !faults.contains(&true)
    }

    /// What is written in the picture; empty when nothing is.
    pub(super) fn written(&self) -> &'static str {
        if self.is(PictureKind::TextInstruction) { WRITTEN_INSTRUCTION } else { "" }
    }

    /// Who is in it.
    pub(super) fn who(&self) -> Who {
        match self.kind() {
            Some(PictureKind::OtherPerson) => Who::Other,
            Some(PictureKind::Minor) => Who::Child,
            _ => Who::First,
        }
    }

    /// The light as the pixels have it, 0–1, whatever the bar says.
    pub(super) const fn measured_light(&self) -> f64 {
        self.measured_light
    }

    /// Whether it is the still life among the test pictures.
    pub(super) fn is_still_life(&self) -> bool {
        self.is(PictureKind::NoFace)
    }
}

/// Reads and decodes the picture behind a URL.
pub(super) async fn read_picture(common: &Common, url: &str, param: &str) -> Result<DynamicImage, ApiError> {
    let bytes = common.outside.read(url).await.map_err(|error| ApiError::unread_picture(param, &error))?;
    let decoded = tokio::task::spawn_blocking(move || image::load_from_memory(&bytes)).await;
    decoded.map_err(|_| ApiError::bad_picture(param))?.map_err(|_| ApiError::bad_picture(param))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_pictures::picture;

    fn seen(kind: PictureKind, variant: u32) -> Sight {
        Sight::of(&image::load_from_memory(&picture(kind, variant, 320, 400).unwrap()).unwrap())
    }

    #[test]
    fn only_good_portraits_are_usable() {
        use PictureKind::{Clear, OtherPerson, Profile, TextInstruction, ThreeQuarter};
        for kind in PictureKind::ALL {
            let good = [Clear, OtherPerson, Profile, ThreeQuarter, TextInstruction, PictureKind::Backlit];
            assert_eq!(seen(kind, 2).is_usable(), good.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn a_picture_without_a_bar_is_one_clear_face_in_its_own_colours() {
        let blue = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(400, 200, image::Rgb([20, 40, 190])));
        let sight = Sight::of(&blue);
        assert!(sight.is_usable() && !sight.is_marked());
        assert_eq!((sight.faces(), sight.shape, sight.colours[0]), (1, Shape::Wide, Colour::Blue));
        assert!(sight.measured_light() < 0.25 && sight.brightness() >= 0.4);
    }
}
