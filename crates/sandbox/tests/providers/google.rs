//! Google's server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::DynamicImage;
use sandbox::faults::{Fault, StatusFault};
use sandbox::providers::ImagenService;
use serde_json::{Value, json};

use crate::fal_calls;
use crate::support::{Server, read};

const MODEL: &str = "gemini-nano-banana-2.1";

async fn post(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let request = server.client.post(server.at(path)).header("x-goog-api-key", "key").json(body);
    read(request.send().await.unwrap()).await
}

async fn get(server: &Server, path: &str) -> (u16, Value) {
    read(server.client.get(server.at(path)).header("x-goog-api-key", "key").send().await.unwrap()).await
}

fn asking(prompt: &str, config: &Value) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": prompt}]}], "generationConfig": config})
}

async fn generate(server: &Server, body: &Value) -> (u16, Value) {
    post(server, &format!("/v1beta/models/{MODEL}:generateContent"), body).await
}

fn inline(part: &Value) -> DynamicImage {
    let bytes = STANDARD.decode(part["inlineData"]["data"].as_str().unwrap()).unwrap();
    image::load_from_memory(&bytes).unwrap()
}

fn picture(body: &Value) -> DynamicImage {
    let parts = body["candidates"][0]["content"]["parts"].as_array().unwrap();
    inline(
        parts.iter().find(|part| part.get("inlineData").is_some() && part.get("thought").is_none()).unwrap(),
    )
}

#[tokio::test]
async fn generate_content_gives_a_picture_of_the_shape_asked_for() {
    let server = Server::google().await;
    let config =
        json!({"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "3:4", "imageSize": "1K"}});
    let (status, body) = generate(&server, &asking("a red fox in snow", &config)).await;
    assert_eq!(status, 200);
    let candidate = &body["candidates"][0];
    assert_eq!(candidate["finishReason"], "STOP");
    assert_eq!(candidate["content"]["role"], "model");
    assert_eq!(candidate["content"]["parts"].as_array().unwrap().len(), 1);
    assert_eq!(candidate["content"]["parts"][0]["inlineData"]["mimeType"], "image/png");
    assert_eq!(body["modelVersion"], MODEL);
    assert!(body["usageMetadata"]["totalTokenCount"].as_u64().unwrap() > 1_120);
    // 896 × 1200, brought within the 256 pixels of the test's settings.
    assert_eq!((picture(&body).width(), picture(&body).height()), (191, 256));
}

#[tokio::test]
async fn sizes_are_googles_own_when_nothing_limits_them() {
    let server = Server::google().await;
    server.settings.change(|settings| settings.longest_edge = 4_096);
    let config = json!({"imageConfig": {"aspectRatio": "16:9"}});
    let (_, body) = generate(&server, &asking("x", &config)).await;
    assert_eq!((picture(&body).width(), picture(&body).height()), (1376, 768));
}

#[tokio::test]
async fn snake_case_and_reference_pictures_are_understood() {
    let server = Server::google().await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(20, 20).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let body = json!({
        "contents": [{"role": "user", "parts": [
            {"text": "this person on the moon"},
            {"inline_data": {"mime_type": "image/png", "data": STANDARD.encode(png.get_ref())}},
        ]}],
        "generation_config": {"response_modalities": ["TEXT", "IMAGE"], "image_config": {"aspect_ratio": "1:1"},
            "thinking_config": {"thinking_level": "HIGH", "include_thoughts": true}},
    });
    let (status, body) = post(&server, &format!("/v1/models/{MODEL}:generateContent"), &body).await;
    assert_eq!(status, 200);
    let parts = body["candidates"][0]["content"]["parts"].as_array().unwrap();
    assert_eq!(parts.iter().filter(|part| part["thought"] == true).count(), 2);
    assert!(parts.iter().any(|part| part.get("text").is_some() && part.get("thought").is_none()));
    assert!(parts.last().unwrap()["thoughtSignature"].is_string());
}

#[tokio::test]
async fn the_person_of_the_reference_pictures_is_painted() {
    const GREEN: [u8; 3] = [20, 200, 40];
    let server = Server::google().await;
    let photo =
        json!({"inlineData": {"mimeType": "image/png", "data": STANDARD.encode(fal_calls::photo(GREEN))}});
    let asked = |photos: usize| {
        let mut parts = vec![json!({"text": "a studio portrait of this person"})];
        parts.extend(vec![photo.clone(); photos]);
        json!({"contents": [{"role": "user", "parts": parts}], "generationConfig": {"seed": 4}})
    };
    let (_, without) = generate(&server, &asked(0)).await;
    let (status, with) = generate(&server, &asked(4)).await;
    assert_eq!(status, 200);
    let green = |body: &Value| {
        let rgb = picture(body).into_rgb8();
        rgb.pixels()
            .filter(|pixel| pixel.0.iter().zip(GREEN).all(|(is, wanted)| is.abs_diff(wanted) < 40))
            .count()
    };
    assert!(green(&with) > green(&without) + 1_000);
    let tokens = |body: &Value| body["usageMetadata"]["promptTokenCount"].as_u64().unwrap();
    assert_eq!(tokens(&with), tokens(&without) + 4 * 258);
    assert_eq!(
        generate(&server, &asked(4)).await.1["candidates"][0]["content"]["parts"][1]["inlineData"],
        with["candidates"][0]["content"]["parts"][1]["inlineData"]
    );
    let (status, body) = generate(&server, &asked(15)).await;
    assert_eq!((status, &body["error"]["status"]), (400, &json!("INVALID_ARGUMENT")));
}

#[tokio::test]
async fn a_seed_repeats_a_picture_and_without_one_they_differ() {
    let server = Server::google().await;
    let seeded = asking("a red fox", &json!({"seed": 5}));
    let first = picture(&generate(&server, &seeded).await.1);
    assert_eq!(first, picture(&generate(&server, &seeded).await.1));
    let unseeded = asking("a red fox", &json!({}));
    let one = picture(&generate(&server, &unseeded).await.1);
    assert_ne!(one, picture(&generate(&server, &unseeded).await.1));
}

#[tokio::test]
async fn refusals_are_answers_without_a_picture() {
    let server = Server::google().await;
    let (status, body) = generate(&server, &asking("это запрещено", &json!({}))).await;
    assert_eq!((status, &body["promptFeedback"]["blockReason"]), (200, &json!("PROHIBITED_CONTENT")));
    assert!(body.get("candidates").is_none());

    let (status, body) = generate(&server, &asking("a forbidden-picture", &json!({}))).await;
    assert_eq!((status, &body["candidates"][0]["finishReason"]), (200, &json!("IMAGE_SAFETY")));
    assert_eq!(body["candidates"][0]["content"], json!({}));

    server.break_once(Fault::Refusal);
    let (status, body) = generate(&server, &asking("a fox", &json!({}))).await;
    assert_eq!((status, &body["candidates"][0]["finishReason"]), (200, &json!("IMAGE_SAFETY")));
    assert!(body["candidates"][0].get("content").is_none());

    server.break_once(Fault::NoImages);
    let (_, body) = generate(&server, &asking("a fox", &json!({}))).await;
    assert_eq!(body["candidates"][0]["finishReason"], "NO_IMAGE");
}

#[tokio::test]
async fn the_three_kinds_of_404_have_texts_of_their_own() {
    let server = Server::google().await;
    let body = asking("x", &json!({}));
    let message = |body: &Value| body["error"]["message"].as_str().unwrap().to_owned();

    let (status, retired) =
        post(&server, "/v1beta/models/gemini-3.1-flash-image:generateContent", &body).await;
    assert_eq!((status, &retired["error"]["status"]), (404, &json!("NOT_FOUND")));
    assert!(message(&retired).contains("is no longer available"));

    let (status, unknown) = post(&server, "/v1beta/models/gemini-9:generateContent", &body).await;
    assert_eq!(status, 404);
    assert!(message(&unknown).starts_with("models/gemini-9 is not found for API version v1beta"));

    let (status, other) = post(&server, &format!("/v1/models/{MODEL}:predict"), &body).await;
    assert_eq!(status, 404);
    assert!(message(&other).contains("is not supported for predict"));

    server.break_once(Fault::RetiredModel);
    let (status, switched_off) = generate(&server, &body).await;
    assert_eq!(status, 404);
    assert!(message(&switched_off).contains(&format!("models/{MODEL} is no longer available")));
}

#[tokio::test]
async fn keys_are_checked() {
    let server = Server::google().await;
    let url = server.at(&format!("/v1beta/models/{MODEL}:generateContent"));
    let body = asking("x", &json!({}));
    let request = server.client.post(&url).header("x-goog-api-key", "a-bad-key").json(&body);
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!((status, &answer["error"]["status"]), (400, &json!("INVALID_ARGUMENT")));
    assert_eq!(answer["error"]["details"][0]["reason"], "API_KEY_INVALID");

    let (status, answer) = read(server.client.post(&url).json(&body).send().await.unwrap()).await;
    assert_eq!((status, &answer["error"]["status"]), (403, &json!("PERMISSION_DENIED")));

    let answer = server.client.get(server.at("/v1beta/models?key=good")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(server.journal.since(0).last().unwrap().path, "/v1beta/models");
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let server = Server::google().await;
    let cases = [
        (asking("x", &json!({"sampleCount": 2})), "Unknown name \"sampleCount\" at 'generation_config'"),
        (asking("x", &json!({"imageConfig": {"personGeneration": "ALLOW_ALL"}})), "Unknown name"),
        (asking("x", &json!({"imageConfig": {"aspectRatio": "7:5"}})), "aspect_ratio must be one of"),
        (asking("x", &json!({"imageConfig": {"imageSize": "512"}})), "Image size is not supported"),
        (asking("x", &json!({"responseModalities": ["TEXT"]})), "response modalities"),
        (asking("x", &json!({"candidateCount": 2})), "Multiple candidates"),
        (asking(" ", &json!({})), "non-empty text"),
        (json!({"contents": []}), "contents is not specified"),
        (
            json!({"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "aGk="}}]}]}),
            "Unable to process input image",
        ),
    ];
    for (body, text) in cases {
        let (status, answer) = generate(&server, &body).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert_eq!(status, 400, "{message}");
        assert!(message.contains(text), "{message}");
        assert!(answer["error"]["details"][0]["fieldViolations"].is_array());
    }
}

#[tokio::test]
async fn limits_and_breakdowns_come_in_googles_envelope() {
    let server = Server::google().await;
    let body = asking("x", &json!({}));
    server.break_once(Fault::Status(StatusFault {
        code: 429,
        retry_after_seconds: Some(42),
        ..StatusFault::default()
    }));
    let (status, answer) = generate(&server, &body).await;
    assert_eq!((status, &answer["error"]["status"]), (429, &json!("RESOURCE_EXHAUSTED")));
    let details = answer["error"]["details"].as_array().unwrap();
    assert_eq!(details[0]["@type"], "type.googleapis.com/google.rpc.QuotaFailure");
    assert_eq!(details[1], json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "42s"}));

    server.break_once(Fault::Status(StatusFault { code: 503, ..StatusFault::default() }));
    let (status, answer) = generate(&server, &body).await;
    assert_eq!((status, &answer["error"]["status"]), (503, &json!("UNAVAILABLE")));
}

#[tokio::test]
async fn the_list_has_the_live_models_and_a_look_finds_retired_ones_too() {
    let server = Server::google().await;
    let (status, body) = get(&server, "/v1beta/models?pageSize=2").await;
    assert_eq!(status, 200);
    assert_eq!(body["models"].as_array().unwrap().len(), 2);
    let token = body["nextPageToken"].as_str().unwrap();
    let (_, rest) = get(&server, &format!("/v1beta/models?pageSize=2&pageToken={token}")).await;
    assert!(rest.get("nextPageToken").is_none());
    let names: Vec<&str> = [&body, &rest]
        .iter()
        .flat_map(|page| page["models"].as_array().unwrap())
        .map(|model| model["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"models/gemini-nano-banana-2.1"));
    assert!(!names.iter().any(|name| name.contains("3.1-flash-image") || name.contains("imagen")));
    let (status, retired) = get(&server, "/v1beta/models/gemini-3.1-flash-image").await;
    assert_eq!((status, &retired["supportedGenerationMethods"]), (200, &json!(["generateContent"])));
    assert_eq!(get(&server, "/v1beta/models/none").await.0, 404);
}

#[tokio::test]
async fn imagen_is_off_at_google_and_served_by_a_gateway() {
    let server = Server::google().await;
    let path = "/v1beta/models/imagen-4.0-generate-001:predict";
    let body = json!({
        "instances": [{"prompt": "a fox"}],
        "parameters": {"sampleCount": 4, "aspectRatio": "9:16", "outputOptions": {"mimeType": "image/jpeg"}},
    });
    assert_eq!(post(&server, path, &body).await.0, 404);

    server.settings.change(|settings| settings.imagen = ImagenService::Served);
    let (status, answer) = post(&server, path, &body).await;
    assert_eq!(status, 200);
    let predictions = answer["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 4);
    assert_eq!(predictions[0]["mimeType"], "image/jpeg");
    assert_ne!(predictions[0]["bytesBase64Encoded"], predictions[1]["bytesBase64Encoded"]);

    server.break_once(Fault::FewerImages { images: 2 });
    let (_, answer) = post(&server, path, &body).await;
    assert_eq!(answer["predictions"].as_array().unwrap().len(), 2);

    let express = "/v1beta1/publishers/google/models/imagen-4.0-generate-001:predict";
    let refused = json!({
        "instances": [{"prompt": "forbidden"}],
        "parameters": {"sampleCount": 1, "seed": 1, "addWatermark": false},
    });
    let (status, answer) = post(&server, express, &refused).await;
    assert_eq!((status, answer), (200, json!({})));
    assert_eq!(post(&server, path, &refused).await.0, 400);

    let with_reasons =
        json!({"instances": [{"prompt": "forbidden"}], "parameters": {"includeRaiReason": true}});
    let (_, answer) = post(&server, path, &with_reasons).await;
    assert!(answer["predictions"][0]["raiFilteredReason"].is_string());
    assert!(answer["predictions"][0].get("bytesBase64Encoded").is_none());
}

#[tokio::test]
async fn an_unknown_path_is_a_page_of_html() {
    let server = Server::google().await;
    let answer = server.client.get(server.at("/v1beta/tunedModels/x/y")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(answer.text().await.unwrap().contains("That’s all we know"));
}
