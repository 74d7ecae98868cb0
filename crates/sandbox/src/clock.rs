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

/// Now, as ISO 8601 in UTC, such as `2026-11-23T10:00:01Z`.
pub fn iso_utc() -> String {
    iso_utc_at(unix_seconds())
}

/// An instant, seconds since the Unix epoch, as ISO 8601 in UTC. One past the year 9999 is shown as the epoch.
pub fn iso_utc_at(seconds: u64) -> String {
    let timestamp =
        i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    timestamp.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_iso_8601() {
        assert_eq!(iso_utc_at(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_utc_at(1_700_000_000), "2023-11-14T22:13:20Z");
    }
}
