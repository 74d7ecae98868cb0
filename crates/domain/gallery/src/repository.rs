//! The ports of the gallery.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{
    AccountId, AvatarId, Credits, Cursor, GalleryItemId, GenerationId, JobWriter, Page, PageSize, StoreError,
    Timestamp,
};

use crate::{Favourite, GalleryItem, MessengerFiles, NewGalleryItem, Origin};

/// Which items are shown: those that meet every condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GalleryFilter {
    /// Favourites alone, or all.
    pub favourites: FavouritesShown,
    /// Of this origin alone.
    pub origin: Option<Origin>,
    /// With this avatar alone.
    pub avatar: Option<AvatarId>,
    /// Kept at or after this moment.
    pub since: Option<Timestamp>,
    /// Kept before this moment.
    pub until: Option<Timestamp>,
}

/// Whether favourites alone are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FavouritesShown {
    /// All are.
    #[default]
    All,
    /// Favourites alone are.
    Only,
}

impl GalleryFilter {
    /// All items.
    pub const ALL: Self =
        Self { favourites: FavouritesShown::All, origin: None, avatar: None, since: None, until: None };
    /// Favourites.
    pub const FAVOURITES: Self = Self { favourites: FavouritesShown::Only, ..Self::ALL };
}

/// What a gallery holds, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GalleryCounts {
    /// Items that are not deleted, by origin.
    pub by_origin: BTreeMap<Origin, u64>,
    /// Favourites among them.
    pub favourites: u64,
    /// What was paid for all images ever kept, deleted ones included.
    pub spent: Credits,
}

/// Where an item stands among those that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its number from 1, the newest first.
    pub number: u64,
    /// How many there are.
    pub total: u64,
    /// The next newer one.
    pub newer: Option<GalleryItemId>,
    /// The next older one.
    pub older: Option<GalleryItemId>,
}

/// Reads kept images. Tombstones are never listed.
///
/// **Contract**
/// - `page` MUST list the newest first, by id, and a next page MUST start right after the last row of this one.
/// - `get` MUST give tombstones too; `page`, `place` and `newest` MUST NOT.
/// - No call MUST give an item of another account.
/// - `counts` MUST count what is not deleted, and MUST sum the prices of all images ever kept.
/// - `drawn_with` MUST count the images that were ever kept with that avatar and cost something, deleted ones included.
/// - `set_favourite` and `remember_files` MUST be repeatable and MUST answer `false` for an item that is not there or deleted.
/// - `remember_files` MUST keep what is known where it is given nothing.
/// - `erase_all` MUST remove every item of the account, tombstones included, and no other; it MUST be repeatable.
#[async_trait]
pub trait Gallery: Send + Sync {
    /// One item.
    async fn get(&self, account: AccountId, item: GalleryItemId) -> Result<Option<GalleryItem>, StoreError>;

    /// The newest item, if any.
    async fn newest(
        &self,
        account: AccountId,
        filter: GalleryFilter,
    ) -> Result<Option<GalleryItem>, StoreError>;

    /// Items.
    async fn page(
        &self,
        account: AccountId,
        filter: GalleryFilter,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<GalleryItem>, StoreError>;

    /// Where an item stands; its neighbours also when the item itself is not shown by the filter.
    async fn place(
        &self,
        account: AccountId,
        item: GalleryItemId,
        filter: GalleryFilter,
    ) -> Result<Place, StoreError>;

    /// The items of a generation in the order of their slots, tombstones included.
    async fn of_generation(
        &self,
        account: AccountId,
        generation: GenerationId,
    ) -> Result<Vec<GalleryItem>, StoreError>;

    /// What the gallery holds.
    async fn counts(&self, account: AccountId) -> Result<GalleryCounts, StoreError>;

    /// How many images with an avatar were kept and paid for.
    async fn drawn_with(&self, account: AccountId, avatar: AvatarId) -> Result<u64, StoreError>;

    /// Marks or unmarks a favourite; `false` when there is no such item.
    async fn set_favourite(
        &self,
        account: AccountId,
        item: GalleryItemId,
        favourite: Favourite,
    ) -> Result<bool, StoreError>;

    /// Remembers the messenger's ids; `false` when there is no such item.
    async fn remember_files(
        &self,
        account: AccountId,
        item: GalleryItemId,
        files: &MessengerFiles,
    ) -> Result<bool, StoreError>;

    /// Removes all items of a person who is erased, with what they cost; how many it removed. The bytes are the caller's.
    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError>;
}

/// The part of a unit of work that changes the gallery.
///
/// **Contract**
/// - `keep` of an item that is there MUST change nothing.
/// - `bury` MUST leave a tombstone with the price, and MUST answer `false` when the item is not there or buried before.
/// - `restore` MUST undo `bury` while the bytes remain, and MUST answer `false` otherwise.
/// - `mark_erased` MUST make `restore` impossible for a buried item, and MUST answer `false` for one that is not buried.
#[async_trait]
pub trait GalleryWriter: Send {
    /// Keeps an image.
    async fn keep(&mut self, item: &NewGalleryItem) -> Result<(), StoreError>;

    /// Turns an item into a tombstone.
    async fn bury(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError>;

    /// Brings a tombstone back whose bytes remain.
    async fn restore(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError>;

    /// The bytes of a tombstone are about to be removed.
    async fn mark_erased(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError>;
}

/// Changes of the gallery that commit together with the job that erases the bytes.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The gallery within this unit.
    fn gallery(&mut self) -> &mut dyn GalleryWriter;

    /// The jobs within this unit.
    fn jobs(&mut self) -> &mut dyn JobWriter;

    /// Makes all of it durable. Fails when any call in this unit failed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Begins units of work on the gallery. A unit that is dropped leaves nothing behind.
#[async_trait]
pub trait GalleryUnits: Send + Sync {
    /// Begins one.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;
}
