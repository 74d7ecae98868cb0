//! The thread that writes an archive to the disk.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use kernel::{ArchiveError, ObjectStoreError};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, spawn_blocking};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::objects::store_error;

/// How many pieces wait for the disk at most.
const PIECES_AHEAD: usize = 4;

/// Files with these extensions get smaller when they are compressed.
const TEXTS: [&str; 5] = ["json", "txt", "csv", "md", "html"];

/// What the thread is told.
enum Order {
    /// A file begins, at this path.
    Begin(String),
    /// The file that was begun goes on.
    Piece(Bytes),
}

/// Whether the thread takes orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Working {
    /// It does.
    Yes,
    /// It has failed.
    No,
}

/// An archive that is being written.
pub(super) struct Spool {
    orders: Sender<Order>,
    writing: JoinHandle<Result<File, ArchiveError>>,
}

impl Spool {
    /// Begins an archive in a nameless file of `directory`. Dropping it ends the work and frees the room.
    pub(super) fn start(directory: PathBuf) -> Self {
        let (orders, coming) = channel(PIECES_AHEAD);
        Self { orders, writing: spawn_blocking(move || write(&directory, coming)) }
    }

    /// Begins a file within the archive; whether the thread still works. If not, [`finish`](Spool::finish) says why.
    pub(super) async fn begin(&self, path: String) -> Working {
        self.tell(Order::Begin(path)).await
    }

    /// Goes on with the file that was begun last; as [`begin`](Spool::begin).
    pub(super) async fn write(&self, piece: Bytes) -> Working {
        self.tell(Order::Piece(piece)).await
    }

    /// Ends the archive, which is then to be read from its beginning.
    pub(super) async fn finish(self) -> Result<File, ArchiveError> {
        drop(self.orders);
        self.writing.await.map_err(|failed| ArchiveError::Bug(Box::new(failed)))?
    }

    async fn tell(&self, order: Order) -> Working {
        match self.orders.send(order).await {
            Ok(()) => Working::Yes,
            Err(_unheard) => Working::No,
        }
    }
}

fn write(directory: &Path, mut orders: Receiver<Order>) -> Result<File, ArchiveError> {
    let file = tempfile::tempfile_in(directory).map_err(disk_error)?;
    let mut archive = ZipWriter::new(file).set_auto_large_file();
    while let Some(order) = orders.blocking_recv() {
        match order {
            Order::Begin(path) => archive.start_file(path.as_str(), options(&path)).map_err(zip_error)?,
            Order::Piece(piece) => archive.write_all(&piece).map_err(disk_error)?,
        }
    }
    let mut file = archive.finish().map_err(zip_error)?;
    file.rewind().map_err(disk_error)?;
    Ok(file)
}

fn options(path: &str) -> SimpleFileOptions {
    let is_text = path.rsplit_once('.').is_some_and(|(_, extension)| TEXTS.contains(&extension));
    let method = if is_text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    SimpleFileOptions::default().compression_method(method)
}

fn zip_error(error: ZipError) -> ArchiveError {
    match error {
        ZipError::Io(error) => disk_error(error),
        other => ArchiveError::Bug(Box::new(other)),
    }
}

/// A disk that is full, or refuses, is no mistake of ours.
fn disk_error(error: io::Error) -> ArchiveError {
    let error: ObjectStoreError = store_error(error);
    ArchiveError::Objects(error)
}
