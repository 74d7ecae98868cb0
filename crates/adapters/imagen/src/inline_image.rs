//! Images as base64 within requests and answers.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use kernel::{FailureClass, ProviderError};

/// The longest answer per image asked for, in bytes: 32 MiB as base64, and what stands around it.
pub(crate) const LONGEST_ANSWER_PER_IMAGE: usize = 44 * 1024 * 1024;

/// Standard base64, with or without the padding, which some gateways leave out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of an image as a request carries them.
pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes of an image.
///
/// # Errors
/// `Unavailable` when it is no base64.
pub(crate) fn decode(text: &str) -> Result<Bytes, ProviderError> {
    BASE64.decode(text).map(Bytes::from).map_err(|error| {
        ProviderError::new(FailureClass::Unavailable, "garbage", "an image from Google is no base64")
            .caused_by(error)
    })
}
