//! Metadata as cameras and programs write it, with a secret in plain text.

use bytes::Bytes;
use img_parts::ImageEXIF;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_XMP, WebP};
use kernel::ImageFormat;

/// "The right way up when turned a quarter clockwise."
const LYING: u16 = 6;

/// The same picture with EXIF (orientation, description, GPS), XMP and, where there are any, comments.
pub fn with_metadata(format: ImageFormat, picture: Bytes, secret: &str) -> Bytes {
    match format {
        ImageFormat::Jpeg => jpeg(picture, secret),
        ImageFormat::Png => png(picture, secret),
        ImageFormat::WebP => webp(picture, secret),
    }
}

fn jpeg(picture: Bytes, secret: &str) -> Bytes {
    let mut jpeg = Jpeg::from_bytes(picture).unwrap();
    jpeg.set_exif(Some(exif(secret)));
    let segment = |marker, beginning: &str, rest: &str| {
        JpegSegment::new_with_contents(marker, Bytes::from(format!("{beginning}{rest}")))
    };
    for (marker, beginning) in [
        (markers::APP1, "http://ns.adobe.com/xap/1.0/\0"),
        (markers::APP1, "http://ns.adobe.com/xmp/extension/\0"),
        (markers::APP13, "Photoshop 3.0\0"),
        (markers::COM, ""),
    ] {
        jpeg.segments_mut().insert(2, segment(marker, beginning, &xmp(secret)));
    }
    let mut bytes = jpeg.encoder().bytes().to_vec();
    // Some programs append things after the image's end.
    bytes.extend_from_slice(secret.as_bytes());
    Bytes::from(bytes)
}

fn png(picture: Bytes, secret: &str) -> Bytes {
    let mut png = Png::from_bytes(picture).unwrap();
    png.set_exif(Some(exif(secret)));
    for (kind, beginning) in
        [(*b"iTXt", "XML:com.adobe.xmp\0\0\0\0\0"), (*b"iTXt", "Comment\0\0\0\0\0"), (*b"tEXt", "Author\0")]
    {
        let contents = Bytes::from(format!("{beginning}{}", xmp(secret)));
        png.chunks_mut().insert(2, PngChunk::new(kind, contents));
    }
    png.encoder().bytes()
}

fn webp(picture: Bytes, secret: &str) -> Bytes {
    let mut webp = WebP::from_bytes(picture).unwrap();
    let packet = Bytes::from(xmp(secret));
    webp.chunks_mut().push(RiffChunk::new(CHUNK_XMP, RiffContent::Data(packet)));
    webp.set_exif(Some(exif(secret)));
    webp.encoder().bytes()
}

/// An XMP packet that is none of ours.
fn xmp(secret: &str) -> String {
    format!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="{secret}"/></rdf:RDF></x:xmpmeta>"#
    )
}

/// A TIFF directory with orientation and description, and one of GPS below it.
fn exif(secret: &str) -> Bytes {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const TEXT: u16 = 2;
    const HEADER: u32 = 8;
    let text = format!("GPS {secret}\0");
    let text_length = u32::try_from(text.len()).unwrap();
    let directory_length = |entries: u32| 2 + 12 * entries + 4;
    let text_at = HEADER + directory_length(3);
    let gps_at = text_at + text_length + text_length % 2;
    let gps_text_at = gps_at + directory_length(1);

    let mut bytes = b"II*\0".to_vec();
    bytes.extend_from_slice(&HEADER.to_le_bytes());
    directory(
        &mut bytes,
        &[
            (0x010e, TEXT, text_length, text_at),
            (0x0112, SHORT, 1, u32::from(LYING)),
            (0x8825, LONG, 1, gps_at),
        ],
    );
    bytes.extend_from_slice(text.as_bytes());
    bytes.resize(usize::try_from(gps_at).unwrap(), 0);
    // The map datum.
    directory(&mut bytes, &[(0x0012, TEXT, text_length, gps_text_at)]);
    bytes.extend_from_slice(text.as_bytes());
    Bytes::from(bytes)
}

fn directory(bytes: &mut Vec<u8>, entries: &[(u16, u16, u32, u32)]) {
    bytes.extend_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in entries {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&[0; 4]);
}
