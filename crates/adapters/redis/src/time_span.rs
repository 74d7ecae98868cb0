//! Spans of time as the server counts them.

use std::time::Duration;

/// Whole microseconds, for scripts: they count in floating point numbers, which hold a hundred years of them exactly.
pub(crate) fn micros(span: Duration) -> u64 {
    const LONGEST: Duration = Duration::from_hours(24 * 365 * 100);
    u64::try_from(span.min(LONGEST).as_micros()).unwrap_or(u64::MAX)
}

/// Whole milliseconds, rounded up, and at least one: a lifetime of none would be an error.
pub(crate) fn lifetime_millis(span: Duration) -> u64 {
    micros(span).div_ceil(1_000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_never_none_and_never_endless() {
        assert_eq!(lifetime_millis(Duration::ZERO), 1);
        assert_eq!(lifetime_millis(Duration::from_micros(1_001)), 2);
        assert_eq!(lifetime_millis(Duration::MAX), 3_153_600_000_000);
    }
}
