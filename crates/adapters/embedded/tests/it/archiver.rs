//! Archives: the suite of the port, and what holds for zips on a disk.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use embedded_adapter::{DirectoryObjectStore, SystemClock, SystemIds, ZipArchiver};
use kernel::{ArchiveContent, ArchiveEntry, ArchiveError, Archiver, FailureClass, ObjectKey, ObjectStore};
use tempfile::TempDir;
use testkit::fakes::MemoryObjects;
use testkit::suites::archiver;
use zip::{CompressionMethod, ZipArchive};

#[tokio::test]
async fn archiver() {
    let directory = TempDir::new().unwrap();
    archiver::all(&Zips(directory.path())).await;
}

struct Zips<'a>(&'a Path);

impl archiver::Bench for Zips<'_> {
    fn archiver(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn Archiver> {
        Arc::new(ZipArchiver::new(objects, self.0))
    }

    fn unpack(&self, archive: &Bytes) -> Vec<(String, Bytes)> {
        let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
        (0..zip.len())
            .map(|index| {
                let mut file = zip.by_index(index).unwrap();
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                (file.name().unwrap().into_owned(), Bytes::from(bytes))
            })
            .collect()
    }
}

fn key(name: &str) -> ObjectKey {
    name.parse().unwrap()
}

fn inline(path: &str, bytes: &[u8]) -> ArchiveEntry {
    ArchiveEntry { path: path.to_owned(), content: ArchiveContent::Inline(Bytes::copy_from_slice(bytes)) }
}

#[tokio::test]
async fn texts_are_compressed_and_pictures_are_not() {
    let directory = TempDir::new().unwrap();
    let objects = MemoryObjects::default();
    let archiver = ZipArchiver::new(Arc::new(objects.clone()), directory.path());
    let entries = [inline("ledger.json", &[b'a'; 5_000]), inline("1.jpg", &[b'a'; 5_000])];
    archiver.pack(&key("x.zip"), &entries).await.unwrap();
    let archive = objects.get(&key("x.zip")).await.unwrap().unwrap();
    let mut zip = ZipArchive::new(Cursor::new(archive)).unwrap();
    let methods: Vec<CompressionMethod> =
        (0..zip.len()).map(|index| zip.by_index(index).unwrap().compression()).collect();
    assert_eq!(methods, [CompressionMethod::Deflated, CompressionMethod::Stored]);
}

#[tokio::test]
async fn nothing_is_left_beside_the_archive() {
    let directory = TempDir::new().unwrap();
    let spool = TempDir::new().unwrap();
    let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
    let store = Arc::new(DirectoryObjectStore::open(directory.path(), ids, &SystemClock).unwrap());
    let archiver = ZipArchiver::new(Arc::clone(&store) as Arc<dyn ObjectStore>, spool.path());
    archiver.pack(&key("exports/x.zip"), &[inline("a.txt", b"a")]).await.unwrap();
    assert!(store.get(&key("exports/x.zip")).await.unwrap().is_some());
    assert_eq!(fs::read_dir(spool.path()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(directory.path().join("incoming")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_no_mistake_of_ours() {
    let directory = TempDir::new().unwrap();
    let objects = MemoryObjects::default();
    let archiver = ZipArchiver::new(Arc::new(objects.clone()), directory.path().join("missing"));
    let many: Vec<ArchiveEntry> = (0..20).map(|number| inline(&format!("{number}"), b"x")).collect();
    let error = archiver.pack(&key("x.zip"), &many).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Objects(_)), "{error:?}");
    assert_ne!(error.class(), FailureClass::Bug);
    assert_eq!(objects.keys(), []);
}
