//! The files themselves, within a bound: when it is passed the oldest go, as if Telegram had lost them.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::identifiers::{file_id, file_unique_id};
use super::photo::MadePhoto;
use crate::telegram::medium::Medium;

/// What a file may be sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A size of a photo.
    Photo,
    /// A file that arrives byte for byte.
    Document,
    /// A voice message.
    Voice,
    /// Another recording or picture.
    Medium(Medium),
    /// The small picture of a document.
    Thumbnail,
}

impl FileKind {
    /// The kind's name in Telegram's refusals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Photo => "Photo",
            Self::Document => "Document",
            Self::Voice => "VoiceNote",
            Self::Medium(medium) => medium.title(),
            Self::Thumbnail => "Thumbnail",
        }
    }

    const fn folder(self) -> &'static str {
        match self {
            Self::Photo => "photos",
            Self::Document => "documents",
            Self::Voice => "voice",
            Self::Medium(medium) => medium.folder(),
            Self::Thumbnail => "thumbnails",
        }
    }
}

/// One size of a photo, as messages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoSize {
    /// For sending again and for `getFile`.
    pub file_id: String,
    /// The same for the same content.
    pub file_unique_id: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Bytes.
    pub file_size: usize,
}

/// What is known of a file that is no photo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaDetails {
    /// The name under which it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Its content type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Seconds, for a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// A small picture of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<PhotoSize>,
}

/// A file to keep.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// What it may be sent as.
    pub kind: FileKind,
    /// The content.
    pub bytes: Bytes,
    /// What is known of it.
    pub details: MediaDetails,
}

/// A file that Telegram has.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// What is known of it.
    pub description: FileDescription,
    /// The content.
    pub bytes: Bytes,
}

/// What is known of a file that Telegram has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileDescription {
    /// For sending again and for `getFile`.
    pub file_id: String,
    /// The same for the same content.
    pub file_unique_id: String,
    /// What it may be sent as.
    pub kind: FileKind,
    /// Path under which it is downloaded.
    pub path: String,
    /// What its sender told.
    pub details: MediaDetails,
    /// All sizes of the photo that this file is one size of, smallest first.
    pub sizes: Vec<PhotoSize>,
    /// SHA-256, in hexadecimal digits, of the bytes that were sent in the first place.
    pub origin: String,
}

impl StoredFile {
    /// The `File` object of `getFile`.
    pub fn object(&self) -> Value {
        json!({
            "file_id": self.description.file_id,
            "file_unique_id": self.description.file_unique_id,
            "file_size": self.bytes.len(),
            "file_path": self.description.path,
        })
    }

    /// The content type under which a browser should read it.
    pub fn content_type(&self) -> &str {
        match self.description.kind {
            FileKind::Photo | FileKind::Thumbnail => "image/jpeg",
            FileKind::Document | FileKind::Voice | FileKind::Medium(_) => {
                self.description.details.mime_type.as_deref().unwrap_or("application/octet-stream")
            }
        }
    }
}

/// All files of one server.
#[derive(Debug)]
pub struct FileStore {
    files: BTreeMap<String, StoredFile>,
    by_path: BTreeMap<String, String>,
    /// Sizes of a photo by the content that was sent, so that the same picture is scaled once.
    photos: BTreeMap<String, Vec<PhotoSize>>,
    order: VecDeque<String>,
    next: u64,
    held_bytes: usize,
    capacity_bytes: usize,
}

impl FileStore {
    /// A store that holds at most `capacity_bytes`, and whose first file bears the number `first`.
    pub fn new(capacity_bytes: usize, first: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            by_path: BTreeMap::new(),
            photos: BTreeMap::new(),
            order: VecDeque::new(),
            next: first,
            held_bytes: 0,
            capacity_bytes,
        }
    }

    /// The file of an identifier.
    pub fn get(&self, file_id: &str) -> Option<&StoredFile> {
        self.files.get(file_id)
    }

    /// The file of a download path.
    pub fn at_path(&self, path: &str) -> Option<&StoredFile> {
        self.by_path.get(path).and_then(|file_id| self.files.get(file_id))
    }

    /// The sizes of a photo whose origin was scaled before and is still here.
    pub fn photo_of(&self, origin: &str) -> Option<&[PhotoSize]> {
        let sizes = self.photos.get(origin)?;
        sizes.iter().all(|size| self.files.contains_key(&size.file_id)).then_some(sizes.as_slice())
    }

    /// Keeps a file that is no photo.
    pub fn add(&mut self, file: NewFile) -> StoredFile {
        let origin = hex::encode(Sha256::digest(&file.bytes));
        self.insert(file, origin)
    }

    /// Keeps the sizes of a photo.
    pub fn add_photo(&mut self, origin: &str, made: Vec<MadePhoto>) -> Vec<PhotoSize> {
        let mut sizes = Vec::with_capacity(made.len());
        for photo in made {
            let (width, height) = (photo.width, photo.height);
            let file = NewFile {
                kind: FileKind::Photo,
                bytes: Bytes::from(photo.bytes),
                details: MediaDetails::default(),
            };
            let stored = self.insert(file, origin.to_owned());
            sizes.push(PhotoSize {
                file_size: stored.bytes.len(),
                file_id: stored.description.file_id,
                file_unique_id: stored.description.file_unique_id,
                width,
                height,
            });
        }
        for size in &sizes {
            if let Some(file) = self.files.get_mut(&size.file_id) {
                file.description.sizes.clone_from(&sizes);
            }
        }
        self.photos.insert(origin.to_owned(), sizes.clone());
        sizes
    }

    fn insert(&mut self, file: NewFile, origin: String) -> StoredFile {
        let sequence = self.next;
        self.next += 1;
        let digest: [u8; 32] = Sha256::digest(&file.bytes).into();
        let description = FileDescription {
            file_id: file_id(file.kind, sequence, &digest),
            file_unique_id: file_unique_id(file.kind, &digest),
            path: format!("{}/file_{sequence}{}", file.kind.folder(), extension(&file)),
            kind: file.kind,
            details: file.details,
            sizes: Vec::new(),
            origin,
        };
        let stored = StoredFile { description, bytes: file.bytes };
        self.keep(stored.clone());
        stored
    }

    /// Takes in a file of an earlier run.
    pub fn keep(&mut self, file: StoredFile) {
        let StoredFile { description, bytes } = &file;
        self.held_bytes += bytes.len();
        self.by_path.insert(description.path.clone(), description.file_id.clone());
        self.order.push_back(description.file_id.clone());
        if !description.sizes.is_empty() {
            self.photos.insert(description.origin.clone(), description.sizes.clone());
        }
        self.files.insert(description.file_id.clone(), file);
        self.forget_oldest();
    }

    /// All files, oldest first.
    pub fn all(&self) -> impl Iterator<Item = &StoredFile> {
        self.order.iter().filter_map(|file_id| self.files.get(file_id))
    }

    /// The number of the next file.
    pub const fn next(&self) -> u64 {
        self.next
    }

    fn forget_oldest(&mut self) {
        while self.held_bytes > self.capacity_bytes && self.order.len() > 1 {
            let Some(oldest) = self.order.pop_front().and_then(|file_id| self.files.remove(&file_id)) else {
                return;
            };
            self.held_bytes -= oldest.bytes.len();
            self.by_path.remove(&oldest.description.path);
            self.photos.remove(&oldest.description.origin);
        }
    }
}

fn extension(file: &NewFile) -> String {
    match file.kind {
        FileKind::Photo | FileKind::Thumbnail => ".jpg".to_owned(),
        FileKind::Voice => ".oga".to_owned(),
        FileKind::Medium(medium) => medium.extension().to_owned(),
        FileKind::Document => file
            .details
            .file_name
            .as_deref()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, extension)| extension)
            .filter(|extension| {
                (1..=8).contains(&extension.len())
                    && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
            .map(|extension| format!(".{extension}"))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(content: &'static [u8]) -> NewFile {
        NewFile {
            kind: FileKind::Document,
            bytes: Bytes::from_static(content),
            details: MediaDetails { file_name: Some("a.png".to_owned()), ..MediaDetails::default() },
        }
    }

    #[test]
    fn documents_are_kept_byte_for_byte() {
        let mut store = FileStore::new(1_000, 0);
        let stored = store.add(document(b"hello"));
        assert_eq!(
            store.at_path("documents/file_0.png").unwrap().description.file_id,
            stored.description.file_id
        );
        assert_eq!(store.get(&stored.description.file_id).unwrap().bytes.as_ref(), b"hello");
        let again = store.add(document(b"hello"));
        assert_ne!(again.description.file_id, stored.description.file_id);
        assert_eq!(again.description.file_unique_id, stored.description.file_unique_id);
    }

    #[test]
    fn above_the_bound_the_oldest_go() {
        let mut store = FileStore::new(8, 0);
        let first = store.add(document(b"12345"));
        let second = store.add(document(b"67890"));
        assert!(store.get(&first.description.file_id).is_none());
        assert!(store.at_path(&first.description.path).is_none());
        assert!(store.get(&second.description.file_id).is_some());
    }
}
