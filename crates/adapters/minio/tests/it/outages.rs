//! The server goes away, or is slow, in the midst of things.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use kernel::{FailureClass, ObjectStore as _};
use testkit::proxy::FaultProxy;
use testkit::servers::{S3Room, S3Server};

use crate::ground::{key, megabytes, new_store, open, open_through, put, stream};

#[tokio::test]
async fn what_was_there_is_there_after_the_server_died_in_the_midst_of_an_upload() {
    let server = S3Server::start(S3Room::Plenty);
    let name = server.unused_bucket();
    let store = open(&server.endpoint(), &name);
    put(&store, "weights/1").await;
    // The server dies when half of it is there.
    let dying = server.clone();
    let half = futures::stream::once(async move {
        dying.crash().await;
        Ok(Bytes::from(vec![7; 1_000_000]))
    });
    let pieces = futures::stream::iter(megabytes(15)).chain(half).chain(futures::stream::iter(megabytes(15)));
    let outcome = store.put_stream(&key("weights/1"), pieces.boxed(), "text/plain").await;
    assert_eq!(outcome.unwrap_err().class(), FailureClass::Unavailable);
    let away = store.get(&key("weights/1")).await;
    assert_eq!(away.unwrap_err().class(), FailureClass::Unavailable);

    server.restart().await;
    assert_eq!(store.get(&key("weights/1")).await.unwrap().unwrap(), "weights/1");
    store.put_stream(&key("weights/1"), stream(megabytes(15)), "text/plain").await.unwrap();
    assert_eq!(store.head(&key("weights/1")).await.unwrap().unwrap().size, 15_000_000);
}

#[tokio::test]
async fn an_object_that_was_half_read_when_the_server_died_ends_in_an_error() {
    let server = S3Server::start(S3Room::Plenty);
    let store = new_store(&server);
    store.put_stream(&key("weights/1"), stream(megabytes(40)), "text/plain").await.unwrap();
    let mut opened = store.open(&key("weights/1")).await.unwrap().unwrap();
    opened.bytes.next().await.unwrap().unwrap();
    server.crash().await;
    let rest: Result<Vec<Bytes>, _> = opened.bytes.try_collect().await;
    assert!(rest.is_err(), "40 MB do not fit into what was on its way");
    server.restart().await;
    assert_eq!(store.head(&key("weights/1")).await.unwrap().unwrap().size, 40_000_000);
}

#[tokio::test]
async fn a_store_that_begins_while_the_server_is_away_begins_when_it_is_back() {
    let server = S3Server::start(S3Room::Plenty);
    server.crash().await;
    let store = new_store(&server);
    let away = store.put(&key("a"), "a".into(), "text/plain").await;
    assert_eq!(away.unwrap_err().class(), FailureClass::Unavailable);
    server.restart().await;
    put(&store, "a").await;
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "a");
}

#[tokio::test]
async fn a_server_that_freezes_is_left_in_time_and_used_again() {
    let server = S3Server::start(S3Room::Plenty);
    let store = open_through(server.address(), &server.unused_bucket(), Duration::from_millis(500));
    put(&store, "a").await;
    server.freeze();
    let begun = Instant::now();
    let frozen = store.put(&key("a"), "b".into(), "text/plain").await;
    assert_eq!(frozen.unwrap_err().class(), FailureClass::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    server.thaw();
    put(&store, "a").await;
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "a");
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let server = S3Server::shared();
    let proxy = FaultProxy::start(server.address()).await.unwrap();
    let store = open_through(proxy.address(), &server.unused_bucket(), Duration::from_secs(20));
    put(&store, "a").await;
    proxy.delay(Duration::from_millis(300));
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "a");
    store.put_stream(&key("b"), stream(megabytes(1)), "text/plain").await.unwrap();
    assert_eq!(store.head(&key("b")).await.unwrap().unwrap().size, 1_000_000);
}

#[tokio::test]
async fn a_reader_that_is_slow_itself_is_given_its_time() {
    let server = S3Server::shared();
    let bucket = server.unused_bucket();
    let writer = open(&server.endpoint(), &bucket);
    writer.put_stream(&key("weights/1"), stream(megabytes(20)), "text/plain").await.unwrap();
    let store = open_through(server.address(), &bucket, Duration::from_secs(1));
    let opened = store.open(&key("weights/1")).await.unwrap().unwrap();
    let slowly = opened.bytes.enumerate().then(|(number, piece)| async move {
        if number == 0 {
            // Longer than any single call may take.
            tokio::time::sleep(Duration::from_millis(1_500)).await;
        }
        piece
    });
    let pieces: Vec<Bytes> = slowly.try_collect().await.unwrap();
    assert_eq!(pieces.iter().map(Bytes::len).sum::<usize>(), 20_000_000);
}

#[tokio::test]
async fn a_connection_that_is_cut_is_made_again() {
    let server = S3Server::shared();
    let proxy = FaultProxy::start(server.address()).await.unwrap();
    let store = Arc::new(open_through(proxy.address(), &server.unused_bucket(), Duration::from_secs(20)));
    put(&store, "a").await;
    proxy.drop_reply_to("PUT /");
    put(&store, "a").await;
    proxy.replies_dropped(1).await;
    proxy.cut_next_reply_short();
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "a");
    proxy.replies_dropped(2).await;
}
