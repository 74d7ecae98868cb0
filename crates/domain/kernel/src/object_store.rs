//! Bytes by key.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use uuid::Uuid;

use crate::{AccountId, AvatarId, BoxError, FailureClass, GenerationId, Timestamp};

/// Where an object lies: segments of lowercase letters, digits, `-`, `_` and `.`, parted by `/`; at most 200 bytes.
/// No segment is empty, `.` or `..`, so that a key is a safe relative path on any disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectKey(String);

/// The text is no object key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an object key: {0:?}")]
pub struct ObjectKeyError(pub String);

impl ObjectKey {
    /// Where the provider's untouched bytes of one attempt at one slot wait until they are checked and kept.
    pub fn attempt(account: AccountId, generation: GenerationId, slot: u8, attempt: u32) -> Self {
        Self(format!("attempts/{account}/{generation}/{slot}/{attempt}"))
    }

    /// Where the finished image of a slot lies. The same slot always has the same key, so that writing it twice is
    /// writing it once.
    pub fn image(account: AccountId, generation: GenerationId, slot: u8) -> Self {
        Self(format!("images/{account}/{generation}/{slot}"))
    }

    /// Where the small JPEG of a slot lies.
    pub fn preview(account: AccountId, generation: GenerationId, slot: u8) -> Self {
        Self(format!("previews/{account}/{generation}/{slot}"))
    }

    /// Where a cleaned photo that was sent for an avatar lies.
    pub fn photo(account: AccountId, avatar: AvatarId, photo: Uuid) -> Self {
        Self(format!("photos/{account}/{avatar}/{photo}"))
    }

    /// Where the small JPEG of such a photo lies.
    pub fn photo_preview(account: AccountId, avatar: AvatarId, photo: Uuid) -> Self {
        Self(format!("photo-previews/{account}/{avatar}/{photo}"))
    }

    /// Where the archive of photos lies that one attempt at a training is given.
    pub fn training_archive(account: AccountId, avatar: AvatarId, attempt: u32) -> Self {
        Self(format!("trainings/{account}/{avatar}/{attempt}.zip"))
    }

    /// Where the weights of an avatar's training lie. Each attempt has its own, so that those in use stay whole while
    /// new ones are copied.
    pub fn weights(account: AccountId, avatar: AvatarId, attempt: u32) -> Self {
        Self(format!("weights/{account}/{avatar}/{attempt}.safetensors"))
    }

    /// Where the trainer's description of these weights lies.
    pub fn weights_config(account: AccountId, avatar: AvatarId, attempt: u32) -> Self {
        Self(format!("weights/{account}/{avatar}/{attempt}.json"))
    }

    /// Where something packed for a person to download lies, for a short time.
    pub fn export(account: AccountId, export: Uuid) -> Self {
        Self(format!("exports/{account}/{export}.zip"))
    }

    /// The prefixes under which everything of one person lies.
    pub fn prefixes_of(account: AccountId) -> Vec<String> {
        ObjectKind::ALL.map(|kind| format!("{}/{account}/", kind.as_str())).to_vec()
    }

    /// What the object is about; nothing when the key is none of those that are made here.
    pub fn owner(&self) -> Option<ObjectOwner> {
        let mut segments = self.0.split('/');
        let kind = segments.next()?;
        let kind = ObjectKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        let account = AccountId::new(segments.next()?.parse().ok()?);
        let subject = segments.next()?;
        let subject = subject.strip_suffix(".zip").unwrap_or(subject).parse().ok()?;
        Some(ObjectOwner { kind, account, subject, part: segments.next().unwrap_or_default().to_owned() })
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ObjectKey {
    type Err = ObjectKeyError;

    fn from_str(text: &str) -> Result<Self, ObjectKeyError> {
        let fits = !text.is_empty() && text.len() <= 200;
        let segments_are_safe = text.split('/').all(|segment| {
            !segment.is_empty()
                && segment != "."
                && segment != ".."
                && segment.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
                })
        });
        if fits && segments_are_safe {
            Ok(Self(text.to_owned()))
        } else {
            Err(ObjectKeyError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for ObjectKey {
    type Error = ObjectKeyError;

    fn try_from(text: String) -> Result<Self, ObjectKeyError> {
        text.parse()
    }
}

impl From<ObjectKey> for String {
    fn from(key: ObjectKey) -> Self {
        key.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKind {
    /// See [`ObjectKey::attempt`].
    Attempt,
    /// See [`ObjectKey::image`].
    Image,
    /// See [`ObjectKey::preview`].
    Preview,
    /// See [`ObjectKey::photo`].
    Photo,
    /// See [`ObjectKey::photo_preview`].
    PhotoPreview,
    /// See [`ObjectKey::training_archive`].
    TrainingArchive,
    /// See [`ObjectKey::weights`] and [`ObjectKey::weights_config`].
    Weights,
    /// See [`ObjectKey::export`].
    Export,
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Attempt,
        Self::Image,
        Self::Preview,
        Self::Photo,
        Self::PhotoPreview,
        Self::TrainingArchive,
        Self::Weights,
        Self::Export,
    ];

    /// The first segment of its keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempt => "attempts",
            Self::Image => "images",
            Self::Preview => "previews",
            Self::Photo => "photos",
            Self::PhotoPreview => "photo-previews",
            Self::TrainingArchive => "trainings",
            Self::Weights => "weights",
            Self::Export => "exports",
        }
    }
}

/// What an object is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectOwner {
    /// What it is.
    pub kind: ObjectKind,
    /// Whose.
    pub account: AccountId,
    /// The generation, avatar or export that it belongs to.
    pub subject: Uuid,
    /// The segment of the key behind that: a slot, a photo's id or a file's name; empty when there is none.
    pub part: String,
}

/// What is known of a stored object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Its key.
    pub key: ObjectKey,
    /// Its length in bytes.
    pub size: u64,
    /// When its bytes were kept, by the store's clock, to the second at least; `None` where nobody told.
    pub written_at: Option<Timestamp>,
}

/// A failure of the object store.
#[derive(Debug, Error)]
pub enum ObjectStoreError {
    /// It cannot be reached or answers with a passing error. Every call may be repeated.
    #[error("the object store is unavailable")]
    Unavailable(#[source] BoxError),
    /// It refuses us: wrong key, missing bucket, no room, no permission.
    #[error("the object store refuses: {detail}")]
    Misconfigured {
        /// What it said. Holds no secret.
        detail: String,
    },
}

impl ObjectStoreError {
    /// The failure class that decides what to do.
    pub const fn class(&self) -> FailureClass {
        match self {
            Self::Unavailable(_) => FailureClass::Unavailable,
            Self::Misconfigured { .. } => FailureClass::Misconfigured,
        }
    }
}

/// How many objects are listed at once when all under a prefix are removed.
const LISTED: u16 = 200;

/// Bytes on their way, piece by piece.
pub type ByteStream = BoxStream<'static, Result<Bytes, BoxError>>;

/// An object that is being read.
pub struct OpenObject {
    /// Its length in bytes.
    pub size: u64,
    /// Its bytes.
    pub bytes: ByteStream,
}

impl fmt::Debug for OpenObject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OpenObject").field("size", &self.size).finish_non_exhaustive()
    }
}

/// Keeps bytes by key.
///
/// **Contract**
/// - A `put` that returned MUST be durable, and MUST replace what was there as a whole: a reader sees the old or the new
///   bytes, never a mixture.
/// - `get` and `head` of a missing object MUST answer `None`.
/// - `delete` of a missing object MUST succeed.
/// - `list` MUST give the objects under the prefix in the order of their keys, after `after` if given: byte by byte, or
///   segment by segment, as servers do that keep objects in directories. (The two part ways only where one name at a
///   place goes on after another with `-` or `.`, which no derived key does.)
/// - `list` MUST say when each object was written.
/// - `delete_prefix` MUST remove every object under the prefix and nothing else, and MUST answer how many it removed.
/// - `put_stream` MUST keep the bytes as `put` does, MUST hold no more than a few pieces in memory, MUST answer how many
///   bytes it kept, and MUST leave what was there when the stream fails.
/// - `open` MUST give the bytes that `get` would give, piece by piece, and MUST answer `None` for a missing object.
/// - `link`, when it answers `Some`, MUST give an address that needs no other right and works no longer than `lifetime`.
#[async_trait]
pub trait ObjectStore: Send + Sync {
    /// Keeps `bytes` under `key`.
    async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<(), ObjectStoreError>;

    /// Keeps the bytes of `stream` under `key`; how many there were.
    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        content_type: &str,
    ) -> Result<u64, ObjectStoreError>;

    /// The object under `key`, to be read piece by piece.
    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError>;

    /// The bytes under `key`.
    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError>;

    /// What is known of the object.
    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError>;

    /// Removes the object.
    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError>;

    /// Up to `limit` objects whose key starts with `prefix`.
    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError>;

    /// Removes every object whose key starts with `prefix`; how many there were. One that is put meanwhile may stay.
    async fn delete_prefix(&self, prefix: &str) -> Result<u64, ObjectStoreError> {
        let mut removed = 0;
        loop {
            let found = self.list(prefix, None, LISTED).await?;
            if found.is_empty() {
                return Ok(removed);
            }
            for object in &found {
                self.delete(&object.key).await?;
                removed += 1;
            }
        }
    }

    /// An address at which anybody can read the object for `lifetime`; `None` when the store makes no addresses.
    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_safe_relative_path() {
        for good in ["a", "images/0/1", "a-b_c.d/e"] {
            assert_eq!(good.parse::<ObjectKey>().unwrap().as_str(), good);
        }
        let long = "a".repeat(201);
        for bad in ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.", "A", "a b", "ä", "a\\b", long.as_str()]
        {
            assert_eq!(bad.parse::<ObjectKey>(), Err(ObjectKeyError(bad.to_owned())));
        }
    }

    #[test]
    fn a_key_tells_what_the_object_is_about() {
        let account = AccountId::new(Uuid::from_u128(1));
        let (subject, part) = (Uuid::from_u128(2), Uuid::from_u128(3));
        let (generation, avatar) = (GenerationId::new(subject), AvatarId::new(subject));
        for (key, kind, part) in [
            (ObjectKey::attempt(account, generation, 3, 1), ObjectKind::Attempt, "3".to_owned()),
            (ObjectKey::image(account, generation, 3), ObjectKind::Image, "3".to_owned()),
            (ObjectKey::preview(account, generation, 3), ObjectKind::Preview, "3".to_owned()),
            (ObjectKey::photo(account, avatar, part), ObjectKind::Photo, part.to_string()),
            (ObjectKey::photo_preview(account, avatar, part), ObjectKind::PhotoPreview, part.to_string()),
            (
                ObjectKey::training_archive(account, avatar, 7),
                ObjectKind::TrainingArchive,
                "7.zip".to_owned(),
            ),
            (ObjectKey::weights(account, avatar, 7), ObjectKind::Weights, "7.safetensors".to_owned()),
            (ObjectKey::weights_config(account, avatar, 7), ObjectKind::Weights, "7.json".to_owned()),
            (ObjectKey::export(account, subject), ObjectKind::Export, String::new()),
        ] {
            assert_eq!(key.owner(), Some(ObjectOwner { kind, account, subject, part }), "{key}");
        }
        for other in ["backups/2026/one", "images", "images/1/2/3", "checks/readiness"] {
            assert_eq!(other.parse::<ObjectKey>().unwrap().owner(), None, "{other}");
        }
    }

    #[test]
    fn derived_keys_are_keys() {
        let account = AccountId::new(Uuid::from_u128(1));
        let generation = GenerationId::new(Uuid::from_u128(2));
        for key in [
            ObjectKey::attempt(account, generation, 3, 1),
            ObjectKey::image(account, generation, 3),
            ObjectKey::preview(account, generation, 3),
        ] {
            assert_eq!(key.as_str().parse(), Ok(key.clone()));
        }
    }
}
