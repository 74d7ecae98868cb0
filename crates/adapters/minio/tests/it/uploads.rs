//! Objects that go up piece by piece.

use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt as _;
use kernel::ObjectStore as _;
use testkit::proxy::FaultProxy;
use testkit::servers::S3Server;

use crate::ground::{bucket, key, megabytes, open, open_through, put, stream};

/// How many uploads the server keeps pieces of.
async fn unfinished(server: &S3Server, name: &str) -> usize {
    let pages = bucket(server, name).list_multiparts_uploads(None, None).await.unwrap();
    pages.iter().map(|page| page.uploads.len()).sum()
}

#[tokio::test]
async fn nothing_is_left_of_a_stream_that_broke_off() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    let store = open(&server.endpoint(), &name);
    put(&store, "weights/1").await;
    for pieces in [0, 3, 10, 20] {
        let broken = megabytes(pieces).chain([Err("the sender went away".into())]);
        store.put_stream(&key("weights/1"), stream(broken), "text/plain").await.unwrap_err();
        assert_eq!(unfinished(server, &name).await, 0, "after {pieces} MB");
    }
    assert_eq!(store.get(&key("weights/1")).await.unwrap().unwrap(), "weights/1");
}

#[tokio::test]
async fn every_length_around_that_of_a_piece_is_kept_whole() {
    const PIECE: usize = 6 * 1024 * 1024;
    let server = S3Server::shared();
    let name = server.unused_bucket();
    let store = open(&server.endpoint(), &name);
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1] {
        let bytes = (0..length).map(|position| u8::try_from(position % 251).unwrap()).collect::<Bytes>();
        // In chunks that fit the pieces nowhere.
        let chunks: Vec<Bytes> = bytes.chunks(1_234_567).map(Bytes::copy_from_slice).collect();
        let kept =
            store.put_stream(&key("a"), stream(chunks.into_iter().map(Ok)), "text/plain").await.unwrap();
        assert_eq!(usize::try_from(kept).unwrap(), length);
        assert!(store.get(&key("a")).await.unwrap().unwrap() == bytes, "{length} bytes are as they were");
    }
    assert_eq!(unfinished(server, &name).await, 0);
}

#[tokio::test]
async fn an_upload_whose_last_answer_is_lost_is_complete() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    let proxy = FaultProxy::start(server.address()).await.unwrap();
    let store = open_through(proxy.address(), &name, Duration::from_secs(20));
    put(&store, "weights/1").await;
    proxy.drop_reply_to("<CompleteMultipartUpload");
    let kept = store.put_stream(&key("weights/1"), stream(megabytes(14)), "text/plain").await.unwrap();
    proxy.replies_dropped(1).await;
    assert_eq!(kept, 14_000_000);
    let opened = store.open(&key("weights/1")).await.unwrap().unwrap();
    assert_eq!(opened.size, 14_000_000);
    let pieces: Vec<Bytes> = opened.bytes.try_collect().await.unwrap();
    let sent: Vec<Bytes> = megabytes(14).collect::<Result<_, _>>().unwrap();
    assert!(pieces.concat() == sent.concat());
    assert_eq!(unfinished(server, &name).await, 0);
}
