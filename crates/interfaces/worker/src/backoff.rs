//! How long a failed job waits before it is tried again.

use std::time::Duration;

/// The waits after the first, second, … failure in seconds; the last one is kept from then on.
const WAITS: [u64; 6] = [1, 2, 4, 8, 16, 30];

/// The wait after the failure of `attempt`, from 1: the schedule's, or `retry_after` when the other side asked for more.
pub fn retry_delay(attempt: u32, retry_after: Option<Duration>) -> Duration {
    let position = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let seconds = WAITS.get(position).copied().unwrap_or(WAITS[WAITS.len() - 1]);
    Duration::from_secs(seconds).max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_is_capped() {
        let waits: Vec<u64> = (1..=9).map(|attempt| retry_delay(attempt, None).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30, 30, 30]);
    }

    #[test]
    fn a_polite_request_for_more_time_is_granted() {
        assert_eq!(retry_delay(1, Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(retry_delay(4, Some(Duration::from_secs(7))), Duration::from_secs(8));
    }
}
