//! Files that no honest picture would be.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::{PaintError, Picture, PictureFormat, Size};

/// A PNG of 8000 × 5000 grey pixels: small as a file, large once decoded.
pub fn forty_megapixels() -> Result<Picture, PaintError> {
    const SIZE: Size = Size::new(8_000, 5_000);
    let pixels = vec![0x80_u8; usize::from(SIZE.width) * usize::from(SIZE.height)];
    let mut file = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Sub).write_image(
        &pixels,
        u32::from(SIZE.width),
        u32::from(SIZE.height),
        ExtendedColorType::L8,
    )?;
    Ok(Picture { bytes: Bytes::from(file.into_inner()), format: PictureFormat::Png, size: SIZE })
}

/// Bytes that claim to be a picture of `size` and are a line of text.
pub fn not_an_image(size: Size, format: PictureFormat) -> Picture {
    Picture { bytes: Bytes::from_static(b"This is not the picture you are looking for.\n"), format, size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_megapixels_are_said_in_the_header_of_a_small_file() {
        let picture = forty_megapixels().unwrap();
        let reader = image::ImageReader::new(Cursor::new(&picture.bytes)).with_guessed_format().unwrap();
        assert_eq!(reader.into_dimensions().unwrap(), (8_000, 5_000));
        assert!(picture.bytes.len() < 5_000_000);
    }

    #[test]
    fn what_is_not_an_image_does_not_decode() {
        let picture = not_an_image(Size::new(8, 8), PictureFormat::Png);
        assert!(image::load_from_memory(&picture.bytes).is_err());
    }
}
