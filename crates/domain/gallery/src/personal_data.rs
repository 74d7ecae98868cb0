//! Kept images as a part of what is kept of a person.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, Cursor, DataKind, Inventory, PageSize, PersonalData, PersonalDataError,
};

use crate::{GalleryFilter, GalleryItem, GalleryService};

/// How many items are read at once.
const PAGE: PageSize = PageSize::LARGEST;
/// How many objects are listed at once.
const LISTED: u16 = 200;

#[async_trait]
impl PersonalData for GalleryService {
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        let images: u64 = self.counts(account).await?.by_origin.values().sum();
        let mut inventory = BTreeMap::new();
        if images > 0 {
            inventory.insert(DataKind::Images, images);
        }
        Ok(inventory)
    }

    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut entries = Vec::new();
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.page(account, GalleryFilter::ALL, after, PAGE).await?;
            entries.extend(page.items.iter().map(entry_of));
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(entries),
            }
        }
    }

    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        // Bytes first: rows say that there are some.
        for kind in ["images", "previews"] {
            let prefix = format!("{kind}/{account}/");
            loop {
                let found = self.objects().list(&prefix, None, LISTED).await?;
                if found.is_empty() {
                    break;
                }
                for object in &found {
                    self.objects().delete(&object.key).await?;
                }
            }
        }
        self.gallery().erase_all(account).await?;
        Ok(())
    }
}

/// The image as a file of an archive, named by when it was made.
pub fn entry_of(item: &GalleryItem) -> ArchiveEntry {
    let name = format!("{}-{}", item.created_at.as_seconds(), item.kept.id);
    let path = format!("images/{name}.{}", item.kept.info.format.extension());
    ArchiveEntry { path, content: ArchiveContent::Object(item.kept.image.clone()) }
}
