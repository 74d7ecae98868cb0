//! The list of all objects: one line each, with digest, length and key.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::Context as _;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use kernel::{ObjectInfo, ObjectKey, ObjectStore};
use tokio::runtime::Handle;

use super::digest::digest;
use super::places::PREFIX;

/// Objects that are listed at once.
const PAGE: u16 = 500;
/// Objects that are read at once.
const READ_AT_ONCE: usize = 4;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    digest: String,
    size: u64,
    key: ObjectKey,
}

/// How much a list is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) objects: u64,
    /// Their bytes in all.
    pub(super) bytes: u64,
}

/// Writes the list of everything but backups. Blocks, and asks the store by way of `runtime`.
///
/// # Errors
/// When an object cannot be read, or nobody takes the list.
pub(super) fn write(
    objects: &Arc<dyn ObjectStore>,
    runtime: &Handle,
    output: &mut dyn Write,
) -> io::Result<Extent> {
    let mut extent = Extent::default();
    let mut last: Option<ObjectKey> = None;
    loop {
        let page = runtime.block_on(page(objects.as_ref(), last.as_ref())).map_err(io::Error::other)?;
        let Some(end) = page.last else { return Ok(extent) };
        last = Some(end);
        for entry in page.entries {
            extent.objects += 1;
            extent.bytes += entry.size;
            writeln!(output, "{entry}")?;
        }
    }
}

struct Page {
    entries: Vec<Entry>,
    last: Option<ObjectKey>,
}

async fn page(objects: &dyn ObjectStore, after: Option<&ObjectKey>) -> anyhow::Result<Page> {
    let found = objects.list("", after, PAGE).await.context("the objects cannot be listed")?;
    let last = found.last().map(|object| object.key.clone());
    let listed = found.into_iter().filter(|object| !object.key.as_str().starts_with(PREFIX));
    let entries: Vec<Option<Entry>> = stream::iter(listed)
        .map(|object| entry(objects, object))
        .buffered(READ_AT_ONCE)
        .try_collect()
        .await?;
    Ok(Page { entries: entries.into_iter().flatten().collect(), last })
}

/// A line about an object; nothing when it went meanwhile.
async fn entry(objects: &dyn ObjectStore, object: ObjectInfo) -> anyhow::Result<Option<Entry>> {
    let ObjectInfo { key, size, .. } = object;
    Ok(digest(objects, &key).await?.map(|digest| Entry { digest, size, key }))
}

/// What a look at the objects of a list has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Objects that are there as they were.
    pub(crate) intact: u64,
    /// Objects that are not there any more.
    pub(crate) missing: Vec<ObjectKey>,
    /// Objects that are there with other bytes.
    pub(crate) altered: Vec<ObjectKey>,
}

/// How an object compares.
enum Fate {
    Intact,
    Missing(ObjectKey),
    Altered(ObjectKey),
}

/// Compares a list with what the store holds. Blocks, and asks the store by way of `runtime`.
///
/// # Errors
/// When the list makes no sense, or an object cannot be read.
pub(super) fn compare(
    objects: &Arc<dyn ObjectStore>,
    runtime: &Handle,
    list: impl BufRead,
) -> anyhow::Result<Comparison> {
    let mut comparison = Comparison::default();
    let mut lines = list.lines();
    loop {
        let lines: Vec<String> = lines.by_ref().take(usize::from(PAGE)).collect::<io::Result<_>>()?;
        if lines.is_empty() {
            return Ok(comparison);
        }
        let entries: Vec<Entry> = lines.iter().map(|line| line.parse()).collect::<anyhow::Result<_>>()?;
        let fates = stream::iter(entries).map(|entry| fate(objects.as_ref(), entry)).buffered(READ_AT_ONCE);
        for fate in runtime.block_on(fates.try_collect::<Vec<Fate>>())? {
            match fate {
                Fate::Intact => comparison.intact += 1,
                Fate::Missing(key) => comparison.missing.push(key),
                Fate::Altered(key) => comparison.altered.push(key),
            }
        }
    }
}

async fn fate(objects: &dyn ObjectStore, entry: Entry) -> anyhow::Result<Fate> {
    Ok(match digest(objects, &entry.key).await? {
        None => Fate::Missing(entry.key),
        Some(digest) if digest == entry.digest => Fate::Intact,
        Some(_) => Fate::Altered(entry.key),
    })
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.digest, self.size, self.key)
    }
}

impl FromStr for Entry {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let strange = || format!("the list of objects has a line that is none: {line:?}");
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().with_context(strange);
        let (digest, size, key) = (word()?.to_owned(), word()?, word()?);
        Ok(Self {
            digest,
            size: size.parse().with_context(strange)?,
            key: key.parse().with_context(strange)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let entry = Entry { digest: "ab".repeat(32), size: 7, key: "images/0/1".parse().unwrap() };
        assert_eq!(entry.to_string().parse::<Entry>().unwrap(), entry);
        for strange in ["", "ab", "ab seven images/0", "ab 7 ../x"] {
            assert!(strange.parse::<Entry>().is_err(), "{strange}");
        }
    }
}
