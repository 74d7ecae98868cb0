//! Checks of words and photos before a provider sees them.

use async_trait::async_trait;
use bytes::Bytes;

use crate::ProviderError;

/// What a text was flagged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnsafeCategory {
    /// Harassment or threats.
    Harassment,
    /// Hate.
    Hate,
    /// Instructions for crime.
    Illicit,
    /// Self-harm.
    SelfHarm,
    /// Sexual content.
    Sexual,
    /// Sexual content with minors.
    SexualMinors,
    /// Violence.
    Violence,
    /// A category that this version does not know.
    Other,
}

/// The answer of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModerationVerdict {
    /// Nothing to object to.
    Allowed,
    /// Flagged, in the order of the categories.
    Flagged(Vec<UnsafeCategory>),
}

/// Checks texts and photos against a safety policy.
///
/// **Contract**
/// - A flagged text or photo MUST be `Flagged` with at least one category, never an error.
/// - When no verdict could be had the call MUST fail; it MUST NOT answer `Allowed`.
/// - Neither text nor photo MUST appear in any error.
#[async_trait]
pub trait Moderator: Send + Sync {
    /// Checks one text.
    async fn review(&self, text: &str) -> Result<ModerationVerdict, ProviderError>;

    /// Checks one photo (JPEG, PNG or WebP).
    async fn review_photo(&self, photo: &Bytes) -> Result<ModerationVerdict, ProviderError>;

    /// A free call that shows whether the service can be used.
    async fn probe(&self) -> Result<(), ProviderError>;
}
