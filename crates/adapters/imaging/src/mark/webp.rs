//! XMP in a WebP: a chunk after the pixels, announced in the header of the extended format.

use bytes::Bytes;
use img_parts::Error;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{CHUNK_VP8L, CHUNK_VP8X, CHUNK_XMP, WebP};

/// The header's flag for transparency.
const ALPHA: u8 = 0b0001_0000;
/// The header's flag for an XMP chunk.
const XMP: u8 = 0b0000_0100;

pub(super) fn with_packet(bytes: Bytes, packet: &str) -> Result<Bytes, Error> {
    let mut webp = WebP::from_bytes(bytes)?;
    let header = header_with_xmp(&webp).ok_or(Error::Truncated)?;
    let chunks = webp.chunks_mut();
    chunks.retain(|chunk| !matches!(chunk.id(), CHUNK_VP8X | CHUNK_XMP));
    chunks.insert(0, chunk(CHUNK_VP8X, Bytes::from(header)));
    chunks.push(chunk(CHUNK_XMP, Bytes::copy_from_slice(packet.as_bytes())));
    Ok(webp.encoder().bytes())
}

pub(super) fn packet(bytes: Bytes) -> Result<Option<Bytes>, Error> {
    let webp = WebP::from_bytes(bytes)?;
    Ok(data(&webp, CHUNK_XMP).cloned())
}

/// The header of the extended format, with the flag for XMP: the file's own, or for a file of the simple format one
/// that says what its pixels say.
fn header_with_xmp(webp: &WebP) -> Option<Vec<u8>> {
    if let Some(header) = data(webp, CHUNK_VP8X) {
        let mut header = header.to_vec();
        *header.first_mut()? |= XMP;
        return Some(header);
    }
    let alpha = match data(webp, CHUNK_VP8L) {
        Some(pixels) if lossless_pixels_are_transparent(pixels) => ALPHA,
        _ => 0,
    };
    let (width, height) = webp.dimensions()?;
    // Flags, three reserved bytes, and both sides less one as 24 bits.
    let mut header = vec![XMP | alpha, 0, 0, 0];
    for side in [width, height] {
        header.extend_from_slice(side.checked_sub(1)?.to_le_bytes().get(..3)?);
    }
    Some(header)
}

/// The bit that follows the signature and twice 14 bits of size.
fn lossless_pixels_are_transparent(pixels: &[u8]) -> bool {
    pixels.get(4).is_some_and(|byte| byte & 0b0001_0000 != 0)
}

fn data(webp: &WebP, id: [u8; 4]) -> Option<&Bytes> {
    webp.chunk_by_id(id).and_then(|chunk| chunk.content().data())
}

fn chunk(id: [u8; 4], data: Bytes) -> RiffChunk {
    RiffChunk::new(id, RiffContent::Data(data))
}
