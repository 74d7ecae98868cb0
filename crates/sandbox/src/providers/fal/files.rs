//! The files of FAL's content delivery network, kept in memory until they expire.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::lifecycle::{Lifecycle, Readers};
use crate::clock;

/// Bytes kept at most; the oldest files go first.
const CAPACITY: usize = 1024 * 1024 * 1024;

/// A stored file.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) media_type: String,
    pub(super) content: Content,
    pub(super) origin: Origin,
    pub(super) lifecycle: Lifecycle,
}

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A caller uploaded it.
    Upload,
    /// A model made it.
    Output,
}

/// A file that is still there, for tests that ask what FAL holds of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFile {
    /// Its path at FAL's address, such as `/files/0f3a/train.zip`.
    pub path: String,
    /// Its media type.
    pub media_type: String,
    /// Its length, bytes.
    pub bytes: u64,
    /// Where it came from.
    pub origin: Origin,
    /// What a reader without a key is told.
    pub readers: Readers,
    /// Milliseconds since the Unix epoch.
    pub stored_at_ms: u64,
    /// Milliseconds since the Unix epoch; none for a file that lives for good.
    pub expires_at_ms: Option<u64>,
}

/// Files by their key, `folder/name`. Clones share one shelf.
#[derive(Debug, Clone, Default)]
pub struct FalFiles {
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Debug, Default)]
struct Shelf {
    files: BTreeMap<String, Entry>,
    order: VecDeque<String>,
    /// Bytes held in memory.
    total: usize,
    /// How far this clock is ahead of the machine's.
    ahead: Duration,
}

#[derive(Debug)]
struct Entry {
    file: StoredFile,
    /// Since the Unix epoch.
    stored_at: Duration,
    expires_at: Option<Duration>,
}

impl FalFiles {
    /// Everything that is still there, by path.
    pub fn list(&self) -> Vec<HeldFile> {
        self.shelf().files.iter().map(|(key, entry)| entry.describe(key)).collect()
    }

    /// Makes all files older by so much; those whose time is over go.
    pub fn pass_time(&self, time: Duration) {
        self.shelf().ahead += time;
    }

    /// Removes a file by its path as [`Self::list`] tells it; says whether it was there.
    pub fn remove(&self, path: &str) -> bool {
        path.strip_prefix("/files/").is_some_and(|key| self.shelf().remove(key))
    }

    /// Stores a file, in place of one with the same key.
    pub(super) fn store(&self, key: &str, file: StoredFile) {
        let mut kept = self.shelf();
        kept.remove(key);
        let stored_at = kept.now();
        let expires_at = file.lifecycle.lifetime.map(|lifetime| stored_at.saturating_add(lifetime));
        kept.total += file.content.in_memory();
        kept.files.insert(key.to_owned(), Entry { file, stored_at, expires_at });
        kept.order.push_back(key.to_owned());
        while kept.total > CAPACITY
            && let Some(oldest) = kept.order.front().cloned()
        {
            kept.remove(&oldest);
        }
    }

    /// A file, while it is kept.
    pub(super) fn get(&self, key: &str) -> Option<StoredFile> {
        self.shelf().files.get(key).map(|entry| entry.file.clone())
    }

    /// The shelf, without what has expired.
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        let mut kept = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        kept.sweep();
        kept
    }
}

impl Shelf {
    fn now(&self) -> Duration {
        clock::since_epoch().saturating_add(self.ahead)
    }

    fn sweep(&mut self) {
        let now = self.now();
        let is_over = |entry: &Entry| entry.expires_at.is_some_and(|end| end <= now);
        let over = self.files.iter().filter(|(_, entry)| is_over(entry)).map(|(key, _)| key.clone());
        let over: Vec<String> = over.collect();
        for key in over {
            self.remove(&key);
        }
    }

    fn remove(&mut self, key: &str) -> bool {
        let Some(entry) = self.files.remove(key) else { return false };
        self.total -= entry.file.content.in_memory();
        self.order.retain(|other| other != key);
        true
    }
}

impl Entry {
    fn describe(&self, key: &str) -> HeldFile {
        HeldFile {
            path: format!("/files/{key}"),
            media_type: self.file.media_type.clone(),
            bytes: self.file.content.length(),
            origin: self.file.origin,
            readers: self.file.lifecycle.readers,
            stored_at_ms: clock::millis(self.stored_at),
            expires_at_ms: self.expires_at.map(clock::millis),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn file(bytes: Bytes, seconds: Option<u64>) -> StoredFile {
        StoredFile {
            media_type: "image/png".to_owned(),
            content: Content::from(bytes),
            origin: Origin::Upload,
            lifecycle: Lifecycle { lifetime: seconds.map(Duration::from_secs), ..Lifecycle::default() },
        }
    }

    #[test]
    fn the_oldest_files_make_room() {
        let files = FalFiles::default();
        let large = Bytes::from(vec![0; CAPACITY / 16]);
        for key in 0..17 {
            files.store(&key.to_string(), file(large.clone(), None));
        }
        assert!(files.get("0").is_none());
        assert!(files.get("16").is_some());
    }

    #[test]
    fn files_go_when_their_time_is_over() {
        let files = FalFiles::default();
        files.store("a/short", file(Bytes::from_static(b"abc"), Some(3_600)));
        files.store("b/long", file(Bytes::from_static(b"abcd"), None));
        let listed = files.list();
        assert_eq!(
            listed.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
            ["/files/a/short", "/files/b/long"]
        );
        assert_eq!(listed[0].expires_at_ms, Some(listed[0].stored_at_ms + 3_600_000));
        files.pass_time(Duration::from_secs(3_599));
        assert!(files.get("a/short").is_some());
        files.pass_time(Duration::from_secs(2));
        assert!(files.get("a/short").is_none());
        assert_eq!(files.list().len(), 1);
        assert!(files.remove("/files/b/long"));
        assert!(!files.remove("/files/b/long"));
        assert!(files.list().is_empty());
    }
}
