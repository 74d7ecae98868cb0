//! Removing objects that nobody needs: what an attempt left behind, what was written before a crash and never kept.

use std::sync::Arc;
use std::time::Duration;

use kernel::{
    Clock, ObjectInfo, ObjectKey, ObjectReferences, ObjectStore, ObjectStoreError, StoreError, SweepMarks,
};
use thiserror::Error;

/// The name of this sweep.
const SWEEP: &str = "orphan-objects";
/// An object that is younger may belong to work whose rows are not there yet.
const YOUNGEST: Duration = Duration::from_hours(1);
/// How many objects are listed at once.
const PAGE: u16 = 200;
/// How many pages one round looks at, at most.
const PAGES: u32 = 10;

/// Looks through the object store, a few pages at a time.
#[derive(Clone)]
pub struct OrphanSweep {
    /// The objects.
    pub objects: Arc<dyn ObjectStore>,
    /// Which of them are needed.
    pub references: Arc<dyn ObjectReferences>,
    /// How far it has got.
    pub marks: Arc<dyn SweepMarks>,
    /// Now, to tell old objects from new ones.
    pub clock: Arc<dyn Clock>,
}

/// Why a round could not be finished.
#[derive(Debug, Error)]
pub(crate) enum OrphanError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
}

impl OrphanSweep {
    /// One round: goes on where the one before ended; how many objects were removed.
    pub(crate) async fn round(&self) -> Result<u64, OrphanError> {
        let mut after: Option<ObjectKey> = self.marks.mark(SWEEP).await?.and_then(|mark| mark.parse().ok());
        let mut removed = 0;
        for _ in 0..PAGES {
            let page = self.objects.list("", after.as_ref(), PAGE).await?;
            for object in &page {
                if self.is_old(object) && !self.references.is_needed(&object.key).await? {
                    self.objects.delete(&object.key).await?;
                    tracing::info!(key = %object.key, "an object that nobody needs was removed");
                    removed += 1;
                }
            }
            let is_last = page.len() < usize::from(PAGE);
            after = page.into_iter().last().map(|object| object.key).filter(|_| !is_last);
            self.marks.keep_mark(SWEEP, after.as_ref().map(ObjectKey::as_str)).await?;
            if is_last {
                break;
            }
        }
        Ok(removed)
    }

    fn is_old(&self, object: &ObjectInfo) -> bool {
        object.written_at.is_some_and(|at| self.clock.now().since(at) > YOUNGEST)
    }
}
