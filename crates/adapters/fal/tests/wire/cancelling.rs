//! Cancelling work.

use generation::ImageGenerator;
use kernel::FailureClass;
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{fal, handle};

#[tokio::test]
async fn cancelling_is_asked_as_documented() {
    for (status, body) in [
        (202, json!({"status": "CANCELLATION_REQUESTED"})),
        (200, json!({"status": "OK"})),
        (200, json!({"success": true})),
    ] {
        let server = HttpServer::always(HttpReply::json(status, &body)).await;
        fal(&server).cancel(&handle()).await.unwrap();
        let [request] = &server.requests()[..] else { panic!("one request") };
        assert_eq!(
            (request.method.as_str(), request.path()),
            ("PUT", "/fal-ai/flux-lora/requests/r1/cancel")
        );
        assert!(request.body.is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_cancelled_is_told() {
    for (status, body, class) in [
        (400, json!({"status": "ALREADY_COMPLETED"}), FailureClass::Conflict),
        (404, json!({"status": "NOT_FOUND"}), FailureClass::NotFound),
        (401, json!({"detail": "invalid key credentials"}), FailureClass::Misconfigured),
        (500, Value::Null, FailureClass::Unavailable),
    ] {
        let server = HttpServer::always(HttpReply::json(status, &body)).await;
        let error = fal(&server).cancel(&handle()).await.unwrap_err();
        assert_eq!(error.class, class, "{status}");
    }
}
