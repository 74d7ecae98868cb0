//! Kept images as a part of what is kept of a person.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, ArchiveContent, ArchiveEntry, Cursor, DataKind, GalleryItemId, ImageArchive, Inventory,
    PageSize, PersonalData, PersonalDataError, comma_separated,
};

use crate::{GalleryFilter, GalleryItem, GalleryService};

/// The first line of the list of images.
const LIST_HEAD: &str = "id,made_at_unix_seconds,origin,price,model,description\r\n";
/// How many items are read at once.
const PAGE: PageSize = PageSize::LARGEST;

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
        let mut list = LIST_HEAD.to_owned();
        let mut after: Option<Cursor> = None;
        loop {
            let page = self.page(account, GalleryFilter::ALL, after, PAGE).await?;
            for item in &page.items {
                list.push_str(&line_of(item));
                entries.push(entry_of(item));
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        if !entries.is_empty() {
            let content = ArchiveContent::Inline(Bytes::from(list));
            entries.push(ArchiveEntry { path: "images/images.csv".to_owned(), content });
        }
        Ok(entries)
    }

    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError> {
        // Bytes first: rows say that there are some.
        for kind in ["images", "previews"] {
            let prefix = format!("{kind}/{account}/");
            self.objects.delete_prefix(&prefix).await?;
        }
        self.gallery.erase_all(account).await?;
        Ok(())
    }
}

#[async_trait]
impl ImageArchive for GalleryService {
    async fn files(
        &self,
        account: AccountId,
        items: &[GalleryItemId],
    ) -> Result<Vec<ArchiveEntry>, PersonalDataError> {
        let mut entries = Vec::new();
        for item in items {
            entries.extend(self.item(account, *item).await?.as_ref().map(entry_of));
        }
        Ok(entries)
    }
}

/// The image as a file of an archive, named by when it was made.
fn entry_of(item: &GalleryItem) -> ArchiveEntry {
    let name = format!("{}-{}", item.created_at.as_seconds(), item.kept.id);
    let path = format!("images/{name}.{}", item.kept.info.format.extension());
    ArchiveEntry { path, content: ArchiveContent::Object(item.kept.image.clone()) }
}

/// One image as a line of the list.
fn line_of(item: &GalleryItem) -> String {
    let kept = &item.kept;
    comma_separated(&[
        &kept.id.to_string(),
        &item.created_at.as_seconds().to_string(),
        kept.origin.as_str(),
        &kept.price.to_string(),
        &kept.model,
        &kept.prompt,
    ])
}
