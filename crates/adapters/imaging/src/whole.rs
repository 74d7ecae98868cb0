//! Whether a file goes on to its end. Decoders fill what is missing with grey; a file that was cut off must be refused
//! instead.

use kernel::ImageFormat;

/// Whether the file's own structure reaches its end. What follows after that is not looked at.
pub(crate) fn is_whole(format: ImageFormat, bytes: &[u8]) -> bool {
    let reaches_its_end = match format {
        ImageFormat::Jpeg => jpeg_reaches_its_end(bytes),
        ImageFormat::Png => png_reaches_its_end(bytes),
        ImageFormat::WebP => webp_reaches_its_end(bytes),
    };
    reaches_its_end.is_some()
}

/// Goes from marker to marker, over segments by their length and over compressed pixels byte by byte, to the marker of
/// the image's end.
fn jpeg_reaches_its_end(bytes: &[u8]) -> Option<()> {
    const START_OF_IMAGE: u8 = 0xd8;
    const END_OF_IMAGE: u8 = 0xd9;
    let mut rest = bytes;
    loop {
        let marker_at = rest.iter().position(|byte| *byte == 0xff)?;
        rest = rest.get(marker_at + 1..)?;
        match *rest.first()? {
            END_OF_IMAGE => return Some(()),
            // A fill byte: the marker may begin right here.
            0xff => {}
            // No marker but a byte of compressed pixels; or one that stands alone.
            0x00 | 0x01 | 0xd0..=0xd7 | START_OF_IMAGE => rest = rest.get(1..)?,
            _ => {
                let length = u16::from_be_bytes(array(rest.get(1..3)?)?);
                rest = rest.get(1 + usize::from(length)..)?;
            }
        }
    }
}

/// Goes from chunk to chunk by their lengths to the one that is the end.
fn png_reaches_its_end(bytes: &[u8]) -> Option<()> {
    const SIGNATURE: usize = 8;
    const LENGTH_KIND_AND_CHECKSUM: usize = 12;
    let mut rest = bytes.get(SIGNATURE..)?;
    loop {
        let length = usize::try_from(u32::from_be_bytes(array(rest.get(..4)?)?)).ok()?;
        let kind = rest.get(4..8)?;
        let next = rest.get(length.checked_add(LENGTH_KIND_AND_CHECKSUM)?..)?;
        if kind == b"IEND" {
            return Some(());
        }
        rest = next;
    }
}

/// A RIFF file says at its beginning how long it is.
fn webp_reaches_its_end(bytes: &[u8]) -> Option<()> {
    const KIND_AND_LENGTH: usize = 8;
    let length = usize::try_from(u32::from_le_bytes(array(bytes.get(4..8)?)?)).ok()?;
    bytes.get(..length.checked_add(KIND_AND_LENGTH)?).map(|_| ())
}

fn array<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}
