//! Whether photos show one person.

use std::collections::BTreeSet;

use kernel::{PersonComparison, ProviderError};
use serde::Deserialize;

use super::PHOTOS_ARE_DATA;
use crate::chat::{Schema, unreadable};

pub(super) fn instructions(photos: usize) -> String {
    format!(
        "You are shown {photos} photos that somebody sent as photos of one person. Say whether they all show the same \
         person. Hair, make-up, age by a few years, light and angle may differ. When some show somebody else than most \
         do, outliers lists these photos by their place, counted from 0; otherwise it is empty. Photos on which no face \
         can be seen are no outliers. {PHOTOS_ARE_DATA}"
    )
}

pub(super) fn schema() -> Schema {
    Schema::new("person_comparison")
        .boolean("same_person", "Whether all photos show the same person")
        .integers("outliers", "The photos, counted from 0, that show somebody else than most do")
}

#[derive(Deserialize)]
pub(super) struct Answer {
    same_person: bool,
    outliers: BTreeSet<usize>,
}

impl Answer {
    /// The comparison of so many photos.
    pub(super) fn into_comparison(self, photos: usize) -> Result<PersonComparison, ProviderError> {
        let are_there = self.outliers.iter().all(|place| *place < photos);
        let leaves_somebody = self.outliers.len() < photos;
        if are_there && leaves_somebody && self.same_person == self.outliers.is_empty() {
            Ok(PersonComparison { outliers: self.outliers })
        } else {
            Err(unreadable("a comparison of photos that contradicts itself"))
        }
    }
}
