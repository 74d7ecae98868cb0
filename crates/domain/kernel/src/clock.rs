//! The port through which time enters.

use crate::Timestamp;

/// What time it is for this process.
///
/// Use it for display, for the tolerance of signatures and for delays within one process. Deadlines and leases that
/// several processes share are decided by the database's clock instead.
///
/// **Contract**
/// - `now` MUST NOT block.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}
