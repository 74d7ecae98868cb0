//! Files that people send.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Mutex;

use image::{GrayImage, ImageFormat};
use sandbox::test_pictures::{PictureKind, picture};

/// Width and height of the photos, in pixels: as small as an avatar takes them, since small ones are quick.
const SIZE: (u16, u16) = (520, 650);

/// A file that is sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// What it is said to be.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Sent {
    /// A file.
    pub fn new(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), media_type, bytes }
    }

    /// A JPEG.
    pub fn jpeg(bytes: Vec<u8>) -> Self {
        Self::new("photo.jpg", "image/jpeg", bytes)
    }
}

/// The `variant`th photo of a kind.
pub fn photo(kind: PictureKind, variant: u32) -> Sent {
    // Drawing one takes half a second, and dozens of tests send the same.
    static DRAWN: Mutex<BTreeMap<(PictureKind, u32), Vec<u8>>> = Mutex::new(BTreeMap::new());
    let known = DRAWN.lock().unwrap().get(&(kind, variant)).cloned();
    let bytes = known.unwrap_or_else(|| {
        let (width, height) = SIZE;
        let drawn = picture(kind, variant, width, height).unwrap().to_vec();
        DRAWN.lock().unwrap().insert((kind, variant), drawn.clone());
        drawn
    });
    Sent::jpeg(bytes)
}

/// So many good portraits of one person, beginning with the `first`th.
pub fn portraits(first: u32, count: u32) -> Vec<Sent> {
    (first..first + count).map(|variant| photo(PictureKind::Clear, variant)).collect()
}

/// A PNG of nothing, which is small for its size in pixels.
pub fn blank_png(name: &str, media_type: &'static str, width: u32, height: u32) -> Sent {
    let mut png = Cursor::new(Vec::new());
    GrayImage::new(width, height).write_to(&mut png, ImageFormat::Png).unwrap();
    Sent::new(name, media_type, png.into_inner())
}
