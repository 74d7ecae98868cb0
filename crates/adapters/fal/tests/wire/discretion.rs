//! Neither key nor prompt nor the callback's secret appears in any error.

use fal_adapter::FalSettings;
use generation::{ImageGenerator, ModelId, Submission};
use kernel::ProviderEvent;
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};

use crate::setup::{
    CALLBACK, KEY, PROMPT, TestClock, build, everything_said, fal, handle, settings, submission,
};

fn assert_discreet(said: &str) {
    let secrets = ["cockatrice", "crimson", "umbrella", "keyidentifier", "s3cr3tpassphrase", "mac0fth3route"];
    for secret in secrets {
        assert!(!said.to_lowercase().contains(secret), "{secret}: {said}");
    }
}

/// Everything in a request, as a careless server would quote it.
fn quote(request: &HttpRequest) -> String {
    format!("{} {:?} {}", request.target, request.headers, String::from_utf8_lossy(&request.body))
}

/// Answers that quote the request in every place where one might look for words.
fn quoting() -> [fn(&str) -> Value; 4] {
    [
        |words| json!({"detail": words, "error_type": words}),
        |words| json!({"detail": [{"loc": ["body", words], "msg": words, "type": words, "input": words}]}),
        |words| json!({"detail": [{"loc": ["body", "prompt"], "msg": words, "type": "one_of"}]}),
        |words| json!({"status": words, "error": words, "error_type": words, "request_id": words}),
    ]
}

#[tokio::test]
async fn what_fal_quotes_of_a_submission_is_not_repeated() {
    for status in [200, 302, 400, 401, 403, 404, 422, 429, 500, 502, 503] {
        for body in quoting() {
            let server =
                HttpServer::start(move |request| HttpReply::json(status, &body(&quote(request)))).await;
            let submission = Submission { callback: Some(CALLBACK.to_owned()), ..submission() };
            let error = fal(&server).submit(&submission).await.unwrap_err();
            assert_discreet(&everything_said(&error));
        }
    }
    let text = HttpServer::start(|request| HttpReply::text(500, "text/plain", &quote(request))).await;
    let submission = Submission { callback: Some(CALLBACK.to_owned()), ..submission() };
    assert_discreet(&everything_said(&fal(&text).submit(&submission).await.unwrap_err()));
}

#[tokio::test]
async fn what_is_harmless_is_repeated_for_the_operator() {
    let body =
        json!({"detail": [{"loc": ["body", "image_size"], "msg": "Not one of the sizes", "type": "one_of"}]});
    let server = HttpServer::always(HttpReply::json(422, &body)).await;
    let error = fal(&server).submit(&submission()).await.unwrap_err();
    assert!(error.detail.contains("body.image_size: Not one of the sizes"), "{}", error.detail);
}

#[tokio::test]
async fn what_fal_quotes_later_is_not_repeated() {
    let quoted = format!("{PROMPT} {KEY} {CALLBACK}");
    for status in [200, 401, 403, 404, 422, 429, 500] {
        for body in quoting() {
            let quoted = quoted.clone();
            let server = HttpServer::start(move |request| {
                if request.path().ends_with("/status") {
                    HttpReply::json(
                        200,
                        &json!({"status": "COMPLETED", "error": quoted, "error_type": quoted}),
                    )
                } else {
                    HttpReply::json(status, &body(&quoted))
                }
            })
            .await;
            let fal = fal(&server);
            assert_discreet(&everything_said(&fal.poll(&handle()).await.unwrap_err()));
            if let Err(error) = fal.cancel(&handle()).await {
                assert_discreet(&everything_said(&error));
            }
            assert_discreet(&everything_said(&fal.probe(&submission().model).await.unwrap_err()));
        }
    }
}

#[tokio::test]
async fn what_a_callback_quotes_is_not_repeated() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    for payload in quoting() {
        let body = json!({"status": "ERROR", "error": PROMPT, "payload": payload(PROMPT)});
        let event = ProviderEvent { request_id: "r1".to_owned(), body: body.to_string() };
        let (_, progress) = fal(&server).interpret(&ModelId::new("fal-ai/flux-lora"), &event).unwrap();
        assert_discreet(&everything_said(&progress.unwrap_err()));
    }
    let odd = ProviderEvent { request_id: PROMPT.to_owned(), body: json!({"status": PROMPT}).to_string() };
    let error = fal(&server).interpret(&ModelId::new("fal-ai/flux-lora"), &odd).unwrap_err();
    assert_discreet(&everything_said(&error));
}

#[tokio::test]
async fn broken_connections_say_nothing_of_the_address() {
    let submission = Submission { callback: Some(CALLBACK.to_owned()), ..submission() };
    for reply in [HttpReply::HangUp, HttpReply::BreakOff { status: 200, announced: 1_000 }] {
        let server = HttpServer::always(reply).await;
        assert_discreet(&everything_said(&fal(&server).submit(&submission).await.unwrap_err()));
    }
    let gone = HttpServer::always(HttpReply::HangUp).await;
    let unreachable = FalSettings { ..settings(&gone) };
    drop(gone);
    let error = build(unreachable, TestClock::at(0)).submit(&submission).await.unwrap_err();
    assert_discreet(&everything_said(&error));
}
