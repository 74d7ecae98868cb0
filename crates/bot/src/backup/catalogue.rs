//! The backups that are there.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use kernel::{ObjectKey, ObjectStore, Timestamp};
use serde::{Deserialize, Serialize};

use super::dump::DatabaseKind;
use super::places::{BackupId, PREFIX, Part};

/// The form of backups that this release writes.
const FORM: u32 = 1;
/// Objects that are listed at once.
const PAGE: u16 = 500;

/// What a backup is of. It is not sealed, and holds nothing about people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    form: u32,
    /// Microseconds since the epoch.
    made_at: i64,
    /// The release that made it.
    pub(crate) release: String,
    pub(crate) database: DatabaseKind,
    /// The sealed database, in bytes.
    pub(crate) database_bytes: u64,
    /// How many objects are listed.
    pub(crate) objects: u64,
    /// Their bytes in all.
    pub(crate) object_bytes: u64,
}

/// How much a backup holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Volume {
    pub(super) database_bytes: u64,
    pub(super) objects: u64,
    pub(super) object_bytes: u64,
}

impl Summary {
    pub(super) fn new(made_at: Timestamp, database: DatabaseKind, volume: Volume) -> Self {
        Self {
            form: FORM,
            made_at: made_at.as_micros(),
            release: env!("CARGO_PKG_VERSION").to_owned(),
            database,
            database_bytes: volume.database_bytes,
            objects: volume.objects,
            object_bytes: volume.object_bytes,
        }
    }

    /// When it was made.
    pub(crate) const fn made_at(&self) -> Timestamp {
        Timestamp::from_micros(self.made_at)
    }
}

/// The backups in an object store.
pub(crate) struct Catalogue {
    objects: Arc<dyn ObjectStore>,
}

impl Catalogue {
    pub(crate) fn of(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }

    /// The complete backups, the oldest first.
    ///
    /// # Errors
    /// When they cannot be read, or a later release made one.
    pub(crate) async fn complete(&self) -> anyhow::Result<Vec<(BackupId, Summary)>> {
        let mut complete = Vec::new();
        for id in self.all().await?.into_keys() {
            if let Some(summary) = self.summary(&id).await? {
                complete.push((id, summary));
            }
        }
        Ok(complete)
    }

    /// The backup of this name, or the latest.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) async fn find(&self, wanted: Option<BackupId>) -> anyhow::Result<(BackupId, Summary)> {
        match wanted {
            Some(id) => {
                let summary = self.summary(&id).await?;
                let missing = || format!("there is no complete backup {id}; `backup list` shows them");
                Ok((id.clone(), summary.with_context(missing)?))
            }
            None => self.complete().await?.pop().context("there is no backup yet; `backup` makes one"),
        }
    }

    /// Keeps the latest complete backups and removes what is older, finished or not; what was removed.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub(crate) async fn prune(&self, keep: NonZeroUsize) -> anyhow::Result<Vec<BackupId>> {
        let complete = self.complete().await?;
        let Some((oldest_kept, _)) = complete.get(complete.len().saturating_sub(keep.get())) else {
            return Ok(Vec::new());
        };
        let mut removed = Vec::new();
        for id in self.all().await?.into_keys().filter(|id| id < oldest_kept) {
            self.remove(&id).await?;
            removed.push(id);
        }
        Ok(removed)
    }

    /// Removes a backup, the summary first: what is left of it in between is none.
    pub(super) async fn remove(&self, id: &BackupId) -> anyhow::Result<()> {
        let removing = || format!("the backup {id} cannot be removed");
        self.objects.delete(&id.key(Part::Summary)?).await.with_context(removing)?;
        self.objects.delete_prefix(&id.prefix()).await.with_context(removing)?;
        Ok(())
    }

    /// Everything that looks like a backup, with how many objects it has.
    async fn all(&self) -> anyhow::Result<BTreeMap<BackupId, u32>> {
        let mut all = BTreeMap::new();
        let mut last: Option<ObjectKey> = None;
        loop {
            let page = self.objects.list(PREFIX, last.as_ref(), PAGE).await;
            let page = page.context("the backups cannot be listed")?;
            let Some(end) = page.last() else { return Ok(all) };
            last = Some(end.key.clone());
            for id in page.iter().filter_map(|object| BackupId::of(&object.key)) {
                *all.entry(id).or_insert(0) += 1;
            }
        }
    }

    async fn summary(&self, id: &BackupId) -> anyhow::Result<Option<Summary>> {
        let reading = || format!("the summary of the backup {id} cannot be read");
        let Some(bytes) = self.objects.get(&id.key(Part::Summary)?).await.with_context(reading)? else {
            return Ok(None);
        };
        let summary: Summary = serde_json::from_slice(&bytes).with_context(reading)?;
        if summary.form != FORM {
            bail!(
                "the backup {id} was made by the release {}, which is later than this one: use that release",
                summary.release
            );
        }
        Ok(Some(summary))
    }
}
