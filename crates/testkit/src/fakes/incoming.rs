//! Files that people sent, in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{FailureClass, IncomingFileError, IncomingFileId, IncomingFiles, ProviderError};

use crate::weather::{FairWeather, Weather, weathered};

/// A messenger's files. Clones are one messenger.
#[derive(Clone)]
pub struct FakeIncomingFiles {
    files: Arc<Mutex<BTreeMap<IncomingFileId, Bytes>>>,
    weather: Arc<dyn Weather>,
}

impl Default for FakeIncomingFiles {
    fn default() -> Self {
        Self { files: Arc::default(), weather: Arc::new(FairWeather) }
    }
}

impl FakeIncomingFiles {
    /// The same messenger under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { files: Arc::clone(&self.files), weather }
    }

    /// Somebody sends a file; the messenger's id of it.
    pub fn send(&self, bytes: Bytes) -> IncomingFileId {
        let mut files = self.lock();
        let id = IncomingFileId::new(format!("file-{}", files.len() + 1));
        files.insert(id.clone(), bytes);
        id
    }

    /// The messenger no longer has the bytes of a file.
    pub fn forget(&self, file: &IncomingFileId) {
        // Its place stays taken, so that no other file gets its id.
        self.lock().insert(file.clone(), Bytes::new());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IncomingFileId, Bytes>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl IncomingFiles for FakeIncomingFiles {
    async fn fetch(&self, file: &IncomingFileId, limit: usize) -> Result<Bytes, IncomingFileError> {
        let effect = || {
            let bytes = self.lock().get(file).cloned().filter(|bytes| !bytes.is_empty());
            let bytes = bytes.ok_or(IncomingFileError::Gone)?;
            if bytes.len() > limit { Err(IncomingFileError::TooLarge) } else { Ok(bytes) }
        };
        weathered(&self.weather, "incoming.fetch", effect, |error| {
            let away = ProviderError::new(FailureClass::Unavailable, "away", "the messenger is away");
            IncomingFileError::Failed(away.caused_by(error))
        })
        .await
    }
}
