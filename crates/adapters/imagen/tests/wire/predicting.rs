//! `:predict`.

use generation::{GeneratedImage, ImageGenerator, Submission};
use kernel::{AspectRatio, CallOutcome, FailureClass};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{KEY, PROMPT, four_predictions, imagen, made, model, submit_to};

fn image(base64: &str) -> Value {
    json!({"mimeType": "image/png", "bytesBase64Encoded": base64})
}

#[tokio::test]
async fn a_call_is_made_as_documented() {
    let server = HttpServer::always(HttpReply::json(200, &json!({"predictions": [image("YQ==")]}))).await;
    let options = [("dialect", "predict"), ("image_size", "2K"), ("person_generation", "ALLOW_ADULT")];
    let submission = Submission {
        model: model("imagen-4.0-ultra-generate-001", 4, &options),
        aspect_ratio: AspectRatio::Tall,
        count: 3,
        ..four_predictions()
    };
    imagen(&server).submit(&submission).await.unwrap();
    let request = server.requests().pop().unwrap();
    assert_eq!(request.target, "/v1beta/models/imagen-4.0-ultra-generate-001:predict");
    assert_eq!(request.header("x-goog-api-key"), Some(KEY));
    assert_eq!(
        request.json(),
        json!({
            "instances": [{"prompt": PROMPT}],
            "parameters": {
                "sampleCount": 3, "aspectRatio": "9:16", "includeRaiReason": true, "sampleImageSize": "2K",
                "personGeneration": "ALLOW_ADULT", "outputOptions": {"mimeType": "image/png"},
            },
        })
    );
}

#[tokio::test]
async fn images_come_in_order_and_filtered_ones_are_withheld() {
    let body = json!({"predictions": [
        image("YQ=="),
        {"raiFilteredReason": "filtered; support code 12345678"},
        image("Yg=="),
        {"contentType": "Positive Prompt", "safetyAttributes": {"categories": [], "scores": []}},
    ]});
    let images = submit_to(HttpReply::json(200, &body), &four_predictions()).await.unwrap();
    assert_eq!(images, [made(b"a"), GeneratedImage::Withheld, made(b"b")]);
}

#[tokio::test]
async fn fewer_images_than_asked_for_are_passed_on() {
    let body = json!({"predictions": [image("YQ=="), image("Yg==")]});
    let images = submit_to(HttpReply::json(200, &body), &four_predictions()).await.unwrap();
    assert_eq!(images, [made(b"a"), made(b"b")]);
}

#[tokio::test]
async fn when_everything_was_filtered_the_request_is_refused() {
    for body in
        [json!({}), json!({"predictions": []}), json!({"predictions": [{"contentType": "Positive Prompt"}]})]
    {
        let error = submit_to(HttpReply::json(200, &body), &four_predictions()).await.unwrap_err();
        assert_eq!((error.class, error.outcome), (FailureClass::Refused, CallOutcome::NotDone), "{body}");
    }
    let reason = json!({"raiFilteredReason": "filtered"});
    let body = json!({"predictions": [reason, reason]});
    let images = submit_to(HttpReply::json(200, &body), &four_predictions()).await.unwrap();
    assert_eq!(images, [GeneratedImage::Withheld, GeneratedImage::Withheld]);
}

#[tokio::test]
async fn an_answer_that_is_not_googles_may_pass() {
    for reply in [HttpReply::html(200), HttpReply::json(200, &json!({"predictions": [image("?!")]}))] {
        let error = submit_to(reply, &four_predictions()).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "garbage"));
    }
}

#[tokio::test]
async fn a_model_that_google_switched_off_is_told_as_such() {
    let body = json!({"error": {
        "code": 404, "status": "NOT_FOUND",
        "message": "models/imagen-4.0-generate-001 is not found for API version v1beta, or is not supported for predict.",
    }});
    let server = HttpServer::always(HttpReply::json(404, &body)).await;
    let imagen = imagen(&server);
    let error = imagen.submit(&four_predictions()).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (FailureClass::Misconfigured, "model-not-found"));
    assert!(imagen.concerns_model(&error));
}
