//! Who is in the picture.

use generation::{
    ImageGenerator, ModelEntry, ModelKind, ReferenceForm, ReferencePhoto, Submission, SubmittedLikeness,
};
use kernel::{AspectRatio, CallOutcome, FailureClass, ImageFormat, Percent};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{PROMPT, everything_said, fal, model, submission};

const WEIGHTS: &str = "https://v3.fal.media/files/c0ckatrice/b.safetensors";

fn of_kind(kind: ModelKind, id: &str, options: &[(&str, &str)]) -> ModelEntry {
    ModelEntry { kind, ..model(id, options) }
}

fn weights(strength: u8) -> SubmittedLikeness {
    SubmittedLikeness::Weights { address: WEIGHTS.to_owned(), strength: Percent::new(strength) }
}

fn photos() -> SubmittedLikeness {
    SubmittedLikeness::References(
        ["https://a.example/1.jpg", "https://a.example/2.jpg"]
            .map(|address| ReferencePhoto::Address(address.to_owned()))
            .into(),
    )
}

async fn asked(model: ModelEntry, likeness: SubmittedLikeness) -> (String, Value) {
    let server = HttpServer::always(HttpReply::json(200, &json!({"request_id": "r1"}))).await;
    let submission = Submission { model, likeness, aspect_ratio: AspectRatio::Portrait, ..submission() };
    fal(&server).submit(&submission).await.unwrap();
    let request = server.requests().pop().unwrap();
    (request.path().to_owned(), request.json())
}

#[tokio::test]
async fn weights_are_named_with_how_strongly_they_show() {
    let flux = of_kind(ModelKind::TrainedLikeness, "fal-ai/flux-lora", &[]);
    let (path, input) = asked(flux, weights(100)).await;
    assert_eq!(path, "/fal-ai/flux-lora");
    assert_eq!(
        input,
        json!({
            "prompt": PROMPT, "num_images": 2, "image_size": "portrait_4_3", "seed": 77, "output_format": "png",
            "enable_safety_checker": true, "loras": [{"path": WEIGHTS, "scale": 1.0}],
        })
    );
    let krea = of_kind(ModelKind::TrainedLikeness, "fal-ai/krea-2/turbo/lora", &[("input", "krea")]);
    let (path, input) = asked(krea, weights(85)).await;
    assert_eq!(path, "/fal-ai/krea-2/turbo/lora");
    assert_eq!(
        input,
        json!({
            "prompt": PROMPT, "num_images": 2, "image_size": "portrait_4_3", "seed": 77,
            "loras": [{"path": WEIGHTS, "scale": 0.85}],
        })
    );
}

#[tokio::test]
async fn weights_of_the_registry_stay() {
    let style = r#"[{"path":"https://a.example/style.safetensors","scale":0.5}]"#;
    let flux = of_kind(ModelKind::TrainedLikeness, "fal-ai/flux-2/lora", &[("input.loras", style)]);
    let (_, input) = asked(flux, weights(100)).await;
    assert_eq!(input["loras"].as_array().unwrap().len(), 2);
    assert_eq!(input["loras"][1]["path"], WEIGHTS);
}

#[tokio::test]
async fn photos_are_named_by_their_addresses() {
    let edit = of_kind(
        ModelKind::ReferenceLikeness,
        "fal-ai/nano-banana-2/edit",
        &[("input", "nano-banana-edit"), ("input.resolution", "1K")],
    );
    let (path, input) = asked(edit, photos()).await;
    assert_eq!(path, "/fal-ai/nano-banana-2/edit");
    assert_eq!(
        input,
        json!({
            "prompt": PROMPT, "num_images": 2, "aspect_ratio": "3:4", "output_format": "png", "resolution": "1K",
            "image_urls": ["https://a.example/1.jpg", "https://a.example/2.jpg"],
        })
    );
    let server = HttpServer::always(HttpReply::HangUp).await;
    assert_eq!(fal(&server).reference_form(), ReferenceForm::Address);
}

#[tokio::test]
async fn what_a_model_does_not_take_is_a_bug_and_is_not_sent() {
    let server = HttpServer::always(HttpReply::HangUp).await;
    let inline = ReferencePhoto::Inline { format: ImageFormat::Jpeg, bytes: "photo".into() };
    let edit = || {
        of_kind(ModelKind::ReferenceLikeness, "fal-ai/nano-banana-2/edit", &[("input", "nano-banana-edit")])
    };
    let trained = || of_kind(ModelKind::TrainedLikeness, "fal-ai/flux-lora", &[]);
    for (model, likeness) in [
        (model("fal-ai/flux-lora", &[]), weights(100)),
        (model("fal-ai/flux-lora", &[]), photos()),
        (of_kind(ModelKind::TrainedLikeness, "fal-ai/imagen4/preview", &[("input", "imagen")]), weights(100)),
        (trained(), photos()),
        (edit(), weights(100)),
        (edit(), SubmittedLikeness::Nobody),
        (edit(), SubmittedLikeness::References(Vec::new())),
        (edit(), SubmittedLikeness::References(vec![inline])),
    ] {
        let error = fal(&server).submit(&Submission { model, likeness, ..submission() }).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Bug, "no-such-likeness"));
        assert_eq!(error.outcome, CallOutcome::NotDone);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn weights_that_cannot_be_read_may_be_readable_later_and_stay_secret() {
    for kind in ["file_download_error", "value_error"] {
        let server = HttpServer::start(move |request| {
            let input = request.json();
            let detail = json!([{
                "loc": ["body", "loras", 0, "path"], "msg": format!("cannot load {}", input["loras"][0]["path"]),
                "type": kind, "input": input,
            }]);
            HttpReply::json(422, &json!({"detail": detail}))
        })
        .await;
        let model = of_kind(ModelKind::TrainedLikeness, "fal-ai/flux-lora", &[]);
        let submission = Submission { model, likeness: weights(100), ..submission() };
        let error = fal(&server).submit(&submission).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, kind));
        assert!(!everything_said(&error).contains("c0ckatrice"), "{error}");
    }
}
