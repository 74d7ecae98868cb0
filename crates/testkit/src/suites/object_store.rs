//! What every [`ObjectStore`] must do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::future::{join, join_all};
use futures::{TryStreamExt as _, stream};
use kernel::{BoxError, ByteStream, ObjectInfo, ObjectKey, ObjectStore, Timestamp};

use super::Elapse;
use super::held::Held;

/// Somebody without any right of their own.
#[async_trait]
pub trait Stranger: Sync {
    /// The bytes at the address; `None` when it is refused to them.
    async fn fetch(&self, address: &str) -> Option<Bytes>;
}

/// Runs every test that holds for all stores. Each call of `open` opens the same store anew, as a restarted program
/// would; it is empty at first, and the tests use keys of their own.
pub async fn all(open: impl AsyncFn() -> Arc<dyn ObjectStore>) {
    a_put_that_returned_must_be_durable(&open).await;
    put_must_replace_what_was_there_as_a_whole(&open).await;
    get_and_head_of_a_missing_object_must_answer_none(&*open().await).await;
    delete_of_a_missing_object_must_succeed(&*open().await).await;
    list_must_give_the_objects_under_the_prefix_in_the_order_of_their_keys(&*open().await).await;
    list_must_give_the_objects_after_after(&*open().await).await;
    list_must_say_when_each_object_was_written(&*open().await).await;
    delete_prefix_must_remove_every_object_under_the_prefix_and_answer_how_many(&*open().await).await;
    put_stream_must_keep_the_bytes_as_put_does_and_answer_how_many(&open).await;
    put_stream_must_hold_no_more_than_a_few_pieces_in_memory(&*open().await).await;
    put_stream_must_leave_what_was_there_when_the_stream_fails(&*open().await).await;
    open_must_give_the_bytes_that_get_would_give_and_none_for_a_missing_object(&*open().await).await;
}

/// A `put` that returned MUST be durable: whoever opens the store afterwards finds it.
pub async fn a_put_that_returned_must_be_durable(open: impl AsyncFn() -> Arc<dyn ObjectStore>) {
    let cases = [
        ("durable/some", Bytes::from_static(b"some bytes \x00\xff")),
        ("durable/none", Bytes::new()),
        ("durable/some/deeper", Bytes::from_static(b"a key may go on where another one ends")),
        ("durable/many", Bytes::from(vec![7_u8; 3_000_000])),
    ];
    let store = open().await;
    for (name, bytes) in &cases {
        put(&*store, name, bytes).await;
    }
    drop(store);
    let reopened = open().await;
    for (name, bytes) in &cases {
        assert!(get(&*reopened, name).await.as_ref() == Some(bytes), "{name} is as it was put");
        let info = reopened.head(&key(name)).await.expect("head");
        assert_eq!(info.map(timeless), Some(self::info(name, bytes)));
    }
}

/// A `put` MUST replace what was there as a whole: a reader sees the old or the new bytes, never a mixture.
pub async fn put_must_replace_what_was_there_as_a_whole(open: impl AsyncFn() -> Arc<dyn ObjectStore>) {
    const NAME: &str = "whole/object";
    const ROUNDS: u8 = 40;
    // Every version has a length and a filling of its own.
    let version = |number: u8| Bytes::from(vec![number; 200_000 + usize::from(number) * 1_000]);
    let (writer, reader) = (open().await, open().await);
    put(&*writer, NAME, &version(0)).await;
    let writing = async {
        for number in 1..=ROUNDS {
            put(&*writer, NAME, &version(number)).await;
        }
    };
    let reading = async {
        for _ in 0..ROUNDS {
            let bytes = get(&*reader, NAME).await.expect("the object is there at all times");
            let number = bytes.first().copied().expect("no version is empty");
            assert!(bytes == version(number), "a mixture was read, beginning as version {number}");
        }
    };
    join(writing, reading).await;
    assert!(get(&*reader, NAME).await == Some(version(ROUNDS)), "the last version stays");
}

/// `get` and `head` of a missing object MUST answer `None`.
pub async fn get_and_head_of_a_missing_object_must_answer_none(store: &dyn ObjectStore) {
    put(store, "missing/there", &Bytes::from_static(b"x")).await;
    put(store, "missing/gone", &Bytes::from_static(b"x")).await;
    store.delete(&key("missing/gone")).await.expect("delete");
    // Never there; once there; the beginning of another key; the continuation of another key.
    for name in ["missing/never", "missing/gone", "missing", "missing/there/below"] {
        assert_eq!(get(store, name).await, None, "{name}");
        assert_eq!(store.head(&key(name)).await.expect("head"), None, "{name}");
    }
    assert!(get(store, "missing/there").await.is_some(), "its neighbour is still there");
}

/// `delete` of a missing object MUST succeed.
pub async fn delete_of_a_missing_object_must_succeed(store: &dyn ObjectStore) {
    put(store, "delete/one", &Bytes::from_static(b"x")).await;
    for name in ["delete/one", "delete/one", "delete/never", "delete", "delete/one/below"] {
        store.delete(&key(name)).await.expect("delete");
    }
    put(store, "delete/one", &Bytes::from_static(b"again")).await;
    assert_eq!(get(store, "delete/one").await, Some(Bytes::from_static(b"again")));
}

/// `list` MUST give the objects under the prefix in the order of their keys.
pub async fn list_must_give_the_objects_under_the_prefix_in_the_order_of_their_keys(store: &dyn ObjectStore) {
    // In the order of the bytes, in which `-` and `.` come before `/`, and `/` before letters and digits. Segment by
    // segment, what goes on with a slash follows at once.
    let names = [
        "list/a",
        "list/a-b",
        "list/a-b/z",
        "list/a.b",
        "list/a/b",
        "list/a/b/c",
        "list/a/c",
        "list/a0",
        "list/ab",
        "list/b",
    ];
    for name in names.iter().rev() {
        put(store, name, &content(name)).await;
    }
    put(store, "lis", &content("lis")).await;
    put(store, "lists", &content("lists")).await;

    assert_list(store, "list/", None, 100, &names).await;
    assert_list(store, "list/a/", None, 100, &names[4..7]).await;
    assert_list(store, "list/a", None, 100, &names[..9]).await;
    assert_list(store, "list/a/b", None, 100, &names[4..6]).await;
    assert_list(store, "list/zzz", None, 100, &[]).await;
    assert_list(store, "nowhere/at/all", None, 100, &[]).await;
    assert_list(store, "list/", None, 3, &names).await;
    assert_list(store, "list/", None, 0, &names).await;
}

/// `list` MUST give the objects after `after` if given, whether or not there is such an object.
pub async fn list_must_give_the_objects_after_after(store: &dyn ObjectStore) {
    let names = ["after/a", "after/a/1", "after/a/2", "after/b", "after/c/1"];
    for name in names {
        put(store, name, &content(name)).await;
    }
    for (position, name) in names.iter().enumerate() {
        assert_list(store, "after/", Some(name), 100, &names[position + 1..]).await;
        assert_list(store, "after/", Some(name), 1, &names[position + 1..]).await;
    }
    assert_list(store, "after/", Some("after/a/1.5"), 100, &names[2..]).await;
    assert_list(store, "after/", Some("aaa"), 100, &names).await;
    assert_list(store, "after/", Some("zzz"), 100, &[]).await;
    assert_list(store, "after/a", Some("after/a"), 100, &names[1..3]).await;
}

/// `delete_prefix` MUST remove every object under the prefix and nothing else, and MUST answer how many it removed.
pub async fn delete_prefix_must_remove_every_object_under_the_prefix_and_answer_how_many(
    store: &dyn ObjectStore,
) {
    // More than is listed at once for this.
    const MANY: u64 = 210;
    const AT_ONCE: u64 = 16;
    let others = ["prefix/some-more", "prefix/somebody", "prefi", "prefix/zzz/1"];
    for name in others {
        put(store, name, &content(name)).await;
    }
    let names: Vec<String> = (0..MANY).map(|number| format!("prefix/some/{}/{number}", number % 7)).collect();
    for names in names.chunks(usize::try_from(AT_ONCE).expect("a number")) {
        join_all(names.iter().map(|name| async { put(store, name, &content(name)).await })).await;
    }
    assert_eq!(store.delete_prefix("prefix/some/").await.expect("delete_prefix"), MANY);
    assert_list(store, "prefix/some/", None, 100, &[]).await;
    for name in others {
        assert_eq!(get(store, name).await, Some(content(name)), "{name}");
    }
    for nothing in ["prefix/some/", "nowhere/at/all/"] {
        assert_eq!(store.delete_prefix(nothing).await.expect("delete_prefix"), 0, "{nothing}");
    }
    assert_eq!(store.delete_prefix("prefix/somebody").await.expect("delete_prefix"), 1);
    assert_eq!(get(store, "prefix/somebody").await, None);
}

/// `put_stream` MUST keep the bytes as `put` does, and MUST answer how many bytes it kept.
pub async fn put_stream_must_keep_the_bytes_as_put_does_and_answer_how_many(
    open: impl AsyncFn() -> Arc<dyn ObjectStore>,
) {
    let store = open().await;
    put(&*store, "stream/replaced", &Bytes::from_static(b"what was there before and was longer")).await;
    let cases = [
        ("stream/replaced", vec![Bytes::from_static(b"new "), Bytes::new(), Bytes::from_static(b"bytes")]),
        ("stream/none", vec![]),
        ("stream/many", (0..20).map(|number| Bytes::from(vec![number; 300_000])).collect()),
    ];
    for (name, pieces) in &cases {
        let kept = store.put_stream(&key(name), stream_of(pieces.clone()), "application/octet-stream").await;
        let whole = Bytes::from(pieces.concat());
        assert_eq!(kept.expect("put_stream"), info(name, &whole).size, "{name}");
        let reopened = open().await;
        assert!(get(&*reopened, name).await == Some(whole.clone()), "{name} is as it was put, and durable");
        assert_eq!(reopened.head(&key(name)).await.expect("head").map(timeless), Some(info(name, &whole)));
    }
}

/// `put_stream` MUST hold no more than a few pieces in memory.
pub async fn put_stream_must_hold_no_more_than_a_few_pieces_in_memory(store: &dyn ObjectStore) {
    const PIECES: usize = 40;
    const A_FEW: usize = 16;
    let held = Held::default();
    let counting = held.clone();
    let pieces = (0..PIECES).map(move |_| Ok(counting.piece(1_000_000)));
    let kept = store.put_stream(&key("few/object"), Box::pin(stream::iter(pieces)), "text/plain").await;
    assert_eq!(kept.expect("put_stream"), 40_000_000);
    let (now, most) = held.counts();
    assert!(most <= A_FEW, "{most} pieces of 1 MB were held at once");
    assert_eq!(now, 0, "all are free again");
}

/// `put_stream` MUST leave what was there when the stream fails.
pub async fn put_stream_must_leave_what_was_there_when_the_stream_fails(store: &dyn ObjectStore) {
    let before = Bytes::from_static(b"what was there");
    put(store, "broken/there", &before).await;
    // At once, in the midst of few bytes, and in the midst of many.
    for length in [0, 10, 12_000_000] {
        for name in ["broken/there", "broken/new"] {
            let mut pieces: Vec<Result<Bytes, BoxError>> = vec![Ok(Bytes::from(vec![7; length]))];
            pieces.push(Err("the sender went away".into()));
            let outcome = store
                .put_stream(&key(name), Box::pin(stream::iter(pieces)), "application/octet-stream")
                .await;
            assert!(outcome.is_err(), "{name} after {length} bytes: {outcome:?}");
        }
        assert_eq!(get(store, "broken/there").await.as_ref(), Some(&before), "after {length} bytes");
        assert_eq!(get(store, "broken/new").await, None, "after {length} bytes");
        assert_list(store, "broken/new", None, 100, &[]).await;
    }
}

/// `open` MUST give the bytes that `get` would give, piece by piece, and MUST answer `None` for a missing object.
pub async fn open_must_give_the_bytes_that_get_would_give_and_none_for_a_missing_object(
    store: &dyn ObjectStore,
) {
    let many: Vec<u8> = (0..5_000_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    for (name, bytes) in [
        ("open/few", Bytes::from_static(b"a few bytes")),
        ("open/none", Bytes::new()),
        ("open/many", Bytes::from(many)),
    ] {
        put(store, name, &bytes).await;
        let opened = store.open(&key(name)).await.expect("open").expect("it is there");
        assert_eq!(opened.size, info(name, &bytes).size, "{name}");
        let pieces: Vec<Bytes> = opened.bytes.try_collect().await.expect("its bytes");
        assert!(pieces.iter().all(|piece| piece.len() <= 1_000_000), "{name} comes piece by piece");
        assert!(pieces.concat() == bytes, "{name} is as it was put");
    }
    for name in ["open/never", "open", "open/few/below"] {
        assert!(store.open(&key(name)).await.expect("open").is_none(), "{name}");
    }
}

fn stream_of(pieces: Vec<Bytes>) -> ByteStream {
    Box::pin(stream::iter(pieces.into_iter().map(Ok)))
}

/// `link`, when it answers `Some`, MUST give an address that needs no other right and works no longer than `lifetime`.
/// For stores that make addresses; `all` leaves it out.
pub async fn link_must_give_an_address_that_needs_no_other_right_and_works_no_longer_than_lifetime(
    store: &dyn ObjectStore,
    stranger: &dyn Stranger,
    time: &dyn Elapse,
) {
    let lifetime = Duration::from_secs(2);
    let bytes = content("link/object");
    put(store, "link/object", &bytes).await;
    let address =
        store.link(&key("link/object"), lifetime).await.expect("link").expect("a store that makes addresses");
    assert_eq!(stranger.fetch(&address).await, Some(bytes));
    time.elapse(lifetime).await;
    assert_eq!(stranger.fetch(&address).await, None, "its lifetime has ended");
}

/// `list` MUST say when each object was written: the last time, when it was written again.
pub async fn list_must_say_when_each_object_was_written(store: &dyn ObjectStore) {
    let written = async || {
        let listed = store.list("written/", None, 100).await.expect("list");
        let times = listed.iter().map(|info| info.written_at.expect("a time")).collect::<Vec<_>>();
        <[Timestamp; 2]>::try_from(times).expect("two objects")
    };
    put(store, "written/one", &content("one")).await;
    put(store, "written/other", &content("other")).await;
    let [one, other] = written().await;
    assert!(one <= other, "{one:?} was written before {other:?}");
    put(store, "written/one", &content("one again")).await;
    let [again, untouched] = written().await;
    assert!(again >= other, "written again at {again:?}, after {other:?}");
    assert_eq!(untouched, other);
}

/// The store lists the first `limit` of these objects, in one of the two orders in which keys may come.
async fn assert_list(
    store: &dyn ObjectStore,
    prefix: &str,
    after: Option<&str>,
    limit: u16,
    names_in_order_of_bytes: &[&str],
) {
    let after = after.map(key);
    let listed = store.list(prefix, after.as_ref(), limit).await.expect("list");
    let listed: Vec<ObjectInfo> = listed.into_iter().map(timeless).collect();
    let first = |names: &[&str]| -> Vec<ObjectInfo> {
        names.iter().take(usize::from(limit)).map(|name| info(name, &content(name))).collect()
    };
    let mut names_by_segments = names_in_order_of_bytes.to_vec();
    names_by_segments.sort_by(|one, other| one.split('/').cmp(other.split('/')));
    let (by_bytes, by_segments) = (first(names_in_order_of_bytes), first(&names_by_segments));
    assert!(
        listed == by_bytes || listed == by_segments,
        "prefix {prefix:?}, after {after:?}, limit {limit}: {listed:?} is neither {by_bytes:?} nor {by_segments:?}"
    );
}

async fn put(store: &dyn ObjectStore, name: &str, bytes: &Bytes) {
    store.put(&key(name), bytes.clone(), "application/octet-stream").await.expect("put");
}

async fn get(store: &dyn ObjectStore, name: &str) -> Option<Bytes> {
    store.get(&key(name)).await.expect("get")
}

/// Bytes that tell one object from another, also by their length.
fn content(name: &str) -> Bytes {
    Bytes::copy_from_slice(name.as_bytes())
}

fn info(name: &str, bytes: &Bytes) -> ObjectInfo {
    ObjectInfo { key: key(name), size: u64::try_from(bytes.len()).expect("a length"), written_at: None }
}

/// What does not depend on the store's clock.
fn timeless(info: ObjectInfo) -> ObjectInfo {
    ObjectInfo { written_at: None, ..info }
}

fn key(name: &str) -> ObjectKey {
    name.parse().expect("an object key")
}
