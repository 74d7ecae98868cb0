//! Images of the gallery that are being chosen, and those that were deleted at once.

use kernel::GalleryItemId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most images that can be chosen at once.
const MOST_PICKED: usize = 100;
/// Deletions that are remembered, so that they can be taken back.
const MOST_DELETIONS: usize = 3;

/// Images that are being chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Picks {
    /// The last row of each page that was seen, from the first page on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ends: Vec<Uuid>,
    /// What is chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) chosen: Vec<GalleryItemId>,
}

impl Picks {
    /// Chooses an image, or no longer; `false` when that is one too many.
    pub(crate) fn toggle(&mut self, item: GalleryItemId) -> bool {
        if let Some(position) = self.chosen.iter().position(|chosen| *chosen == item) {
            self.chosen.remove(position);
            return true;
        }
        if self.chosen.len() >= MOST_PICKED {
            return false;
        }
        self.chosen.push(item);
        true
    }

    /// Nothing is chosen any more.
    pub(crate) fn clear(&mut self) {
        self.chosen.clear();
    }

    /// How many are chosen.
    pub(crate) const fn len(&self) -> usize {
        self.chosen.len()
    }

    /// Whether nothing is chosen.
    pub(crate) const fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// Whether there is nothing to remember.
    pub(super) const fn is_blank(&self) -> bool {
        self.chosen.is_empty() && self.ends.is_empty()
    }
}

/// Images that were deleted at once, the latest deletion last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Deletions(Vec<Deletion>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Deletion {
    nonce: u64,
    items: Vec<GalleryItemId>,
}

impl Deletions {
    /// Remembers a deletion, once.
    pub(super) fn remember(&mut self, nonce: u64, items: &[GalleryItemId]) {
        if self.find(nonce).is_some() {
            return;
        }
        if self.0.len() >= MOST_DELETIONS {
            self.0.remove(0);
        }
        self.0.push(Deletion { nonce, items: items.to_vec() });
    }

    /// What was deleted.
    pub(super) fn find(&self, nonce: u64) -> Option<&[GalleryItemId]> {
        self.0.iter().find(|deletion| deletion.nonce == nonce).map(|deletion| deletion.items.as_slice())
    }

    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_images_can_be_chosen() {
        let mut picks = Picks::default();
        let item = |number| GalleryItemId::new(Uuid::from_u128(number));
        assert!((0..100).all(|number| picks.toggle(item(number))));
        assert!(!picks.toggle(item(100)), "one too many");
        assert!(picks.toggle(item(0)), "one less");
        assert!(picks.toggle(item(100)));
    }

    #[test]
    fn the_latest_deletions_are_remembered() {
        let mut deletions = Deletions::default();
        let items = [GalleryItemId::new(Uuid::from_u128(1))];
        for nonce in 0..4 {
            deletions.remember(nonce, &items);
            deletions.remember(nonce, &[]);
        }
        assert_eq!(deletions.find(0), None);
        assert_eq!(deletions.find(3), Some(items.as_slice()));
    }
}
