//! Photos that came out of the blue and wait for a word what they are for.

use kernel::{IncomingFileId, MessageId};
use serde::{Deserialize, Serialize};

/// Groups of photos that are remembered.
const MOST_GROUPS: usize = 4;
/// Photos of one group that are remembered; an album has at most ten.
const MOST_PHOTOS: usize = 10;

/// A photo that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RememberedPhoto {
    /// By what it can be fetched.
    pub(crate) file: IncomingFileId,
    /// The messenger's lasting id of the same content.
    pub(crate) unique: String,
    /// The message that brought it.
    pub(crate) message: MessageId,
}

/// One photo, or the photos of one album.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PhotoGroup {
    /// Drawn for the message that offers what can be done with them.
    pub(crate) nonce: u64,
    /// The album.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) album: Option<String>,
    /// What the person wrote below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) caption: Option<String>,
    /// The photos, in the order in which they came.
    pub(crate) photos: Vec<RememberedPhoto>,
}

/// The latest groups, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Photos(Vec<PhotoGroup>);

impl Photos {
    /// Remembers a group.
    pub(crate) fn remember(&mut self, group: PhotoGroup) {
        if self.0.len() >= MOST_GROUPS {
            self.0.remove(0);
        }
        self.0.push(group);
    }

    /// Adds a photo to its album; `false` when that album was not heard of.
    pub(crate) fn add_to_album(&mut self, album: &str, photo: &RememberedPhoto) -> bool {
        let Some(group) = self.0.iter_mut().find(|group| group.album.as_deref() == Some(album)) else {
            return false;
        };
        let is_known = group.photos.iter().any(|known| known.message == photo.message);
        if !is_known && group.photos.len() < MOST_PHOTOS {
            group.photos.push(photo.clone());
        }
        true
    }

    /// A group.
    pub(crate) fn find(&self, nonce: u64) -> Option<&PhotoGroup> {
        self.0.iter().find(|group| group.nonce == nonce)
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(message: i64) -> RememberedPhoto {
        RememberedPhoto {
            file: IncomingFileId::new(format!("file-{message}")),
            unique: format!("unique-{message}"),
            message: MessageId::new(message),
        }
    }

    #[test]
    fn an_album_gathers_its_photos_once_each() {
        let mut photos = Photos::default();
        let album = Some("13876".to_owned());
        photos.remember(PhotoGroup { nonce: 1, album, caption: None, photos: vec![photo(10)] });
        for message in [11, 12, 11] {
            assert!(photos.add_to_album("13876", &photo(message)));
        }
        assert!(!photos.add_to_album("another", &photo(13)));
        assert_eq!(photos.find(1).unwrap().photos, [photo(10), photo(11), photo(12)]);
    }
}
