//! Keyed digests under the installation's secret.

/// What a digest is for. Digests for different purposes never equal each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestPurpose {
    /// Remembers that a person was there before, without keeping who it was.
    Identity,
    /// Authenticates the address of a provider's callback.
    Callback,
    /// Authenticates a link to an object.
    ObjectLink,
}

impl DigestPurpose {
    /// The name that goes into the digest.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Callback => "callback",
            Self::ObjectLink => "object-link",
        }
    }
}

/// HMAC-SHA-256 under the installation's secret.
///
/// **Contract**
/// - The same purpose and message MUST give the same digest, in every process of the installation.
/// - Another purpose, message or secret MUST give another digest.
/// - `verify` MUST take the same time whether and wherever the digests differ.
pub trait SecretDigests: Send + Sync {
    /// The digest in lowercase hexadecimal, 64 characters.
    fn digest(&self, purpose: DigestPurpose, message: &[u8]) -> String;

    /// Whether `digest` is the message's digest.
    fn verify(&self, purpose: DigestPurpose, message: &[u8], digest: &str) -> bool;
}
