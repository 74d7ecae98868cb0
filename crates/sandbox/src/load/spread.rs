//! How measured times spread.

use std::time::Duration;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

/// Measured times in short: how many, the middle one, and the slow ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spread {
    /// How many were measured.
    pub(super) count: usize,
    /// Half of them were not longer.
    pub(super) p50: Duration,
    /// 99 of 100 were not longer.
    pub(super) p99: Duration,
    /// The longest.
    pub(super) longest: Duration,
}

impl Spread {
    /// The spread of these times; of none it is zero.
    pub(super) fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self {
            count: times.len(),
            p50: percentile(&times, 50),
            p99: percentile(&times, 99),
            longest: times.last().copied().unwrap_or_default(),
        }
    }
}

/// By the nearest rank.
fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// A time in milliseconds, to the microsecond.
pub(super) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

impl Serialize for Spread {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Spread", 4)?;
        fields.serialize_field("count", &self.count)?;
        fields.serialize_field("p50_ms", &milliseconds(self.p50))?;
        fields.serialize_field("p99_ms", &milliseconds(self.p99))?;
        fields.serialize_field("longest_ms", &milliseconds(self.longest))?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_times() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let spread = Spread::of(times);
        assert_eq!(spread.count, 200);
        assert_eq!(spread.p50, Duration::from_millis(100));
        assert_eq!(spread.p99, Duration::from_millis(198));
        assert_eq!(spread.longest, Duration::from_millis(200));
    }

    #[test]
    fn a_single_time_is_every_percentile() {
        let spread = Spread::of(vec![Duration::from_micros(1_500)]);
        assert_eq!((spread.p50, spread.p99), (spread.longest, spread.longest));
        let json = serde_json::to_value(spread).unwrap();
        assert_eq!(json["p50_ms"], 1.5);
    }

    #[test]
    fn of_nothing_the_spread_is_nothing() {
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }
}
