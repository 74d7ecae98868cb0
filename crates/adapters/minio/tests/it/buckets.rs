//! The bucket: made when it is missing, and told what is temporary.

use std::sync::Arc;

use futures::future::join_all;
use kernel::{FailureClass, ObjectStore as _};
use minio_adapter::{S3ObjectStore, S3Settings};
use s3::serde_types::{BucketLifecycleConfiguration, Expiration, LifecycleFilter, LifecycleRule};
use testkit::servers::{HttpReply, HttpServer, S3Server};

use crate::ground::{bucket, key, new_store, open, put, settings};

#[tokio::test]
async fn a_bucket_that_is_missing_is_made_by_whoever_needs_it_first() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    assert!(!bucket(server, &name).exists().await.unwrap());
    let stores: Vec<_> = (0..4).map(|_| Arc::new(open(&server.endpoint(), &name))).collect();
    let looks = join_all(stores.iter().map(|store| async { store.list("", None, 10).await })).await;
    for look in looks {
        assert_eq!(look.unwrap(), []);
    }
    assert!(bucket(server, &name).exists().await.unwrap());
}

#[tokio::test]
async fn the_server_itself_removes_what_is_temporary() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    put(&open(&server.endpoint(), &name), "images/1").await;
    let mut told = rules(server, &name).await;
    told.sort();
    assert_eq!(
        told,
        [
            "aisha-attempts: attempts/ for 14 days",
            "aisha-exports: exports/ for 14 days",
            "aisha-trainings: trainings/ for 14 days",
            "aisha-unfinished-uploads: unfinished for 2 days",
        ]
    );
}

#[tokio::test]
async fn what_an_operator_told_the_bucket_stays() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    put(&open(&server.endpoint(), &name), "images/1").await;
    let days = |id: &str, prefix: &str, days| {
        LifecycleRule::builder("Enabled")
            .id(id)
            .filter(LifecycleFilter::new(None, None, None, Some(prefix.to_owned()), None))
            .expiration(Expiration::new(None, Some(days), None))
            .build()
    };
    let set = vec![days("theirs", "logs/", 3), days("aisha-exports", "exports/", 99)];
    bucket(server, &name).put_bucket_lifecycle(BucketLifecycleConfiguration::new(set)).await.unwrap();

    put(&open(&server.endpoint(), &name), "images/2").await;
    let told = rules(server, &name).await;
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.contains(&"theirs: logs/ for 3 days".to_owned()), "{told:?}");
    assert!(told.contains(&"aisha-exports: exports/ for 14 days".to_owned()), "{told:?}");
}

#[tokio::test]
async fn a_server_that_knows_no_lifecycles_is_used_without() {
    let server = HttpServer::start(|request| match request.target.split_once('?') {
        Some((_, query)) if query.contains("lifecycle") => error(501, "NotImplemented"),
        Some(_) => empty_list(),
        None => HttpReply::text(200, "text/plain", "the object"),
    })
    .await;
    let store = open(server.url(), "studio");
    assert_eq!(store.get(&key("a")).await.unwrap().unwrap(), "the object");
    let lifecycles = |method: &str| {
        let asked = server.requests();
        asked
            .iter()
            .filter(|request| request.method == method && request.target.contains("lifecycle"))
            .count()
    };
    assert_eq!((lifecycles("GET"), lifecycles("PUT")), (1, 0), "it is asked once");
}

#[tokio::test]
async fn a_bucket_in_another_region_than_the_usual_is_asked_for() {
    let server = HttpServer::start(|request| match request.method.as_str() {
        "GET" if request.target.contains("list-type") => error(404, "NoSuchBucket"),
        "PUT" if request.body.is_empty() => error(400, "IllegalLocationConstraintException"),
        _ => HttpReply::text(200, "application/xml", ""),
    })
    .await;
    for (region, asked_for) in [("eu-central-1", Some("eu-central-1")), ("us-east-1", None)] {
        let settings = settings(server.url(), "studio", S3Server::KEYS);
        let store = S3ObjectStore::new(S3Settings { region: region.to_owned(), ..settings }).unwrap();
        let outcome = store.head(&key("a")).await;
        let made = server.requests().into_iter().rfind(|request| request.path() == "/studio").unwrap();
        let body = String::from_utf8(made.body).unwrap();
        if let Some(region) = asked_for {
            assert!(outcome.is_ok(), "{outcome:?}");
            assert!(body.contains(&format!("<LocationConstraint>{region}</LocationConstraint>")), "{body}");
        } else {
            let error = outcome.unwrap_err();
            assert_eq!((body.as_str(), error.class()), ("", FailureClass::Misconfigured));
            assert!(error.to_string().contains("region"), "{error}");
        }
    }
}

#[tokio::test]
async fn what_others_put_into_the_bucket_is_no_object_and_goes_with_its_prefix() {
    let server = S3Server::shared();
    let name = server.unused_bucket();
    let store = open(&server.endpoint(), &name);
    put(&store, "a/1").await;
    bucket(server, &name).put_object("/a/Read Me.txt", b"theirs").await.unwrap();
    put(&store, "a/2").await;
    let listed = store.list("a/", None, 2).await.unwrap();
    assert_eq!(listed.into_iter().map(|info| info.key).collect::<Vec<_>>(), [key("a/1"), key("a/2")]);
    assert_eq!(store.delete_prefix("a/").await.unwrap(), 3);
}

#[tokio::test]
async fn an_object_has_the_type_that_it_was_put_with() {
    let server = S3Server::shared();
    let store = new_store(server);
    store.put(&key("image"), "png".into(), "image/png").await.unwrap();
    let link = store.link(&key("image"), std::time::Duration::from_mins(1)).await.unwrap().unwrap();
    let answer = crate::ground::client().get(link).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
}

/// What the server was told about the bucket, a line a rule.
async fn rules(server: &S3Server, name: &str) -> Vec<String> {
    let told = bucket(server, name).get_bucket_lifecycle().await.unwrap();
    told.rules.iter().map(line_of).collect()
}

fn line_of(rule: &LifecycleRule) -> String {
    let id = rule.id.as_deref().unwrap_or_default();
    let prefix = rule.filter.as_ref().and_then(|filter| filter.prefix.as_deref()).unwrap_or_default();
    let days = rule.expiration.as_ref().and_then(|expiration| expiration.days);
    let unfinished =
        rule.abort_incomplete_multipart_upload.as_ref().and_then(|abort| abort.days_after_initiation);
    match (days, unfinished) {
        (Some(days), None) => format!("{id}: {prefix} for {days} days"),
        (None, Some(days)) => format!("{id}: unfinished for {days} days"),
        other => panic!("{id}: {other:?}"),
    }
}

pub(crate) fn error(status: u16, code: &str) -> HttpReply {
    HttpReply::text(status, "application/xml", &format!("<Error><Code>{code}</Code></Error>"))
}

pub(crate) fn empty_list() -> HttpReply {
    let list = "<ListBucketResult><Name>studio</Name><Prefix></Prefix><IsTruncated>false</IsTruncated>\
                </ListBucketResult>";
    HttpReply::text(200, "application/xml", list)
}
