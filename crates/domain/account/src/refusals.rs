//! Refusals by the safety policy: counted, and answered with pauses that grow.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{AccountId, StoreError, Timestamp};

/// How far back refusals count.
pub const REFUSAL_MEMORY: Duration = Duration::from_hours(30 * 24);

/// For how long a person is paused after their `count`th refusal within [`REFUSAL_MEMORY`]; the first two are free.
pub const fn pause_after(count: u32) -> Duration {
    match count {
        0..=2 => Duration::ZERO,
        3 => Duration::from_mins(10),
        4 => Duration::from_hours(1),
        5 => Duration::from_hours(6),
        6 => Duration::from_hours(24),
        _ => Duration::from_hours(7 * 24),
    }
}

/// What refusals have led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefusalRecord {
    /// How many there were within [`REFUSAL_MEMORY`].
    pub count: u32,
    /// Until when the person is paused, if they are.
    pub paused_until: Option<Timestamp>,
}

/// Counts refusals by the safety policy.
///
/// **Contract**
/// - `record` of a key that was recorded before MUST change nothing and answer as things stand.
/// - `record` MUST count within [`REFUSAL_MEMORY`] and pause until now plus [`pause_after`] the count, never shortening a
///   pause; both by the database's clock.
/// - `standing` MUST give no pause that is over.
#[async_trait]
pub trait Refusals: Send + Sync {
    /// Counts a refusal, once per key.
    async fn record(&self, account: AccountId, key: &str) -> Result<RefusalRecord, StoreError>;

    /// What there is now.
    async fn standing(&self, account: AccountId) -> Result<RefusalRecord, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_refusals_are_free_and_pauses_grow_to_a_week() {
        let pauses: Vec<_> = (0..9).map(pause_after).collect();
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(pauses[2], Duration::ZERO);
        assert_eq!(pauses[3], Duration::from_mins(10));
        assert_eq!(pauses[8], Duration::from_hours(7 * 24));
    }
}
