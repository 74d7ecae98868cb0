//! What the rest of the program does with the gallery.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kernel::{
    AccountId, ClaimedJob, Cursor, GalleryItemId, JobKind, JobQueue, NewJob, ObjectStore, ObjectStoreError,
    Page, PageSize, StoreError,
};
use thiserror::Error;

use crate::{
    Favourite, Gallery, GalleryCounts, GalleryFilter, GalleryItem, GalleryUnits, MessengerFiles, Place,
};

/// Why something with the gallery failed.
#[derive(Debug, Error)]
pub enum GalleryError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
}

/// Shows and changes galleries.
pub struct GalleryService {
    pub(crate) gallery: Arc<dyn Gallery>,
    units: Arc<dyn GalleryUnits>,
    pub(crate) objects: Arc<dyn ObjectStore>,
    queue: Arc<dyn JobQueue>,
    undo: Duration,
}

impl GalleryService {
    /// A service over these ports. For `undo` a deleted image can be brought back.
    pub fn new(
        gallery: Arc<dyn Gallery>,
        units: Arc<dyn GalleryUnits>,
        objects: Arc<dyn ObjectStore>,
        queue: Arc<dyn JobQueue>,
        undo: Duration,
    ) -> Self {
        Self { gallery, units, objects, queue, undo }
    }

    /// For how long a deleted image can be brought back.
    pub const fn undo(&self) -> Duration {
        self.undo
    }

    /// An item that is not deleted.
    pub async fn item(
        &self,
        account: AccountId,
        item: GalleryItemId,
    ) -> Result<Option<GalleryItem>, StoreError> {
        Ok(self.gallery.get(account, item).await?.filter(|item| item.deleted_at.is_none()))
    }

    /// The newest item.
    pub async fn newest(
        &self,
        account: AccountId,
        filter: GalleryFilter,
    ) -> Result<Option<GalleryItem>, StoreError> {
        self.gallery.newest(account, filter).await
    }

    /// Items, newest first.
    pub async fn page(
        &self,
        account: AccountId,
        filter: GalleryFilter,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<GalleryItem>, StoreError> {
        self.gallery.page(account, filter, after, size).await
    }

    /// Where an item stands.
    pub async fn place(
        &self,
        account: AccountId,
        item: GalleryItemId,
        filter: GalleryFilter,
    ) -> Result<Place, StoreError> {
        self.gallery.place(account, item, filter).await
    }

    /// Marks or unmarks a favourite; `false` when there is no such item.
    pub async fn set_favourite(
        &self,
        account: AccountId,
        item: GalleryItemId,
        favourite: Favourite,
    ) -> Result<bool, StoreError> {
        self.gallery.set_favourite(account, item, favourite).await
    }

    /// Remembers the messenger's ids of files that were sent.
    pub async fn remember_files(
        &self,
        account: AccountId,
        item: GalleryItemId,
        files: &MessengerFiles,
    ) -> Result<bool, StoreError> {
        self.gallery.remember_files(account, item, files).await
    }

    /// The image's bytes; `None` when they are gone.
    pub async fn image(&self, item: &GalleryItem) -> Result<Option<Bytes>, ObjectStoreError> {
        self.objects.get(&item.kept.image).await
    }

    /// The bytes of the image's small version; `None` when they are gone.
    pub async fn preview(&self, item: &GalleryItem) -> Result<Option<Bytes>, ObjectStoreError> {
        self.objects.get(&item.kept.preview).await
    }

    /// What the gallery holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self, account: AccountId) -> Result<GalleryCounts, StoreError> {
        self.gallery.counts(account).await
    }

    /// Deletes items: rows become tombstones now, the bytes go by a job when the time for an undo is over. How many there
    /// were.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn delete(&self, account: AccountId, items: &[GalleryItemId]) -> Result<u32, StoreError> {
        let mut unit = self.units.begin().await?;
        let mut deleted = 0;
        for item in items {
            if unit.gallery().bury(account, *item).await? {
                unit.jobs().schedule(&erasing(account, *item).after(self.undo)).await?;
                deleted += 1;
            }
        }
        unit.commit().await?;
        Ok(deleted)
    }

    /// Brings deleted items back whose bytes are still there; how many.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn restore(&self, account: AccountId, items: &[GalleryItemId]) -> Result<u32, StoreError> {
        let mut unit = self.units.begin().await?;
        let mut restored = 0;
        for item in items {
            restored += u32::from(unit.gallery().restore(account, *item).await?);
        }
        unit.commit().await?;
        Ok(restored)
    }

    /// Removes the bytes of deleted items now; how many items it is about.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn erase_now(&self, account: AccountId, items: &[GalleryItemId]) -> Result<u32, StoreError> {
        let mut unit = self.units.begin().await?;
        let mut erased = Vec::new();
        for item in items {
            if unit.gallery().mark_erased(account, *item).await? {
                let job = erasing(account, *item);
                unit.jobs().schedule(&job).await?;
                erased.push(job);
            }
        }
        unit.commit().await?;
        for job in &erased {
            if let Err(error) = self.queue.push(job.wake_up()).await {
                tracing::warn!(%error, "waking a worker failed; the sweeper will find the job");
            }
        }
        Ok(u32::try_from(erased.len()).unwrap_or(u32::MAX))
    }

    /// Removes the bytes of a deleted item whose time for an undo is over, and completes the job that asked for it.
    ///
    /// # Errors
    /// When the database or the object store fails; the job is to be tried again.
    pub async fn erase(&self, job: &ClaimedJob) -> Result<(), GalleryError> {
        let (account, id) = (job.claim.account, GalleryItemId::new(job.subject));
        // From here on there is no way back: nobody brings an item back whose bytes are half gone.
        let mut unit = self.units.begin().await?;
        let is_deleted = unit.gallery().mark_erased(account, id).await?;
        unit.jobs().confirm(&job.claim).await?;
        unit.commit().await?;
        if is_deleted && let Some(item) = self.gallery.get(account, id).await? {
            self.objects.delete(&item.kept.image).await?;
            self.objects.delete(&item.kept.preview).await?;
        }
        let mut unit = self.units.begin().await?;
        unit.jobs().complete(&job.claim).await?;
        Ok(unit.commit().await?)
    }

    /// Gives up erasing: the job is buried with its reason, for operators to see and to revive.
    pub async fn give_up_erasing(&self, job: &ClaimedJob, reason: &str) -> Result<(), StoreError> {
        let mut unit = self.units.begin().await?;
        unit.jobs().bury(&job.claim, reason).await?;
        unit.commit().await
    }
}

fn erasing(account: AccountId, item: GalleryItemId) -> NewJob {
    NewJob::now(account, JobKind::EraseGalleryItem, item.uuid())
}
