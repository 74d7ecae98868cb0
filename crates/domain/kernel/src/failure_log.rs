//! Unexpected failures, counted by what they are, findable by what the person was told.

use std::fmt;

use async_trait::async_trait;

use crate::{StoreError, Timestamp};

/// A short reference such as `K7QM-2F9X` that a person can read out to an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureReference(String);

impl FailureReference {
    /// A reference out of random bits: eight characters without look-alikes.
    pub fn from_random(bits: u64) -> Self {
        const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let mut text = String::with_capacity(9);
        for position in 0..8_u32 {
            if position == 4 {
                text.push('-');
            }
            let index = usize::try_from((bits >> (position * 5)) & 31).unwrap_or(0);
            text.push(char::from(ALPHABET[index]));
        }
        Self(text)
    }

    /// A reference that was stored.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for FailureReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A failure to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFailure {
    /// What makes two failures equal: the place in our program and the kind of error, never a person's data.
    pub fingerprint: String,
    /// What the person was told.
    pub reference: FailureReference,
    /// The error with its causes, for operators. Holds no secret and no prompt.
    pub sample: String,
}

/// Equal failures, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRecord {
    /// What makes them equal.
    pub fingerprint: String,
    /// How many there were.
    pub count: u64,
    /// When the first one happened, by the database's clock.
    pub first_at: Timestamp,
    /// When the last one happened.
    pub last_at: Timestamp,
    /// What the last person was told.
    pub last_reference: FailureReference,
    /// The last error with its causes.
    pub sample: String,
}

/// Keeps failures.
///
/// **Contract**
/// - `record` MUST count equal fingerprints in one row and answer whether this one is the first.
/// - `latest` MUST list the most recent failure first.
/// - `find` MUST find a failure by any reference of the last 1,000 of its fingerprint.
#[async_trait]
pub trait FailureLog: Send + Sync {
    /// Records a failure; `true` for the first of its fingerprint.
    async fn record(&self, failure: &NewFailure) -> Result<bool, StoreError>;

    /// Up to `limit` failures.
    async fn latest(&self, limit: u16) -> Result<Vec<FailureRecord>, StoreError>;

    /// The failure that a person was told this reference of.
    async fn find(&self, reference: &FailureReference) -> Result<Option<FailureRecord>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_short_and_has_no_look_alikes() {
        let reference = FailureReference::from_random(0x0123_4567_89ab_cdef).to_string();
        assert_eq!(reference.len(), 9);
        assert_eq!(reference.chars().nth(4), Some('-'));
        assert!(!reference.contains(['0', 'O', '1', 'I']));
        assert_ne!(reference, FailureReference::from_random(7).to_string());
    }
}
