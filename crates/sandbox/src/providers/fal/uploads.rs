//! Uploads that were begun: the permission to put a file, whole or in parts, at a place of the storage.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::lifecycle::Lifecycle;

/// Uploads remembered at most; the oldest go first.
const CAPACITY: usize = 1_000;
/// Most parts of an upload.
const MOST_PARTS: u32 = 10_000;

/// An upload that was begun.
#[derive(Debug, Clone, Default)]
pub(super) struct Upload {
    pub(super) media_type: String,
    pub(super) lifecycle: Lifecycle,
    parts: BTreeMap<u32, Part>,
}

/// A part and its tag.
#[derive(Debug, Clone)]
struct Part {
    tag: String,
    bytes: Bytes,
}

/// The list with which an upload is completed.
#[derive(Debug, Deserialize)]
pub(super) struct Completion {
    pub(super) parts: Vec<NamedPart>,
}

/// A part as its uploader knows it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NamedPart {
    part_number: u32,
    etag: String,
}

/// Why a part or a completion is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum UploadError {
    #[error("no such upload")]
    Unknown,
    #[error("part numbers go from 1 to 10000")]
    PartNumber,
    #[error("a part is missing, or its etag is another")]
    Parts,
}

impl Upload {
    pub(super) fn new(media_type: &str, lifecycle: Lifecycle) -> Self {
        Self { media_type: media_type.to_owned(), lifecycle, parts: BTreeMap::new() }
    }
}

/// All uploads, by their id.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    begun: BTreeMap<String, Upload>,
    order: VecDeque<String>,
}

impl Uploads {
    pub(super) fn begin(&self, id: &str, upload: Upload) {
        let mut book = self.book();
        book.begun.insert(id.to_owned(), upload);
        book.order.push_back(id.to_owned());
        if book.order.len() > CAPACITY
            && let Some(oldest) = book.order.pop_front()
        {
            book.begun.remove(&oldest);
        }
    }

    /// An upload that may be put in one piece.
    pub(super) fn find(&self, id: &str) -> Option<Upload> {
        self.book().begun.get(id).cloned()
    }

    /// Takes a part, in place of one with the same number, and gives its tag, in quotes.
    pub(super) fn add(&self, id: &str, number: u32, bytes: Bytes) -> Result<String, UploadError> {
        let mut book = self.book();
        let upload = book.begun.get_mut(id).ok_or(UploadError::Unknown)?;
        if !(1..=MOST_PARTS).contains(&number) {
            return Err(UploadError::PartNumber);
        }
        let mut tag = hex::encode(Sha256::digest(&bytes));
        tag.truncate(32);
        let tag = format!("\"{tag}\"");
        upload.parts.insert(number, Part { tag: tag.clone(), bytes });
        Ok(tag)
    }

    /// Ends an upload: gives it and its parts in order.
    pub(super) fn complete(
        &self,
        id: &str,
        completion: &Completion,
    ) -> Result<(Upload, Vec<Bytes>), UploadError> {
        let mut book = self.book();
        let upload = book.begun.get(id).ok_or(UploadError::Unknown)?;
        let mut named: Vec<&NamedPart> = completion.parts.iter().collect();
        named.sort_by_key(|part| part.part_number);
        let found = named.iter().map(|named| {
            let part = upload.parts.get(&named.part_number)?;
            let is_same = part.tag.trim_matches('"') == named.etag.trim_matches('"');
            is_same.then(|| part.bytes.clone())
        });
        let parts: Vec<Bytes> = found.collect::<Option<_>>().ok_or(UploadError::Parts)?;
        if parts.is_empty() {
            return Err(UploadError::Parts);
        }
        let upload = book.begun.remove(id).ok_or(UploadError::Unknown)?;
        Ok((upload, parts))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(part_number: u32, etag: &str) -> NamedPart {
        NamedPart { part_number, etag: etag.to_owned() }
    }

    #[test]
    fn parts_are_put_together_in_their_order() {
        let uploads = Uploads::default();
        uploads.begin("a", Upload::new("application/zip", Lifecycle::default()));
        let second = uploads.add("a", 2, Bytes::from_static(b"two")).unwrap();
        let first = uploads.add("a", 1, Bytes::from_static(b"one")).unwrap();
        let unquoted = first.trim_matches('"');
        let wrong = Completion { parts: vec![named(1, unquoted), named(2, "other")] };
        assert_eq!(uploads.complete("a", &wrong).unwrap_err(), UploadError::Parts);
        let right = Completion { parts: vec![named(2, &second), named(1, unquoted)] };
        let (upload, parts) = uploads.complete("a", &right).unwrap();
        assert_eq!(upload.media_type, "application/zip");
        assert_eq!(parts, [Bytes::from_static(b"one"), Bytes::from_static(b"two")]);
        assert_eq!(uploads.complete("a", &right).unwrap_err(), UploadError::Unknown);
    }

    #[test]
    fn what_was_not_begun_or_has_no_number_is_refused() {
        let uploads = Uploads::default();
        assert_eq!(uploads.add("a", 1, Bytes::new()), Err(UploadError::Unknown));
        uploads.begin("a", Upload::default());
        assert_eq!(uploads.add("a", 0, Bytes::new()), Err(UploadError::PartNumber));
        assert!(matches!(uploads.complete("a", &Completion { parts: vec![] }), Err(UploadError::Parts)));
    }
}
