//! Google's error table, row by row.

use std::time::Duration;

use generation::ImageGenerator;
use kernel::{CallOutcome, FailureClass};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{imagen, submission, submit_to};

fn error(code: u16, status: &str, message: &str, details: &Value) -> Value {
    json!({"error": {"code": code, "message": message, "status": status, "details": details}})
}

fn info(reason: &str) -> Value {
    json!([{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }])
}

fn violation(field: &str) -> Value {
    json!([{
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [{"field": field, "description": "not good"}],
    }])
}

#[tokio::test]
async fn what_an_operator_must_see_to() {
    let none = json!([]);
    for (code, body, name, concerns_model) in [
        (
            400,
            error(400, "INVALID_ARGUMENT", "API key not valid.", &info("API_KEY_INVALID")),
            "API_KEY_INVALID",
            false,
        ),
        (400, error(400, "FAILED_PRECONDITION", "enable billing", &none), "FAILED_PRECONDITION", false),
        (401, error(401, "UNAUTHENTICATED", "no", &none), "UNAUTHENTICATED", false),
        (403, error(403, "PERMISSION_DENIED", "leaked", &none), "PERMISSION_DENIED", false),
        (
            403,
            error(403, "PERMISSION_DENIED", "blocked", &info("API_KEY_SERVICE_BLOCKED")),
            "API_KEY_SERVICE_BLOCKED",
            false,
        ),
        (
            404,
            error(404, "NOT_FOUND", "models/x is not found for API version v1beta", &none),
            "model-not-found",
            true,
        ),
        (404, error(404, "NOT_FOUND", "Requested entity was not found.", &none), "model-not-found", true),
        (
            404,
            error(404, "NOT_FOUND", "This model models/x is no longer available.", &none),
            "model-retired",
            true,
        ),
    ] {
        for body in [body.clone(), json!([body])] {
            let server = HttpServer::always(HttpReply::json(code, &body)).await;
            let imagen = imagen(&server);
            let error = imagen.submit(&submission()).await.unwrap_err();
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, name), "{body}");
            assert_eq!(error.outcome, CallOutcome::NotDone);
            assert_eq!(imagen.concerns_model(&error), concerns_model, "{body}");
        }
    }
}

#[tokio::test]
async fn too_many_requests_carry_the_wait_that_google_names() {
    let retry =
        |delay: &str| json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay});
    let quota = |id: &str| {
        json!({
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaMetric": "m", "quotaId": id, "quotaValue": "20"}],
        })
    };
    let minute = quota("GenerateRequestsPerMinutePerProjectPerModel-PaidTier");
    let day = quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier");
    let hour = Some(Duration::from_hours(1));
    for (details, retry_after) in [
        (json!([minute, retry("42s")]), Some(Duration::from_secs(42))),
        (json!([retry("0.5s")]), Some(Duration::from_millis(500))),
        (json!([retry("soon")]), None),
        (json!([minute]), None),
        (json!([]), None),
        (json!([day, retry("42s")]), hour),
        (json!([day]), hour),
        (json!([day, retry("7200s")]), Some(Duration::from_hours(2))),
    ] {
        let body = error(429, "RESOURCE_EXHAUSTED", "quota exceeded", &details);
        let error = submit_to(HttpReply::json(429, &body), &submission()).await.unwrap_err();
        assert_eq!(error.class, FailureClass::Limited { retry_after }, "{details}");
        assert_eq!((error.code.as_str(), error.outcome), ("RESOURCE_EXHAUSTED", CallOutcome::NotDone));
    }
    for reply in
        [HttpReply::html(429), HttpReply::json(429, &error(429, "RESOURCE_EXHAUSTED", "x", &json!([])))]
    {
        let error = submit_to(reply.with_header("retry-after", "9"), &submission()).await.unwrap_err();
        assert_eq!(error.class, FailureClass::Limited { retry_after: Some(Duration::from_secs(9)) });
    }
}

#[tokio::test]
async fn googles_own_failures_pass() {
    let retry = json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}]);
    for (code, status) in [
        (408, "DEADLINE_EXCEEDED"),
        (409, "ABORTED"),
        (499, "CANCELLED"),
        (500, "INTERNAL"),
        (501, "UNIMPLEMENTED"),
        (503, "UNAVAILABLE"),
        (504, "DEADLINE_EXCEEDED"),
    ] {
        let body = error(code, status, "try again", &retry);
        let error = submit_to(HttpReply::json(code, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, status));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{status}");
    }
}

#[tokio::test]
async fn a_wrong_field_is_the_persons_when_it_is_the_prompt_and_ours_otherwise() {
    for (field, class) in [
        ("contents[0].parts[0].text", FailureClass::Invalid),
        ("instances", FailureClass::Invalid),
        ("generation_config.image_config.image_size", FailureClass::Bug),
        ("parameters", FailureClass::Bug),
        ("", FailureClass::Bug),
    ] {
        let body = error(400, "INVALID_ARGUMENT", "not good", &violation(field));
        let error = submit_to(HttpReply::json(400, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, "INVALID_ARGUMENT"), "{field}");
        assert!(error.detail.contains(field) && error.detail.contains("not good"), "{}", error.detail);
    }
}

#[tokio::test]
async fn answers_that_are_not_googles_may_pass() {
    for (reply, code) in [
        (HttpReply::html(400), "garbage"),
        (HttpReply::html(403), "garbage"),
        (HttpReply::html(404), "garbage"),
        (HttpReply::html(502), "garbage"),
        (HttpReply::json(404, &json!({"detail": "Not Found"})), "garbage"),
        (HttpReply::json(500, &json!([])), "garbage"),
        (HttpReply::text(503, "text/plain", ""), "http-503"),
        (HttpReply::BreakOff { status: 500, announced: 1_000 }, "http-500"),
    ] {
        let error = submit_to(reply, &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, code));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{code}");
    }
}

#[tokio::test]
async fn no_failure_is_followed_by_a_second_call() {
    for code in [400, 401, 403, 404, 408, 429, 500, 502, 503, 504] {
        let body = error(code, "UNKNOWN", "x", &json!([]));
        // The helper asserts that there was one call.
        submit_to(HttpReply::json(code, &body), &submission()).await.unwrap_err();
    }
}
