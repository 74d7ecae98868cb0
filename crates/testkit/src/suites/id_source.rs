//! What every [`IdSource`] must do.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use kernel::IdSource;
use uuid::{Uuid, Variant};

/// Runs every test, each on a source of its own.
pub fn all(factory: impl Fn() -> Arc<dyn IdSource>) {
    uuid_must_give_a_uuid_version_7_never_the_same_twice(&*factory());
    ids_made_one_after_the_other_must_sort_in_that_order(&*factory());
    random_must_be_unpredictable(&*factory());
}

/// `uuid` MUST give a UUID version 7, never the same twice, whoever asks.
pub fn uuid_must_give_a_uuid_version_7_never_the_same_twice(source: &dyn IdSource) {
    const THREADS: usize = 4;
    const EACH: usize = 5_000;
    let ids: Vec<Uuid> = thread::scope(|scope| {
        let makers: Vec<_> = (0..THREADS)
            .map(|_| scope.spawn(|| (0..EACH).map(|_| source.uuid()).collect::<Vec<_>>()))
            .collect();
        makers.into_iter().flat_map(|maker| maker.join().expect("a thread that makes ids")).collect()
    });
    for id in &ids {
        assert_eq!(id.get_version_num(), 7, "{id}");
        assert_eq!(id.get_variant(), Variant::RFC4122, "{id}");
    }
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>().len(), THREADS * EACH);
}

/// Ids made one after the other by one source MUST sort in that order.
pub fn ids_made_one_after_the_other_must_sort_in_that_order(source: &dyn IdSource) {
    let mut previous = source.uuid();
    for _ in 0..20_000 {
        let next = source.uuid();
        assert!(previous < next, "{next} came after {previous}");
        previous = next;
    }
}

/// `random` MUST be unpredictable in production. What can be seen from outside: no number comes twice, every bit is set
/// about half of the time, and none goes with its neighbour.
pub fn random_must_be_unpredictable(source: &dyn IdSource) {
    const DRAWS: u32 = 10_000;
    // Fifteen standard deviations (50 each) from the middle: never by chance.
    const MIDDLE: std::ops::RangeInclusive<u32> = 4_250..=5_750;
    let numbers: Vec<u64> = (0..DRAWS).map(|_| source.random()).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len(), "a number came twice");
    for bit in 0..64 {
        let set: u32 = numbers.iter().map(|number| u32::from(number >> bit & 1 == 1)).sum();
        assert!(MIDDLE.contains(&set), "bit {bit} was set {set} times of {DRAWS}");
        let agreeing: u32 =
            numbers.iter().map(|number| u32::from((number ^ number.rotate_right(1)) >> bit & 1 == 0)).sum();
        assert!(
            MIDDLE.contains(&agreeing),
            "bit {bit} agreed with its neighbour {agreeing} times of {DRAWS}"
        );
    }
}
