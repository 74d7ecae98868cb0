//! Objects by signed link.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use kernel::{ObjectKey, ObjectStore as _};
use testkit::fakes::{FakeDigests, ManualClock};
use web::ObjectLinks;

use crate::site::{Opening, Site, local};

const MINUTE: Duration = Duration::from_mins(1);

async fn keep(site: &Site, key: &str, bytes: &[u8]) -> ObjectKey {
    let key: ObjectKey = key.parse().unwrap();
    site.objects.put(&key, Bytes::copy_from_slice(bytes), "application/octet-stream").await.unwrap();
    key
}

fn link(site: &Site, key: &ObjectKey) -> String {
    local(&site.links.link(key, MINUTE).unwrap())
}

#[tokio::test]
async fn a_link_opens_its_object_with_the_type_of_its_content() {
    let site = Site::open(Opening::default()).await;
    let large = [b"\xff\xd8\xff".to_vec(), vec![7; 200_000]].concat();
    for (key, bytes, content_type) in [
        ("images/a/b/0", large.as_slice(), "image/jpeg"),
        ("images/a/b/1", b"\x89PNG\r\n\x1a\n".as_slice(), "image/png"),
        ("images/a/b/2", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("weights/a", b"{}", "application/octet-stream"),
        ("nothing", b"", "application/octet-stream"),
    ] {
        let key = keep(&site, key, bytes).await;
        let answer = site.get(&link(&site, &key)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.body, bytes);
        assert_eq!(answer.headers[CONTENT_TYPE], content_type);
        assert_eq!(answer.headers[CONTENT_LENGTH], bytes.len().to_string());
        assert_eq!(answer.headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(answer.headers[CACHE_CONTROL], "private, max-age=60");
    }
}

#[tokio::test]
async fn a_link_expires() {
    let site = Site::open(Opening::default()).await;
    let key = keep(&site, "images/a", b"x").await;
    let path = link(&site, &key);
    site.clock.advance(Duration::from_millis(59_999));
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    site.clock.advance(Duration::from_millis(1));
    assert_eq!(site.get(&path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn nobody_makes_a_link_but_us() {
    let site = Site::open(Opening::default()).await;
    let key = keep(&site, "images/a", b"x").await;
    keep(&site, "images/b", b"y").await;
    let path = link(&site, &key);
    for forged in [
        "/objects/images/a".to_owned(),
        path.replace("images/a", "images/b"),
        path.replace("images/a", "images/%2e%2e/a"),
        path.replace("expires=1", "expires=2"),
        path.replace("mac=", "mac=0"),
        path.split("&mac").next().unwrap().to_owned(),
        path.replace("expires=", "expires=x"),
    ] {
        assert_eq!(site.get(&forged).await.status, StatusCode::FORBIDDEN, "{forged}");
    }
}

#[tokio::test]
async fn an_object_that_is_gone_is_not_found() {
    let site = Site::open(Opening::default()).await;
    let key: ObjectKey = "images/gone".parse().unwrap();
    assert_eq!(site.get(&link(&site, &key)).await.status, StatusCode::NOT_FOUND);
}

#[test]
fn without_a_public_url_there_are_no_links() {
    let digests = std::sync::Arc::new(FakeDigests::default());
    let links = ObjectLinks::new(None, digests, std::sync::Arc::new(ManualClock::default()));
    assert_eq!(links.link(&"a".parse().unwrap(), MINUTE), None);
}
