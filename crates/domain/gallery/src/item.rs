//! A kept image.

use std::str::FromStr;

use kernel::{
    AccountId, AspectRatio, AvatarId, Credits, GalleryItemId, GenerationId, ImageInfo, ObjectKey, Timestamp,
};
use thiserror::Error;

/// How an image came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// From a description alone.
    Description,
    /// Of a trained avatar.
    Avatar,
    /// Of an instant avatar.
    InstantAvatar,
}

/// A stored origin that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown origin {0:?}")]
pub struct UnknownOrigin(pub String);

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 3] = [Self::Description, Self::Avatar, Self::InstantAvatar];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Description => "description",
            Self::Avatar => "avatar",
            Self::InstantAvatar => "instant-avatar",
        }
    }
}

impl FromStr for Origin {
    type Err = UnknownOrigin;

    fn from_str(name: &str) -> Result<Self, UnknownOrigin> {
        Self::ALL
            .into_iter()
            .find(|origin| origin.as_str() == name)
            .ok_or_else(|| UnknownOrigin(name.to_owned()))
    }
}

/// Whether the person marked the image as a favourite.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Favourite {
    /// Not marked.
    #[default]
    No,
    /// Marked.
    Yes,
}

/// What is left of an item's bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Remains {
    /// They are there.
    #[default]
    Whole,
    /// They are being removed, or are gone; there is no way back.
    Erased,
}

/// The messenger's own ids of files that were sent before, so that they need not be uploaded again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessengerFiles {
    /// Of the photo.
    pub photo: Option<String>,
    /// Of the original as a file.
    pub document: Option<String>,
}

/// An image to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGalleryItem {
    /// Its id, drawn when the generation was requested.
    pub id: GalleryItemId,
    /// Whose.
    pub account: AccountId,
    /// The generation that made it.
    pub generation: GenerationId,
    /// The slot that it fills, from 0.
    pub slot: u8,
    /// How it came to be.
    pub origin: Origin,
    /// The avatar that is in it, if any.
    pub avatar: Option<AvatarId>,
    /// The seed that it was drawn with.
    pub seed: u64,
    /// The description it was made from.
    pub prompt: String,
    /// The id of the model that made it.
    pub model: String,
    /// The shape that was asked for.
    pub aspect_ratio: AspectRatio,
    /// What it cost; nothing for a late or free one.
    pub price: Credits,
    /// Where the image lies.
    pub image: ObjectKey,
    /// Where its small version lies.
    pub preview: ObjectKey,
    /// What the image is.
    pub info: ImageInfo,
    /// Its length in bytes.
    pub bytes: u64,
}

/// A kept image, or the tombstone of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GalleryItem {
    /// What was kept.
    pub kept: NewGalleryItem,
    /// Whether it is a favourite.
    pub favourite: Favourite,
    /// What the messenger knows of it.
    pub files: MessengerFiles,
    /// When it was kept, by the database's clock.
    pub created_at: Timestamp,
    /// When it was deleted. The row stays, for its price; the bytes go after a while.
    pub deleted_at: Option<Timestamp>,
    /// Whether a deleted item can still be brought back.
    pub remains: Remains,
}
