//! What OpenAI's errors and the net's mean.

use std::time::Duration;

use kernel::{CallOutcome, FailureClass, Moderator};
use testkit::servers::{HttpReply, HttpServer};
use tokio::net::TcpListener;

use crate::setup::{answer, client};

/// An error body as OpenAI writes it; `code` and `param` are JSON.
fn error_body(kind: &str, param: &str, code: &str) -> String {
    format!(r#"{{"error":{{"message":"For people.","type":"{kind}","param":{param},"code":{code}}}}}"#)
}

#[tokio::test]
async fn status_and_code_decide_the_class() {
    use FailureClass::{Bug, Invalid, Misconfigured, Unavailable};

    const NO_RETRY: FailureClass = FailureClass::Limited { retry_after: None };
    const TYPE: &str = "invalid_request_error";
    for (status, body, class, code) in [
        (400, error_body(TYPE, "\"input\"", "null"), Invalid, "http_400"),
        (400, error_body(TYPE, "null", "\"invalid_image\""), Invalid, "invalid_image"),
        (400, error_body(TYPE, "\"model\"", "null"), Misconfigured, "http_400"),
        (400, error_body(TYPE, "null", "\"invalid_api_key\""), Misconfigured, "invalid_api_key"),
        (401, error_body(TYPE, "null", "\"invalid_api_key\""), Misconfigured, "invalid_api_key"),
        (401, String::new(), Misconfigured, "http_401"),
        (
            403,
            error_body("request_forbidden", "null", "\"unsupported_country_region_territory\""),
            Misconfigured,
            "unsupported_country_region_territory",
        ),
        (404, error_body(TYPE, "\"model\"", "\"model_not_found\""), Misconfigured, "model_not_found"),
        (404, "<html>no such page</html>".to_owned(), Misconfigured, "http_404"),
        (408, String::new(), Unavailable, "http_408"),
        (409, error_body("conflict", "null", "17"), Unavailable, "17"),
        (413, String::new(), Invalid, "http_413"),
        (418, String::new(), Bug, "http_418"),
        (422, error_body(TYPE, "null", "null"), Invalid, "http_422"),
        (429, error_body("tokens", "null", "\"rate_limit_exceeded\""), NO_RETRY, "rate_limit_exceeded"),
        (
            429,
            error_body("insufficient_quota", "null", "\"rate_limit_exceeded\""),
            NO_RETRY,
            "rate_limit_exceeded",
        ),
        (
            429,
            error_body("insufficient_quota", "null", "\"insufficient_quota\""),
            Misconfigured,
            "insufficient_quota",
        ),
        (
            429,
            error_body("insufficient_quota", "null", "\"credit_balance_exhausted\""),
            Misconfigured,
            "credit_balance_exhausted",
        ),
        (429, error_body("insufficient_quota", "null", "null"), Misconfigured, "http_429"),
        (429, "slow down".to_owned(), NO_RETRY, "http_429"),
        (500, error_body("server_error", "null", "null"), Unavailable, "http_500"),
        (502, "<html>bad gateway</html>".to_owned(), Unavailable, "http_502"),
        (503, error_body("service_unavailable_error", "null", "\"slow_down\""), Unavailable, "slow_down"),
    ] {
        let server = HttpServer::always(answer(status, &body)).await;
        let client = client(server.address());
        for error in [client.review("words").await.unwrap_err(), client.probe().await.unwrap_err()] {
            assert_eq!(error.class, class, "{status} {body}");
            assert_eq!(error.code, code, "{status} {body}");
            assert_eq!(error.outcome, CallOutcome::NotDone, "{status} {body}");
            assert!(error.detail.contains(&status.to_string()), "{}", error.detail);
        }
    }
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    for (header, value, expected) in [
        ("retry-after", "20", Duration::from_secs(20)),
        ("retry-after-ms", "1500", Duration::from_millis(1_500)),
    ] {
        let limited = answer(429, &error_body("requests", "null", "\"rate_limit_exceeded\""));
        let server = HttpServer::always(limited.with_header(header, value)).await;
        let error = client(server.address()).review("words").await.unwrap_err();
        let retry_after = Some(expected);
        assert_eq!(error.class, FailureClass::Limited { retry_after });
    }
}

#[tokio::test]
async fn an_error_names_the_request_and_not_the_message() {
    let refusal = r#"{"error":{"message":"Incorrect API key provided: sk-a-****-key.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#;
    let server = HttpServer::always(answer(401, refusal).with_header("x-request-id", "req_0123")).await;
    let error = client(server.address()).review("words").await.unwrap_err();
    assert_eq!(error.to_string(), "invalid_api_key: OpenAI answered with the status 401, request req_0123");
}

#[tokio::test]
async fn what_the_net_does_is_told_apart() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut errors = vec![("unreachable", CallOutcome::NotDone, client(nobody).review("words").await)];
    for (code, outcome, reply) in [
        ("timeout", CallOutcome::Unknown, HttpReply::Silence),
        ("connection-lost", CallOutcome::Unknown, HttpReply::HangUp),
        ("connection-lost", CallOutcome::Unknown, HttpReply::BreakOff { status: 200, announced: 1_000 }),
        ("answer-too-long", CallOutcome::Unknown, HttpReply::Unannounced { bytes: 2_000_000 }),
        ("garbage", CallOutcome::NotDone, answer(200, "<html></html>")),
        ("garbage", CallOutcome::NotDone, answer(200, r#"{"results":[]}"#)),
    ] {
        let server = HttpServer::always(reply).await;
        errors.push((code, outcome, client(server.address()).review("words").await));
    }
    for (code, outcome, error) in errors {
        let error = error.unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert_eq!(error.class, FailureClass::Unavailable, "{code}");
        assert_eq!(error.outcome, outcome, "{code}");
    }
}
