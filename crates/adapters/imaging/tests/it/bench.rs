//! Real pictures for the suite.

use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, RgbImage};
use imaging_adapter::ImageProcessor;
use kernel::{ImageFormat, Imaging};
use testkit::suites::imaging::{Bench, Pixels};

use crate::metadata;

/// Pictures as the `image` crate encodes them.
pub struct RealImages(pub ImageProcessor);

impl Bench for RealImages {
    fn imaging(&self) -> Arc<dyn Imaging> {
        Arc::new(self.0.clone())
    }

    fn picture(&self, format: ImageFormat, width: u32, height: u32) -> Bytes {
        encoded(format, &motif(width, height))
    }

    fn header(&self, format: ImageFormat, width: u32, height: u32) -> Bytes {
        let small = encoded(format, &motif(16, 16)).to_vec();
        match format {
            ImageFormat::Jpeg => jpeg_header(small, width, height),
            ImageFormat::Png => png_header(&small, width, height),
            ImageFormat::WebP => webp_header(small, width, height),
        }
    }

    fn photo(&self, format: ImageFormat, width: u32, height: u32, secret: &str) -> Bytes {
        let lying = motif(width, height).rotate270();
        metadata::with_metadata(format, encoded(format, &lying), secret)
    }

    fn pixels(&self, picture: &Bytes) -> Pixels {
        let decoded = image::load_from_memory(picture).unwrap().into_rgba8();
        Pixels { width: decoded.width(), height: decoded.height(), rgba: decoded.into_raw() }
    }
}

/// Red grows to the right, green downwards, blue to the left: no two corners are alike, and the size does not matter.
pub fn motif(width: u32, height: u32) -> DynamicImage {
    let share = |part: u32, whole: u32| u8::try_from(255 * part / whole.max(2).saturating_sub(1)).unwrap();
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let (right, down) = (share(x, width), share(y, height));
        image::Rgb([right, down, 255 - right])
    }))
}

pub fn encoded(format: ImageFormat, picture: &DynamicImage) -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    match format {
        ImageFormat::Jpeg => picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90)),
        ImageFormat::Png => picture.write_with_encoder(PngEncoder::new(&mut bytes)),
        ImageFormat::WebP => picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)),
    }
    .unwrap();
    Bytes::from(bytes.into_inner())
}

/// Up to and with the header of the scan, with other sides in the header of the frame.
fn jpeg_header(mut jpeg: Vec<u8>, width: u32, height: u32) -> Bytes {
    let find = |jpeg: &[u8], marker: u8| jpeg.windows(2).position(|pair| pair == [0xff, marker]).unwrap();
    let frame = find(&jpeg, 0xc0);
    jpeg[frame + 5..frame + 7].copy_from_slice(&u16::try_from(height).unwrap().to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&u16::try_from(width).unwrap().to_be_bytes());
    let scan = find(&jpeg, 0xda);
    let length = usize::from(u16::from_be_bytes([jpeg[scan + 2], jpeg[scan + 3]]));
    jpeg.truncate(scan + 2 + length);
    Bytes::from(jpeg)
}

/// The header and the beginning of the first chunk of pixels.
fn png_header(png: &[u8], width: u32, height: u32) -> Bytes {
    let parsed = img_parts::png::Png::from_bytes(Bytes::copy_from_slice(png)).unwrap();
    let mut header = parsed.chunks()[0].contents().to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    let chunk = img_parts::png::PngChunk::new(*b"IHDR", Bytes::from(header));
    let mut bytes = png[..8].to_vec();
    bytes.extend_from_slice(&chunk.encoder().bytes());
    bytes.extend_from_slice(b"\x00\x00\x10\x00IDAT");
    Bytes::from(bytes)
}

/// The lossless header with other sides; the pixels that follow are cut off.
fn webp_header(mut webp: Vec<u8>, width: u32, height: u32) -> Bytes {
    const SIZE_AT: usize = 21;
    let size = u32::from_le_bytes(webp[SIZE_AT..SIZE_AT + 4].try_into().unwrap());
    let size = size & 0xf000_0000 | (width - 1) | (height - 1) << 14;
    webp[SIZE_AT..SIZE_AT + 4].copy_from_slice(&size.to_le_bytes());
    webp.truncate(SIZE_AT + 4);
    Bytes::from(webp)
}
