//! Lending files through FAL's storage.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use fal_adapter::{FalFileLender, FalSettings};
use kernel::{
    ByteStream, FailureClass, FileLender, LendingError, ObjectInfo, ObjectKey, ObjectStore, ObjectStoreError,
    OpenObject,
};
use serde_json::json;
use testkit::fakes::MemoryObjects;
use testkit::servers::{HttpReply, HttpRequest, HttpServer};

use crate::setup::{KEY, everything_said, install_tls, settings};

const HOUR: Duration = Duration::from_hours(1);

async fn objects(bytes: Bytes) -> Arc<MemoryObjects> {
    let objects = MemoryObjects::default();
    objects.put(&key("trainings/a/1.zip"), bytes, "application/zip").await.unwrap();
    Arc::new(objects)
}

fn key(name: &str) -> ObjectKey {
    name.parse().unwrap()
}

fn lender(settings: &FalSettings, objects: Arc<dyn ObjectStore>) -> FalFileLender {
    install_tls();
    FalFileLender::new(settings, objects).unwrap()
}

async fn lend(server: &HttpServer, bytes: Bytes) -> Result<String, LendingError> {
    let lender = lender(&settings(server), objects(bytes).await);
    lender.lend(&key("trainings/a/1.zip"), "application/zip", HOUR).await
}

/// FAL's storage as it is documented.
fn storage(request: &HttpRequest) -> HttpReply {
    let host = format!("http://{}", request.header("host").unwrap());
    match (request.method.as_str(), request.path()) {
        ("POST", "/storage/upload/initiate" | "/storage/upload/initiate-multipart") => HttpReply::json(
            200,
            &json!({"upload_url": format!("{host}/put/x?token=t"), "file_url": format!("{host}/files/x.zip")}),
        ),
        ("PUT", "/put/x") => HttpReply::text(200, "text/plain", ""),
        ("PUT", part) if part.starts_with("/put/x/") => {
            HttpReply::json(200, &json!({"partNumber": 1, "etag": format!("tag of {part}")}))
        }
        ("POST", "/put/x/complete") => HttpReply::json(200, &json!({})),
        _ => HttpReply::html(404),
    }
}

#[tokio::test]
async fn an_upload_is_made_as_documented() {
    let server = HttpServer::start(storage).await;
    let address = lend(&server, Bytes::from_static(b"PK photos")).await.unwrap();
    assert_eq!(address, format!("{}/files/x.zip", server.url()));
    let [initiate, put] = &server.requests()[..] else { panic!("two requests") };
    assert_eq!(initiate.target, "/storage/upload/initiate?storage_type=fal-cdn-v3");
    assert_eq!(initiate.header("authorization"), Some(format!("Key {KEY}").as_str()));
    assert_eq!(initiate.json(), json!({"content_type": "application/zip", "file_name": "1.zip"}));
    for header in ["x-fal-object-lifecycle-preference", "x-fal-object-lifecycle"] {
        assert_eq!(initiate.header(header), Some(r#"{"expiration_duration_seconds":3600}"#), "{header}");
    }
    assert_eq!((put.method.as_str(), put.target.as_str()), ("PUT", "/put/x?token=t"));
    assert_eq!(put.header("authorization"), None, "the address is the permission");
    assert_eq!(put.header("content-type"), Some("application/zip"));
    assert_eq!(put.header("content-length"), Some("9"));
    assert_eq!(put.body, b"PK photos");
}

#[tokio::test]
async fn a_large_file_goes_in_parts() {
    const LENGTH: usize = 91 * 1024 * 1024;
    let server = HttpServer::start(storage).await;
    let address = lend(&server, Bytes::from(vec![7; LENGTH])).await.unwrap();
    assert_eq!(address, format!("{}/files/x.zip", server.url()));
    let requests = server.requests();
    assert_eq!(requests[0].target, "/storage/upload/initiate-multipart?storage_type=fal-cdn-v3");
    let parts: Vec<&HttpRequest> = requests.iter().filter(|request| request.method == "PUT").collect();
    assert_eq!(parts.len(), 10);
    assert_eq!(parts[0].target, "/put/x/1?token=t");
    assert!(parts.iter().all(|part| part.header("authorization").is_none()));
    assert_eq!(parts.iter().map(|part| part.body.len()).sum::<usize>(), LENGTH);
    let complete = requests.last().unwrap();
    assert_eq!(complete.target, "/put/x/complete?token=t");
    let told = complete.json();
    assert_eq!(told["parts"].as_array().unwrap().len(), 10);
    assert_eq!(told["parts"][9], json!({"partNumber": 10, "etag": "tag of /put/x/10"}));
}

/// A store that makes addresses.
struct Linking(Arc<MemoryObjects>);

#[async_trait]
impl ObjectStore for Linking {
    async fn put(&self, key: &ObjectKey, bytes: Bytes, kind: &str) -> Result<(), ObjectStoreError> {
        self.0.put(key, bytes, kind).await
    }

    async fn put_stream(
        &self,
        key: &ObjectKey,
        stream: ByteStream,
        kind: &str,
    ) -> Result<u64, ObjectStoreError> {
        self.0.put_stream(key, stream, kind).await
    }

    async fn open(&self, key: &ObjectKey) -> Result<Option<OpenObject>, ObjectStoreError> {
        self.0.open(key).await
    }

    async fn get(&self, key: &ObjectKey) -> Result<Option<Bytes>, ObjectStoreError> {
        self.0.get(key).await
    }

    async fn head(&self, key: &ObjectKey) -> Result<Option<ObjectInfo>, ObjectStoreError> {
        self.0.head(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), ObjectStoreError> {
        self.0.delete(key).await
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&ObjectKey>,
        limit: u16,
    ) -> Result<Vec<ObjectInfo>, ObjectStoreError> {
        self.0.list(prefix, after, limit).await
    }

    async fn link(&self, key: &ObjectKey, lifetime: Duration) -> Result<Option<String>, ObjectStoreError> {
        Ok(Some(format!("https://objects.example/{key}?seconds={}", lifetime.as_secs())))
    }
}

#[tokio::test]
async fn a_link_of_our_own_goes_before_a_copy() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let lender = lender(&settings(&server), Arc::new(Linking(objects(Bytes::from_static(b"x")).await)));
    let address = lender.lend(&key("trainings/a/1.zip"), "application/zip", HOUR).await.unwrap();
    assert_eq!(address, "https://objects.example/trainings/a/1.zip?seconds=3600");
    let missing = lender.lend(&key("trainings/a/2.zip"), "application/zip", HOUR).await;
    assert!(matches!(missing, Err(LendingError::Missing(_))));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn failures_have_their_classes() {
    let locked = json!({"detail": "User is locked. Reason: Exhausted balance."});
    for (reply, class, code) in [
        (HttpReply::json(401, &json!({"detail": "no"})), FailureClass::Misconfigured, "bad-key"),
        (HttpReply::json(403, &locked), FailureClass::Misconfigured, "exhausted-balance"),
        (HttpReply::html(404), FailureClass::Misconfigured, "no-storage"),
        (HttpReply::json(500, &json!({"detail": "x"})), FailureClass::Unavailable, "http-500"),
        (HttpReply::html(200), FailureClass::Unavailable, "garbage"),
        (HttpReply::HangUp, FailureClass::Unavailable, "connection-lost"),
        (
            HttpReply::json(200, &json!({"upload_url": "file:///x", "file_url": "https://x/y"})),
            FailureClass::Unavailable,
            "bad-upload-address",
        ),
        (
            HttpReply::json(429, &json!({"detail": "x"})).with_header("retry-after", "3"),
            FailureClass::Limited { retry_after: Some(Duration::from_secs(3)) },
            "http-429",
        ),
    ] {
        let server = HttpServer::always(reply).await;
        let error = lend(&server, Bytes::from_static(b"x")).await.unwrap_err();
        let LendingError::Provider(error) = error else { panic!("{error}") };
        assert_eq!((error.class, error.code.as_str()), (class, code));
    }
}

#[tokio::test]
async fn a_refused_upload_may_succeed_when_it_is_begun_anew() {
    for status in [400, 403, 404, 413, 500] {
        let server = HttpServer::start(move |request| match request.method.as_str() {
            "PUT" => HttpReply::text(status, "text/plain", &request.target),
            _ => storage(request),
        })
        .await;
        let error = lend(&server, Bytes::from_static(b"x")).await.unwrap_err();
        assert_eq!(error.class(), FailureClass::Unavailable, "{status}");
        assert!(!everything_said(&error).contains("token"), "{error}");
    }
}
