//! Links: for the public host, for virtual hosts, for a week at most.

use std::time::Duration;

use bytes::Bytes;
use kernel::ObjectStore as _;
use minio_adapter::{Addressing, S3ObjectStore, S3Settings};
use testkit::servers::{NginxServer, S3Server};
use testkit::suites::object_store::Stranger as _;

use crate::ground::{Outsider, client, key, put, settings};

fn settings_of(server: &S3Server) -> S3Settings {
    settings(&server.endpoint(), &server.unused_bucket(), S3Server::KEYS)
}

#[tokio::test]
async fn a_link_leads_through_what_stands_in_front_of_the_server() {
    let server = S3Server::shared();
    let nginx = NginxServer::in_front_of(server.address());
    let public = Some(nginx.url().parse().unwrap());
    let store = S3ObjectStore::new(S3Settings { public_base_url: public, ..settings_of(server) }).unwrap();
    put(&store, "images/a-b_c.d/1").await;

    let link = store.link(&key("images/a-b_c.d/1"), Duration::from_mins(1)).await.unwrap().unwrap();
    assert!(link.starts_with(&format!("{}/", nginx.url())), "{link}");
    let outsider = Outsider(client());
    assert_eq!(outsider.fetch(&link).await, Some(Bytes::from_static(b"images/a-b_c.d/1")));

    // The signature holds for this object on this host alone.
    let of_another = link.replacen("a-b_c.d/1", "a-b_c.d/2", 1);
    put(&store, "images/a-b_c.d/2").await;
    assert_eq!(outsider.fetch(&of_another).await, None);
    let at_the_server = link.replacen(&nginx.url(), &server.endpoint(), 1);
    assert_eq!(outsider.fetch(&at_the_server).await, None);
    let without_signature = link.split('?').next().unwrap();
    assert_eq!(outsider.fetch(without_signature).await, None);
}

#[tokio::test]
async fn a_link_names_the_bucket_before_the_host_when_the_server_has_it_so() {
    let server = S3Server::shared();
    let settings = settings_of(server);
    let by_path = S3ObjectStore::new(settings.clone()).unwrap();
    put(&by_path, "images/1").await;

    let host = format!("{}.{}", settings.bucket, S3Server::DOMAIN);
    let endpoint = format!("http://{}:{}", S3Server::DOMAIN, server.address().port());
    let by_host = S3Settings {
        endpoint: endpoint.parse().unwrap(),
        addressing: Addressing::VirtualHost,
        ..settings.clone()
    };
    let store = S3ObjectStore::new(by_host).unwrap();
    let link = store.link(&key("images/1"), Duration::from_mins(1)).await.unwrap().unwrap();
    assert!(link.starts_with(&format!("http://{host}:{}/images/1?", server.address().port())), "{link}");

    // Only this client knows where that host is.
    let client = reqwest::Client::builder().no_proxy().resolve(&host, server.address());
    drop(crate::ground::client());
    let outsider = Outsider(client.build().unwrap());
    assert_eq!(outsider.fetch(&link).await, Some(Bytes::from_static(b"images/1")));
}

#[tokio::test]
async fn a_link_works_for_a_week_at_most_and_a_second_at_least() {
    let store = S3ObjectStore::new(settings("http://s3.example", "studio", S3Server::KEYS)).unwrap();
    for (lifetime, seconds) in [
        (Duration::from_hours(24 * 30), 604_800),
        (Duration::from_hours(24 * 7), 604_800),
        (Duration::from_mins(5), 300),
        (Duration::from_millis(1), 1),
    ] {
        let link = store.link(&key("a"), lifetime).await.unwrap().unwrap();
        assert!(link.contains(&format!("X-Amz-Expires={seconds}&")), "{lifetime:?}: {link}");
        assert!(!link.contains(S3Server::KEYS.secret_key), "{link}");
    }
}
