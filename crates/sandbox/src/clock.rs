//! The sandbox's one door to the wall clock: its servers stand for the outside world, whose time is simply now.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Time since the Unix epoch, now.
///
/// A machine whose clock stands before 1970 is treated as standing at 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the servers here play the outside world; no port of the domain is their source of time"
)]
pub fn since_epoch() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Milliseconds since the Unix epoch, now.
pub fn unix_millis() -> u64 {
    u64::try_from(since_epoch().as_millis()).unwrap_or(u64::MAX)
}

/// Whole seconds since the Unix epoch, now.
pub fn unix_seconds() -> u64 {
    since_epoch().as_secs()
}

/// A span in whole milliseconds, for reports.
pub fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
