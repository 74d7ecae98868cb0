//! `:generateContent`.

use std::time::Duration;

use generation::{GeneratedImage, ImageGenerator, Submission};
use imagen_adapter::{ImagenSettings, SetupError};
use kernel::{AspectRatio, CallOutcome, FailureClass};
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{KEY, PROMPT, build, imagen, made, model, settings, submission, submit_to};

/// `image` in base64.
const IMAGE: &str = "aW1hZ2U=";

fn answer(parts: &Value) -> Value {
    json!({
        "candidates": [{"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": parts}}],
        "usageMetadata": {"promptTokenCount": 270, "candidatesTokenCount": 1290, "totalTokenCount": 1560},
        "modelVersion": "gemini-nano-banana-2.1",
    })
}

fn image() -> Value {
    json!({"inlineData": {"mimeType": "image/png", "data": IMAGE}})
}

async fn asked(
    settings: impl FnOnce(ImagenSettings) -> ImagenSettings,
    submission: &Submission,
) -> (String, Value) {
    let server = HttpServer::always(HttpReply::json(200, &answer(&json!([image()])))).await;
    build(settings(self::settings(&server))).submit(submission).await.unwrap();
    let request = server.requests().pop().unwrap();
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("x-goog-api-key"), Some(KEY));
    assert_eq!(request.header("content-type"), Some("application/json"));
    (request.path().to_owned(), request.json())
}

#[tokio::test]
async fn a_call_is_made_as_documented() {
    let (target, body) = asked(|settings| settings, &submission()).await;
    assert_eq!(target, "/v1beta/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!(
        body,
        json!({
            "contents": [{"role": "user", "parts": [{"text": PROMPT}]}],
            "generationConfig": {
                "responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "3:4"}, "seed": 77,
            },
        })
    );
}

#[tokio::test]
async fn the_registry_says_size_and_thinking() {
    let model = model("gemini-3-pro-image", 1, &[("image_size", "2K"), ("thinking_level", "HIGH")]);
    let (target, body) = asked(|settings| settings, &Submission { model, ..submission() }).await;
    assert_eq!(target, "/v1beta/models/gemini-3-pro-image:generateContent");
    assert_eq!(body["generationConfig"]["imageConfig"], json!({"aspectRatio": "3:4", "imageSize": "2K"}));
    assert_eq!(body["generationConfig"]["thinkingConfig"], json!({"thinkingLevel": "HIGH"}));
}

#[tokio::test]
async fn every_shape_is_named() {
    for aspect_ratio in AspectRatio::ALL {
        let (_, body) = asked(|settings| settings, &Submission { aspect_ratio, ..submission() }).await;
        assert_eq!(body["generationConfig"]["imageConfig"]["aspectRatio"], aspect_ratio.as_str());
    }
}

#[tokio::test]
async fn seeds_stay_within_what_the_api_takes() {
    let (_, body) = asked(|settings| settings, &Submission { seed: u64::MAX, ..submission() }).await;
    assert_eq!(body["generationConfig"]["seed"], i32::MAX);
}

#[tokio::test]
async fn version_and_base_path_are_settings() {
    let change = |settings: ImagenSettings| ImagenSettings {
        base_url: format!("{}/gateway/", settings.base_url),
        api_version: "v1".to_owned(),
        ..settings
    };
    let (target, _) = asked(change, &submission()).await;
    assert_eq!(target, "/gateway/v1/models/gemini-nano-banana-2.1:generateContent");
}

#[tokio::test]
async fn the_image_is_found_among_other_parts() {
    let thought = json!({"thought": true, "inlineData": {"mimeType": "image/png", "data": "ZHJhZnQ="}});
    for parts in [
        json!([image()]),
        json!([{"text": "Here is your image. "}, image()]),
        json!([{"text": "Composing", "thought": true}, thought, image()]),
        json!([{"inlineData": {"mimeType": "image/png", "data": IMAGE}, "thoughtSignature": "c2ln"}]),
        json!([{"inline_data": {"mime_type": "image/png", "data": IMAGE}}]),
        json!([{"inlineData": {"mimeType": "image/png", "data": "aW1hZ2U"}}]),
        json!([image(), image()]),
    ] {
        let images = submit_to(HttpReply::json(200, &answer(&parts)), &submission()).await.unwrap();
        assert_eq!(images, [made(b"image")], "{parts}");
    }
}

#[tokio::test]
async fn a_declined_prompt_is_refused() {
    for reason in
        ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK"]
    {
        let body =
            json!({"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 9}});
        let error = submit_to(HttpReply::json(200, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Refused, reason));
        assert_eq!(error.outcome, CallOutcome::NotDone);
    }
    for reason in ["SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII"] {
        let body = json!({"candidates": [{"finishReason": reason, "finishMessage": "…"}]});
        let error = submit_to(HttpReply::json(200, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Refused, reason));
    }
}

#[tokio::test]
async fn a_filtered_image_is_withheld() {
    for reason in ["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"] {
        for content in [json!({}), Value::Null, json!({"role": "model"})] {
            let body = json!({"candidates": [{"index": 0, "finishReason": reason, "content": content}]});
            let images = submit_to(HttpReply::json(200, &body), &submission()).await.unwrap();
            assert_eq!(images, [GeneratedImage::Withheld], "{reason} {content}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_an_image_may_pass() {
    for (reason, code) in [
        ("NO_IMAGE", "NO_IMAGE"),
        ("OTHER", "OTHER"),
        ("IMAGE_OTHER", "IMAGE_OTHER"),
        ("MAX_TOKENS", "MAX_TOKENS"),
        ("LANGUAGE", "LANGUAGE"),
        ("MALFORMED_RESPONSE", "MALFORMED_RESPONSE"),
        ("PUP_LIMITED_DISABLED", "PUP_LIMITED_DISABLED"),
        ("BRAND_NEW_REASON", "BRAND_NEW_REASON"),
        ("STOP", "NO_IMAGE"),
    ] {
        let body =
            json!({"candidates": [{"finishReason": reason, "content": {"parts": [{"text": "I can't."}]}}]});
        let error = submit_to(HttpReply::json(200, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, code));
        assert_eq!(error.outcome, CallOutcome::NotDone, "{reason}");
    }
    for body in [json!({}), json!({"candidates": []}), json!({"candidates": [{}]})] {
        let error = submit_to(HttpReply::json(200, &body), &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "NO_IMAGE"), "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_googles_was_an_answer_all_the_same() {
    let not_base64 = answer(&json!([{"inlineData": {"mimeType": "image/png", "data": "?!"}}]));
    for reply in [HttpReply::html(200), HttpReply::json(200, &json!([])), HttpReply::json(200, &not_base64)] {
        let error = submit_to(reply, &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "garbage"));
        assert_eq!(error.outcome, CallOutcome::NotDone);
    }
}

#[tokio::test]
async fn a_lost_answer_leaves_the_outcome_unknown() {
    for reply in [HttpReply::HangUp, HttpReply::BreakOff { status: 200, announced: 1_000 }] {
        let error = submit_to(reply, &submission()).await.unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::Unknown));
        assert_eq!(error.code, "connection-lost");
    }
    let silent = HttpServer::always(HttpReply::Silence).await;
    let settings = ImagenSettings { call_timeout: Duration::from_millis(100), ..settings(&silent) };
    let error = build(settings).submit(&submission()).await.unwrap_err();
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::Unknown));
    assert_eq!(error.code, "timeout");
    assert_eq!(silent.requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_was_never_reached_did_nothing() {
    let gone = HttpServer::always(HttpReply::HangUp).await;
    let settings = settings(&gone);
    drop(gone);
    let error = build(settings).submit(&submission()).await.unwrap_err();
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::NotDone));
    assert_eq!(error.code, "unreachable");
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read() {
    let limit = 44 * 1024 * 1024;
    let announced = HttpReply::BreakOff { status: 200, announced: limit + 1 };
    for reply in [announced, HttpReply::Unannounced { bytes: limit + 1 }] {
        let error = submit_to(reply, &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "answer-too-long"));
        assert_eq!(error.outcome, CallOutcome::NotDone);
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let target = HttpServer::always(HttpReply::json(200, &answer(&json!([image()])))).await;
    for status in [301, 302, 307, 308] {
        let reply = HttpReply::text(status, "text/html", "moved").with_header("location", target.url());
        let error = submit_to(reply, &submission()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "redirected"), "{status}");
    }
    assert!(target.requests().is_empty(), "the key went to another host");
}

#[tokio::test]
async fn options_that_cannot_be_understood_concern_the_model_and_send_nothing() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let imagen = imagen(&server);
    for wrong in [
        model("gemini-3-pro-image", 1, &[("dialect", "chat")]),
        model("gemini-3-pro-image", 1, &[("imagesize", "2K")]),
        model("gemini-3-pro-image", 1, &[("image_size", "2K\"")]),
        model("gemini-3-pro-image", 1, &[("person_generation", "ALLOW_ADULT")]),
        model("imagen-4.0-generate-001", 4, &[("dialect", "predict"), ("thinking_level", "HIGH")]),
        model("gemini-3-pro-image", 4, &[]),
        model("gemini/../x", 1, &[]),
        model("..", 1, &[]),
        model("", 1, &[]),
    ] {
        let submission = Submission { model: wrong, ..submission() };
        let errors = [
            imagen.submit(&submission).await.unwrap_err(),
            imagen.probe(&submission.model).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "bad-option"));
            assert!(imagen.concerns_model(&error));
        }
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn wrong_settings_are_named() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    crate::setup::install_tls();
    let refused = |settings| imagen_adapter::Imagen::new(settings).err().unwrap();

    let key = ImagenSettings { api_key: SecretString::from("a\nb"), ..settings(&server) };
    assert!(matches!(refused(key), SetupError::Key));
    for base_url in ["", "generativelanguage.googleapis.com", "https://a/?key=x", "https://u:p@a/", "data:,x"]
    {
        let base = ImagenSettings { base_url: base_url.to_owned(), ..settings(&server) };
        assert!(matches!(refused(base), SetupError::Address(_)), "{base_url}");
    }
    for version in ["", "v1/beta", "../v1"] {
        let version = ImagenSettings { api_version: version.to_owned(), ..settings(&server) };
        assert!(matches!(refused(version), SetupError::Version(_)));
    }
    assert!(!format!("{:?}", settings(&server)).contains(KEY), "the key shows in the settings");
}
