//! Archives: stored objects packed into one zip.

mod names;
mod spool;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use kernel::{
    ArchiveContent, ArchiveEntry, ArchiveError, Archived, Archiver, ByteStream, ObjectKey, ObjectStore,
    ObjectStoreError,
};

use crate::objects::read_in_pieces;
use names::Names;
use spool::{Spool, Working};

/// The media type of what is packed.
const ZIP: &str = "application/zip";

/// Packs into a file on the local disk, which nobody else sees and which is gone when the work ends, however it ends;
/// the finished archive goes from there into the object store. Objects pass through in pieces.
///
/// Texts are compressed; photos, pictures and weights would not get smaller.
pub struct ZipArchiver {
    objects: Arc<dyn ObjectStore>,
    directory: PathBuf,
}

impl ZipArchiver {
    /// Packs objects of this store. `directory`, which must be there, needs room for the largest archive.
    pub fn new(objects: Arc<dyn ObjectStore>, directory: impl Into<PathBuf>) -> Self {
        Self { objects, directory: directory.into() }
    }

    /// The content in pieces; `None` when there is none.
    async fn open(&self, content: &ArchiveContent) -> Result<Option<ByteStream>, ObjectStoreError> {
        Ok(match content {
            ArchiveContent::Inline(bytes) => Some(stream::iter([Ok(bytes.clone())]).boxed()),
            ArchiveContent::Object(key) => self.objects.open(key).await?.map(|object| object.bytes),
        })
    }

    async fn fill(&self, spool: &Spool, entries: &[ArchiveEntry]) -> Result<u32, ObjectStoreError> {
        let mut names = Names::default();
        let mut files = 0;
        for entry in entries {
            let Some(mut pieces) = self.open(&entry.content).await? else { continue };
            let mut working = spool.begin(names.take(&entry.path)).await;
            while working == Working::Yes
                && let Some(piece) = pieces.next().await
            {
                working = spool.write(piece.map_err(ObjectStoreError::Unavailable)?).await;
            }
            if working == Working::No {
                break;
            }
            files += 1;
        }
        Ok(files)
    }
}

#[async_trait]
impl Archiver for ZipArchiver {
    async fn pack(&self, target: &ObjectKey, entries: &[ArchiveEntry]) -> Result<Archived, ArchiveError> {
        let spool = Spool::start(self.directory.clone());
        let files = self.fill(&spool, entries).await?;
        let file = spool.finish().await?;
        let bytes = self.objects.put_stream(target, read_in_pieces(file), ZIP).await?;
        Ok(Archived { files, bytes })
    }
}
