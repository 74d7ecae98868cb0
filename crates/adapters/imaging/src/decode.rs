//! From bytes to pixels, within limits.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use kernel::{ImageFormat, ImageInfo, ImageLimits, ImagingError};

use crate::foreign::unsupported;
use crate::whole;

/// Room for a pixel with four channels of 8 bits. A decoder may take as much for each pixel that the limits allow, so
/// that an image of 16 bits a channel may have half as many.
const BYTES_PER_PIXEL: u64 = 4;

/// An image with its pixels as they are stored.
pub(crate) struct Decoded {
    /// What it is, as stored.
    pub(crate) info: ImageInfo,
    /// The pixels, as stored.
    pub(crate) pixels: DynamicImage,
    /// How to turn them to see them the right way up.
    orientation: Orientation,
    /// The ICC profile that says which colours the numbers mean; sRGB without one.
    pub(crate) profile: Option<Vec<u8>>,
}

impl Decoded {
    /// The pixels the right way up, and their ICC profile.
    pub(crate) fn upright(self) -> (DynamicImage, Option<Vec<u8>>) {
        let mut pixels = self.pixels;
        pixels.apply_orientation(self.orientation);
        (pixels, self.profile)
    }
}

/// The format, told by the first bytes.
pub(crate) fn format_of(bytes: &[u8]) -> Result<ImageFormat, ImagingError> {
    match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => Ok(ImageFormat::Jpeg),
        Ok(image::ImageFormat::Png) => Ok(ImageFormat::Png),
        Ok(image::ImageFormat::WebP) => Ok(ImageFormat::WebP),
        Ok(_) => Err(ImagingError::NotAnImage(unsupported(bytes).map(Into::into))),
        Err(unknown) => {
            let reason = unsupported(bytes).map_or_else(|| unknown.into(), Into::into);
            Err(ImagingError::NotAnImage(Some(reason)))
        }
    }
}

/// Decodes the whole image. Nothing is allocated for pixels before the limits were looked at.
pub(crate) fn decode(bytes: &[u8], limits: ImageLimits) -> Result<Decoded, ImagingError> {
    if bytes.len() > limits.bytes {
        return Err(ImagingError::TooLarge);
    }
    let format = format_of(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), native(format));
    reader.limits(decoder_limits(limits));
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    let fits = width.max(height) <= limits.side && u64::from(width) * u64::from(height) <= limits.pixels;
    if !fits {
        return Err(ImagingError::TooLarge);
    }
    if !whole::is_whole(format, bytes) {
        return Err(ImagingError::NotAnImage(None));
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let profile = decoder.icc_profile().map_err(refusal)?;
    let mut room = decoder_limits(limits);
    room.reserve(decoder.total_bytes()).map_err(refusal)?;
    let pixels = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    Ok(Decoded { info: ImageInfo { format, width, height }, pixels, orientation, profile })
}

/// The limits as the decoders know them. The number of pixels is not among theirs.
fn decoder_limits(limits: ImageLimits) -> Limits {
    let mut decoder_limits = Limits::no_limits();
    decoder_limits.max_image_width = Some(limits.side);
    decoder_limits.max_image_height = Some(limits.side);
    decoder_limits.max_alloc = Some(limits.pixels.saturating_mul(BYTES_PER_PIXEL));
    decoder_limits
}

const fn native(format: ImageFormat) -> image::ImageFormat {
    match format {
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::WebP => image::ImageFormat::WebP,
    }
}

fn refusal(error: ImageError) -> ImagingError {
    match error {
        ImageError::Limits(_) => ImagingError::TooLarge,
        other => ImagingError::NotAnImage(Some(Box::new(other))),
    }
}
