//! An object store that is watched.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ByteStream, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject};
use tokio::time::Instant;

use super::outcome;
use crate::metrics::Metrics;
use crate::metrics::names::OBJECT_STORE_SECONDS;

/// Records the calls of an object store.
pub(crate) struct MeasuredObjects {
    inner: Arc<dyn ObjectStore>,
    metrics: Metrics,
}

impl MeasuredObjects {
    pub(crate) fn new(inner: Arc<dyn ObjectStore>, metrics: Metrics) -> Self {
        Self { inner, metrics }
    }

    async fn timed<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, ObjectStoreError>>,
    ) -> Result<T, ObjectStoreError> {
        let begun = Instant::now();
        let result = call.await;
        self.metrics.observe(&OBJECT_STORE_SECONDS, &[operation, outcome(&result)], begun.elapsed());
        result
    }
}

#[async_trait]
impl ObjectStore for MeasuredObjects {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, content_type: &str) -> Result<(), ObjectStoreError> {
        self.timed("put", self.inner.put(key, bytes, content_type)).await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        self.timed("put-stream", self.inner.put_stream(key, stream, content_type)).await
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        self.timed("open", self.inner.open(key)).await
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        self.timed("get", self.inner.get(key)).await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        self.timed("head", self.inner.head(key)).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        self.timed("delete", self.inner.delete(key)).await
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<u64, ObjectStoreError> {
        self.timed("delete-prefix", self.inner.delete_prefix(prefix)).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        self.timed("list", self.inner.list(prefix, after, limit)).await
    }

    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        self.inner.link(key, lifetime).await
    }
}
