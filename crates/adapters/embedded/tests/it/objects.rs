//! What holds for objects on a disk and need not hold elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use embedded_adapter::{DirectoryObjectStore, SystemClock, SystemIds};
use kernel::{Clock, FailureClass, ObjectKey, ObjectStore};
use tempfile::TempDir;

use crate::manual_clock::ManualClock;

fn open(directory: &Path) -> DirectoryObjectStore {
    let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
    DirectoryObjectStore::open(directory, ids, &SystemClock).unwrap()
}

fn key(name: &str) -> ObjectKey {
    name.parse().unwrap()
}

async fn put(store: &DirectoryObjectStore, name: &str) {
    store.put(&key(name), Bytes::from(name.to_owned()), "text/plain").await.unwrap();
}

/// Every file and directory below `directory`, relative to it.
fn everything_in(directory: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![directory.to_owned()];
    while let Some(next) = ahead.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            found.insert(path.strip_prefix(directory).unwrap().to_owned());
            if path.is_dir() {
                ahead.push(path);
            }
        }
    }
    found
}

#[tokio::test]
async fn a_disk_makes_no_addresses() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    put(&store, "a").await;
    assert_eq!(store.link(&key("a"), Duration::from_mins(1)).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_is_left_of_a_deleted_object_and_nothing_beside_a_kept_one() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    put(&store, "images/person/generation/0").await;
    put(&store, "images/person/generation/1").await;
    store.delete(&key("images/person/generation/0")).await.unwrap();
    assert_eq!(
        everything_in(&directory.path().join("objects")),
        ["images", "images/person", "images/person/generation", "images/person/generation/1=",]
            .map(PathBuf::from)
            .into()
    );
    store.delete(&key("images/person/generation/1")).await.unwrap();
    assert_eq!(everything_in(directory.path()), ["incoming", "objects"].map(PathBuf::from).into());
}

#[tokio::test]
async fn nothing_is_left_of_a_stream_that_broke_off() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    for pieces in [0, 3] {
        let sent = (0..pieces).map(|_| Ok(Bytes::from(vec![7; 2_000_000])));
        let broken = sent.chain([Err("the sender went away".into())]).collect::<Vec<_>>();
        let stream = Box::pin(futures::stream::iter(broken));
        store.put_stream(&key("weights/1"), stream, "application/octet-stream").await.unwrap_err();
    }
    assert_eq!(everything_in(directory.path()), ["incoming", "objects"].map(PathBuf::from).into());
}

#[tokio::test]
async fn an_object_that_is_being_read_stays_what_it_was() {
    use futures::TryStreamExt as _;

    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let before = Bytes::from(vec![1; 3_000_000]);
    store.put(&key("a"), before.clone(), "text/plain").await.unwrap();
    let opened = store.open(&key("a")).await.unwrap().unwrap();
    store.put(&key("a"), Bytes::from(vec![2; 5]), "text/plain").await.unwrap();
    let pieces: Vec<Bytes> = opened.bytes.try_collect().await.unwrap();
    assert!(pieces.concat() == before);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_may_read_the_objects() {
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new().unwrap();
    let store = open(&directory.path().join("not").join("there yet"));
    put(&store, "images/person/0").await;
    let stream = Box::pin(futures::stream::iter([Ok(Bytes::from_static(b"x"))]));
    store.put_stream(&key("weights/person/0"), stream, "application/octet-stream").await.unwrap();
    for path in everything_in(directory.path()) {
        let mode = fs::metadata(directory.path().join(&path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has the mode {mode:o}", path.display());
    }
}

#[tokio::test]
async fn what_an_interrupted_write_left_is_removed_once_it_is_old() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    put(&store, "kept").await;
    let unfinished = directory.path().join("incoming").join("0198");
    fs::write(&unfinished, "half of someth").unwrap();

    let reopened_at = |clock: ManualClock| {
        let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
        DirectoryObjectStore::open(directory.path(), ids, &clock).unwrap()
    };
    let now = SystemClock.now();
    reopened_at(ManualClock::at(now + Duration::from_mins(30)));
    assert!(unfinished.exists(), "somebody may still be writing it");
    let reopened = reopened_at(ManualClock::at(now + Duration::from_mins(90)));
    assert!(!unfinished.exists());
    assert!(reopened.get(&key("kept")).await.unwrap().is_some());
}

#[tokio::test]
async fn files_of_others_are_no_objects() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    put(&store, "a/b").await;
    let objects = directory.path().join("objects");
    fs::write(objects.join("README.txt"), "").unwrap();
    fs::write(objects.join("Capital="), "").unwrap();
    fs::create_dir(objects.join("directory=")).unwrap();
    fs::create_dir(objects.join("empty")).unwrap();
    let listed = store.list("", None, 10).await.unwrap();
    assert_eq!(listed.into_iter().map(|info| info.key).collect::<Vec<_>>(), [key("a/b")]);
}

#[tokio::test]
async fn a_prefix_never_leads_out_of_the_directory() {
    let directory = TempDir::new().unwrap();
    let store = open(&directory.path().join("store"));
    fs::write(directory.path().join("secret="), "").unwrap();
    for prefix in ["../", "../../", "/", "a/../../", "./", "//"] {
        assert_eq!(store.list(prefix, None, 10).await.unwrap(), [], "{prefix:?}");
    }
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_for_the_operator() {
    let directory = TempDir::new().unwrap();
    let occupied = directory.path().join("occupied");
    fs::write(&occupied, "a file").unwrap();
    let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
    let error = DirectoryObjectStore::open(&occupied, ids, &SystemClock).err().unwrap();
    assert_eq!(error.class(), FailureClass::Misconfigured);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_and_deletions_side_by_side_never_fail() {
    let directory = TempDir::new().unwrap();
    let store = Arc::new(open(directory.path()));
    let tasks: Vec<_> = ["shared/place/a", "shared/place/b", "shared/place/b/c"]
        .into_iter()
        .map(|name| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..60 {
                    put(&store, name).await;
                    assert_eq!(store.get(&key(name)).await.unwrap(), Some(Bytes::from(name)));
                    store.delete(&key(name)).await.unwrap();
                    assert_eq!(store.get(&key(name)).await.unwrap(), None);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(everything_in(directory.path()), ["incoming", "objects"].map(PathBuf::from).into());
}
