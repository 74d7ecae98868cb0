//! Objects in the order of their keys.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use kernel::{ObjectInfo, ObjectKey, Timestamp};

use super::if_there;
use super::layout::{EntryName, Layout};

/// Up to `limit` objects whose keys start with `prefix` and come after `after`.
pub(super) fn list(
    layout: &Layout,
    prefix: &str,
    after: Option<&ObjectKey>,
    limit: usize,
) -> io::Result<Vec<ObjectInfo>> {
    let mut listing = Listing { prefix, after: after.map(ObjectKey::as_str), limit, found: Vec::new() };
    match prefix.rsplit_once('/') {
        None => listing.walk(layout.objects(), "")?,
        Some((directory, _)) => {
            // A beginning that is no key itself is the beginning of no key.
            if let Ok(key) = directory.parse::<ObjectKey>() {
                listing.walk(&layout.directory(&key), &format!("{key}/"))?;
            }
        }
    }
    Ok(listing.found)
}

/// What the disk says of an object. (Some file systems keep no times.)
pub(super) fn info(key: ObjectKey, metadata: &fs::Metadata) -> ObjectInfo {
    let since_epoch = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let written_at = since_epoch.map(|since_epoch| Timestamp::EPOCH + since_epoch);
    ObjectInfo { key, size: metadata.len(), written_at }
}

struct Listing<'a> {
    prefix: &'a str,
    after: Option<&'a str>,
    limit: usize,
    found: Vec<ObjectInfo>,
}

/// An entry of a directory, in the order in which its keys come. The keys below a directory all start with its own key
/// and a slash, and no other key comes in between, so that a slash at its end puts it in its place among the objects.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Object { key: String, path: PathBuf },
    Directory { key_and_slash: String, path: PathBuf },
}

impl Step {
    fn order(&self) -> &str {
        match self {
            Self::Object { key, .. } => key,
            Self::Directory { key_and_slash, .. } => key_and_slash,
        }
    }
}

impl Listing<'_> {
    fn walk(&mut self, directory: &Path, key_and_slash: &str) -> io::Result<()> {
        for step in steps(directory, key_and_slash)? {
            if self.found.len() >= self.limit {
                break;
            }
            match step {
                Step::Object { key, path } => self.visit(&key, &path)?,
                Step::Directory { key_and_slash, path } => {
                    if self.leads_somewhere(&key_and_slash) {
                        self.walk(&path, &key_and_slash)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn visit(&mut self, key: &str, path: &Path) -> io::Result<()> {
        let is_wanted = key.starts_with(self.prefix) && self.after.is_none_or(|after| key > after);
        if !is_wanted {
            return Ok(());
        }
        // A file that somebody else put here is no object; an object may have been deleted a moment ago.
        if let (Ok(key), Some(metadata)) = (key.parse(), if_there(fs::metadata(path))?) {
            self.found.push(info(key, &metadata));
        }
        Ok(())
    }

    /// Whether there can be wanted objects below the directory.
    fn leads_somewhere(&self, key_and_slash: &str) -> bool {
        let under_prefix = key_and_slash.starts_with(self.prefix) || self.prefix.starts_with(key_and_slash);
        under_prefix
            && self.after.is_none_or(|after| after < key_and_slash || after.starts_with(key_and_slash))
    }
}

/// The entries of a directory in order; none when it is missing.
fn steps(directory: &Path, key_and_slash: &str) -> io::Result<Vec<Step>> {
    let mut steps = Vec::new();
    for entry in if_there(fs::read_dir(directory))?.into_iter().flatten() {
        let entry = entry?;
        let file_name = entry.file_name();
        // A name that is not even text is none of ours.
        let Some(name) = file_name.to_str().map(EntryName::of) else {
            continue;
        };
        let is_directory = entry.file_type()?.is_dir();
        let path = entry.path();
        let step = match name {
            EntryName::Object(segment) if !is_directory => {
                Step::Object { key: format!("{key_and_slash}{segment}"), path }
            }
            EntryName::Other(segment) if is_directory => {
                Step::Directory { key_and_slash: format!("{key_and_slash}{segment}/"), path }
            }
            EntryName::Object(_) | EntryName::Other(_) => continue,
        };
        steps.push(step);
    }
    steps.sort_unstable_by(|one, other| one.order().cmp(other.order()));
    Ok(steps)
}
