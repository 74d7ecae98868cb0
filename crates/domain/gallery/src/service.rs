//! What the rest of the program does with the gallery.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{
    AccountId, ClaimedJob, Cursor, GalleryItemId, JobKind, JobQueue, NewJob, ObjectStore, ObjectStoreError,
    Page, PageSize, StoreError,
};
use thiserror::Error;

use crate::{Favourite, Gallery, GalleryFilter, GalleryItem, GalleryUnits, MessengerFiles, Place};

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
    gallery: Arc<dyn Gallery>,
    units: Arc<dyn GalleryUnits>,
    objects: Arc<dyn ObjectStore>,
    queue: Arc<dyn JobQueue>,
}

impl GalleryService {
    /// A service over these ports.
    pub fn new(
        gallery: Arc<dyn Gallery>,
        units: Arc<dyn GalleryUnits>,
        objects: Arc<dyn ObjectStore>,
        queue: Arc<dyn JobQueue>,
    ) -> Self {
        Self { gallery, units, objects, queue }
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

    /// Deletes an item: the row becomes a tombstone now, the bytes go by a job. `false` when there is no such item.
    pub async fn delete(&self, account: AccountId, item: GalleryItemId) -> Result<bool, StoreError> {
        let job = NewJob::now(account, JobKind::EraseGalleryItem, item.uuid());
        let mut unit = self.units.begin().await?;
        let buried = unit.gallery().bury(account, item).await?;
        if buried {
            unit.jobs().schedule(&job).await?;
        }
        unit.commit().await?;
        if buried && let Err(error) = self.queue.push(job.wake_up()).await {
            tracing::warn!(%error, "waking a worker failed; the sweeper will find the job");
        }
        Ok(buried)
    }

    /// Removes the bytes of a deleted item and completes the job that asked for it.
    pub async fn erase(&self, job: &ClaimedJob) -> Result<(), GalleryError> {
        let item = GalleryItemId::new(job.subject);
        if let Some(item) = self.gallery.get(job.claim.account, item).await?
            && item.deleted_at.is_some()
        {
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
