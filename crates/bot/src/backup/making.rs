//! Making a backup.

use std::sync::Arc;

use age::x25519::Recipient;
use anyhow::Context as _;
use bytes::Bytes;
use kernel::{ByteStream, ObjectStore};
use secrecy::ExposeSecret as _;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::catalogue::{Catalogue, Summary, Volume};
use super::dump::{DatabaseKind, dump};
use super::manifest::{self, Extent};
use super::places::{BackupId, Part};
use super::sealing::sealed;
use crate::Foundation;
use crate::digests::kept_secret;

/// The media type of what is sealed.
const SEALED: &str = "application/octet-stream";

/// Makes a backup. What a failure leaves behind is removed.
///
/// The database comes first: whatever it knows of is in the list of objects then, unless it was deleted in between.
///
/// # Errors
/// When any part of it cannot be made or kept.
pub(crate) async fn make(
    foundation: &Foundation,
    objects: &Arc<dyn ObjectStore>,
) -> anyhow::Result<(BackupId, Summary)> {
    let id = BackupId::at(foundation.clock.now())?;
    match parts(foundation, objects, &id).await {
        Ok(summary) => Ok((id, summary)),
        Err(error) => match Catalogue::of(Arc::clone(objects)).remove(&id).await {
            Ok(()) => Err(error),
            Err(removing) => {
                Err(error.context(format!("and what there is of it stays behind ({removing:#})")))
            }
        },
    }
}

async fn parts(
    foundation: &Foundation,
    objects: &Arc<dyn ObjectStore>,
    id: &BackupId,
) -> anyhow::Result<Summary> {
    let recipient = foundation.configuration.backup.recipient()?;
    let made_at = foundation.clock.now();
    let dump = dump(foundation).await?;
    let database_bytes = keep(objects, id, Part::Database, sealed(recipient, dump)).await?;
    keep_secret(foundation, objects, id, recipient).await?;
    let extent = keep_manifest(objects, id, recipient).await?;
    let volume = Volume { database_bytes, objects: extent.objects, object_bytes: extent.bytes };
    let summary = Summary::new(made_at, DatabaseKind::of(&foundation.configuration.database.url), volume);
    let readable = Bytes::from(serde_json::to_vec_pretty(&summary)?);
    objects
        .put(&id.key(Part::Summary)?, readable, "application/json")
        .await
        .with_context(|| format!("the summary of the backup {id} cannot be kept"))?;
    Ok(summary)
}

/// Keeps a part; its length in bytes.
async fn keep(
    objects: &Arc<dyn ObjectStore>,
    id: &BackupId,
    part: Part,
    bytes: ByteStream,
) -> anyhow::Result<u64> {
    let key = id.key(part)?;
    objects.put_stream(&key, bytes, SEALED).await.with_context(|| format!("{key} cannot be made or kept"))
}

/// A secret that was made here is in no configuration. Without it nobody who comes back would be known again.
async fn keep_secret(
    foundation: &Foundation,
    objects: &Arc<dyn ObjectStore>,
    id: &BackupId,
    recipient: &Recipient,
) -> anyhow::Result<()> {
    let configuration = &foundation.configuration;
    let (None, Some(directory)) = (&configuration.web.secret, configuration.database.url.directory()) else {
        return Ok(());
    };
    let secret = kept_secret(directory, foundation.ids.as_ref())?;
    let bytes = sealed(recipient, move |output| output.write_all(secret.expose_secret().as_bytes()));
    keep(objects, id, Part::Secret, bytes).await?;
    Ok(())
}

async fn keep_manifest(
    objects: &Arc<dyn ObjectStore>,
    id: &BackupId,
    recipient: &Recipient,
) -> anyhow::Result<Extent> {
    let (tell, told) = oneshot::channel();
    let (store, runtime) = (Arc::clone(objects), Handle::current());
    let list = sealed(recipient, move |output| {
        let extent = manifest::write(&store, &runtime, output)?;
        output.flush()?;
        tell.send(extent).map_err(|_| std::io::Error::other("nobody waits for the list any more"))
    });
    keep(objects, id, Part::Manifest, list).await?;
    told.await.context("the list of objects did not come to its end")
}
