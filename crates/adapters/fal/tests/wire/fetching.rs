//! Fetching finished images.

use std::time::Duration;

use fal_adapter::FalSettings;
use generation::ImageGenerator;
use kernel::{CallOutcome, FailureClass};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{TestClock, build, fal, settings};

const LARGEST: usize = 32 * 1024 * 1024;

#[tokio::test]
async fn bytes_come_without_the_key_being_shown() {
    let server = HttpServer::always(HttpReply::text(200, "image/png", "bytes of an image")).await;
    let bytes = fal(&server).fetch(&format!("{}/files/a.png", server.url())).await.unwrap();
    assert_eq!(&bytes[..], b"bytes of an image");
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path()), ("GET", "/files/a.png"));
    assert_eq!(request.header("authorization"), None);
}

#[tokio::test]
async fn addresses_outside_the_allowed_hosts_are_refused() {
    let foreign = HttpServer::always(HttpReply::text(200, "image/png", "x")).await;
    let server = HttpServer::always(HttpReply::HangUp).await;
    let fal = fal(&server);
    let port = server.url().rsplit(':').next().unwrap();
    for address in [
        format!("{}/a.png", foreign.url()),
        format!("http://localhost:{port}/a.png"),
        format!("https://127.0.0.1:{port}/a.png"),
        format!("http://user@127.0.0.1:{port}/a.png"),
        format!("http://127.0.0.1:{port}@example.com/a.png"),
        "https://v3.fal.media/a.png".to_owned(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:image/png;base64,AAAA".to_owned(),
    ] {
        let error = fal.fetch(&address).await.unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str()),
            (FailureClass::Misconfigured, "foreign-result-host"),
            "{address}"
        );
    }
    let error = fal.fetch("not an address").await.unwrap_err();
    assert_eq!(error.code, "bad-result-address");
    assert!(foreign.requests().is_empty());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn fals_own_hosts_are_allowed_when_nothing_else_is_said() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let own = FalSettings::new(settings(&server).key).result_hosts;
    let fal = build(FalSettings { result_hosts: own, ..settings(&server) }, TestClock::at(0));
    let error = fal.fetch(&format!("{}/a.png", server.url())).await.unwrap_err();
    assert!(error.detail.contains("https://*.fal.media:443"), "{}", error.detail);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = HttpServer::always(HttpReply::text(200, "image/png", "x")).await;
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = format!("{}/a.png", target.url());
        let server =
            HttpServer::always(HttpReply::text(status, "text/plain", "").with_header("location", &elsewhere))
                .await;
        let error = fal(&server).fetch(&format!("{}/a.png", server.url())).await.unwrap_err();
        assert_eq!(error.code, "redirected", "{status}");
        assert_eq!(server.requests().len(), 1);
    }
    assert!(target.requests().is_empty());
}

#[tokio::test]
async fn more_than_the_size_limit_is_refused_announced_or_not() {
    let announced = HttpReply::BreakOff { status: 200, announced: LARGEST + 1 };
    for reply in [HttpReply::Unannounced { bytes: LARGEST + 1 }, announced] {
        let server = HttpServer::always(reply).await;
        let error = fal(&server).fetch(&format!("{}/a.png", server.url())).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "image-too-large"));
    }
    let server = HttpServer::always(HttpReply::Unannounced { bytes: LARGEST }).await;
    let bytes = fal(&server).fetch(&format!("{}/a.png", server.url())).await.unwrap();
    assert_eq!(bytes.len(), LARGEST);
}

#[tokio::test]
async fn failures_have_their_classes_and_no_effect() {
    for (reply, class, code) in [
        (HttpReply::html(404), FailureClass::NotFound, "result-gone"),
        (HttpReply::html(403), FailureClass::NotFound, "result-gone"),
        (HttpReply::html(410), FailureClass::NotFound, "result-gone"),
        (HttpReply::html(500), FailureClass::Unavailable, "http-500"),
        (HttpReply::text(206, "image/png", "x"), FailureClass::Unavailable, "http-206"),
        (
            HttpReply::html(429).with_header("retry-after", "3"),
            FailureClass::Limited { retry_after: Some(Duration::from_secs(3)) },
            "http-429",
        ),
        (HttpReply::HangUp, FailureClass::Unavailable, "connection-lost"),
        (HttpReply::BreakOff { status: 200, announced: 1_000 }, FailureClass::Unavailable, "connection-lost"),
    ] {
        let server = HttpServer::always(reply).await;
        let error = fal(&server).fetch(&format!("{}/a.png", server.url())).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{code}");
    }
}

#[tokio::test]
async fn a_slow_host_is_given_up() {
    let server = HttpServer::always(HttpReply::Silence).await;
    let settings = FalSettings { fetch_timeout: Duration::from_millis(100), ..settings(&server) };
    let error =
        build(settings, TestClock::at(0)).fetch(&format!("{}/a.png", server.url())).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.outcome), ("timeout", CallOutcome::NotDone));
}
