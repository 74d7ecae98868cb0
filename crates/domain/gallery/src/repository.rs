//! The ports of the gallery.

use async_trait::async_trait;
use kernel::{AccountId, Cursor, GalleryItemId, GenerationId, JobWriter, Page, PageSize, StoreError};

use crate::{Favourite, GalleryItem, MessengerFiles, NewGalleryItem};

/// Which items are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GalleryFilter {
    /// All of them.
    #[default]
    All,
    /// Favourites.
    Favourites,
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
/// - `set_favourite` and `remember_files` MUST be repeatable and MUST answer `false` for an item that is not there or deleted.
/// - `remember_files` MUST keep what is known where it is given nothing.
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
}

/// The part of a unit of work that changes the gallery.
///
/// **Contract**
/// - `keep` of an item that is there MUST change nothing.
/// - `bury` MUST leave a tombstone with the price, and MUST answer `false` when the item is not there or buried before.
#[async_trait]
pub trait GalleryWriter: Send {
    /// Keeps an image.
    async fn keep(&mut self, item: &NewGalleryItem) -> Result<(), StoreError>;

    /// Turns an item into a tombstone.
    async fn bury(&mut self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError>;
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
