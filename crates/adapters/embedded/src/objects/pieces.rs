//! Objects that are written and read piece by piece.

use std::fs;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use kernel::{BoxError, ByteStream, ObjectStoreError};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use super::{durable, store_error};

/// How much of a file is read at once, in bytes.
const PIECE: usize = 256 * 1024;

/// Writes the stream into the new file at `path` and forces it to the disk; how many bytes there were. When it fails,
/// what was written stays there.
pub(super) async fn write(path: &Path, mut stream: ByteStream) -> Result<u64, ObjectStoreError> {
    let owned = path.to_owned();
    let file = spawn_blocking(move || durable::make_private_file(&owned))
        .await
        .map_err(|failed| ObjectStoreError::Unavailable(Box::new(failed)))?
        .map_err(store_error)?;
    let mut file = File::from_std(file);
    let mut size: u64 = 0;
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(ObjectStoreError::Unavailable)?;
        file.write_all(&piece).await.map_err(store_error)?;
        size += length(&piece)?;
    }
    // Whatever is still on its way to the file comes first.
    file.flush().await.map_err(store_error)?;
    file.sync_all().await.map_err(store_error)?;
    Ok(size)
}

/// The bytes of a file from its beginning to its end. Another object that takes its place meanwhile does not change
/// what is read.
pub(crate) fn read(file: fs::File) -> ByteStream {
    ReaderStream::with_capacity(File::from_std(file), PIECE).map_err(BoxError::from).boxed()
}

fn length(piece: &Bytes) -> Result<u64, ObjectStoreError> {
    u64::try_from(piece.len()).map_err(|error| store_error(io::Error::other(error)))
}
