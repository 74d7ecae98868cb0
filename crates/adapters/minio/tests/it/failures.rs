//! Refusals, and answers that no good server gives.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt as _;
use kernel::{FailureClass, ObjectStore as _, ObjectStoreError};
use minio_adapter::{S3ObjectStore, S3Settings};
use testkit::servers::{HttpReply, HttpRequest, HttpServer, S3Keys, S3Room, S3Server};

use crate::buckets::{empty_list, error};
use crate::ground::{key, megabytes, new_store, open, put, settings, stream};

/// A server whose bucket is there, and that answers everything else as told.
async fn answering(reply: impl Fn(&HttpRequest) -> HttpReply + Send + Sync + 'static) -> HttpServer {
    HttpServer::start(move |request| match request.target.split_once('?') {
        Some((_, query)) if query.contains("list-type") => empty_list(),
        Some((_, query)) if query.contains("lifecycle") => error(501, "NotImplemented"),
        _ => reply(request),
    })
    .await
}

fn assert_misconfigured(failure: &ObjectStoreError, told: &str) {
    assert_eq!(failure.class(), FailureClass::Misconfigured, "{failure:?}");
    assert!(failure.to_string().contains(told), "{failure} does not speak of {told}");
    let everything = format!("{failure:?}");
    assert!(!everything.contains("-s-secret"), "{everything}");
}

#[tokio::test]
async fn wrong_keys_are_named() {
    let server = S3Server::shared();
    let bucket = server.unused_bucket();
    let nobody = S3Keys { access_key: "nobody", ..S3Server::KEYS };
    let wrong_secret = S3Keys { secret_key: "not-the-studio-s-secret", ..S3Server::KEYS };
    for (keys, told) in [(nobody, "access_key"), (wrong_secret, "secret_key")] {
        let store = S3ObjectStore::new(settings(&server.endpoint(), &bucket, keys)).unwrap();
        let put = store.put(&key("a"), Bytes::new(), "text/plain").await;
        assert_misconfigured(&put.unwrap_err(), told);
        assert_misconfigured(&store.get(&key("a")).await.unwrap_err(), told);
        assert_misconfigured(&store.list("", None, 1).await.unwrap_err(), told);
    }
}

#[tokio::test]
async fn keys_that_may_only_read_do_only_that() {
    let server = S3Server::shared();
    let bucket = server.unused_bucket();
    put(&open(&server.endpoint(), &bucket), "a").await;
    let reader = S3ObjectStore::new(settings(&server.endpoint(), &bucket, S3Server::READER)).unwrap();
    assert_eq!(reader.get(&key("a")).await.unwrap().unwrap(), "a");
    let put = reader.put(&key("a"), "b".into(), "text/plain").await;
    assert_misconfigured(&put.unwrap_err(), "may not do this");
    let many = reader.put_stream(&key("a"), stream(megabytes(12)), "text/plain").await;
    assert_misconfigured(&many.unwrap_err(), "may not do this");
    assert_misconfigured(&reader.delete(&key("a")).await.unwrap_err(), "may not do this");
    let missing = S3ObjectStore::new(settings(&server.endpoint(), &server.unused_bucket(), S3Server::READER));
    assert_misconfigured(&missing.unwrap().get(&key("a")).await.unwrap_err(), "may not do this");
    assert_eq!(reader.get(&key("a")).await.unwrap().unwrap(), "a");
}

#[tokio::test]
async fn a_server_without_room_is_no_place_to_put_things() {
    // What SeaweedFS says when it is full is what it says to any mishap.
    let server = S3Server::start(S3Room::Nothing);
    let store = new_store(&server);
    let put = store.put(&key("a"), Bytes::from(vec![7; 1_000_000]), "text/plain").await;
    assert_eq!(put.unwrap_err().class(), FailureClass::Unavailable);
    let many = store.put_stream(&key("b"), stream(megabytes(12)), "text/plain").await;
    assert_eq!(many.unwrap_err().class(), FailureClass::Unavailable);
    assert_eq!(store.list("", None, 10).await.unwrap(), [], "nothing is half there");
}

#[tokio::test]
async fn a_server_that_says_that_it_is_full_is_for_the_operator() {
    for reply in [error(507, "XMinioStorageFull"), error(507, "InsufficientStorage"), HttpReply::html(507)] {
        let server = answering(move |_| reply.clone()).await;
        let store = open(server.url(), "studio");
        let put = store.put(&key("a"), Bytes::new(), "text/plain").await;
        assert_misconfigured(&put.unwrap_err(), "no room");
        let many = store.put_stream(&key("a"), stream(megabytes(12)), "text/plain").await;
        assert_misconfigured(&many.unwrap_err(), "no room");
    }
}

#[tokio::test]
async fn something_in_front_that_takes_no_large_bodies_is_for_the_operator() {
    let server = answering(|_| HttpReply::html(413)).await;
    let put = open(server.url(), "studio").put(&key("a"), Bytes::new(), "text/plain").await;
    assert_misconfigured(&put.unwrap_err(), "client_max_body_size");
}

#[tokio::test]
async fn what_fails_in_passing_is_tried_again() {
    let asked = AtomicU32::new(0);
    let server = answering(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => error(503, "SlowDown"),
        1 => HttpReply::HangUp,
        _ => HttpReply::text(200, "text/plain", "at last"),
    })
    .await;
    let store = open(server.url(), "studio");
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "at last");
}

#[tokio::test]
async fn what_fails_for_good_is_tried_three_times_and_refusals_once() {
    for (status, code, tries) in [(503, "SlowDown", 3), (500, "InternalError", 3), (403, "AccessDenied", 1)] {
        let server = answering(move |_| error(status, code)).await;
        let store = open(server.url(), "studio");
        store.put(&key("a"), Bytes::new(), "text/plain").await.unwrap_err();
        let puts = server.requests().iter().filter(|request| request.method == "PUT").count();
        assert_eq!(puts, tries, "{status} {code}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_is_no_object() {
    let server = answering(|_| HttpReply::BreakOff { status: 200, announced: 100 }).await;
    let store = open(server.url(), "studio");
    assert_eq!(store.get(&key("a")).await.unwrap_err().class(), FailureClass::Unavailable);
    let opened = store.open(&key("a")).await.unwrap().unwrap();
    assert_eq!(opened.size, 100);
    let pieces: Result<Vec<Bytes>, _> = opened.bytes.try_collect().await;
    assert!(pieces.is_err(), "{pieces:?}");
}

#[tokio::test]
async fn an_object_whose_length_nobody_says_is_not_opened() {
    let server = answering(|_| HttpReply::Unannounced { bytes: 100 }).await;
    let opened = open(server.url(), "studio").open(&key("a")).await;
    assert_eq!(opened.unwrap_err().class(), FailureClass::Unavailable);
}

#[tokio::test]
async fn a_server_that_keeps_silent_is_left_in_time() {
    let patience = Duration::from_millis(300);
    let server = answering(|_| HttpReply::Silence).await;
    let settings = settings(server.url(), "studio", S3Server::KEYS);
    let store = S3ObjectStore::new(S3Settings { timeout: patience, ..settings }).unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(store.get(&key("a")).await.unwrap_err().class(), FailureClass::Unavailable);
    assert_eq!(store.open(&key("a")).await.unwrap_err().class(), FailureClass::Unavailable);
    assert!(begun.elapsed() < patience * 8, "silence is waited for once: {:?}", begun.elapsed());
}

#[tokio::test]
async fn what_cannot_be_understood_is_no_answer() {
    let server = HttpServer::always(HttpReply::html(200)).await;
    let listed = open(server.url(), "studio").list("", None, 1).await;
    assert_eq!(listed.unwrap_err().class(), FailureClass::Unavailable);
}
