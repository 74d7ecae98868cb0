//! Neither key nor prompt appears in any error.

use generation::{ImageGenerator, Submission};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};

use crate::setup::{KEY, PROMPT, build, everything_said, four_predictions, imagen, settings, submission};

fn assert_discreet(said: &str) {
    for secret in ["cockatrice", "crimson", "umbrella", "s3cr3tgooglekey"] {
        assert!(!said.to_lowercase().contains(secret), "{secret}: {said}");
    }
}

/// Everything in a request, as a careless server would quote it.
fn quote(request: &HttpRequest) -> String {
    format!("{} {:?} {}", request.target, request.headers, String::from_utf8_lossy(&request.body))
}

/// Answers that quote words in every place where one might look for any.
fn quoting() -> [fn(&str) -> Value; 5] {
    [
        |words| {
            json!({"error": {"code": 400, "message": words, "status": words, "details": [
                {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": words},
                {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": words}]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": words},
            ]}})
        },
        |words| json!([{"error": {"message": words}}]),
        |words| json!({"promptFeedback": {"blockReason": words}}),
        |words| json!({"candidates": [{"finishReason": words, "finishMessage": words}]}),
        |words| json!({"candidates": words, "predictions": words}),
    ]
}

async fn assert_discreet_about(submission: &Submission) {
    for status in [200, 302, 400, 401, 403, 404, 429, 500, 503] {
        for body in quoting() {
            let server =
                HttpServer::start(move |request| HttpReply::json(status, &body(&quote(request)))).await;
            let error = imagen(&server).submit(submission).await.unwrap_err();
            assert_discreet(&everything_said(&error));
        }
        let server =
            HttpServer::start(move |request| HttpReply::text(status, "text/plain", &quote(request))).await;
        assert_discreet(&everything_said(&imagen(&server).submit(submission).await.unwrap_err()));
    }
}

#[tokio::test]
async fn what_google_quotes_is_not_repeated() {
    assert_discreet_about(&submission()).await;
    assert_discreet_about(&four_predictions()).await;
}

#[tokio::test]
async fn what_a_probe_is_told_is_not_repeated() {
    let quoted = format!("{PROMPT} {KEY}");
    for status in [200, 400, 403, 404, 500] {
        for body in quoting() {
            let server = HttpServer::always(HttpReply::json(status, &body(&quoted))).await;
            let error = imagen(&server).probe(&submission().model).await.unwrap_err();
            assert_discreet(&everything_said(&error));
        }
    }
}

#[tokio::test]
async fn broken_connections_say_nothing_either() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    assert_discreet(&everything_said(&imagen(&server).submit(&submission()).await.unwrap_err()));
    let gone = settings(&server);
    drop(server);
    assert_discreet(&everything_said(&build(gone).submit(&submission()).await.unwrap_err()));
}

#[tokio::test]
async fn what_is_harmless_is_repeated_for_the_operator() {
    let body = json!({"error": {
        "code": 400, "status": "INVALID_ARGUMENT", "message": "Image size is not supported by models/x.",
    }});
    let server = HttpServer::always(HttpReply::json(400, &body)).await;
    let error = imagen(&server).submit(&submission()).await.unwrap_err();
    assert!(error.detail.contains("Image size is not supported by models/x."), "{}", error.detail);
}
