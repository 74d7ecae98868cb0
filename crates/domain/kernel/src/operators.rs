//! What operators hear of.

use std::time::Duration;

use async_trait::async_trait;

use crate::{FailureReference, MicroUsd, Pausable, PauseCause, ProviderError, Timestamp};

/// Something that operators should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorNotice {
    /// A provider or model is paused until somebody acts.
    Paused {
        /// What is paused.
        subject: Pausable,
        /// Why.
        cause: PauseCause,
    },
    /// It works again.
    Resumed {
        /// What was paused.
        subject: Pausable,
    },
    /// A failure of a kind not seen before.
    NewFailure {
        /// What makes failures equal.
        fingerprint: String,
        /// What the person was told.
        reference: FailureReference,
    },
    /// A model will be shut down.
    ShutdownAhead {
        /// The model's id in the registry.
        model: String,
        /// When.
        at: Timestamp,
    },
    /// As much was spent at providers today as may be; nothing more is taken on until tomorrow.
    SpendCapReached {
        /// The cap.
        cap: MicroUsd,
        /// When the next day begins.
        until: Timestamp,
    },
}

/// How long before a shutdown operators hear of it, in days, the nearest first.
const SHUTDOWN_NOTICES: [u64; 3] = [7, 30, 60];

/// Of which notice of a shutdown at `at` it is time at `now`: 60, 30 or 7 days ahead; of none when it is further away or
/// over.
pub fn shutdown_notice(at: Timestamp, now: Timestamp) -> Option<u64> {
    let left = at.since(now);
    let is_due = |days: &u64| left <= Duration::from_hours(24 * days);
    SHUTDOWN_NOTICES.into_iter().find(|days| !left.is_zero() && is_due(days))
}

/// Reaches the operators.
///
/// **Contract**
/// - `tell` MUST reach every operator that is configured, and succeed when none is.
/// - A failure to reach one operator MUST NOT keep the others from hearing.
#[async_trait]
pub trait OperatorChannel: Send + Sync {
    /// Tells every operator.
    async fn tell(&self, notice: &OperatorNotice) -> Result<(), ProviderError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shutdown_is_told_of_three_times() {
        let day = Duration::from_hours(24);
        let at = Timestamp::from_seconds(0) + day * 100;
        let notice = |days_left: u32| shutdown_notice(at, at.before(day * days_left));
        let told: Vec<_> = [61, 60, 31, 30, 8, 7, 1].map(notice).to_vec();
        assert_eq!(told, [None, Some(60), Some(60), Some(30), Some(30), Some(7), Some(7)]);
        assert_eq!(shutdown_notice(at, at), None, "it is over");
        assert_eq!(shutdown_notice(at, at + day), None, "it is over");
    }
}
