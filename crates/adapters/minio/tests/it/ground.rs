//! What the tests stand on.

use std::net::SocketAddr;
use std::sync::Once;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{BoxError, ByteStream, ObjectKey, ObjectStore};
use minio_adapter::{S3ObjectStore, S3Settings};
use s3::Bucket;
use s3::creds::Credentials;
use testkit::servers::{S3Keys, S3Server};
use testkit::suites::Elapse;
use testkit::suites::object_store::Stranger;

/// The settings for a bucket of the server, with the keys of somebody.
pub(crate) fn settings(endpoint: &str, bucket: &str, keys: S3Keys) -> S3Settings {
    S3Settings::new(
        endpoint.parse().unwrap(),
        bucket.to_owned(),
        keys.access_key.into(),
        keys.secret_key.into(),
    )
}

/// A store in a bucket of its own.
pub(crate) fn new_store(server: &S3Server) -> S3ObjectStore {
    open(&server.endpoint(), &server.unused_bucket())
}

/// The store in this bucket.
pub(crate) fn open(endpoint: &str, bucket: &str) -> S3ObjectStore {
    S3ObjectStore::new(settings(endpoint, bucket, S3Server::KEYS)).unwrap()
}

/// The same behind a proxy that listens at `proxy`, with little patience.
pub(crate) fn open_through(proxy: SocketAddr, bucket: &str, patience: Duration) -> S3ObjectStore {
    let settings = settings(&format!("http://{proxy}"), bucket, S3Server::KEYS);
    S3ObjectStore::new(S3Settings { timeout: patience, ..settings }).unwrap()
}

/// The bucket, past the adapter.
pub(crate) fn bucket(server: &S3Server, name: &str) -> Bucket {
    let S3Keys { access_key, secret_key } = S3Server::KEYS;
    let credentials = Credentials::new(Some(access_key), Some(secret_key), None, None, None).unwrap();
    let region = s3::Region::Custom { region: "us-east-1".to_owned(), endpoint: server.endpoint() };
    *Bucket::new(name, region, credentials).unwrap().with_path_style()
}

pub(crate) fn key(name: &str) -> ObjectKey {
    name.parse().unwrap()
}

pub(crate) async fn put(store: &S3ObjectStore, name: &str) {
    store.put(&key(name), Bytes::from(name.to_owned()), "text/plain").await.unwrap();
}

/// A stream of so many pieces of 1 MB.
pub(crate) fn megabytes(count: usize) -> impl Iterator<Item = Result<Bytes, BoxError>> + Send + 'static {
    (0..count).map(|number| Ok(Bytes::from(vec![u8::try_from(number % 251).unwrap(); 1_000_000])))
}

pub(crate) fn stream(pieces: impl Iterator<Item = Result<Bytes, BoxError>> + Send + 'static) -> ByteStream {
    Box::pin(futures::stream::iter(pieces))
}

/// A client that has no keys.
pub(crate) fn client() -> reqwest::Client {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Somebody who fetches links by this client.
pub(crate) struct Outsider(pub(crate) reqwest::Client);

#[async_trait]
impl Stranger for Outsider {
    async fn fetch(&self, address: &str) -> Option<Bytes> {
        let answer = self.0.get(address).send().await.unwrap();
        if answer.status().is_success() { Some(answer.bytes().await.unwrap()) } else { None }
    }
}

/// Time as it passes for the server.
pub(crate) struct RealTime;

#[async_trait]
impl Elapse for RealTime {
    async fn elapse(&self, span: Duration) {
        // The server keeps time itself; there is nothing to wait for but the time.
        tokio::time::sleep(span).await;
    }
}
