//! Asking how work stands.

use std::time::Duration;

use generation::{
    GeneratedImage, ImageGenerator, ImageSource, ProviderHandle, SubmissionOutcome, WorkProgress,
};
use kernel::{CallOutcome, FailureClass, ProviderError};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{KEY, fal, handle, submission};

const STATUS: &str = "/fal-ai/flux-lora/requests/r1/status";
const RESULT: &str = "/fal-ai/flux-lora/requests/r1";

/// A FAL that answers the two questions so.
async fn answering(status: HttpReply, result: HttpReply) -> HttpServer {
    HttpServer::start(move |request| if request.path() == RESULT { result.clone() } else { status.clone() })
        .await
}

fn completed() -> HttpReply {
    HttpReply::json(200, &json!({"status": "COMPLETED", "request_id": "r1", "logs": null, "metrics": {}}))
}

fn failed() -> HttpReply {
    HttpReply::json(200, &json!({"status": "COMPLETED", "logs": [], "metrics": {}, "error": "it failed"}))
}

fn output() -> Value {
    json!({
        "images": [
            {"url": "https://v3.fal.media/files/c/d.png", "width": 768, "height": 1024, "content_type": "image/png"},
            {"url": "https://v3.fal.media/files/c/e.png", "width": 768, "height": 1024},
        ],
        "seed": 15_860_307_465_884_635_512_u64, "has_nsfw_concepts": [false, false], "prompt": "…",
        "timings": {"inference": 2.9},
    })
}

fn made(url: &str) -> GeneratedImage {
    GeneratedImage::Made(ImageSource::Remote(url.to_owned()))
}

async fn poll(status: HttpReply, result: HttpReply) -> Result<WorkProgress, ProviderError> {
    let server = answering(status, result).await;
    fal(&server).poll(&handle()).await
}

#[tokio::test]
async fn waiting_and_running_work_is_seen_though_fal_answers_202() {
    for (body, progress) in [
        (json!({"status": "IN_QUEUE", "queue_position": 2}), WorkProgress::Queued { position: Some(2) }),
        (json!({"status": "IN_QUEUE"}), WorkProgress::Queued { position: None }),
        (json!({"status": "IN_PROGRESS", "logs": [{"message": "step 40/1000"}]}), WorkProgress::Running),
    ] {
        let server = HttpServer::always(HttpReply::json(202, &body)).await;
        assert_eq!(fal(&server).poll(&handle()).await.unwrap(), progress);
        let [request] = &server.requests()[..] else { panic!("one request") };
        assert_eq!((request.method.as_str(), request.path()), ("GET", STATUS));
        assert_eq!(request.header("authorization"), Some(format!("Key {KEY}").as_str()));
    }
}

#[tokio::test]
async fn the_images_of_completed_work_are_given_in_order() {
    let progress = poll(completed(), HttpReply::json(200, &output())).await.unwrap();
    assert_eq!(
        progress,
        WorkProgress::Ready(vec![
            made("https://v3.fal.media/files/c/d.png"),
            made("https://v3.fal.media/files/c/e.png")
        ])
    );
    let described = json!({"images": [{"url": "https://x/1"}], "description": "a cat"});
    let progress = poll(completed(), HttpReply::json(200, &described)).await.unwrap();
    assert_eq!(progress, WorkProgress::Ready(vec![made("https://x/1")]));
    let progress = poll(completed(), HttpReply::json(200, &json!({"images": []}))).await.unwrap();
    assert_eq!(progress, WorkProgress::Ready(Vec::new()));
}

#[tokio::test]
async fn flagged_images_are_withheld() {
    let mut output = output();
    output["has_nsfw_concepts"] = json!([true, false]);
    let progress = poll(completed(), HttpReply::json(200, &output)).await.unwrap();
    assert_eq!(
        progress,
        WorkProgress::Ready(vec![GeneratedImage::Withheld, made("https://v3.fal.media/files/c/e.png")])
    );
}

#[tokio::test]
async fn work_that_failed_is_reported_with_its_class() {
    let policy = json!({"detail": [{
        "loc": ["body", "prompt"], "msg": "flagged by a content checker", "type": "content_policy_violation",
        "input": "…", "categories": ["sexual"],
    }]});
    let kind = |kind: &str| {
        let body =
            json!({"status": "COMPLETED", "logs": [], "error": "Request timed out", "error_type": kind});
        HttpReply::json(200, &body)
    };
    let never_asked = HttpReply::HangUp;
    for (status, result, class, code) in [
        (kind("request_timeout"), never_asked.clone(), FailureClass::Unavailable, "request_timeout"),
        (kind("content_policy_violation"), never_asked, FailureClass::Refused, "content_policy_violation"),
        (failed(), HttpReply::json(422, &policy), FailureClass::Refused, "content_policy_violation"),
        (completed(), HttpReply::json(422, &policy), FailureClass::Refused, "content_policy_violation"),
        (
            kind("odd_new_kind"),
            HttpReply::json(422, &policy),
            FailureClass::Refused,
            "content_policy_violation",
        ),
        (failed(), HttpReply::json(500, &json!({"detail": "x"})), FailureClass::Unavailable, "http-500"),
        (completed(), HttpReply::json(422, &json!({"detail": "bad"})), FailureClass::Bug, "http-422"),
        (
            failed(),
            HttpReply::json(504, &json!({"detail": "x", "error_type": "startup_timeout"})),
            FailureClass::Unavailable,
            "startup_timeout",
        ),
        (
            completed(),
            HttpReply::json(200, &json!({"video": {}})),
            FailureClass::Unavailable,
            "unexpected-output",
        ),
    ] {
        let error = poll(status, result).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{code}");
    }
}

#[tokio::test]
async fn a_result_that_is_not_yet_there_means_running() {
    let early = HttpReply::json(400, &json!({"detail": "Request is still in progress"}));
    assert_eq!(poll(completed(), early).await.unwrap(), WorkProgress::Running);
}

#[tokio::test]
async fn work_that_fal_no_longer_knows_is_not_found() {
    let unknown = HttpReply::json(404, &json!({"status": "NOT_FOUND"}));
    for (status, result) in [(unknown.clone(), HttpReply::HangUp), (completed(), unknown)] {
        let error = poll(status, result).await.unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::NotFound, CallOutcome::NotDone));
    }
}

#[tokio::test]
async fn a_failed_question_says_nothing_about_the_work() {
    let locked =
        json!({"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai."});
    let hour = Duration::from_hours(1);
    for (reply, class) in [
        (HttpReply::HangUp, FailureClass::Unavailable),
        (HttpReply::BreakOff { status: 200, announced: 1_000 }, FailureClass::Unavailable),
        (HttpReply::html(200), FailureClass::Unavailable),
        (HttpReply::html(404), FailureClass::Unavailable),
        (HttpReply::html(502), FailureClass::Unavailable),
        (
            HttpReply::json(500, &json!({"detail": "x", "error_type": "internal_error"})),
            FailureClass::Unavailable,
        ),
        (HttpReply::json(503, &json!({"detail": "x"})), FailureClass::Unavailable),
        (HttpReply::json(302, &json!({})).with_header("location", "/elsewhere"), FailureClass::Unavailable),
        (
            HttpReply::json(429, &json!({"detail": "slow down"})).with_header("retry-after", "3600"),
            FailureClass::Limited { retry_after: Some(hour) },
        ),
        (HttpReply::json(401, &json!({"detail": "invalid key credentials"})), FailureClass::Misconfigured),
        (HttpReply::json(403, &locked), FailureClass::Misconfigured),
    ] {
        for (status, result) in [(reply.clone(), HttpReply::HangUp), (completed(), reply.clone())] {
            let error = poll(status, result).await.unwrap_err();
            assert_eq!((error.class, error.outcome), (class, CallOutcome::Unknown), "{reply:?}");
        }
    }
    let error = poll(failed(), HttpReply::json(403, &locked)).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.outcome), ("exhausted-balance", CallOutcome::Unknown));
    let error =
        poll(HttpReply::json(202, &json!({"status": "PONDERING"})), HttpReply::HangUp).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.outcome), ("garbage", CallOutcome::Unknown));
}

#[tokio::test]
async fn addresses_given_by_fal_are_used_at_its_own_host_alone() {
    let foreign = HttpServer::always(HttpReply::json(200, &json!({"status": "IN_PROGRESS"}))).await;
    let elsewhere = foreign.url().to_owned();
    let server = HttpServer::start(move |request| {
        let host = request.header("host").unwrap();
        match (request.method.as_str(), request.path()) {
            ("POST", _) => HttpReply::json(
                200,
                &json!({
                    "request_id": "r1",
                    "status_url": format!("http://{host}/nested/requests/r1/status"),
                    "response_url": format!("{elsewhere}/fal-ai/flux-lora/requests/r1"),
                    "cancel_url": format!("{elsewhere}/fal-ai/flux-lora/requests/r1/cancel"),
                }),
            ),
            (_, "/nested/requests/r1/status") => completed(),
            (_, RESULT) => HttpReply::json(200, &output()),
            ("PUT", _) => HttpReply::json(202, &json!({"status": "CANCELLATION_REQUESTED"})),
            _ => HttpReply::HangUp,
        }
    })
    .await;
    let fal = fal(&server);
    let SubmissionOutcome::Accepted(handle) = fal.submit(&submission()).await.unwrap() else {
        panic!("FAL answers later")
    };

    assert!(matches!(fal.poll(&handle).await.unwrap(), WorkProgress::Ready(images) if images.len() == 2));
    fal.cancel(&handle).await.unwrap();

    assert!(foreign.requests().is_empty(), "the key went to another host");
    let asked: Vec<String> = server.requests().iter().map(|request| request.path().to_owned()).collect();
    assert_eq!(asked[1..], ["/nested/requests/r1/status", RESULT, "/fal-ai/flux-lora/requests/r1/cancel"]);
}

#[tokio::test]
async fn a_stored_address_of_another_host_is_not_asked() {
    let foreign = HttpServer::always(HttpReply::json(200, &json!({"status": "IN_PROGRESS"}))).await;
    let server = HttpServer::always(HttpReply::json(202, &json!({"status": "IN_QUEUE"}))).await;
    let stored = json!({
        "endpoint": "fal-ai/flux-lora", "request_id": "r1", "status_url": format!("{}/status", foreign.url()),
    });
    let progress = fal(&server).poll(&ProviderHandle::new(stored.to_string())).await.unwrap();
    assert_eq!(progress, WorkProgress::Queued { position: None });
    assert!(foreign.requests().is_empty());
    assert_eq!(server.requests()[0].path(), STATUS);
}

#[tokio::test]
async fn a_damaged_handle_is_a_bug() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    for damaged in
        ["", "r1", "{}", r#"{"endpoint":"x","request_id":"r1"}"#, r#"{"endpoint":"a/b","request_id":"../r"}"#]
    {
        let error = fal(&server).poll(&ProviderHandle::new(damaged)).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Bug, "bad-handle"), "{damaged}");
    }
    assert!(server.requests().is_empty());
}
