//! XMP in a PNG: an uncompressed `iTXt` chunk before the pixels.

use bytes::Bytes;
use img_parts::Error;
use img_parts::png::{Png, PngChunk};

const INTERNATIONAL_TEXT: [u8; 4] = *b"iTXt";

/// The keyword, and its end.
const XMP: &[u8] = b"XML:com.adobe.xmp\0";

/// After the keyword: not compressed, by no method, in no language, with no translated keyword.
const PLAIN: &[u8] = b"\0\0\0\0";

pub(super) fn with_packet(bytes: Bytes, packet: &str) -> Result<Bytes, Error> {
    let mut png = Png::from_bytes(bytes)?;
    let chunks = png.chunks_mut();
    chunks.retain(|chunk| !is_xmp(chunk));
    // The first chunk is the header.
    let place = chunks.len().min(1);
    let contents = [XMP, PLAIN, packet.as_bytes()].concat();
    chunks.insert(place, PngChunk::new(INTERNATIONAL_TEXT, Bytes::from(contents)));
    Ok(png.encoder().bytes())
}

pub(super) fn packet(bytes: Bytes) -> Result<Option<Bytes>, Error> {
    let png = Png::from_bytes(bytes)?;
    let beginning = [XMP, PLAIN].concat();
    Ok(png
        .chunks()
        .iter()
        .find(|chunk| is_xmp(chunk) && chunk.contents().starts_with(&beginning))
        .map(|chunk| chunk.contents().slice(beginning.len()..)))
}

fn is_xmp(chunk: &PngChunk) -> bool {
    chunk.kind() == INTERNATIONAL_TEXT && chunk.contents().starts_with(XMP)
}
