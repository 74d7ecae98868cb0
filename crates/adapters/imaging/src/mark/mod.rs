//! The mark that an image was made by AI, in the metadata of its file.

mod jpeg;
mod png;
mod webp;
mod xmp;

use bytes::Bytes;
use kernel::{ImageFormat, ImagingError, Provenance};

use crate::decode::format_of;
use crate::whole::is_whole;

/// The same file with our packet in the place of any other XMP packet; every other byte of the image stays.
pub(crate) fn write(bytes: Bytes, provenance: &Provenance) -> Result<Bytes, ImagingError> {
    let packet = xmp::packet(provenance).map_err(|error| ImagingError::Bug(Box::new(error)))?;
    let written = match whole_format(&bytes)? {
        ImageFormat::Jpeg => jpeg::with_packet(bytes, &packet),
        ImageFormat::Png => png::with_packet(bytes, &packet),
        ImageFormat::WebP => webp::with_packet(bytes, &packet),
    };
    written.map_err(unreadable)
}

/// What our packet in the file says; `None` when there is none of ours.
pub(crate) fn read(bytes: Bytes) -> Result<Option<Provenance>, ImagingError> {
    let packet = match whole_format(&bytes)? {
        ImageFormat::Jpeg => jpeg::packet(bytes),
        ImageFormat::Png => png::packet(bytes),
        ImageFormat::WebP => webp::packet(bytes),
    };
    Ok(packet.map_err(unreadable)?.and_then(|packet| xmp::provenance(&packet)))
}

fn whole_format(bytes: &[u8]) -> Result<ImageFormat, ImagingError> {
    let format = format_of(bytes)?;
    if is_whole(format, bytes) { Ok(format) } else { Err(ImagingError::NotAnImage(None)) }
}

fn unreadable(error: img_parts::Error) -> ImagingError {
    ImagingError::NotAnImage(Some(Box::new(error)))
}
