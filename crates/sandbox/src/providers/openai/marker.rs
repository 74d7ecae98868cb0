//! The coloured bar by which a test picture says what it shows.

use image::{DynamicImage, GenericImageView as _};

/// What a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Nothing that anybody minds.
    Harmless,
    /// The bar is magenta.
    Sexual,
    /// The bar is pure red.
    Gore,
}

/// Share of the bar's sampled points that must have its colour.
const SURE: usize = 14;
/// Points that are sampled along the bar.
const SAMPLES: u32 = 16;

/// Reads the bar: the lowest sixteenth of the picture, in the middle of its height. Colours that a JPEG has
/// changed a little are still known.
pub(super) fn read(picture: &DynamicImage) -> Shown {
    let (width, height) = picture.dimensions();
    if width < SAMPLES || height < 16 {
        return Shown::Harmless;
    }
    let y = height - (height / 32).max(1);
    let points = (0..SAMPLES).map(|sample| (sample * 2 + 1) * width / (SAMPLES * 2));
    let colours: Vec<[u8; 4]> = points.map(|x| picture.get_pixel(x, y).0).collect();
    let count = |is_colour: fn(&[u8; 4]) -> bool| colours.iter().filter(|colour| is_colour(colour)).count();
    if count(|[red, green, blue, _]| *red > 215 && *green < 40 && *blue > 215) >= SURE {
        Shown::Sexual
    } else if count(|[red, green, blue, _]| *red > 215 && *green < 40 && *blue < 40) >= SURE {
        Shown::Gore
    } else {
        Shown::Harmless
    }
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    fn with_bar(colour: [u8; 3]) -> DynamicImage {
        let picture =
            RgbImage::from_fn(320, 320, |_, y| if y >= 300 { Rgb(colour) } else { Rgb([90, 140, 90]) });
        let mut jpeg = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
        image::load_from_memory(jpeg.get_ref()).unwrap()
    }

    #[test]
    fn the_bar_is_read_from_a_jpeg() {
        assert_eq!(read(&with_bar([255, 0, 255])), Shown::Sexual);
        assert_eq!(read(&with_bar([255, 0, 0])), Shown::Gore);
        assert_eq!(read(&with_bar([90, 140, 90])), Shown::Harmless);
    }
}
