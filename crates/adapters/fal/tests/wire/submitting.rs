//! Submitting work.

use std::time::Duration;

use fal_adapter::{FalSettings, QueuePriority, SetupError};
use generation::{ImageGenerator, Submission, SubmissionOutcome};
use kernel::{AspectRatio, CallOutcome, FailureClass};
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};

use crate::setup::{CALLBACK, KEY, TestClock, build, fal, handle, model, settings, submission};

fn accepted() -> HttpReply {
    HttpReply::json(200, &json!({"request_id": "r1", "status": "IN_QUEUE", "queue_position": 0}))
}

async fn input_of(submission: &Submission) -> Value {
    let server = HttpServer::always(accepted()).await;
    fal(&server).submit(submission).await.unwrap();
    server.requests().pop().unwrap().json()
}

#[tokio::test]
async fn a_submission_is_asked_as_documented() {
    let server = HttpServer::always(accepted()).await;
    let settings = FalSettings {
        file_lifetime: Duration::from_hours(1),
        start_timeout: Duration::from_secs(90),
        priority: QueuePriority::Low,
        ..settings(&server)
    };
    let fal = build(settings, TestClock::at(0));
    let submission = Submission { callback: Some(CALLBACK.to_owned()), ..submission() };

    let outcome = fal.submit(&submission).await.unwrap();

    assert_eq!(outcome, SubmissionOutcome::Accepted(handle()));
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path()), ("POST", "/fal-ai/flux-lora"));
    assert_eq!(request.header("authorization"), Some(format!("Key {KEY}").as_str()));
    assert_eq!(
        request.header("x-fal-object-lifecycle-preference"),
        Some(r#"{"expiration_duration_seconds":3600}"#)
    );
    assert_eq!(request.header("x-fal-store-io"), Some("0"));
    assert_eq!(request.header("x-fal-request-timeout"), Some("90.0"));
    assert_eq!(request.header("x-fal-queue-priority"), Some("low"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(webhook_of(request), Some(CALLBACK.to_owned()));
    assert_eq!(
        request.json(),
        json!({
            "prompt": submission.prompt.as_str(), "num_images": 2, "image_size": "square_hd", "seed": 77,
            "output_format": "png", "enable_safety_checker": true,
        })
    );
}

/// The one query parameter, decoded; encoded, it holds no character that could be taken for the query's own.
fn webhook_of(request: &HttpRequest) -> Option<String> {
    let (name, value) = request.target.split_once('?')?.1.split_once('=')?;
    assert_eq!(name, "fal_webhook");
    assert!(!value.contains(['&', '=', ':', '/', '?', ' ']), "{value}");
    let address = url::Url::parse(&format!("http://x/?{name}={value}")).unwrap();
    address.query_pairs().next().map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn without_a_callback_none_is_asked_for() {
    let server = HttpServer::always(accepted()).await;
    fal(&server).submit(&submission()).await.unwrap();
    assert_eq!(server.requests()[0].target, "/fal-ai/flux-lora");
}

#[tokio::test]
async fn every_shape_has_its_size() {
    for (aspect_ratio, size) in [
        (AspectRatio::Square, "square_hd"),
        (AspectRatio::Portrait, "portrait_4_3"),
        (AspectRatio::Landscape, "landscape_4_3"),
        (AspectRatio::Tall, "portrait_16_9"),
        (AspectRatio::Wide, "landscape_16_9"),
    ] {
        let input = input_of(&Submission { aspect_ratio, ..submission() }).await;
        assert_eq!(input["image_size"], size, "{aspect_ratio}");
    }
}

#[tokio::test]
async fn the_registry_says_which_fields_a_model_takes() {
    let banana = model(
        "fal-ai/nano-banana-2",
        &[("input", "nano-banana"), ("input.resolution", "2K"), ("input.safety_tolerance", "\"4\"")],
    );
    let input =
        input_of(&Submission { model: banana, aspect_ratio: AspectRatio::Wide, ..submission() }).await;
    assert_eq!(
        input,
        json!({
            "prompt": submission().prompt.as_str(), "num_images": 2, "aspect_ratio": "16:9",
            "output_format": "png", "resolution": "2K", "safety_tolerance": "4",
        })
    );

    let imagen = model("fal-ai/imagen4/preview", &[("input", "imagen"), ("input.output_format", "webp")]);
    let input = input_of(&Submission { model: imagen, ..submission() }).await;
    assert_eq!(
        input,
        json!({
            "prompt": submission().prompt.as_str(), "num_images": 2, "aspect_ratio": "1:1", "seed": 77,
            "output_format": "webp",
        })
    );

    let steps = model("fal-ai/flux-lora", &[("input.num_inference_steps", "40"), ("input.loras", "[]")]);
    let input = input_of(&Submission { model: steps, ..submission() }).await;
    assert_eq!((&input["num_inference_steps"], &input["loras"]), (&json!(40), &json!([])));
}

#[tokio::test]
async fn seeds_stay_within_what_every_model_takes() {
    let input = input_of(&Submission { seed: u64::MAX, ..submission() }).await;
    assert_eq!(input["seed"], 0x7fff_ffff);
}

#[tokio::test]
async fn options_that_cannot_be_understood_concern_the_model_and_send_nothing() {
    let server = HttpServer::always(accepted()).await;
    let fal = fal(&server);
    for wrong in [
        model("fal-ai/flux-lora", &[("input", "fluxx")]),
        model("fal-ai/flux-lora", &[("steps", "4")]),
        model("fal-ai/flux-lora", &[("input.prompt", "x")]),
        model("fal-ai/flux-lora", &[("input.", "x")]),
        model("flux-lora", &[]),
        model("fal-ai/../x", &[]),
    ] {
        let submission = Submission { model: wrong, ..submission() };
        for error in
            [fal.submit(&submission).await.unwrap_err(), fal.probe(&submission.model).await.unwrap_err()]
        {
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "bad-option"));
            assert!(fal.concerns_model(&error));
        }
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn any_success_with_a_request_id_is_an_acceptance() {
    for status in [200, 201, 202] {
        let server = HttpServer::always(HttpReply::json(status, &json!({"request_id": "r1"}))).await;
        let outcome = fal(&server).submit(&submission()).await.unwrap();
        assert_eq!(outcome, SubmissionOutcome::Accepted(handle()), "{status}");
    }
}

#[tokio::test]
async fn usual_addresses_leave_the_handle_as_callbacks_give_it() {
    let server = HttpServer::start(|request| {
        let base = format!("http://{}/fal-ai/flux-lora/requests/r1", request.header("host").unwrap());
        let body = json!({
            "request_id": "r1", "gateway_request_id": "r1", "status": "IN_QUEUE", "queue_position": 3,
            "response_url": base, "status_url": format!("{base}/status"), "cancel_url": format!("{base}/cancel"),
        });
        HttpReply::json(200, &body)
    })
    .await;
    let outcome = fal(&server).submit(&submission()).await.unwrap();
    assert_eq!(outcome, SubmissionOutcome::Accepted(handle()));
}

#[tokio::test]
async fn an_acceptance_that_cannot_be_read_leaves_the_outcome_unknown() {
    for reply in [
        HttpReply::html(200),
        HttpReply::json(200, &json!({"status": "IN_QUEUE"})),
        HttpReply::json(200, &json!({"request_id": "../x"})),
        HttpReply::json(200, &json!([])),
        HttpReply::BreakOff { status: 200, announced: 1_000 },
    ] {
        let server = HttpServer::always(reply.clone()).await;
        let error = fal(&server).submit(&submission()).await.unwrap_err();
        assert_eq!(
            (error.class, error.outcome),
            (FailureClass::Unavailable, CallOutcome::Unknown),
            "{reply:?}"
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_unknown() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let error = fal(&server).submit(&submission()).await.unwrap_err();
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::Unknown));
    assert_eq!(error.code, "connection-lost");
    assert_eq!(server.requests().len(), 1, "submitted again without being asked to");

    let silent = HttpServer::always(HttpReply::Silence).await;
    let settings = FalSettings { call_timeout: Duration::from_millis(100), ..settings(&silent) };
    let error = build(settings, TestClock::at(0)).submit(&submission()).await.unwrap_err();
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::Unknown));
    assert_eq!(error.code, "timeout");
    assert_eq!(silent.requests().len(), 1);
}

#[tokio::test]
async fn a_gateway_that_lost_fals_answer_leaves_the_outcome_unknown() {
    for (reply, outcome) in [
        (HttpReply::html(502), CallOutcome::Unknown),
        (HttpReply::html(504), CallOutcome::Unknown),
        (HttpReply::text(504, "text/plain", ""), CallOutcome::Unknown),
        (HttpReply::html(503), CallOutcome::NotDone),
        (
            HttpReply::json(504, &json!({"detail": "x", "error_type": "startup_timeout"})),
            CallOutcome::NotDone,
        ),
    ] {
        let server = HttpServer::always(reply.clone()).await;
        let error = fal(&server).submit(&submission()).await.unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, outcome), "{reply:?}");
    }
}

#[tokio::test]
async fn a_server_that_was_never_reached_did_nothing() {
    let gone = HttpServer::always(accepted()).await;
    let settings = settings(&gone);
    drop(gone);
    let error = build(settings, TestClock::at(0)).submit(&submission()).await.unwrap_err();
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::NotDone));
    assert_eq!(error.code, "unreachable");
}

#[tokio::test]
async fn no_failure_is_followed_by_a_second_submission() {
    for status in [302, 400, 401, 408, 409, 422, 429, 500, 502, 503, 504] {
        let reply = HttpReply::json(status, &json!({"detail": "x"})).with_header("x-fal-needs-retry", "1");
        let server = HttpServer::always(reply.with_header("location", "/again")).await;
        fal(&server).submit(&submission()).await.unwrap_err();
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let server = HttpServer::always(accepted()).await;
    crate::setup::install_tls();
    let refused = |settings| fal_adapter::Fal::new(settings, TestClock::at(0)).err().unwrap();

    let key = FalSettings { key: SecretString::from("a\nb"), ..settings(&server) };
    assert!(matches!(refused(key), SetupError::Key));
    let queue = FalSettings { queue_url: "queue.fal.run".to_owned(), ..settings(&server) };
    assert!(matches!(refused(queue), SetupError::Address { setting: "queue_url", .. }));
    let rest = FalSettings { rest_url: "https://rest.fal.ai/?x".to_owned(), ..settings(&server) };
    assert!(matches!(refused(rest), SetupError::Address { setting: "rest_url", .. }));
    let start = FalSettings { start_timeout: Duration::from_secs(1), ..settings(&server) };
    assert!(matches!(refused(start), SetupError::StartTimeout(_)));
    assert!(!format!("{:?}", settings(&server)).contains("s3cr3t"), "the key shows in the settings");
}
