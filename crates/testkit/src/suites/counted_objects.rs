//! An object store whose objects are made when they are read, and counted while they are held.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use kernel::{ByteStream, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject};

use super::held::Held;
use crate::fakes::MemoryObjects;

/// The length of one piece of a counted object, in bytes.
pub(crate) const PIECE: usize = 1_000_000;

/// A store in memory beside which every key that begins with `counted/` is an object of so many pieces.
pub(crate) struct CountedObjects {
    pieces: usize,
    held: Held,
    objects: MemoryObjects,
}

impl CountedObjects {
    /// A store whose counted objects have so many pieces of 1 MB.
    pub(crate) fn new(pieces: usize) -> Arc<Self> {
        Arc::new(Self { pieces, held: Held::default(), objects: MemoryObjects::default() })
    }

    /// How many pieces are held now, and how many were at most.
    pub(crate) fn counts(&self) -> (usize, usize) {
        self.held.counts()
    }

    /// The length of a counted object in bytes.
    pub(crate) fn size(&self) -> u64 {
        u64::try_from(self.pieces * PIECE).expect("a length")
    }
}

fn is_counted(key: &ObjectKey) -> bool {
    key.as_str().starts_with("counted/")
}

#[async_trait]
impl ObjectStore for CountedObjects {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<(), ObjectStoreError> {
        self.objects.put(key, bytes, content_type).await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        self.objects.put_stream(key, stream, content_type).await
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        if !is_counted(key) {
            return self.objects.open(key).await;
        }
        let held = self.held.clone();
        let pieces = (0..self.pieces).map(move |_| Ok(held.piece(PIECE)));
        Ok(Some(OpenObject { size: self.size(), bytes: Box::pin(stream::iter(pieces)) }))
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        if !is_counted(key) {
            return self.objects.get(key).await;
        }
        // Who asks for all of it at once is given all of it, and it counts.
        let pieces: Vec<Bytes> = (0..self.pieces).map(|_| self.held.piece(PIECE)).collect();
        Ok(Some(Bytes::from(pieces.concat())))
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        if !is_counted(key) {
            return self.objects.head(key).await;
        }
        Ok(Some(ObjectInfo { key: key.clone(), size: self.size(), written_at: None }))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        self.objects.delete(key).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        self.objects.list(prefix, after, limit).await
    }

    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        self.objects.link(key, lifetime).await
    }
}
