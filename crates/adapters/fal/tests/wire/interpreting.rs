//! What verified callbacks say.

use generation::{GeneratedImage, ImageGenerator, ImageSource, ModelId, WorkProgress};
use kernel::{CallOutcome, FailureClass, ProviderEvent};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{fal, handle};

fn event(body: &Value) -> ProviderEvent {
    ProviderEvent { request_id: "r1".to_owned(), body: body.to_string() }
}

fn model() -> ModelId {
    ModelId::new("fal-ai/flux-lora")
}

fn output() -> Value {
    json!({
        "images": [{"url": "https://v3.fal.media/a.png"}, {"url": "https://v3.fal.media/b.png"}],
        "has_nsfw_concepts": [false, true],
    })
}

/// The status that a poll of the same work meets, and the result.
async fn poll_of(status: u16, result: Value) -> Result<WorkProgress, kernel::ProviderError> {
    let server = HttpServer::start(move |request| {
        if request.path().ends_with("/status") {
            let mut body = json!({"status": "COMPLETED", "logs": null});
            if status >= 400 {
                body["error"] = json!("it failed");
            }
            HttpReply::json(200, &body)
        } else {
            HttpReply::json(status, &result)
        }
    })
    .await;
    fal(&server).poll(&handle()).await
}

#[tokio::test]
async fn a_finished_request_names_its_handle_and_images() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let body = json!({"request_id": "r1", "gateway_request_id": "r1b", "status": "OK", "payload": output()});
    let (found, progress) = fal(&server).interpret(&model(), &event(&body)).unwrap();
    assert_eq!(found, handle());
    let expected = WorkProgress::Ready(vec![
        GeneratedImage::Made(ImageSource::Remote("https://v3.fal.media/a.png".to_owned())),
        GeneratedImage::Withheld,
    ]);
    assert_eq!(progress.unwrap(), expected);
    assert_eq!(poll_of(200, output()).await.unwrap(), expected);
}

#[tokio::test]
async fn a_callback_says_what_a_poll_would_say() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let fal = fal(&server);
    let problem = |kind: &str| json!({"detail": [{"loc": ["body", "prompt"], "msg": "x", "type": kind}]});
    for (status, payload, class) in [
        (422, problem("content_policy_violation"), FailureClass::Refused),
        (422, problem("sequence_too_long"), FailureClass::Invalid),
        (422, problem("no_media_generated"), FailureClass::Unavailable),
        (422, json!({"detail": "bad"}), FailureClass::Bug),
        (500, json!({"detail": "x", "error_type": "runner_server_error"}), FailureClass::Unavailable),
        (504, json!({"detail": "x", "error_type": "request_timeout"}), FailureClass::Unavailable),
        (503, json!({"detail": "x"}), FailureClass::Unavailable),
    ] {
        let body = json!({
            "request_id": "r1", "status": "ERROR", "error": format!("Invalid status code: {status}"), "payload": payload,
        });
        let (found, progress) = fal.interpret(&model(), &event(&body)).unwrap();
        let heard = progress.unwrap_err();
        let asked = poll_of(status, payload.clone()).await.unwrap_err();
        assert_eq!(found, handle());
        assert_eq!(heard.class, class, "{payload}");
        assert_eq!(heard.outcome, CallOutcome::NotDone, "{payload}");
        assert_eq!((heard.class, heard.outcome, &heard.code), (asked.class, asked.outcome, &asked.code));
    }
}

#[tokio::test]
async fn a_failure_without_words_may_pass() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let body =
        json!({"request_id": "r1", "status": "ERROR", "error": "Invalid status code: 502", "payload": null});
    let (_, progress) = fal(&server).interpret(&model(), &event(&body)).unwrap();
    assert_eq!(progress.unwrap_err().class, FailureClass::Unavailable);
}

#[tokio::test]
async fn a_callback_without_the_output_names_the_work_and_makes_us_ask() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    for body in [
        json!({"request_id": "r1", "status": "OK", "payload": null, "payload_error": "not serialisable"}),
        json!({"request_id": "r1", "status": "OK"}),
    ] {
        let (named, progress) = fal(&server).interpret(&model(), &event(&body)).unwrap();
        assert_eq!((named, progress.unwrap()), (handle(), WorkProgress::Running), "{body}");
    }
}

#[tokio::test]
async fn a_callback_that_does_not_say_how_it_went_makes_us_ask() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    for body in [
        json!({"request_id": "r1", "status": "PONDERING", "payload": {}}),
        json!({"request_id": "r1"}),
        json!([]),
    ] {
        let error = fal(&server).interpret(&model(), &event(&body)).unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::Unknown), "{body}");
    }
}
