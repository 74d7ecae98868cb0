//! A map whose entries end by themselves.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;

/// Keeps values until their time has come. What has ended takes no room once anything else is kept, and when there is
/// no room left, the entry that would have ended first makes way.
#[derive(Debug)]
pub(crate) struct ExpiringMap<K, V> {
    capacity: usize,
    entries: BTreeMap<K, Entry<V>>,
    by_end: BTreeSet<(Timestamp, K)>,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    ends_at: Timestamp,
}

impl<K: Ord + Copy, V> ExpiringMap<K, V> {
    /// An empty map for at most `capacity` entries.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { capacity, entries: BTreeMap::new(), by_end: BTreeSet::new() }
    }

    /// The value, unless it has ended by `now`.
    pub(crate) fn get(&self, key: K, now: Timestamp) -> Option<&V> {
        self.entries.get(&key).filter(|entry| entry.ends_at > now).map(|entry| &entry.value)
    }

    /// Keeps the value until `ends_at`.
    pub(crate) fn insert(&mut self, key: K, value: V, ends_at: Timestamp, now: Timestamp) {
        self.remove(key);
        while let Some(&(first_end, first)) = self.by_end.first() {
            if first_end > now && self.entries.len() < self.capacity {
                break;
            }
            self.remove(first);
        }
        self.entries.insert(key, Entry { value, ends_at });
        self.by_end.insert((ends_at, key));
    }

    /// Forgets the value.
    pub(crate) fn remove(&mut self, key: K) {
        if let Some(entry) = self.entries.remove(&key) {
            self.by_end.remove(&(entry.ends_at, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn an_entry_ends_at_its_time() {
        let mut map = ExpiringMap::new(10);
        map.insert(1, "one", at(5), at(0));
        assert_eq!(map.get(1, at(4)), Some(&"one"));
        assert_eq!(map.get(1, at(5)), None);
    }

    #[test]
    fn what_has_ended_takes_no_room() {
        let mut map = ExpiringMap::new(1_000);
        for second in 0..1_000 {
            map.insert(second, (), at(second + 10), at(second));
        }
        assert_eq!(map.entries.len(), 10);
        assert_eq!(map.by_end.len(), 10);
    }

    #[test]
    fn without_room_the_first_to_end_makes_way() {
        let mut map = ExpiringMap::new(2);
        map.insert(1, "late", at(30), at(0));
        map.insert(2, "early", at(10), at(0));
        map.insert(3, "new", at(20), at(0));
        assert_eq!(map.get(2, at(1)), None);
        assert_eq!(map.get(1, at(1)), Some(&"late"));
        assert_eq!(map.get(3, at(1)), Some(&"new"));
    }

    #[test]
    fn replacing_an_entry_leaves_nothing_of_its_old_end() {
        let mut map = ExpiringMap::new(2);
        map.insert(1, "old", at(10), at(0));
        map.insert(1, "new", at(20), at(0));
        map.insert(2, "other", at(20), at(15));
        assert_eq!(map.get(1, at(15)), Some(&"new"));
        assert_eq!(map.by_end.len(), 2);
    }
}
