//! Digests of objects.

use anyhow::{Context as _, bail};
use futures::TryStreamExt as _;
use kernel::{ObjectKey, ObjectStore};
use sha2::{Digest as _, Sha256};

/// The SHA-256 of an object's bytes in lowercase hexadecimal, or nothing when it is not there.
///
/// # Errors
/// When it cannot be read to its end.
pub(super) async fn digest(objects: &dyn ObjectStore, key: &ObjectKey) -> anyhow::Result<Option<String>> {
    let reading = || format!("the object {key} cannot be read");
    let Some(object) = objects.open(key).await.with_context(reading)? else {
        return Ok(None);
    };
    let mut hasher = Sha256::new();
    let mut read = 0_u64;
    let mut bytes = object.bytes;
    while let Some(piece) = bytes.try_next().await.map_err(anyhow::Error::from_boxed).with_context(reading)? {
        read += u64::try_from(piece.len())?;
        hasher.update(&piece);
    }
    if read != object.size {
        bail!("{}: it ended after {read} of {} bytes", reading(), object.size);
    }
    Ok(Some(hex::encode(hasher.finalize())))
}
