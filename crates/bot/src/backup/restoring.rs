//! Restoring a backup.

use std::io::{BufReader, Read as _};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use kernel::{ByteStream, ObjectStore};
use secrecy::SecretString;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use super::catalogue::Summary;
use super::dump::load;
use super::manifest::{self, Comparison};
use super::places::{BackupId, Part};
use super::sealing::Identities;
use crate::Foundation;
use crate::digests::keep_this_secret;

/// The longest secret that is read, in bytes.
const LONGEST_SECRET: u64 = 4_096;

/// What was restored.
pub(crate) struct Restored {
    /// How the objects compare with the backup's list.
    pub(crate) objects: Comparison,
}

/// Restores a backup into the configured database, which must be empty, and compares the objects with its list.
///
/// # Errors
/// When the database is not empty, the identity does not open the backup, or a part cannot be read or loaded.
pub(crate) async fn restore(
    foundation: Foundation,
    objects: Arc<dyn ObjectStore>,
    (id, summary): (&BackupId, &Summary),
    identities: Identities,
) -> anyhow::Result<Restored> {
    if !foundation.database.is_empty().await? {
        bail!(
            "the database is not empty: a backup is restored into an empty one only, and nothing was changed"
        );
    }
    // SQLite's file is about to be replaced.
    foundation.database.close().await?;
    let identities = Arc::new(identities);
    let configuration = Arc::clone(&foundation.configuration);

    let sealed = part(&objects, id, Part::Database).await?;
    let (url, kind, opener) = (configuration.database.url.clone(), summary.database, Arc::clone(&identities));
    spawn_blocking(move || load(&url, kind, &mut opener.open(sealed)?))
        .await?
        .with_context(|| format!("the database of the backup {id} cannot be restored"))?;

    if let (None, Some(directory)) = (&configuration.web.secret, configuration.database.url.directory()) {
        let sealed = part(&objects, id, Part::Secret).await?;
        let opener = Arc::clone(&identities);
        let secret = spawn_blocking(move || {
            let mut secret = String::new();
            opener.open(sealed)?.take(LONGEST_SECRET).read_to_string(&mut secret)?;
            anyhow::Ok(SecretString::from(secret))
        })
        .await?
        .with_context(|| format!("the secret of the backup {id} cannot be read"))?;
        keep_this_secret(directory, &secret, foundation.ids.as_ref())?;
    }

    let sealed = part(&objects, id, Part::Manifest).await?;
    let runtime = Handle::current();
    let comparison = spawn_blocking(move || {
        manifest::compare(&objects, &runtime, BufReader::new(identities.open(sealed)?))
    })
    .await?
    .with_context(|| format!("the objects cannot be compared with the list of the backup {id}"))?;
    Ok(Restored { objects: comparison })
}

async fn part(objects: &Arc<dyn ObjectStore>, id: &BackupId, part: Part) -> anyhow::Result<ByteStream> {
    let key = id.key(part)?;
    let found = objects.open(&key).await.with_context(|| format!("{key} cannot be read"))?;
    Ok(found.with_context(|| format!("{key} is missing"))?.bytes)
}
