//! The fake imaging passes the suite, on pictures whose pixels are computed from what they say.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{ImageFormat, Imaging};
use testkit::fakes::{FakeImaging, fake_header, fake_image, fake_photo};
use testkit::suites::imaging::{self, Bench, Pixels};

const WORDS: &str = "four corners";

#[tokio::test]
async fn imaging() {
    imaging::all(&TextPictures).await;
}

struct TextPictures;

impl Bench for TextPictures {
    fn imaging(&self) -> Arc<dyn Imaging> {
        Arc::new(FakeImaging)
    }

    fn picture(&self, format: ImageFormat, width: u32, height: u32) -> Bytes {
        fake_image(format, width, height, WORDS)
    }

    fn header(&self, format: ImageFormat, width: u32, height: u32) -> Bytes {
        fake_header(format, width, height)
    }

    fn photo(&self, format: ImageFormat, width: u32, height: u32, secret: &str) -> Bytes {
        fake_photo(format, width, height, WORDS, &format!("Exif GPS xmp {secret}"))
    }

    fn pixels(&self, picture: &Bytes) -> Pixels {
        let text = std::str::from_utf8(picture).unwrap();
        let mut parts = text.split(' ').skip(2);
        let mut side = || parts.next().unwrap().parse::<u32>().unwrap();
        let (width, height) = (side(), side());
        let is_on_its_side = text.lines().any(|line| line == "on its side");
        let mut rgba = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let (across, down) = (shade(x, width), shade(y, height));
                // Turned by a quarter to the right it stands upright.
                let (red, green) = if is_on_its_side { (down, 255 - across) } else { (across, down) };
                rgba.extend([red, green, 128, 255]);
            }
        }
        Pixels { width, height, rgba }
    }
}

/// How far along a side a pixel is, as a shade.
fn shade(position: u32, length: u32) -> u8 {
    u8::try_from((2 * position + 1) * 255 / (2 * length)).unwrap()
}
