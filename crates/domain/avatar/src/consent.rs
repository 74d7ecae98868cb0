//! What a person agreed to before the first photo.

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the text that asks for it. A new text gets a new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsentVersion(pub u32);

impl ConsentVersion {
    /// The text in force.
    pub const CURRENT: Self = Self(1);
}

/// The person is 18 or older, and the photos show them or somebody who gave permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The version of the text that was agreed to.
    pub version: ConsentVersion,
    /// The text's digest: SHA-256 in hexadecimal, over the very words that were shown.
    pub text_digest: String,
    /// When, by the database's clock.
    pub given_at: Timestamp,
}
