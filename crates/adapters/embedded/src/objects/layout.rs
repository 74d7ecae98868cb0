//! Which file an object is.

use std::path::{Path, PathBuf};

use kernel::ObjectKey;

/// Ends the name of each object's file. No key contains it, so that `a` and `a/b` may both be objects: the file `a=`
/// and the file `b=` in the directory `a`.
const OBJECT_SUFFIX: char = '=';

/// Where everything lies within the store's directory.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    objects: PathBuf,
    incoming: PathBuf,
}

/// What an entry of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryName<'a> {
    /// An object's file, with the last segment of its key.
    Object(&'a str),
    /// Anything else; if it is a directory, the name is a segment of keys.
    Other(&'a str),
}

impl Layout {
    pub(super) fn new(directory: &Path) -> Self {
        Self { objects: directory.join("objects"), incoming: directory.join("incoming") }
    }

    /// The directory of the objects.
    pub(super) fn objects(&self) -> &Path {
        &self.objects
    }

    /// The directory, on the same disk, in which objects are written before they get their place.
    pub(super) fn incoming(&self) -> &Path {
        &self.incoming
    }

    /// The object's file. A key is a safe relative path by its own rules.
    pub(super) fn path(&self, key: &ObjectKey) -> PathBuf {
        self.objects.join(format!("{key}{OBJECT_SUFFIX}"))
    }

    /// The directory of all objects whose keys go on after `key` and a slash.
    pub(super) fn directory(&self, key: &ObjectKey) -> PathBuf {
        self.objects.join(key.as_str())
    }
}

impl<'a> EntryName<'a> {
    pub(super) fn of(file_name: &'a str) -> Self {
        match file_name.strip_suffix(OBJECT_SUFFIX) {
            Some(segment) => Self::Object(segment),
            None => Self::Other(file_name),
        }
    }
}
