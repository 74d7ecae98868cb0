//! The files of FAL's content delivery network, kept in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

/// Bytes kept at most; the oldest files go first.
const CAPACITY: usize = 1024 * 1024 * 1024;

/// A stored file.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
}

/// Files by their key, `folder/name`.
#[derive(Debug, Default)]
pub(super) struct Files {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    files: BTreeMap<String, StoredFile>,
    order: VecDeque<String>,
    total: usize,
}

impl Files {
    /// Stores a file, in place of one with the same key.
    pub(super) fn store(&self, key: &str, file: StoredFile) {
        let mut kept = self.shelf();
        kept.total += file.bytes.len();
        match kept.files.insert(key.to_owned(), file) {
            Some(replaced) => kept.total -= replaced.bytes.len(),
            None => kept.order.push_back(key.to_owned()),
        }
        while kept.total > CAPACITY
            && let Some(oldest) = kept.order.pop_front()
        {
            let dropped = kept.files.remove(&oldest).map_or(0, |file| file.bytes.len());
            kept.total -= dropped;
        }
    }

    /// A file, while it is kept.
    pub(super) fn get(&self, key: &str) -> Option<StoredFile> {
        self.shelf().files.get(key).cloned()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_files_make_room() {
        let files = Files::default();
        let large = Bytes::from(vec![0; CAPACITY / 16]);
        for key in 0..17 {
            files.store(
                &key.to_string(),
                StoredFile { media_type: "image/png".to_owned(), bytes: large.clone() },
            );
        }
        assert!(files.get("0").is_none());
        assert!(files.get("16").is_some());
    }
}
