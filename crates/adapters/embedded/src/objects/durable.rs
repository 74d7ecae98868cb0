//! Changes of files that survive a power failure.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use kernel::Timestamp;

use super::if_there;

/// How often a place that was removed while we came is made again.
const ATTEMPTS: u32 = 100;

/// After how long a write that was begun and never finished is given up.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// Puts `bytes` at `path` as a whole, by way of the new file `beside`. When it returns, the file and each directory
/// from it up to `root` are on the disk.
pub(super) fn replace(beside: &Path, path: &Path, root: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Err(error) = write_new(beside, bytes) {
        discard(beside);
        return Err(error);
    }
    place(beside, path, root)
}

/// Puts the finished file `beside`, which is on the disk, at `path`. When it returns, its name and each directory from
/// it up to `root` are on the disk, too. When it fails, `beside` is removed.
pub(super) fn place(beside: &Path, path: &Path, root: &Path) -> io::Result<()> {
    if let Err(error) = move_to(beside, path) {
        discard(beside);
        return Err(error);
    }
    for directory in path.ancestors().skip(1).take_while(|up| up.starts_with(root)) {
        // Another process may be the one that made the directory, and may not have forced it to the disk yet.
        sync_directory(directory)?;
    }
    Ok(())
}

/// Removes the file, if it is there, and the directories up to `root` that it leaves empty.
pub(super) fn remove(path: &Path, root: &Path) -> io::Result<()> {
    if if_there(fs::remove_file(path))?.is_none() {
        return Ok(());
    }
    for directory in path.ancestors().skip(1).take_while(|up| up.starts_with(root)) {
        if directory == root || !remove_if_empty(directory)? {
            return sync_directory(directory);
        }
    }
    Ok(())
}

/// Makes a directory that only we may enter, with all that lead to it.
pub(super) fn make_private_directory(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(directory)
}

/// Removes files that were last written so long ago that nobody is still writing them.
pub(super) fn remove_abandoned(directory: &Path, now: Timestamp) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Some(metadata) = if_there(entry.metadata())? else {
            continue;
        };
        let written_at = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(since_epoch) => Timestamp::EPOCH + since_epoch,
            Err(before_epoch) => Timestamp::EPOCH.before(before_epoch.duration()),
        };
        if metadata.is_file() && now.since(written_at) > ABANDONED_AFTER {
            if_there(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Makes a file that only we may read.
pub(super) fn make_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

/// Removes a file that came to nothing. An error on the way there is the one to report; what cannot be removed now goes
/// when the store is opened again.
pub(super) fn discard(beside: &Path) {
    if let Err(leftover) = if_there(fs::remove_file(beside)) {
        tracing::warn!(error = %leftover, "an unfinished object stays until the store is opened again");
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = make_private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    let mut attempt = 1;
    loop {
        let moved = to.parent().map_or(Ok(()), make_private_directory).and_then(|()| fs::rename(from, to));
        match moved {
            // Somebody removed the last other object of the directory, and the directory with it: before the file came
            // there, or while it was being made, which is then told as something in the way that is no directory.
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists)
                    && attempt < ATTEMPTS =>
            {
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Whether the directory is gone.
fn remove_if_empty(directory: &Path) -> io::Result<bool> {
    match fs::remove_dir(directory) {
        Ok(()) => Ok(true),
        Err(error) => match error.kind() {
            ErrorKind::NotFound => Ok(true),
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists => Ok(false),
            _ => Err(error),
        },
    }
}

/// Forces the names in a directory to the disk; a directory that somebody removed meanwhile needs it no more.
fn sync_directory(directory: &Path) -> io::Result<()> {
    match if_there(File::open(directory))? {
        Some(opened) if cfg!(unix) => opened.sync_all(),
        _ => Ok(()),
    }
}
