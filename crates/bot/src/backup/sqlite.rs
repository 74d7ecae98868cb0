//! A dump of SQLite is a copy of its file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use database_adapter::Database;
use kernel::IdSource;

use super::dump::WriteDump;

/// Makes a copy beside the file, which goes when it has been written out.
///
/// # Errors
/// When it cannot be made, as for want of room.
pub(super) async fn dump(database: &Database, file: &Path, ids: &dyn IdSource) -> anyhow::Result<WriteDump> {
    let copy = Draft(file.with_extension(format!("backup-{}", ids.uuid())));
    // Made by us beforehand, so that nobody else can read it; SQLite takes an empty file.
    private(&copy.0).with_context(|| format!("{} cannot be made", copy.0.display()))?;
    database.copy_into(&copy.0).await.with_context(|| format!("{} cannot be copied", file.display()))?;
    Ok(Box::new(move |output| {
        io::copy(&mut File::open(&copy.0)?, output)?;
        Ok(())
    }))
}

/// Puts a copy in the place of the empty file, as a whole.
///
/// # Errors
/// When it cannot be written or does not come to its end; the file is as empty as before then.
pub(super) fn load(file: &Path, dump: &mut dyn Read) -> anyhow::Result<()> {
    let draft = Draft(file.with_extension("restoring"));
    let written = || format!("{} cannot be written", draft.0.display());
    // What a restoration that was broken off has left.
    remove(&draft.0)?;
    let mut output = private(&draft.0).with_context(written)?;
    io::copy(dump, &mut output).with_context(written)?;
    output.sync_all().with_context(written)?;
    for companion in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(companion);
        remove(Path::new(&name))?;
    }
    fs::rename(&draft.0, file).with_context(|| format!("{} cannot be put in its place", file.display()))
}

/// Removes a file, if it is there.
fn remove(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", file.display()))
        }
        _ => Ok(()),
    }
}

/// A new file that only we may read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// A file that goes unless it was moved to its place.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!(%error, file = %self.0.display(), "a copy of the database stays behind");
            }
            _ => {}
        }
    }
}
