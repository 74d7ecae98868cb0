//! XMP in a JPEG: an APP1 segment before the image's own segments.

use bytes::Bytes;
use img_parts::Error;
use img_parts::jpeg::{Jpeg, JpegSegment, markers};

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const EXIF: &[u8] = b"Exif\0\0";

pub(super) fn with_packet(bytes: Bytes, packet: &str) -> Result<Bytes, Error> {
    let mut jpeg = Jpeg::from_bytes(bytes)?;
    let segments = jpeg.segments_mut();
    segments.retain(|segment| !is_app1(segment, XMP) && !is_app1(segment, EXTENDED_XMP));
    // Some readers expect JFIF and EXIF to come first.
    let place = segments
        .iter()
        .position(|segment| segment.marker() != markers::APP0 && !is_app1(segment, EXIF))
        .unwrap_or(segments.len());
    let contents = [XMP, packet.as_bytes()].concat();
    segments.insert(place, JpegSegment::new_with_contents(markers::APP1, Bytes::from(contents)));
    Ok(jpeg.encoder().bytes())
}

pub(super) fn packet(bytes: Bytes) -> Result<Option<Bytes>, Error> {
    let jpeg = Jpeg::from_bytes(bytes)?;
    Ok(jpeg
        .segments()
        .iter()
        .find(|segment| is_app1(segment, XMP))
        .map(|segment| segment.contents().slice(XMP.len()..)))
}

fn is_app1(segment: &JpegSegment, beginning: &[u8]) -> bool {
    segment.marker() == markers::APP1 && segment.contents().starts_with(beginning)
}
