//! Objects in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use futures::stream;
use kernel::{
    BoxError, ByteStream, Clock, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError, OpenObject, Timestamp,
};

use crate::weather::{FairWeather, Weather, weathered};

/// How many bytes of an opened object come at once, at most.
const PIECE: usize = 64 * 1024;

/// An object, and when it was kept.
#[derive(Debug, Clone)]
struct Kept {
    bytes: Bytes,
    at: Timestamp,
}

/// An object store in memory. Clones are one store. Without a clock everything in it is as old as time.
#[derive(Clone)]
pub struct MemoryObjects {
    objects: Arc<Mutex<BTreeMap<ObjectKey, Kept>>>,
    clock: Option<Arc<dyn Clock>>,
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
        Self { objects: Arc::default(), clock: None, weather }
    }

    /// The same store under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { objects: Arc::clone(&self.objects), clock: self.clock.clone(), weather }
    }

    /// The same store with a clock, for what is kept from now on.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Every key, in order.
    pub fn keys(&self) -> Vec<ObjectKey> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ObjectKey, Kept>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, key: &ObjectKey, bytes: Bytes) {
        let at = self.clock.as_ref().map_or(Timestamp::EPOCH, |clock| clock.now());
        self.lock().insert(key.clone(), Kept { bytes, at });
    }

    async fn call<T>(&self, port: &'static str, effect: impl FnOnce() -> T) -> Result<T, ObjectStoreError> {
        weathered(&self.weather, port, || Ok(effect()), ObjectStoreError::Unavailable).await
    }
}

#[async_trait]
impl ObjectStore for MemoryObjects {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, _content_type: &str) -> Result<(), ObjectStoreError> {
        self.call("objects.put", || self.keep(key, bytes)).await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        _content_type: &str,
    ) -> Result<u64, ObjectStoreError> {
        // Each piece is copied, so that the sender's memory is free again.
        let joined = stream.try_fold(Vec::new(), async |mut joined, piece| {
            joined.extend_from_slice(&piece);
            Ok(joined)
        });
        let bytes = Bytes::from(joined.await.map_err(ObjectStoreError::Unavailable)?);
        let size = length(&bytes);
        self.call("objects.put_stream", || self.keep(key, bytes)).await?;
        Ok(size)
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        let bytes = self.call("objects.open", || self.lock().get(key).map(|kept| kept.bytes.clone())).await?;
        Ok(bytes.map(|bytes| OpenObject { size: length(&bytes), bytes: pieces(bytes) }))
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        self.call("objects.get", || self.lock().get(key).map(|kept| kept.bytes.clone())).await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        self.call("objects.head", || self.lock().get(key).map(|kept| info(key, kept))).await
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
                .map(|(key, kept)| info(key, kept))
                .collect()
        })
        .await
    }

    async fn link(&self, _key: &ObjectKey, _lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        Ok(None)
    }
}

fn info(key: &ObjectKey, kept: &Kept) -> ObjectInfo {
    ObjectInfo { key: key.clone(), size: length(&kept.bytes), written_at: Some(kept.at) }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).expect("memory holds it")
}

/// The bytes, piece by piece.
fn pieces(mut bytes: Bytes) -> ByteStream {
    let pieces = std::iter::from_fn(move || {
        let length = bytes.len().min(PIECE);
        (length > 0).then(|| Ok::<_, BoxError>(bytes.split_to(length)))
    });
    Box::pin(stream::iter(pieces))
}
