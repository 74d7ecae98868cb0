//! Objects in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError};

use crate::weather::{FairWeather, Weather, weathered};

/// An object store in memory. Clones are one store.
#[derive(Clone)]
pub struct MemoryObjects {
    objects: Arc<Mutex<BTreeMap<ObjectKey, Bytes>>>,
    weather: Arc<dyn Weather>,
}

impl Default for MemoryObjects {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl MemoryObjects {
    /// An empty store under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { objects: Arc::default(), weather }
    }

    /// The same store under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { objects: Arc::clone(&self.objects), weather }
    }

    /// Every key, in order.
    pub fn keys(&self) -> Vec<ObjectKey> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ObjectKey, Bytes>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn call<T>(&self, port: &'static str, effect: impl FnOnce() -> T) -> Result<T, ObjectStoreError> {
        weathered(&self.weather, port, || Ok(effect()), ObjectStoreError::Unavailable).await
    }
}

#[async_trait]
impl ObjectStore for MemoryObjects {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, _content_type: &str) -> Result<(), ObjectStoreError> {
        self.call("objects.put", || drop(self.lock().insert(key.clone(), bytes))).await
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        self.call("objects.get", || self.lock().get(key).cloned()).await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        self.call("objects.head", || self.lock().get(key).map(|bytes| info(key, bytes))).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        self.call("objects.delete", || drop(self.lock().remove(key))).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        self.call("objects.list", || {
            self.lock()
                .iter()
                .filter(|(key, _)| key.as_str().starts_with(prefix))
                .filter(|(key, _)| after.is_none_or(|after| *key > after))
                .take(usize::from(limit))
                .map(|(key, bytes)| info(key, bytes))
                .collect()
        })
        .await
    }

    async fn link(&self, _key: &ObjectKey, _lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        Ok(None)
    }
}

fn info(key: &ObjectKey, bytes: &Bytes) -> ObjectInfo {
    ObjectInfo { key: key.clone(), size: u64::try_from(bytes.len()).expect("memory holds it") }
}
