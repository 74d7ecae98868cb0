//! The gallery.

use async_trait::async_trait;
use gallery::{
    Favourite, Gallery, GalleryFilter, GalleryItem, GalleryWriter, MessengerFiles, NewGalleryItem, Place,
};
use kernel::{AccountId, Cursor, GalleryItemId, GenerationId, Page, PageSize, StoreError};

use super::MemoryDatabase;
use super::tables::Tables;
use super::unit::MemoryUnit;

#[async_trait]
impl GalleryWriter for MemoryUnit {
    async fn keep(&mut self, item: &NewGalleryItem) -> Result<(), StoreError> {
        self.call("gallery.keep", |tables, now| {
            tables.items.entry((item.account, item.id)).or_insert_with(|| GalleryItem {
                kept: item.clone(),
                favourite: Favourite::No,
                files: MessengerFiles::default(),
                created_at: now,
                deleted_at: None,
            });
            Ok(())
        })
        .await
    }

    async fn bury(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.call("gallery.bury", |tables, now| {
            let Some(item) = living(tables, account, item) else {
                return Ok(false);
            };
            item.deleted_at = Some(now);
            Ok(true)
        })
        .await
    }
}

fn living(tables: &mut Tables, account: AccountId, item: GalleryItemId) -> Option<&mut GalleryItem> {
    tables.items.get_mut(&(account, item)).filter(|item| item.deleted_at.is_none())
}

/// The items that are shown, newest first.
fn shown(tables: &Tables, account: AccountId, filter: GalleryFilter) -> impl Iterator<Item = &GalleryItem> {
    tables
        .items
        .iter()
        .rev()
        .filter(move |((owner, _), _)| *owner == account)
        .map(|(_, item)| item)
        .filter(|item| item.deleted_at.is_none())
        .filter(move |item| filter == GalleryFilter::All || item.favourite == Favourite::Yes)
}

#[async_trait]
impl Gallery for MemoryDatabase {
    async fn get(&self, account: AccountId, item: GalleryItemId) -> Result<Option<GalleryItem>, StoreError> {
        self.read("gallery.get", |tables, _| Ok(tables.items.get(&(account, item)).cloned())).await
    }

    async fn newest(
        &self,
        account: AccountId,
        filter: GalleryFilter,
    ) -> Result<Option<GalleryItem>, StoreError> {
        self.read("gallery.newest", |tables, _| Ok(shown(tables, account, filter).next().cloned())).await
    }

    async fn page(
        &self,
        account: AccountId,
        filter: GalleryFilter,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<GalleryItem>, StoreError> {
        self.read("gallery.page", |tables, _| {
            let rows = shown(tables, account, filter)
                .filter(|item| after.is_none_or(|after| item.kept.id.uuid() < after.id()))
                .take(usize::from(size.get()) + 1)
                .cloned()
                .collect();
            Ok(Page::from_rows(rows, size, |item| item.kept.id.uuid()))
        })
        .await
    }

    async fn place(
        &self,
        account: AccountId,
        item: GalleryItemId,
        filter: GalleryFilter,
    ) -> Result<Place, StoreError> {
        self.read("gallery.place", |tables, _| {
            let ids: Vec<GalleryItemId> = shown(tables, account, filter).map(|item| item.kept.id).collect();
            let count = |number: usize| u64::try_from(number).expect("memory holds them");
            let newer = ids.iter().filter(|id| **id > item).count();
            Ok(Place {
                number: count(newer) + 1,
                total: count(ids.len()),
                newer: ids.iter().rev().find(|id| **id > item).copied(),
                older: ids.iter().find(|id| **id < item).copied(),
            })
        })
        .await
    }

    async fn of_generation(
        &self,
        account: AccountId,
        generation: GenerationId,
    ) -> Result<Vec<GalleryItem>, StoreError> {
        self.read("gallery.of_generation", |tables, _| {
            let all = tables.items.iter().filter(|((owner, _), _)| *owner == account).map(|(_, item)| item);
            let mut items: Vec<_> = all.filter(|item| item.kept.generation == generation).cloned().collect();
            items.sort_by_key(|item| item.kept.slot);
            Ok(items)
        })
        .await
    }

    async fn set_favourite(
        &self,
        account: AccountId,
        item: GalleryItemId,
        favourite: Favourite,
    ) -> Result<bool, StoreError> {
        self.write("gallery.set_favourite", |tables, _| {
            Ok(living(tables, account, item).map(|item| item.favourite = favourite).is_some())
        })
        .await
    }

    async fn remember_files(
        &self,
        account: AccountId,
        item: GalleryItemId,
        files: &MessengerFiles,
    ) -> Result<bool, StoreError> {
        self.write("gallery.remember_files", |tables, _| {
            let Some(item) = living(tables, account, item) else {
                return Ok(false);
            };
            if files.photo.is_some() {
                item.files.photo.clone_from(&files.photo);
            }
            if files.document.is_some() {
                item.files.document.clone_from(&files.document);
            }
            Ok(true)
        })
        .await
    }
}
