//! The machine's time and ids.

use std::sync::Arc;

use embedded_adapter::{SystemClock, SystemIds};
use kernel::{Clock, IdSource, Timestamp};
use uuid::Uuid;

use crate::manual_clock::ManualClock;

fn millis_of(id: Uuid) -> u128 {
    id.as_u128() >> 80
}

#[test]
fn the_clock_says_what_the_file_system_says() {
    let before = SystemClock.now();
    let file = tempfile::NamedTempFile::new().unwrap();
    let written_at = file.as_file().metadata().unwrap().modified().unwrap();
    let written_at = Timestamp::EPOCH + written_at.duration_since(std::time::UNIX_EPOCH).unwrap();
    let apart = written_at.since(before).max(before.since(written_at));
    assert!(apart.as_secs() < 10, "{apart:?} apart");
}

#[test]
fn an_id_carries_the_clocks_time() {
    let ids = SystemIds::new(Arc::new(ManualClock::at(Timestamp::from_micros(1_800_000_000_123_999))));
    assert_eq!(millis_of(ids.uuid()), 1_800_000_000_123);
}

#[test]
fn ids_stay_in_order_while_the_clock_steps_back() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let ids = SystemIds::new(clock.clone());
    let mut previous = ids.uuid();
    for seconds in [1_800_000_000, 1_799_999_000, 1_700_000_000, 0, -5, 1_800_000_001] {
        clock.set(Timestamp::from_seconds(seconds));
        for _ in 0..1_000 {
            let next = ids.uuid();
            assert!(previous < next, "{next} came after {previous}, at {seconds} s");
            previous = next;
        }
    }
    assert_eq!(millis_of(previous), 1_800_000_001_000, "and goes on with the clock");
}

#[test]
fn two_sources_have_nothing_in_common() {
    let clock = Arc::new(ManualClock::default());
    let (one, other) = (SystemIds::new(clock.clone()), SystemIds::new(clock));
    assert_ne!(one.uuid(), other.uuid());
    assert_ne!(one.random(), other.random());
}
