//! The port through which ids and chance enter.

use uuid::Uuid;

/// Makes ids and random numbers.
///
/// **Contract**
/// - `uuid` MUST give a UUID version 7, never the same twice.
/// - Ids made one after the other by one source MUST sort in that order.
/// - `random` MUST be unpredictable in production, because nonces and seeds are drawn from it.
pub trait IdSource: Send + Sync {
    /// A new time-ordered id.
    fn uuid(&self) -> Uuid;

    /// 64 random bits.
    fn random(&self) -> u64;
}
