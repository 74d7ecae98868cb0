//! Links to objects in a store that makes none itself: served here, at the public URL.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ByteStream, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject};

use crate::ObjectLinks;

/// A store whose objects can be reached from outside: by its own links where it makes any, else by this server's.
pub struct LinkedObjects {
    store: Arc<dyn ObjectStore>,
    links: ObjectLinks,
}

impl LinkedObjects {
    /// The same store with links.
    pub fn new(store: Arc<dyn ObjectStore>, links: ObjectLinks) -> Self {
        Self { store, links }
    }
}

#[async_trait]
impl ObjectStore for LinkedObjects {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<(), ObjectStoreError> {
        self.store.put(key, bytes, content_type).await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        self.store.put_stream(key, stream, content_type).await
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        self.store.open(key).await
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        self.store.get(key).await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        self.store.head(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        self.store.delete(key).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        self.store.list(prefix, after, limit).await
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<u64, ObjectStoreError> {
        self.store.delete_prefix(prefix).await
    }

    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        match self.store.link(key, lifetime).await? {
            Some(link) => Ok(Some(link)),
            None => Ok(self.links.link(key, lifetime)),
        }
    }
}
