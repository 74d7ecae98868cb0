//! The one directory in which everything is kept, from run to run.

use std::env;
use std::fs::{File, TryLockError, create_dir_all};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The directory, locked against a second sandbox.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    /// Held open: the lock ends with it.
    _lock: File,
}

impl DataDirectory {
    /// Opens the directory, and makes it when it is not there.
    ///
    /// # Errors
    /// When it can't be made, or another sandbox uses it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        create_dir_all(path).with_context(|| format!("the directory {} can't be made", path.display()))?;
        let path =
            path.canonicalize().with_context(|| format!("the directory {} can't be read", path.display()))?;
        let lock = path.join("lock");
        let lock = File::create(&lock).with_context(|| format!("{} can't be written", lock.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => bail!(
                "another sandbox uses {}: stop it, or choose another directory with --data",
                path.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} can't be locked", path.display()))
            }
        }
    }

    /// Where the directory is when nobody chose another: `.aisha-sandbox` where the platform keeps a user's data.
    ///
    /// # Errors
    /// When the user has no home directory.
    pub fn usual() -> anyhow::Result<PathBuf> {
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || absolute("HOME").context("there is no home directory: choose a directory with --data");
        let base = match absolute("XDG_DATA_HOME") {
            Some(directory) => directory,
            None if cfg!(target_os = "macos") => home()?.join("Library/Application Support"),
            None => home()?.join(".local/share"),
        };
        Ok(base.join(".aisha-sandbox"))
    }

    /// The directory itself, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the bot's database is.
    pub fn database(&self) -> PathBuf {
        self.path.join("aisha.db")
    }

    /// Where the bot keeps pictures.
    pub fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sandbox_is_told_that_the_directory_is_taken() {
        let parent = env::temp_dir().join(format!("sandbox-lock-{}", std::process::id()));
        let first = DataDirectory::open(&parent.join("data")).unwrap();
        let refusal = DataDirectory::open(first.path()).unwrap_err();
        assert!(refusal.to_string().contains("another sandbox uses"));
        drop(first);
        assert!(DataDirectory::open(&parent.join("data")).is_ok());
        std::fs::remove_dir_all(parent).unwrap();
    }
}
