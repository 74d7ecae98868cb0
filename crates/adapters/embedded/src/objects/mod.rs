//! Objects as files of one directory.

mod durable;
mod layout;
mod listing;
mod pieces;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ByteStream, Clock, IdSource, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject};
use tokio::task::spawn_blocking;

use layout::Layout;
pub(crate) use pieces::read as read_in_pieces;

/// Keeps each object as a file of its own, under a path that follows from its key.
///
/// An object is first written beside its place and then moved there, each step forced to the disk, so that neither a
/// reader nor a power failure ever finds half of one. Several processes may use the same directory. The type of the
/// content is not kept: whoever reads an object looks at its bytes.
pub struct DirectoryObjectStore {
    layout: Layout,
    ids: Arc<dyn IdSource>,
}

impl DirectoryObjectStore {
    /// Opens the store in `directory`, which is made if it is missing, and removes what interrupted writes have left
    /// there. Blocks for as long as that takes.
    ///
    /// # Errors
    /// When the directory cannot be made or written.
    pub fn open(
        directory: impl AsRef<Path>,
        ids: Arc<dyn IdSource>,
        clock: &dyn Clock,
    ) -> Result<Self, ObjectStoreError> {
        let layout = Layout::new(directory.as_ref());
        durable::make_private_directory(layout.objects()).map_err(store_error)?;
        durable::make_private_directory(layout.incoming()).map_err(store_error)?;
        durable::remove_abandoned(layout.incoming(), clock.now()).map_err(store_error)?;
        Ok(Self { layout, ids })
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Layout) -> io::Result<T> + Send + 'static,
    ) -> Result<T, ObjectStoreError> {
        let layout = self.layout.clone();
        spawn_blocking(move || work(&layout))
            .await
            .map_err(|failed| ObjectStoreError::Unavailable(Box::new(failed)))?
            .map_err(store_error)
    }
}

#[async_trait]
impl ObjectStore for DirectoryObjectStore {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, _content_type: &str) -> Result<(), ObjectStoreError> {
        let key = key.clone();
        let name = self.ids.uuid().to_string();
        self.on_disk(move |layout| {
            let beside = layout.incoming().join(name);
            durable::replace(&beside, &layout.path(&key), layout.objects(), &bytes)
        })
        .await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        _content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        let beside = self.layout.incoming().join(self.ids.uuid().to_string());
        let size = match pieces::write(&beside, stream).await {
            Ok(size) => size,
            Err(error) => {
                self.on_disk(move |_| {
                    durable::discard(&beside);
                    Ok(())
                })
                .await?;
                return Err(error);
            }
        };
        let key = key.clone();
        self.on_disk(move |layout| durable::place(&beside, &layout.path(&key), layout.objects())).await?;
        Ok(size)
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        let key = key.clone();
        let opened = self
            .on_disk(move |layout| {
                let Some(file) = if_there(fs::File::open(layout.path(&key)))? else { return Ok(None) };
                let size = file.metadata()?.len();
                Ok(Some((file, size)))
            })
            .await?;
        Ok(opened.map(|(file, size)| OpenObject { size, bytes: pieces::read(file) }))
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        let key = key.clone();
        self.on_disk(move |layout| {
            let bytes = if_there(fs::read(layout.path(&key)))?;
            Ok(bytes.map(Bytes::from))
        })
        .await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        let key = key.clone();
        self.on_disk(move |layout| {
            let metadata = if_there(fs::metadata(layout.path(&key)))?;
            Ok(metadata.map(|metadata| listing::info(key, &metadata)))
        })
        .await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        let key = key.clone();
        self.on_disk(move |layout| durable::remove(&layout.path(&key), layout.objects())).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        let prefix = prefix.to_owned();
        let after = after.cloned();
        self.on_disk(move |layout| listing::list(layout, &prefix, after.as_ref(), usize::from(limit))).await
    }

    async fn link(&self, _key: &ObjectKey, _lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        // A disk has no addresses; whoever serves HTTP makes them.
        Ok(None)
    }
}

/// `None` instead of the error that says that something is missing.
fn if_there<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What an error of the disk means.
pub(crate) fn store_error(error: io::Error) -> ObjectStoreError {
    match error.kind() {
        ErrorKind::PermissionDenied
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::StorageFull
        | ErrorKind::QuotaExceeded
        | ErrorKind::NotADirectory
        | ErrorKind::AlreadyExists => {
            ObjectStoreError::Misconfigured { detail: format!("the objects' directory: {error}") }
        }
        _ => ObjectStoreError::Unavailable(Box::new(error)),
    }
}
