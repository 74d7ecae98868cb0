//! What is sent, and to whom.

use bytes::Bytes;
use kernel::{FailureClass, Moderator};
use serde_json::json;
use testkit::servers::HttpServer;

use crate::setup::{answer, client};

#[tokio::test]
async fn a_check_is_asked_for_as_openai_expects_it() {
    let allowed = r#"{"results":[{"flagged":false,"categories":{}}]}"#;
    let server = HttpServer::always(answer(200, allowed)).await;
    client(server.address()).review("a \"quoted\" лиса\n\u{1f98a}").await.unwrap();
    let [request] = server.requests().try_into().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v1/moderations"));
    assert_eq!(request.header("authorization"), Some("Bearer sk-a-test-key"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(
        request.json(),
        json!({"model": "omni-moderation-latest", "input": "a \"quoted\" лиса\n\u{1f98a}"})
    );
}

#[tokio::test]
async fn a_photo_is_checked_as_openai_expects_it() {
    let allowed = r#"{"results":[{"flagged":false,"categories":{}}]}"#;
    let server = HttpServer::always(answer(200, allowed)).await;
    client(server.address()).review_photo(&Bytes::from_static(b"\x89PNG a photo")).await.unwrap();
    let [request] = server.requests().try_into().unwrap();
    assert_eq!(request.target, "/v1/moderations");
    let url = "data:image/png;base64,iVBORyBhIHBob3Rv";
    assert_eq!(
        request.json(),
        json!({"model": "omni-moderation-latest", "input": [{"type": "image_url", "image_url": {"url": url}}]})
    );
}

#[tokio::test]
async fn a_probe_looks_for_the_model_and_costs_nothing() {
    for (models, expected) in [
        (r#"{"data":[{"id":"gpt-6-luna"},{"id":"omni-moderation-latest"}]}"#, None),
        (r#"{"data":[{"id":"gpt-6-luna"}]}"#, Some(FailureClass::Misconfigured)),
        (r#"{"data":[]}"#, Some(FailureClass::Misconfigured)),
        ("[]", Some(FailureClass::Unavailable)),
    ] {
        let server = HttpServer::always(answer(200, models)).await;
        let outcome = client(server.address()).probe().await;
        assert_eq!(outcome.err().map(|error| error.class), expected, "{models}");
        let [request] = server.requests().try_into().unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/v1/models"));
        assert_eq!(request.header("authorization"), Some("Bearer sk-a-test-key"));
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_so_that_the_key_goes_nowhere_else() {
    let elsewhere = HttpServer::always(answer(200, "{}")).await;
    let location = format!("{}/v1/moderations", elsewhere.url());
    let server = HttpServer::always(answer(307, "").with_header("location", &location)).await;
    let error = client(server.address()).review("some words").await.unwrap_err();
    assert_eq!(error.class, FailureClass::Unavailable);
    assert_eq!(server.requests().len(), 1);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_failed_call_is_not_repeated_here() {
    let server = HttpServer::always(answer(500, "")).await;
    client(server.address()).review("some words").await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
}
