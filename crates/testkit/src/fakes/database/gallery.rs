//! The gallery.

use async_trait::async_trait;
use gallery::{
    Favourite, FavouritesShown, Gallery, GalleryCounts, GalleryFilter, GalleryItem, GalleryWriter,
    MessengerFiles, NewGalleryItem, Place, Remains,
};
use kernel::{AccountId, AvatarId, Cursor, GalleryItemId, GenerationId, Page, PageSize, StoreError};

use super::MemoryDatabase;
use super::tables::{Tables, remove_where};
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
                remains: Remains::Whole,
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

    async fn restore(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.call("gallery.restore", |tables, _| {
            let tombstone = buried(tables, account, item).filter(|item| item.remains == Remains::Whole);
            Ok(tombstone.map(|item| item.deleted_at = None).is_some())
        })
        .await
    }

    async fn mark_erased(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        self.call("gallery.mark_erased", |tables, _| {
            Ok(buried(tables, account, item).map(|item| item.remains = Remains::Erased).is_some())
        })
        .await
    }
}

fn living(tables: &mut Tables, account: AccountId, item: GalleryItemId) -> Option<&mut GalleryItem> {
    tables.items.get_mut(&(account, item)).filter(|item| item.deleted_at.is_none())
}

fn buried(tables: &mut Tables, account: AccountId, item: GalleryItemId) -> Option<&mut GalleryItem> {
    tables.items.get_mut(&(account, item)).filter(|item| item.deleted_at.is_some())
}

fn meets(item: &GalleryItem, filter: &GalleryFilter) -> bool {
    item.deleted_at.is_none()
        && (filter.favourites == FavouritesShown::All || item.favourite == Favourite::Yes)
        && filter.origin.is_none_or(|origin| item.kept.origin == origin)
        && filter.avatar.is_none_or(|avatar| item.kept.avatar == Some(avatar))
        && filter.since.is_none_or(|since| item.created_at >= since)
        && filter.until.is_none_or(|until| item.created_at < until)
}

/// The items that are shown, newest first.
fn shown(tables: &Tables, account: AccountId, filter: GalleryFilter) -> impl Iterator<Item = &GalleryItem> {
    tables
        .items
        .iter()
        .rev()
        .filter(move |((owner, _), _)| *owner == account)
        .map(|(_, item)| item)
        .filter(move |item| meets(item, &filter))
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

    async fn counts(&self, account: AccountId) -> Result<GalleryCounts, StoreError> {
        self.read("gallery.counts", |tables, _| {
            let mut counts = GalleryCounts::default();
            for item in tables.items.values().filter(|item| item.kept.account == account) {
                counts.spent = [counts.spent, item.kept.price].into_iter().sum();
                if item.deleted_at.is_none() {
                    *counts.by_origin.entry(item.kept.origin).or_default() += 1;
                    counts.favourites += u64::from(item.favourite == Favourite::Yes);
                }
            }
            Ok(counts)
        })
        .await
    }

    async fn drawn_with(&self, account: AccountId, avatar: AvatarId) -> Result<u64, StoreError> {
        self.read("gallery.drawn_with", |tables, _| {
            let own = tables.items.values().filter(|item| item.kept.account == account);
            let drawn = own.filter(|item| item.kept.avatar == Some(avatar) && !item.kept.price.is_zero());
            Ok(u64::try_from(drawn.count()).expect("memory holds them"))
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

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        self.write("gallery.erase_all", |tables, _| {
            Ok(remove_where(&mut tables.items, |(owner, _), _| *owner == account))
        })
        .await
    }
}
