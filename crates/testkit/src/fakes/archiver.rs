//! An archiver whose archives are easily read.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::{Buf as _, Bytes};
use futures::{StreamExt as _, stream};
use kernel::{
    ArchiveContent, ArchiveEntry, ArchiveError, Archived, Archiver, ObjectKey, ObjectStore, ObjectStoreError,
};

use crate::weather::{FairWeather, Weather, weathered};

/// Packs archives as [`unpack_fake_archive`] reads them: of each file its path and length in a line, and its bytes.
#[derive(Clone)]
pub struct FakeArchiver {
    objects: Arc<dyn ObjectStore>,
    weather: Arc<dyn Weather>,
}

/// The paths and contents of an archive, in its order; `None` for anything else.
pub fn unpack_fake_archive(archive: &Bytes) -> Option<Vec<(String, Bytes)>> {
    let mut rest = archive.clone();
    let mut files = Vec::new();
    while rest.has_remaining() {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = String::from_utf8(rest.split_to(end).to_vec()).ok()?;
        rest.advance(1);
        let (length, path) = line.split_once(' ')?;
        let length: usize = length.parse().ok()?;
        if length > rest.len() {
            return None;
        }
        files.push((path.to_owned(), rest.split_to(length)));
    }
    Some(files)
}

impl FakeArchiver {
    /// An archiver of these objects.
    pub fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self::under(objects, Arc::new(FairWeather))
    }

    /// An archiver of these objects under this weather.
    pub fn under(objects: Arc<dyn ObjectStore>, weather: Arc<dyn Weather>) -> Self {
        Self { objects, weather }
    }

    async fn content(&self, content: &ArchiveContent) -> Result<Option<Vec<u8>>, ArchiveError> {
        match content {
            ArchiveContent::Inline(bytes) => Ok(Some(bytes.to_vec())),
            ArchiveContent::Object(key) => {
                let Some(mut object) = self.objects.open(key).await? else { return Ok(None) };
                let mut bytes = Vec::new();
                while let Some(piece) = object.bytes.next().await {
                    bytes.extend_from_slice(&piece.map_err(ObjectStoreError::Unavailable)?);
                }
                Ok(Some(bytes))
            }
        }
    }
}

#[async_trait]
impl Archiver for FakeArchiver {
    async fn pack(&self, target: &ObjectKey, entries: &[ArchiveEntry]) -> Result<Archived, ArchiveError> {
        let struck = |error| ArchiveError::Objects(ObjectStoreError::Unavailable(error));
        weathered(&self.weather, "archiver.pack", || Ok(()), struck).await?;
        let mut archive = Vec::new();
        let mut paths = BTreeSet::new();
        let mut files = 0;
        for entry in entries {
            let Some(bytes) = self.content(&entry.content).await? else { continue };
            let mut path = entry.path.clone();
            while !paths.insert(path.clone()) {
                path.push('+');
            }
            archive.extend_from_slice(format!("{} {path}\n", bytes.len()).as_bytes());
            archive.extend_from_slice(&bytes);
            files += 1;
        }
        let whole = stream::iter([Ok(Bytes::from(archive))]).boxed();
        let bytes = self.objects.put_stream(target, whole, "application/zip").await?;
        Ok(Archived { files, bytes })
    }
}
