//! Spans of time as the database counts them.

use std::time::Duration;

/// The longest span that is told apart from a longer one: a thousand years, so that an instant plus a span never
/// overflows.
const LONGEST: i64 = 1_000 * 365 * 24 * 60 * 60 * 1_000_000;

/// A span in microseconds.
pub(crate) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(LONGEST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_never_overflows() {
        assert_eq!(micros(Duration::from_millis(1)), 1_000);
        assert_eq!(micros(Duration::MAX), LONGEST);
    }
}
