//! Pictures drawn from a prompt, and from the likeness of a person: the same prompt, seed and person give the same
//! picture, other ones another, and each says that the sandbox made it.

mod canvas;
mod chance;
mod encode;
mod face_finding;
mod figure;
mod land;
mod lettering;
mod likeness;
mod mood;
mod odd;
mod sitter;
mod sky;
mod subject;
mod words;

use bytes::Bytes;
use image::RgbaImage;

use canvas::Canvas;
use chance::Chance;
use mood::Mood;
use subject::Subject;
use words::Words;

pub use likeness::Likeness;
pub use odd::{forty_megapixels, not_an_image};

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u16,
    /// Pixels from top to bottom.
    pub height: u16,
}

impl Size {
    /// A size of `width` × `height` pixels.
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }

    /// The same shape with no edge longer than `longest` pixels, and none shorter than 16.
    #[must_use]
    pub fn within(self, longest: u16) -> Self {
        let edge = self.width.max(self.height);
        if edge <= longest {
            return self;
        }
        let scaled = |length: u16| {
            let pixels = u32::from(length) * u32::from(longest) / u32::from(edge);
            u16::try_from(pixels).unwrap_or(longest).max(16)
        };
        Self { width: scaled(self.width), height: scaled(self.height) }
    }
}

/// How a picture is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG, without transparency.
    Png,
    /// JPEG of quality 90.
    Jpeg,
    /// WebP, lossless.
    Webp,
}

impl PictureFormat {
    /// The media type, such as `image/png`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The file name's extension, such as `png`.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct Painting {
    /// The words that the picture is drawn from.
    pub prompt: String,
    /// Chooses among the pictures of one prompt.
    pub seed: u64,
    /// Size of the result.
    pub size: Size,
    /// The model's name, written small beside the mark.
    pub model: String,
    /// The person to paint.
    pub likeness: Option<Likeness>,
}

/// A finished picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The encoded file.
    pub bytes: Bytes,
    /// Its encoding.
    pub format: PictureFormat,
    /// Its size.
    pub size: Size,
}

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PaintError {
    /// A width or height of 0.
    #[error("a picture needs at least one pixel")]
    Empty,
    /// The encoder failed.
    #[error("the picture could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
}

/// Draws and encodes a picture. This takes tens of milliseconds of processor time.
pub fn paint(painting: &Painting, format: PictureFormat) -> Result<Picture, PaintError> {
    let mut canvas = Canvas::new(painting.size).ok_or(PaintError::Empty)?;
    let mut chance = Chance::from_prompt(&painting.prompt, painting.seed);
    let words = Words::of(&painting.prompt);
    let mood = Mood::of(&words, &mut chance);

    sky::draw(&mut canvas, &mood, &mut chance);
    land::draw(&mut canvas, &words, &mood, &mut chance);
    match &painting.likeness {
        Some(likeness) => sitter::draw(&mut canvas, &words, &mood, &mut chance, likeness),
        None => Subject::of(&words, &mut chance).draw(&mut canvas, &words, &mood, &mut chance),
    }
    sky::draw_weather(&mut canvas, &words, &mut chance);
    canvas.grain(&mut chance);
    lettering::caption(&mut canvas, &painting.prompt);
    lettering::mark(&mut canvas, &painting.model);

    encode::encode(canvas.into_image(), painting.size, format)
}

/// A black picture, as FLUX gives in place of one that its safety checker flagged.
pub fn black(size: Size, format: PictureFormat) -> Result<Picture, PaintError> {
    let pixels =
        RgbaImage::from_pixel(u32::from(size.width), u32::from(size.height), image::Rgba([0, 0, 0, u8::MAX]));
    encode::encode(pixels, size, format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painting(prompt: &str, seed: u64) -> Painting {
        Painting {
            prompt: prompt.to_owned(),
            seed,
            size: Size::new(320, 256),
            model: "some-model".to_owned(),
            likeness: None,
        }
    }

    fn png(painting: &Painting) -> Bytes {
        paint(painting, PictureFormat::Png).unwrap().bytes
    }

    #[test]
    fn the_same_prompt_and_seed_give_the_same_picture() {
        assert_eq!(png(&painting("a red fox in snow", 7)), png(&painting("a red fox in snow", 7)));
    }

    #[test]
    fn another_prompt_or_seed_gives_another_picture() {
        let fox = png(&painting("a red fox in snow", 7));
        assert_ne!(fox, png(&painting("a red fox in snow", 8)));
        assert_ne!(fox, png(&painting("a red fox in rain", 7)));
    }

    #[test]
    fn every_format_decodes_to_the_size_asked_for() {
        for format in [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::Webp] {
            let picture = paint(&painting("море на закате", 1), format).unwrap();
            let decoded = image::load_from_memory(&picture.bytes).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (320, 256));
            assert_eq!(image::guess_format(&picture.bytes).unwrap().to_mime_type(), format.media_type());
        }
    }

    #[test]
    fn any_text_can_be_drawn() {
        for prompt in ["", "🦊🦊🦊", "<b>&\"'`*_[]", &"слово ".repeat(2_000), "\n\t\u{202e}", "x"]
        {
            assert!(!png(&painting(prompt, 0)).is_empty());
        }
    }

    #[test]
    fn extreme_shapes_can_be_drawn() {
        for size in [Size::new(1, 1), Size::new(16, 2_000), Size::new(2_000, 16)] {
            let picture = paint(&Painting { size, ..painting("a city at night", 3) }, PictureFormat::Png);
            assert_eq!(picture.unwrap().size, size);
        }
        assert!(matches!(
            paint(&Painting { size: Size::new(0, 10), ..painting("x", 0) }, PictureFormat::Png),
            Err(PaintError::Empty)
        ));
    }

    #[test]
    fn a_person_shows_in_every_scene() {
        let green = RgbaImage::from_pixel(64, 64, image::Rgba([0, 255, 0, 255]));
        let likeness = Likeness::of_photos([&green]);
        let count = |painting: &Painting| {
            let decoded = image::load_from_memory(&png(painting)).unwrap().into_rgb8();
            decoded.pixels().filter(|pixel| pixel.0[1] > 200 && pixel.0[0] < 60 && pixel.0[2] < 60).count()
        };
        for prompt in ["portrait", "as an astronaut", "with a red fox in snow", "море на закате"]
        {
            let with = Painting { likeness: likeness.clone(), ..painting(prompt, 5) };
            assert!(count(&with) > count(&painting(prompt, 5)) + 1_500, "{prompt}");
            assert_eq!(png(&with), png(&with));
        }
    }

    #[test]
    fn a_size_is_brought_within_a_longest_edge() {
        assert_eq!(Size::new(1376, 768).within(344), Size::new(344, 192));
        assert_eq!(Size::new(100, 50).within(344), Size::new(100, 50));
    }
}
