//! Who is in the picture.

use generation::{
    ImageGenerator, ModelEntry, ModelKind, ReferenceForm, ReferencePhoto, Submission, SubmittedLikeness,
};
use kernel::{CallOutcome, FailureClass, ImageFormat, Percent};
use serde_json::json;
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{PROMPT, everything_said, four_predictions, imagen, model, submission};

/// `image` in base64.
const IMAGE: &str = "aW1hZ2U=";

fn photo(format: ImageFormat, bytes: &'static [u8]) -> ReferencePhoto {
    ReferencePhoto::Inline { format, bytes: bytes.into() }
}

fn of_kind(kind: ModelKind, id: &str) -> ModelEntry {
    ModelEntry { kind, ..model(id, 1, &[]) }
}

#[tokio::test]
async fn photos_come_before_the_text_that_speaks_of_them() {
    let image = json!({"inlineData": {"mimeType": "image/png", "data": IMAGE}});
    let body = json!({"candidates": [{"finishReason": "STOP", "content": {"parts": [image]}}]});
    let server = HttpServer::always(HttpReply::json(200, &body)).await;
    let model = of_kind(ModelKind::ReferenceLikeness, "gemini-nano-banana-2.1");
    let likeness = SubmittedLikeness::References(vec![
        photo(ImageFormat::Jpeg, b"one"),
        photo(ImageFormat::Png, b"two"),
        photo(ImageFormat::WebP, b"three"),
    ]);
    imagen(&server).submit(&Submission { model, likeness, ..submission() }).await.unwrap();
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!(request.path(), "/v1beta/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!(
        request.json()["contents"],
        json!([{"role": "user", "parts": [
            {"inlineData": {"mimeType": "image/jpeg", "data": "b25l"}},
            {"inlineData": {"mimeType": "image/png", "data": "dHdv"}},
            {"inlineData": {"mimeType": "image/webp", "data": "dGhyZWU="}},
            {"text": PROMPT},
        ]}])
    );
    assert_eq!(imagen(&server).reference_form(), ReferenceForm::Inline);
}

#[tokio::test]
async fn what_a_model_does_not_take_is_a_bug_and_is_not_sent() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let weights = || SubmittedLikeness::Weights {
        address: "https://v3.fal.media/files/c0ckatrice".to_owned(),
        strength: Percent::FULL,
    };
    let photos = || SubmittedLikeness::References(vec![photo(ImageFormat::Jpeg, b"one")]);
    let address = ReferencePhoto::Address("https://a.example/c0ckatrice.jpg".to_owned());
    let likeness_model = || of_kind(ModelKind::ReferenceLikeness, "gemini-3-pro-image");
    for (model, likeness) in [
        (model("gemini-3-pro-image", 1, &[]), photos()),
        (likeness_model(), weights()),
        (likeness_model(), SubmittedLikeness::References(vec![address])),
        (four_predictions().model, photos()),
        (four_predictions().model, weights()),
    ] {
        let error =
            imagen(&server).submit(&Submission { model, likeness, ..submission() }).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Bug, "no-such-likeness"));
        assert_eq!(error.outcome, CallOutcome::NotDone);
        assert!(!everything_said(&error).contains("c0ckatrice"), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_google_says_about_photos_is_not_repeated() {
    for status in [400, 403, 404, 429, 500] {
        let server = HttpServer::start(move |request| {
            let parts = request.json()["contents"][0]["parts"].to_string();
            let quoted = format!("cannot use {}", parts.replace(['"', '\\', '{', '}'], " "));
            HttpReply::json(status, &json!({"error": {"code": status, "message": quoted, "status": "ODD"}}))
        })
        .await;
        let model = of_kind(ModelKind::ReferenceLikeness, "gemini-3-pro-image");
        let likeness = SubmittedLikeness::References(vec![photo(ImageFormat::Jpeg, b"cockatrice")]);
        let error =
            imagen(&server).submit(&Submission { model, likeness, ..submission() }).await.unwrap_err();
        assert!(!everything_said(&error).contains("Y29ja2F0cmljZQ"), "{error}");
    }
}
