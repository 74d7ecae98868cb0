//! One of the images that a generation is to bring.

use kernel::GalleryItemId;
use serde::{Deserialize, Serialize};

/// How a slot ended without an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlotEnd {
    /// The provider's safety policy kept it back.
    Refused,
    /// No attempt brought it.
    Missing,
}

/// One of the images asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The gallery item that it will be, drawn with the request so that keeping it twice is keeping it once.
    pub item: GalleryItemId,
    /// The attempt whose bytes lie in the object store.
    pub arrived: Option<u32>,
    /// How it ended, when it ended without an image.
    pub end: Option<SlotEnd>,
}

impl Slot {
    /// A slot still to be filled.
    pub const fn open(item: GalleryItemId) -> Self {
        Self { item, arrived: None, end: None }
    }

    /// Whether an image is still to come.
    pub const fn is_open(&self) -> bool {
        self.arrived.is_none() && self.end.is_none()
    }
}
