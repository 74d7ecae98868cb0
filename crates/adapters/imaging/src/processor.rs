//! The port, and the threads on which its work runs.

use std::num::NonZeroUsize;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{CleanImage, ImageInfo, ImageLimits, Imaging, ImagingError, PerceptualHash, Provenance};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::{clean, decode, fingerprint, mark, preview};

/// How many images are worked on at once, unless said otherwise: a decoded photo takes up to 200 MB.
const AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// Works on images of the three formats.
#[derive(Debug, Clone)]
pub struct ImageProcessor {
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    /// The caller's own thread.
    Inline,
    /// Threads made for blocking work, as many at once as there are permits.
    Threads(Arc<Semaphore>),
}

impl ImageProcessor {
    /// Works on two images at once, each on a thread of its own. Needs a tokio runtime.
    pub fn new() -> Self {
        Self::on_threads(AT_ONCE)
    }

    /// Works on up to `at_once` images at once, each on a thread of its own. Needs a tokio runtime.
    pub fn on_threads(at_once: NonZeroUsize) -> Self {
        Self { place: Place::Threads(Arc::new(Semaphore::new(at_once.get()))) }
    }

    /// Works on the caller's thread, which stands still meanwhile. For programs of a single thread.
    pub const fn inline() -> Self {
        Self { place: Place::Inline }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ImagingError> + Send + 'static,
    ) -> Result<T, ImagingError> {
        let turns = match &self.place {
            Place::Inline => return work(),
            Place::Threads(turns) => Arc::clone(turns),
        };
        let turn = turns.acquire_owned().await.map_err(|closed| ImagingError::Bug(Box::new(closed)))?;
        // The work goes on when the caller leaves, and so does its turn.
        spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        })
        .await
        .map_err(|failed| ImagingError::Bug(Box::new(failed)))?
    }
}

impl Default for ImageProcessor {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Imaging for ImageProcessor {
    async fn inspect(&self, bytes: Bytes, limits: ImageLimits) -> Result<ImageInfo, ImagingError> {
        self.run(move || Ok(decode::decode(&bytes, limits)?.info)).await
    }

    async fn clean(&self, bytes: Bytes, limits: ImageLimits) -> Result<CleanImage, ImagingError> {
        self.run(move || clean::clean(&bytes, limits)).await
    }

    async fn preview(&self, bytes: Bytes, side: u32, limits: ImageLimits) -> Result<Bytes, ImagingError> {
        self.run(move || preview::preview(&bytes, side, limits)).await
    }

    async fn mark(&self, bytes: Bytes, provenance: &Provenance) -> Result<Bytes, ImagingError> {
        let provenance = provenance.clone();
        self.run(move || mark::write(bytes, &provenance)).await
    }

    async fn read_mark(&self, bytes: Bytes) -> Result<Option<Provenance>, ImagingError> {
        self.run(move || mark::read(bytes)).await
    }

    async fn fingerprint(&self, bytes: Bytes, limits: ImageLimits) -> Result<PerceptualHash, ImagingError> {
        self.run(move || fingerprint::fingerprint(&bytes, limits)).await
    }
}
