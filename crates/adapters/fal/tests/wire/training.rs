//! Trainings: orders in each trainer's words, how they stand, and their files.

use std::collections::BTreeMap;
use std::time::Duration;

use avatar::{
    AvatarTrainer, KindName, PresetName, TrainedFiles, TrainerEntry, TrainerId, TrainingOrder,
    TrainingPreset, TrainingProgress, TrainingStanding,
};
use fal_adapter::{FalSettings, PROVIDER, SetupError};
use futures::StreamExt as _;
use kernel::{
    CallOutcome, Credits, FailureClass, ModelId, Percent, ProviderError, ProviderEvent, ProviderHandle,
    ProviderName,
};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{CALLBACK, TestClock, build, everything_said, fal, install_tls, settings};

const ARCHIVE: &str = "https://v3.fal.media/files/c0ckatrice/train.zip";
const STATUS: &str = "/fal-ai/flux-lora-portrait-trainer/requests/r1/status";

/// A trainer of FAL's.
pub fn trainer(id: &str, kind: KindName, options: &[(&str, &str)]) -> TrainerEntry {
    let preset = TrainingPreset { steps: 1_500, price: Credits::of(100), cost_micro_usd: 3_600_000 };
    let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    TrainerEntry {
        id: TrainerId::new(id),
        provider: ProviderName::new(PROVIDER),
        kind,
        title: "A trainer".to_owned(),
        draws_with: ModelId::new("fal-ai/flux-lora"),
        trigger: "ohwx person".to_owned(),
        presets: BTreeMap::from([(PresetName::Standard, preset)]),
        shutdown: None,
        options,
    }
}

fn portrait() -> TrainerEntry {
    trainer("fal-ai/flux-lora-portrait-trainer", KindName::Portrait, &[])
}

fn order(trainer: TrainerEntry) -> TrainingOrder {
    let preset = trainer.presets[&PresetName::Standard];
    let keep_for = Duration::from_hours(2);
    TrainingOrder { trainer, preset, archive: ARCHIVE.to_owned(), keep_for, callback: None }
}

fn handle() -> ProviderHandle {
    ProviderHandle::new(r#"{"endpoint":"fal-ai/flux-lora-portrait-trainer","request_id":"r1"}"#)
}

fn accepted() -> HttpReply {
    HttpReply::json(200, &json!({"request_id": "r1", "status": "IN_QUEUE", "queue_position": 0}))
}

async fn input_of(trainer: TrainerEntry) -> Value {
    let server = HttpServer::always(accepted()).await;
    fal(&server).submit(&order(trainer)).await.unwrap();
    server.requests().pop().unwrap().json()
}

#[tokio::test]
async fn an_order_is_submitted_as_documented() {
    let server = HttpServer::always(accepted()).await;
    let settings = FalSettings { training_start_timeout: Duration::from_mins(20), ..settings(&server) };
    let fal = build(settings, TestClock::at(0));
    let order = TrainingOrder { callback: Some(CALLBACK.to_owned()), ..order(portrait()) };
    assert_eq!(fal.submit(&order).await.unwrap(), handle());
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!((request.method.as_str(), request.path()), ("POST", "/fal-ai/flux-lora-portrait-trainer"));
    assert!(request.target.contains("?fal_webhook=https%3A%2F%2Fbot.example"), "{}", request.target);
    for (name, value) in [
        ("x-fal-object-lifecycle-preference", r#"{"expiration_duration_seconds":7200}"#),
        ("x-fal-store-io", "0"),
        ("x-fal-request-timeout", "1200.0"),
        ("x-fal-queue-priority", "normal"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    assert_eq!(
        request.json(),
        json!({"images_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500})
    );
}

#[tokio::test]
async fn every_trainer_is_spoken_to_in_its_own_words() {
    for (id, kind, options, expected) in [
        (
            "fal-ai/flux-lora-fast-training",
            KindName::Style,
            &[("dialect", "fast"), ("input.create_masks", "false")][..],
            json!({"images_data_url": ARCHIVE, "trigger_word": "ohwx person", "steps": 1500, "is_style": true,
                "create_masks": false}),
        ),
        (
            "fal-ai/flux-krea-trainer",
            KindName::Portrait,
            &[("dialect", "fast")],
            json!({"images_data_url": ARCHIVE, "trigger_word": "ohwx person", "steps": 1500, "is_style": false}),
        ),
        (
            "fal-ai/turbo-flux-trainer",
            KindName::Style,
            &[("dialect", "turbo"), ("input.face_crop", "false")],
            json!({"images_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500,
                "training_style": "style", "face_crop": false}),
        ),
        (
            "fal-ai/turbo-flux-trainer",
            KindName::Portrait,
            &[("dialect", "turbo")],
            json!({"images_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500,
                "training_style": "subject"}),
        ),
        (
            "fal-ai/flux-2-trainer",
            KindName::Portrait,
            &[("dialect", "flux-2"), ("input.output_lora_format", "fal")],
            json!({"image_data_url": ARCHIVE, "default_caption": "ohwx person", "steps": 1500,
                "output_lora_format": "fal"}),
        ),
        (
            "fal-ai/qwen-image-trainer",
            KindName::Portrait,
            &[("dialect", "qwen")],
            json!({"image_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500}),
        ),
        (
            "fal-ai/wan-22-image-trainer",
            KindName::Portrait,
            &[("dialect", "wan")],
            json!({"training_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500, "is_style": false}),
        ),
        (
            "fal-ai/krea-2-trainer",
            KindName::Style,
            &[("dialect", "krea-2"), ("input.learning_rate", "0.0005")],
            json!({"images_data_url": ARCHIVE, "trigger_phrase": "ohwx person", "steps": 1500,
                "learning_rate": 0.0005}),
        ),
    ] {
        assert_eq!(input_of(trainer(id, kind, options)).await, expected, "{id}");
    }
}

#[tokio::test]
async fn options_that_cannot_be_understood_concern_the_trainer_and_send_nothing() {
    let server = HttpServer::always(accepted()).await;
    let fal = fal(&server);
    for options in [
        &[("dialect", "portraits")][..],
        &[("steps", "1000")],
        &[("input.steps", "1000")],
        &[("input.images_data_url", "x")],
        &[("input.trigger_phrase", "x")],
        &[("input.", "x")],
    ] {
        let wrong = trainer("fal-ai/flux-lora-portrait-trainer", KindName::Portrait, options);
        let probed = fal.probe(&wrong).await.unwrap_err();
        for error in [fal.submit(&order(wrong)).await.unwrap_err(), probed] {
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "bad-option"));
            assert!(fal.concerns_trainer(&error));
        }
    }
    assert!(server.requests().is_empty());
}

async fn poll(status: HttpReply, result: HttpReply) -> Result<TrainingStanding, ProviderError> {
    let server = HttpServer::start(
        move |request| {
            if request.path() == STATUS { status.clone() } else { result.clone() }
        },
    )
    .await;
    fal(&server).poll(&handle()).await
}

fn completed() -> HttpReply {
    HttpReply::json(200, &json!({"status": "COMPLETED", "request_id": "r1", "logs": null, "metrics": {}}))
}

#[tokio::test]
async fn place_and_share_are_told() {
    let line =
        |message: &str| json!({"timestamp": "2026-11-23T10:00:01.2Z", "level": "INFO", "message": message});
    let logs = json!([line("Downloading"), line("step 40/1000"), {"level": "STDERR"}]);
    let under_way =
        |position, done| Some(TrainingStanding::UnderWay(TrainingProgress { position, done: done_of(done) }));
    for (body, expected) in [
        (json!({"status": "IN_QUEUE", "queue_position": 3}), under_way(Some(3), None)),
        (json!({"status": "IN_QUEUE", "queue_position": 0, "logs": null}), under_way(Some(0), None)),
        (json!({"status": "IN_PROGRESS", "logs": logs}), under_way(None, Some(4))),
        (json!({"status": "IN_PROGRESS", "logs": null}), under_way(None, None)),
        (json!({"status": "IN_PROGRESS"}), under_way(None, None)),
    ] {
        let server = HttpServer::always(HttpReply::json(202, &body)).await;
        assert_eq!(fal(&server).poll(&handle()).await.ok(), expected, "{body}");
        assert_eq!(server.requests()[0].target, format!("{STATUS}?logs=1"));
    }
}

fn done_of(hundredths: Option<u8>) -> Option<Percent> {
    hundredths.map(Percent::new)
}

#[tokio::test]
async fn a_log_beyond_measure_is_left_out() {
    let server = HttpServer::start(|request| {
        if request.target.ends_with("logs=1") {
            HttpReply::Unannounced { bytes: 9 * 1024 * 1024 }
        } else {
            HttpReply::json(202, &json!({"status": "IN_PROGRESS", "logs": null}))
        }
    })
    .await;
    let standing = fal(&server).poll(&handle()).await.unwrap();
    assert_eq!(standing, TrainingStanding::UnderWay(TrainingProgress::default()));
}

#[tokio::test]
async fn the_files_of_a_finished_training_are_named() {
    let output = json!({
        "diffusers_lora_file": {"url": "https://v3.fal.media/files/a/b.safetensors", "file_size": 89_745_224},
        "config_file": {"url": "https://v3.fal.media/files/a/config.json"},
        "debug_preprocessed_output": null,
    });
    let standing = poll(completed(), HttpReply::json(200, &output)).await.unwrap();
    let files = TrainedFiles {
        weights: "https://v3.fal.media/files/a/b.safetensors".to_owned(),
        weights_size: Some(89_745_224),
        config: Some("https://v3.fal.media/files/a/config.json".to_owned()),
    };
    assert_eq!(standing, TrainingStanding::Trained(files.clone()));

    let server = HttpServer::always(HttpReply::HangUp).await;
    let body = json!({"request_id": "r1", "gateway_request_id": "r1", "status": "OK", "payload": output});
    let event = ProviderEvent { request_id: "r1".to_owned(), body: body.to_string() };
    let (about, told) = fal(&server).interpret(&portrait(), &event).unwrap();
    assert_eq!((about, told.unwrap()), (handle(), TrainingStanding::Trained(files)));
    // Its output could not be written into the callback, and has to be asked for.
    let silent = json!({"request_id": "r1", "status": "OK", "payload": null, "payload_error": "too large"});
    let event = ProviderEvent { request_id: "r1".to_owned(), body: silent.to_string() };
    let (_, told) = fal(&server).interpret(&portrait(), &event).unwrap();
    assert_eq!(told.unwrap(), TrainingStanding::UnderWay(TrainingProgress::default()));
}

#[tokio::test]
async fn a_training_that_came_to_nothing_says_why() {
    let problem = |kind: &str| {
        HttpReply::json(
            422,
            &json!({"detail": [{"loc": ["body", "images_data_url"], "msg": "x", "type": kind}]}),
        )
    };
    let failed = |kind: &str| {
        HttpReply::json(200, &json!({"status": "COMPLETED", "logs": [], "error": "x", "error_type": kind}))
    };
    for (status, result, class, code) in [
        (completed(), problem("invalid_archive"), FailureClass::Invalid, "invalid_archive"),
        (
            completed(),
            problem("archive_file_count_below_minimum"),
            FailureClass::Invalid,
            "archive_file_count_below_minimum",
        ),
        (completed(), problem("value_error"), FailureClass::Invalid, "value_error"),
        (completed(), problem("file_download_error"), FailureClass::Unavailable, "file_download_error"),
        (completed(), problem("missing"), FailureClass::Bug, "missing"),
        (completed(), problem("content_policy_violation"), FailureClass::Refused, "content_policy_violation"),
        (failed("startup_timeout"), HttpReply::HangUp, FailureClass::Unavailable, "startup_timeout"),
        (completed(), HttpReply::json(200, &json!({})), FailureClass::Unavailable, "no-weights"),
        (
            completed(),
            HttpReply::json(404, &json!({"status": "NOT_FOUND"})),
            FailureClass::NotFound,
            "request-not-found",
        ),
    ] {
        let error = poll(status, result).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{code}");
    }
}

#[tokio::test]
async fn a_lock_during_a_training_says_nothing_about_it() {
    let locked =
        json!({"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai."});
    for status in [HttpReply::json(403, &locked), completed()] {
        let error = poll(status, HttpReply::json(403, &locked)).await.unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::Misconfigured, CallOutcome::Unknown));
    }
}

#[tokio::test]
async fn what_fal_quotes_of_an_order_is_not_repeated() {
    let server = HttpServer::start(|request| {
        let quoted = format!("{} {}", request.target, String::from_utf8_lossy(&request.body));
        HttpReply::json(
            422,
            &json!({"detail": [{"loc": ["body", "steps"], "msg": quoted, "type": "one_of"}]}),
        )
    })
    .await;
    let order = TrainingOrder { callback: Some(CALLBACK.to_owned()), ..order(portrait()) };
    let said = everything_said(&fal(&server).submit(&order).await.unwrap_err());
    for secret in ["c0ckatrice", "mac0fth3route"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test]
async fn files_come_piece_by_piece_without_the_key_being_shown() {
    let weights = "w".repeat(3_000_000);
    let server = HttpServer::always(HttpReply::text(200, "application/octet-stream", &weights)).await;
    let mut file = fal(&server).open(&format!("{}/files/a.safetensors", server.url())).await.unwrap();
    assert_eq!(file.size, Some(3_000_000));
    let mut length = 0;
    while let Some(piece) = file.bytes.next().await {
        length += piece.unwrap().len();
    }
    assert_eq!(length, 3_000_000);
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_file_that_breaks_off_or_stalls_ends_with_an_error() {
    let server = HttpServer::always(HttpReply::BreakOff { status: 200, announced: 1_000 }).await;
    let mut file = fal(&server).open(&format!("{}/a", server.url())).await.unwrap();
    assert_eq!(file.size, Some(1_000));
    assert_eq!(file.bytes.next().await.unwrap().unwrap().len(), 4);
    let error = file.bytes.next().await.unwrap().unwrap_err();
    assert!(!everything_said(&*error).contains(server.url()), "an address in {error}");

    let silent = HttpServer::always(HttpReply::Silence).await;
    let settings = FalSettings { fetch_timeout: Duration::from_millis(100), ..settings(&silent) };
    let opened = build(settings, TestClock::at(0)).open(&format!("{}/a", silent.url())).await;
    assert_eq!(opened.err().unwrap().code, "timeout");
}

#[tokio::test]
async fn a_start_that_fal_would_not_wait_for_is_no_setting() {
    install_tls();
    let server = HttpServer::always(HttpReply::HangUp).await;
    let wrong = FalSettings { training_start_timeout: Duration::from_secs(1), ..settings(&server) };
    let refused = fal_adapter::Fal::new(wrong, TestClock::at(0)).err().unwrap();
    assert!(matches!(refused, SetupError::StartTimeout(_)));
}
