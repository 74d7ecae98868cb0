//! OpenAI's server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{Rgb, RgbImage};
use sandbox::faults::{Fault, StatusFault};
use sandbox::test_pictures::{PictureKind, picture};
use serde_json::{Value, json};

use crate::support::{Server, read};

async fn moderate(server: &Server, body: &Value) -> (u16, Value) {
    let request = server.client.post(server.at("/v1/moderations")).bearer_auth("sk-test").json(body);
    read(request.send().await.unwrap()).await
}

fn picture_with_bar(colour: [u8; 3]) -> String {
    let picture = RgbImage::from_fn(256, 256, |_, y| if y >= 240 { Rgb(colour) } else { Rgb([40, 90, 40]) });
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    format!("data:image/png;base64,{}", STANDARD.encode(png.get_ref()))
}

#[tokio::test]
async fn a_text_is_judged_in_every_category() {
    let server = Server::openai().await;
    let (status, body) = moderate(&server, &json!({"input": "a red fox"})).await;
    assert_eq!(status, 200);
    assert_eq!(body["model"], "omni-moderation-latest");
    let result = &body["results"][0];
    assert_eq!(result["flagged"], false);
    for part in ["categories", "category_scores", "category_applied_input_types"] {
        assert_eq!(result[part].as_object().unwrap().len(), 13, "{part}");
    }
    assert_eq!(result["category_applied_input_types"]["hate"], json!(["text"]));
}

#[tokio::test]
async fn agreed_words_are_flagged_in_their_categories() {
    let server = Server::openai().await;
    let texts = json!({"input": ["fine", "please MODERATE-ME", "moderate-minors"]});
    let (_, body) = moderate(&server, &texts).await;
    let results = body["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    assert_eq!(results[0]["flagged"], false);
    assert_eq!(results[1]["categories"]["sexual"], true);
    assert!(results[1]["category_scores"]["sexual"].as_f64().unwrap() > 0.9);
    assert_eq!(results[2]["categories"]["sexual/minors"], true);
    assert_eq!(results[2]["categories"]["violence"], false);
}

#[tokio::test]
async fn typed_parts_are_one_item_and_its_picture_is_looked_at() {
    let server = Server::openai().await;
    let part = |colour| json!({"type": "image_url", "image_url": {"url": picture_with_bar(colour)}});
    let text = json!({"type": "text", "text": "a photo"});
    let (_, body) = moderate(&server, &json!({"input": [text, part([255, 0, 255])]})).await;
    let results = body["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["categories"]["sexual"], true);
    assert_eq!(results[0]["category_applied_input_types"]["sexual"], json!(["text", "image"]));
    assert_eq!(results[0]["category_applied_input_types"]["sexual/minors"], json!(["text"]));

    let (_, body) = moderate(&server, &json!({"input": [part([90, 90, 90])]})).await;
    assert_eq!(body["results"][0]["flagged"], false);
    for (kind, is_flagged) in [(PictureKind::Unsafe, true), (PictureKind::Clear, false)] {
        let url = format!("data:image/jpeg;base64,{}", STANDARD.encode(picture(kind, 0, 320, 400).unwrap()));
        let part = json!({"type": "image_url", "image_url": {"url": url}});
        let (_, body) = moderate(&server, &json!({"input": [part]})).await;
        assert_eq!(body["results"][0]["categories"]["sexual"], is_flagged);
    }

    let two = json!({"input": [part([0, 0, 0]), part([0, 0, 0])]});
    assert_eq!(moderate(&server, &two).await.0, 400);
    let unreadable =
        json!({"input": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]});
    let (status, body) = moderate(&server, &unreadable).await;
    assert_eq!((status, &body["error"]["code"]), (400, &json!("invalid_image_format")));
}

#[tokio::test]
async fn a_refusal_fault_flags_anything() {
    let server = Server::openai().await;
    server.break_once(Fault::Refusal);
    let (_, body) = moderate(&server, &json!({"input": "a red fox"})).await;
    assert_eq!(body["results"][0]["flagged"], true);
}

#[tokio::test]
async fn models_are_listed_with_their_shutdown_dates() {
    let server = Server::openai().await;
    let date = ("omni-moderation-2024-09-26".to_owned(), "2027-01-14".to_owned());
    server.settings.change(|settings| settings.openai_shutdown_dates.extend([date]));
    let get = |path: &str| server.client.get(server.at(path)).bearer_auth("sk-test").send();
    let (status, body) = read(get("/v1/models").await.unwrap()).await;
    assert_eq!((status, &body["object"]), (200, &json!("list")));
    let models = body["data"].as_array().unwrap();
    let date_of = |id: &str| &models.iter().find(|model| model["id"] == id).unwrap()["shutdown_date"];
    assert_eq!(date_of("omni-moderation-2024-09-26"), "2027-01-14");
    for id in ["omni-moderation-latest", "gpt-6-luna", "gpt-transcribe", "whisper-1"] {
        assert_eq!(date_of(id), &Value::Null, "{id}");
    }
    let (status, body) = read(get("/v1/models/omni-moderation-latest").await.unwrap()).await;
    assert_eq!((status, &body["object"]), (200, &json!("model")));
    let (status, body) = read(get("/v1/models/gpt-4").await.unwrap()).await;
    assert_eq!((status, &body["error"]["code"]), (404, &json!("model_not_found")));
}

#[tokio::test]
async fn errors_come_in_openais_format() {
    let server = Server::openai().await;
    let bad = server.client.get(server.at("/v1/models")).bearer_auth("sk-bad-key-0000").send().await.unwrap();
    let (status, body) = read(bad).await;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("invalid_api_key")));
    assert!(!body["error"]["message"].as_str().unwrap().contains("bad-key"));
    assert_eq!(server.client.get(server.at("/v1/models")).send().await.unwrap().status(), 401);

    let unknown =
        server.client.post(server.at("/v1/images/generations")).bearer_auth("sk").send().await.unwrap();
    let (status, body) = read(unknown).await;
    assert_eq!(
        (status, &body["error"]["message"]),
        (404, &json!("Invalid URL (POST /v1/images/generations)"))
    );
    let chat = server.client.post(server.at("/v1/chat/completions")).bearer_auth("sk");
    let (status, body) = read(chat.json(&json!({"model": "gpt-7"})).send().await.unwrap()).await;
    assert_eq!((status, &body["error"]["code"]), (404, &json!("model_not_found")));

    assert_eq!(moderate(&server, &json!({})).await.0, 400);
    assert_eq!(moderate(&server, &json!({"input": []})).await.0, 400);
    assert_eq!(moderate(&server, &json!({"input": "x", "model": "gpt-4"})).await.0, 404);
}

#[tokio::test]
async fn a_limit_says_when_to_come_back() {
    let server = Server::openai().await;
    server.break_once(Fault::Status(StatusFault {
        code: 429,
        retry_after_seconds: Some(20),
        ..StatusFault::default()
    }));
    let request =
        server.client.post(server.at("/v1/moderations")).bearer_auth("sk").json(&json!({"input": "x"}));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "20");
    let (status, body) = read(answer).await;
    assert_eq!((status, &body["error"]["code"]), (429, &json!("rate_limit_exceeded")));
    assert!(body["error"]["message"].as_str().unwrap().contains("try again in 20s"));
    let answer = server.client.get(server.at("/v1/models")).bearer_auth("sk").send().await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
}
