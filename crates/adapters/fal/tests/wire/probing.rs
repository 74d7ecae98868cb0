//! The free call that shows whether a model can be used.

use std::sync::Arc;
use std::time::Duration;

use generation::ImageGenerator;
use kernel::FailureClass;
use serde_json::json;
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{TestClock, build, fal, model, settings};

#[tokio::test]
async fn a_request_that_does_not_exist_shows_that_the_key_is_good() {
    let server = HttpServer::always(HttpReply::json(404, &json!({"status": "NOT_FOUND"}))).await;
    let clock = TestClock::at(1_700_000_000);
    let fal = build(settings(&server), Arc::clone(&clock));
    fal.probe(&model("fal-ai/flux-pro/v1.1", &[])).await.unwrap();
    clock.forward(Duration::from_secs(1));
    fal.probe(&model("fal-ai/flux-pro/v1.1", &[])).await.unwrap();

    let requests = server.requests();
    let ids: Vec<&str> = requests
        .iter()
        .map(|request| {
            assert_eq!(request.method, "GET");
            let path = request.path().strip_prefix("/fal-ai/flux-pro/requests/").unwrap();
            path.strip_suffix("/status").unwrap()
        })
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| uuid::Uuid::parse_str(id).is_ok()), "{ids:?}");
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let locked = json!({"detail": "User is locked. Reason: TOP_UP."});
    for (reply, class, code, concerns_model) in [
        (
            HttpReply::json(401, &json!({"detail": "invalid key credentials"})),
            FailureClass::Misconfigured,
            "bad-key",
            false,
        ),
        (HttpReply::json(403, &locked), FailureClass::Misconfigured, "exhausted-balance", false),
        (
            HttpReply::json(404, &json!({"detail": "Application 'flux-lora' not found"})),
            FailureClass::Misconfigured,
            "model-not-found",
            true,
        ),
        (HttpReply::html(404), FailureClass::Unavailable, "garbage", false),
        (HttpReply::json(200, &json!({"status": "IN_QUEUE"})), FailureClass::Unavailable, "garbage", false),
        (HttpReply::json(503, &json!({})), FailureClass::Unavailable, "http-503", false),
        (HttpReply::HangUp, FailureClass::Unavailable, "connection-lost", false),
    ] {
        let server = HttpServer::always(reply).await;
        let fal = fal(&server);
        let error = fal.probe(&model("fal-ai/flux-lora", &[])).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code));
        assert_eq!(fal.concerns_model(&error), concerns_model, "{code}");
    }
}
