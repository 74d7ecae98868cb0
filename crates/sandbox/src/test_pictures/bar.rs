//! The coloured bar by which a picture says what it shows: the lowest sixteenth of its height.
//!
//! A bar of one colour stands for what moderation flags: magenta is sexual, pure red graphic violence. Any other
//! bar has eight cells, of which the outer ones say that it is one.

use image::{DynamicImage, GenericImageView as _, Rgb, RgbImage};

use super::PictureKind;
use super::look::Look;

/// The six colours that a cell may have, by their digit; they differ in whole channels, which a JPEG keeps apart.
const COLOURS: [[u8; 3]; 6] =
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0], [255, 0, 255], [0, 255, 255]];
const DIGITS: u8 = 6;
const RED: u8 = 0;
const YELLOW: u8 = 3;
const MAGENTA: u8 = 4;
const CYAN: u8 = 5;
/// Cells of a bar.
const CELLS: u32 = 8;
/// A channel above this is full, one below [`LOW`] empty; in between nothing is known.
const HIGH: u8 = 165;
const LOW: u8 = 90;
/// Pictures smaller than this in one direction are not looked at.
const SMALLEST: u32 = 16;

/// What a bar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A test picture.
    Shows {
        /// What is to be seen.
        kind: PictureKind,
        /// How the photograph was taken.
        look: Look,
    },
    /// Something sexual.
    Sexual,
    /// Graphic violence.
    Gore,
}

impl Sign {
    /// The test picture's kind; none for graphic violence, of which there is no test picture.
    pub const fn kind(self) -> Option<PictureKind> {
        match self {
            Self::Shows { kind, .. } => Some(kind),
            Self::Sexual => Some(PictureKind::Unsafe),
            Self::Gore => None,
        }
    }
}

/// The number of a variant's [`Look`].
pub(super) fn look_of(variant: u32) -> u8 {
    u8::try_from(variant % u32::from(DIGITS)).unwrap_or(0)
}

/// Paints the bar over the lower edge of a picture.
pub(super) fn write(pixels: &mut RgbImage, kind: PictureKind, variant: u32) {
    let cells = cells_of(kind, variant);
    let (width, height) = pixels.dimensions();
    for y in height - (height / 16).max(1)..height {
        for x in 0..width {
            let cell = usize::try_from(x * CELLS / width).unwrap_or(0);
            let digit = cells.get(cell).copied().unwrap_or(CYAN);
            pixels.put_pixel(x, y, Rgb(colour_of(digit)));
        }
    }
}

fn cells_of(kind: PictureKind, variant: u32) -> [u8; 8] {
    if kind == PictureKind::Unsafe {
        return [MAGENTA; 8];
    }
    let number = PictureKind::ALL.into_iter().zip(0_u8..).find(|(other, _)| *other == kind);
    let number = number.map_or(0, |(_, number)| number);
    let (high, low, look) = (number / DIGITS, number % DIGITS, look_of(variant));
    [CYAN, YELLOW, high, low, look, (high + low + look) % DIGITS, YELLOW, CYAN]
}

fn colour_of(digit: u8) -> [u8; 3] {
    COLOURS.get(usize::from(digit)).copied().unwrap_or([0; 3])
}

/// Reads the bar of a picture, in the middle of its height; none when there is no bar.
pub fn read_sign(picture: &DynamicImage) -> Option<Sign> {
    let (width, height) = picture.dimensions();
    if width < SMALLEST || height < SMALLEST {
        return None;
    }
    let y = height - (height / 32).max(1);
    let mut digits = [0_u8; 8];
    for (digit, cell) in digits.iter_mut().zip(0..CELLS) {
        // Three points of the cell's middle; two that agree are enough.
        let points =
            [5, 6, 7].map(|twelfth| digit_at(picture, (cell * 12 + twelfth) * width / (CELLS * 12), y));
        let [first, second, third] = points;
        *digit = if first == second || first == third {
            first?
        } else if second == third {
            second?
        } else {
            return None;
        };
    }
    match digits {
        _ if digits == [MAGENTA; 8] => Some(Sign::Sexual),
        _ if digits == [RED; 8] => Some(Sign::Gore),
        [CYAN, YELLOW, high, low, look, check, YELLOW, CYAN] if (high + low + look) % DIGITS == check => {
            let kind = PictureKind::ALL.get(usize::from(high * DIGITS + low)).copied()?;
            Some(Sign::Shows { kind, look: Look::of(kind, look) })
        }
        _ => None,
    }
}

fn digit_at(picture: &DynamicImage, x: u32, y: u32) -> Option<u8> {
    let [red, green, blue, _] = picture.get_pixel(x.min(picture.width() - 1), y).0;
    let is_full = |channel: u8| match channel {
        HIGH.. => Some(true),
        ..=LOW => Some(false),
        _ => None,
    };
    let seen = [is_full(red)?, is_full(green)?, is_full(blue)?];
    COLOURS
        .into_iter()
        .zip(0_u8..)
        .find(|(colour, _)| colour.map(|channel| channel == 255) == seen)
        .map(|(_, digit)| digit)
}

#[cfg(test)]
mod tests {
    use image::ImageFormat;

    use super::*;

    fn with_bar(colour: [u8; 3]) -> DynamicImage {
        let picture =
            RgbImage::from_fn(320, 320, |_, y| if y >= 300 { Rgb(colour) } else { Rgb([90, 140, 90]) });
        let mut jpeg = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        image::load_from_memory(jpeg.get_ref()).unwrap()
    }

    #[test]
    fn bars_of_one_colour_are_for_moderation() {
        assert_eq!(read_sign(&with_bar([255, 0, 255])), Some(Sign::Sexual));
        assert_eq!(read_sign(&with_bar([255, 0, 0])), Some(Sign::Gore));
        for colour in [[90, 140, 90], [0, 255, 255], [255, 255, 0], [0, 0, 0], [255, 255, 255]] {
            assert_eq!(read_sign(&with_bar(colour)), None);
        }
    }

    #[test]
    fn a_bar_whose_digits_do_not_add_up_is_none() {
        let mut picture = RgbImage::from_pixel(320, 320, Rgb([90, 140, 90]));
        write(&mut picture, PictureKind::Profile, 4);
        let whole = DynamicImage::ImageRgb8(picture.clone());
        assert_eq!(
            read_sign(&whole),
            Some(Sign::Shows { kind: PictureKind::Profile, look: Look::of(PictureKind::Profile, 4) })
        );
        for y in 300..320 {
            for x in 80..120 {
                picture.put_pixel(x, y, Rgb([0, 0, 255]));
            }
        }
        assert_eq!(read_sign(&DynamicImage::ImageRgb8(picture)), None);
    }
}
