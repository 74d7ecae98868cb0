//! FAL's error tables, row by row.

use std::time::Duration;

use generation::ImageGenerator;
use kernel::{CallOutcome, FailureClass, ProviderError};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{fal, submission};

async fn submit_to(reply: HttpReply) -> ProviderError {
    let server = HttpServer::always(reply).await;
    fal(&server).submit(&submission()).await.unwrap_err()
}

fn problem(field: &str, kind: &str) -> Value {
    json!({"detail": [{
        "loc": ["body", field], "msg": "something is wrong", "type": kind, "url": format!("https://docs.fal.ai/errors#{kind}"),
    }]})
}

#[tokio::test]
async fn problems_with_the_input_have_their_classes() {
    use FailureClass::{Bug, Invalid, Refused, Unavailable};
    for (status, field, kind, class) in [
        (422, "prompt", "content_policy_violation", Refused),
        (422, "image_url", "content_policy_violation", Refused),
        (500, "prompt", "internal_server_error", Unavailable),
        (504, "prompt", "generation_timeout", Unavailable),
        (400, "prompt", "downstream_service_error", Unavailable),
        (500, "prompt", "downstream_service_error", Unavailable),
        (500, "prompt", "downstream_service_unavailable", Unavailable),
        (422, "prompt", "no_media_generated", Unavailable),
        (422, "image_url", "image_too_small", Invalid),
        (422, "image_url", "image_too_large", Invalid),
        (422, "image_url", "image_load_error", Invalid),
        (422, "image_url", "file_download_error", Unavailable),
        (422, "image_url", "file_too_large", Invalid),
        (422, "image_url", "face_detection_error", Invalid),
        (422, "image_url", "unsupported_image_format", Invalid),
        (422, "images_data_url", "invalid_archive", Invalid),
        (422, "images_data_url", "archive_file_count_below_minimum", Invalid),
        (422, "images_data_url", "archive_file_count_exceeds_maximum", Invalid),
        (422, "prompt", "sequence_too_long", Invalid),
        (422, "prompt", "string_too_short", Invalid),
        (422, "num_images", "greater_than", Bug),
        (422, "num_images", "greater_than_equal", Bug),
        (422, "num_images", "less_than", Bug),
        (422, "num_images", "less_than_equal", Bug),
        (422, "image_size", "multiple_of", Bug),
        (422, "loras", "sequence_too_short", Bug),
        (422, "loras", "value_error", Unavailable),
        (422, "image_data_url", "value_error", Invalid),
        (422, "image_size", "one_of", Bug),
        (422, "prompt", "feature_not_supported", Bug),
        (422, "image_size", "missing", Bug),
        (422, "image_size", "string_type", Bug),
        (422, "output_format", "enum", Bug),
        (422, "image_size", "brand_new_code", Bug),
    ] {
        let error = submit_to(HttpReply::json(status, &problem(field, kind))).await;
        assert_eq!((error.class, error.code.as_str()), (class, kind), "{kind} at {field}");
        assert_eq!(error.outcome, CallOutcome::NotDone, "{kind}");
        assert!(error.detail.contains(field), "{}", error.detail);
    }
}

#[tokio::test]
async fn of_several_problems_a_refusal_decides() {
    let several = json!({"detail": [
        {"loc": ["body", "num_images"], "msg": "x", "type": "less_than_equal"},
        {"loc": ["body", "prompt"], "msg": "x", "type": "content_policy_violation"},
    ]});
    assert_eq!(submit_to(HttpReply::json(422, &several)).await.class, FailureClass::Refused);
    let bare = several["detail"].clone();
    assert_eq!(submit_to(HttpReply::json(422, &bare)).await.class, FailureClass::Refused);
}

#[tokio::test]
async fn failures_of_the_infrastructure_pass() {
    for (status, kind) in [
        (504, "request_timeout"),
        (504, "startup_timeout"),
        (503, "runner_scheduling_failure"),
        (503, "runner_connection_timeout"),
        (503, "runner_disconnected"),
        (503, "runner_connection_refused"),
        (503, "runner_connection_error"),
        (502, "runner_incomplete_response"),
        (500, "runner_server_error"),
        (499, "client_disconnected"),
        (499, "client_cancelled"),
        (500, "internal_error"),
    ] {
        let in_body = HttpReply::json(status, &json!({"detail": "x", "error_type": kind}));
        let in_header =
            HttpReply::json(status, &json!({"detail": "x"})).with_header("x-fal-error-type", kind);
        for reply in [in_body, in_header] {
            let error = submit_to(reply).await;
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, kind));
            assert_eq!(error.outcome, CallOutcome::NotDone, "{kind}");
        }
    }
    let error = submit_to(HttpReply::json(400, &json!({"detail": "x", "error_type": "bad_request"}))).await;
    assert_eq!(error.class, FailureClass::Bug);
}

#[tokio::test]
async fn trouble_with_the_account_is_for_the_operator_and_concerns_no_model() {
    let exhausted =
        "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.";
    for (status, detail, code) in [
        (401, "invalid key credentials", "bad-key"),
        (402, "payment required", "exhausted-balance"),
        (403, exhausted, "exhausted-balance"),
        (403, "User is locked. Reason: TOP_UP.", "exhausted-balance"),
        (403, "User is locked. Reason: abuse.", "account-locked"),
        (403, "not allowed", "forbidden"),
    ] {
        let server = HttpServer::always(HttpReply::json(status, &json!({"detail": detail}))).await;
        let fal = fal(&server);
        let error = fal.submit(&submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, code));
        assert_eq!(error.outcome, CallOutcome::NotDone);
        assert!(!fal.concerns_model(&error), "{code}");
    }
}

#[tokio::test]
async fn a_model_that_fal_does_not_have_concerns_the_model_alone() {
    for status in [404, 405, 410] {
        let body = json!({"detail": "Application 'flux-lora' not found"});
        let server = HttpServer::always(HttpReply::json(status, &body)).await;
        let fal = fal(&server);
        let error = fal.submit(&submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "model-not-found"));
        assert!(fal.concerns_model(&error));
    }
}

#[tokio::test]
async fn too_many_requests_carry_the_wait_that_fal_names() {
    let limit = json!({"detail": "x", "error_type": "concurrent_requests_limit"});
    for (reply, retry_after) in [
        (HttpReply::json(429, &limit).with_header("retry-after", "7"), Some(Duration::from_secs(7))),
        (HttpReply::json(429, &limit), None),
        (HttpReply::json(429, &json!({"detail": "Queue is full"})), None),
        (HttpReply::html(429).with_header("retry-after", "2"), Some(Duration::from_secs(2))),
        (HttpReply::json(429, &limit).with_header("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"), None),
    ] {
        let error = submit_to(reply).await;
        assert_eq!(error.class, FailureClass::Limited { retry_after });
    }
}

#[tokio::test]
async fn fals_advice_decides_about_unknown_codes() {
    let unknown = problem("image_size", "brand_new_code");
    for (header, value, class) in [
        ("x-fal-needs-retry", "1", FailureClass::Unavailable),
        ("x-fal-needs-retry", "true", FailureClass::Unavailable),
        ("x-fal-retryable", "true", FailureClass::Unavailable),
        ("x-fal-needs-retry", "0", FailureClass::Bug),
        ("x-fal-retryable", "false", FailureClass::Bug),
    ] {
        let error = submit_to(HttpReply::json(422, &unknown).with_header(header, value)).await;
        assert_eq!(error.class, class, "{header}: {value}");
    }
}

#[tokio::test]
async fn other_answers_have_a_class_as_well() {
    for (reply, class, code) in [
        (HttpReply::json(422, &json!({"detail": "bad input"})), FailureClass::Bug, "http-422"),
        (HttpReply::json(418, &json!({})), FailureClass::Bug, "http-418"),
        (HttpReply::json(408, &json!({})), FailureClass::Unavailable, "http-408"),
        (HttpReply::json(500, &json!({})), FailureClass::Unavailable, "http-500"),
        (HttpReply::text(503, "text/plain", ""), FailureClass::Unavailable, "http-503"),
        (HttpReply::BreakOff { status: 503, announced: 1_000 }, FailureClass::Unavailable, "http-503"),
        (HttpReply::html(400), FailureClass::Unavailable, "garbage"),
        (HttpReply::html(500), FailureClass::Unavailable, "garbage"),
        (HttpReply::json(302, &json!({})), FailureClass::Unavailable, "redirected"),
    ] {
        let error = submit_to(reply).await;
        assert_eq!((error.class, error.code.as_str()), (class, code));
    }
}
