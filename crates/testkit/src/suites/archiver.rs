//! What every [`Archiver`] must do.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{ArchiveContent, ArchiveEntry, Archived, Archiver, ObjectKey, ObjectStore};

use super::counted_objects::CountedObjects;
use crate::fakes::MemoryObjects;

/// Makes archivers, and opens what they made.
pub trait Bench: Sync {
    /// An archiver of these objects.
    fn archiver(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn Archiver>;

    /// The paths and contents of an archive, in its order.
    fn unpack(&self, archive: &Bytes) -> Vec<(String, Bytes)>;
}

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    pack_must_write_one_zip_with_the_entries_in_their_order_replacing_what_was_there(bench).await;
    objects_that_are_not_there_must_be_left_out_and_not_counted(bench).await;
    two_entries_of_one_path_must_both_be_kept(bench).await;
    no_more_than_one_entry_at_a_time_must_be_held_in_memory(bench).await;
}

/// `pack` MUST write one zip with the entries in their order, under `target`, replacing what was there.
pub async fn pack_must_write_one_zip_with_the_entries_in_their_order_replacing_what_was_there(
    bench: &dyn Bench,
) {
    let objects = MemoryObjects::default();
    for (name, bytes) in [("photos/2", &b"the second photo"[..]), ("photos/1", b"the first photo")] {
        put(&objects, name, Bytes::copy_from_slice(bytes)).await;
    }
    put(&objects, "archive.zip", Bytes::from_static(b"what was there before")).await;
    let large = Bytes::from(b"line by line\n".repeat(100_000));
    let entries = [
        object("b/zwei.jpg", "photos/2"),
        inline("a.json", Bytes::from_static(b"{\"a\": 1}")),
        object("b/eins.jpg", "photos/1"),
        inline("leer.txt", Bytes::new()),
        inline("\u{43b}\u{438}\u{441}\u{430}.txt", large.clone()),
    ];
    let archiver = bench.archiver(Arc::new(objects.clone()));
    let packed = archiver.pack(&key("archive.zip"), &entries).await.expect("an archive");
    let archive = stored(&objects).await;
    assert_eq!(packed, Archived { files: 5, bytes: u64::try_from(archive.len()).expect("a length") });
    let expected = [
        ("b/zwei.jpg", Bytes::from_static(b"the second photo")),
        ("a.json", Bytes::from_static(b"{\"a\": 1}")),
        ("b/eins.jpg", Bytes::from_static(b"the first photo")),
        ("leer.txt", Bytes::new()),
        ("\u{43b}\u{438}\u{441}\u{430}.txt", large),
    ];
    assert!(unpacked(bench, &archive) == expected.map(|(path, bytes)| (path.to_owned(), bytes)));

    let packed = archiver.pack(&key("archive.zip"), &[]).await.expect("an empty archive");
    assert_eq!(packed.files, 0);
    assert_eq!(unpacked(bench, &stored(&objects).await), []);
}

/// Objects that are not there MUST be left out, and not counted.
pub async fn objects_that_are_not_there_must_be_left_out_and_not_counted(bench: &dyn Bench) {
    let objects = MemoryObjects::default();
    put(&objects, "there", Bytes::from_static(b"x")).await;
    let entries = [object("1.jpg", "gone/1"), object("2.jpg", "there"), object("3.jpg", "gone/3")];
    let archiver = bench.archiver(Arc::new(objects.clone()));
    let packed = archiver.pack(&key("archive.zip"), &entries).await.expect("an archive");
    assert_eq!(packed.files, 1);
    let expected = [("2.jpg".to_owned(), Bytes::from_static(b"x"))];
    assert_eq!(unpacked(bench, &stored(&objects).await), expected);
}

/// Two entries of one path MUST both be kept, the later one under a path of its own.
pub async fn two_entries_of_one_path_must_both_be_kept(bench: &dyn Bench) {
    let objects = MemoryObjects::default();
    let contents = [&b"one"[..], b"two", b"three"].map(Bytes::from_static);
    let entries = contents.clone().map(|bytes| inline("photos/1.jpg", bytes));
    let archiver = bench.archiver(Arc::new(objects.clone()));
    assert_eq!(archiver.pack(&key("archive.zip"), &entries).await.expect("an archive").files, 3);
    let unpacked = unpacked(bench, &stored(&objects).await);
    assert_eq!(unpacked.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>(), contents);
    let mut paths: Vec<&str> = unpacked.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths.first(), Some(&"photos/1.jpg"), "the first keeps its path");
    assert!(paths.iter().all(|path| path.starts_with("photos/1")), "{paths:?}");
    paths.dedup();
    assert_eq!(paths.len(), 3, "{paths:?}");
}

/// No more than one entry at a time MUST be held in memory.
pub async fn no_more_than_one_entry_at_a_time_must_be_held_in_memory(bench: &dyn Bench) {
    const ENTRIES: usize = 12;
    const PIECES_OF_ONE: usize = 4;
    // One entry, and a piece or two on their way.
    const AT_ONCE: usize = 2 * PIECES_OF_ONE;
    let objects = CountedObjects::new(PIECES_OF_ONE);
    let archiver = bench.archiver(Arc::clone(&objects) as Arc<dyn ObjectStore>);
    let entries: Vec<ArchiveEntry> =
        (0..ENTRIES).map(|number| object(&format!("{number}.bin"), &format!("counted/{number}"))).collect();
    let packed = archiver.pack(&key("archive.zip"), &entries).await.expect("an archive");
    assert_eq!(usize::try_from(packed.files).expect("few"), ENTRIES);
    let (now, most) = objects.counts();
    assert!(most <= AT_ONCE, "{most} pieces were held at once, and an entry has {PIECES_OF_ONE}");
    assert_eq!(now, 0, "all are free again");
}

fn unpacked(bench: &dyn Bench, archive: &Bytes) -> Vec<(String, Bytes)> {
    bench.unpack(archive)
}

async fn stored(objects: &MemoryObjects) -> Bytes {
    objects.get(&key("archive.zip")).await.expect("get").expect("an archive")
}

async fn put(objects: &MemoryObjects, name: &str, bytes: Bytes) {
    objects.put(&key(name), bytes, "application/octet-stream").await.expect("put");
}

fn object(path: &str, name: &str) -> ArchiveEntry {
    ArchiveEntry { path: path.to_owned(), content: ArchiveContent::Object(key(name)) }
}

fn inline(path: &str, bytes: Bytes) -> ArchiveEntry {
    ArchiveEntry { path: path.to_owned(), content: ArchiveContent::Inline(bytes) }
}

fn key(name: &str) -> ObjectKey {
    name.parse().expect("an object key")
}
