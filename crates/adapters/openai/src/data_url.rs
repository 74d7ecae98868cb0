//! Photos within requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{FailureClass, ImageFormat, ProviderError};

/// A photo as an address that holds it.
///
/// # Errors
/// `Invalid` when the bytes begin as none of the formats that are sent.
pub(crate) fn data_url(photo: &[u8]) -> Result<String, ProviderError> {
    let format = format_of(photo).ok_or_else(|| {
        ProviderError::new(FailureClass::Invalid, "not-a-photo", "a photo is neither JPEG, PNG nor WebP")
    })?;
    Ok(format!("data:{};base64,{}", format.media_type(), STANDARD.encode(photo)))
}

fn format_of(photo: &[u8]) -> Option<ImageFormat> {
    match photo {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_told_by_the_first_bytes() {
        for (photo, beginning) in [
            (&[0xff, 0xd8, 0xff, 0xe0][..], "data:image/jpeg;base64,/9j/4A=="),
            (b"\x89PNG\r\n", "data:image/png;base64,iVBORw0K"),
            (b"RIFF\x01\x02\x03\x04WEBP", "data:image/webp;base64,UklGRg"),
        ] {
            let url = data_url(photo).unwrap();
            assert!(url.starts_with(beginning), "{url}");
        }
        for other in [&b""[..], b"GIF89a", b"RIFF\x01\x02\x03\x04WAVE", b"%PDF-1.7"] {
            assert_eq!(data_url(other).unwrap_err().class, FailureClass::Invalid);
        }
    }
}
