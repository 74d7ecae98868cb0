//! Pictures of a person: with trained weights, and from photos without a training.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::providers::fal::Origin;
use serde_json::{Value, json};

use crate::fal_calls::{archive, photo, pixels_like, result, submission, upload, url};
use crate::support::{Server, read};

const LORA: &str = "/fal-ai/flux-lora";
const EDIT: &str = "/fal-ai/nano-banana-2/edit";
const GREEN: [u8; 3] = [20, 200, 40];
const PINK: [u8; 3] = [240, 60, 200];

/// Trains with photos of one colour; gives the weights' URL.
async fn trained(server: &Server, colour: [u8; 3]) -> String {
    let archive = upload(server, "application/zip", archive(10, colour), None).await;
    let input = json!({"images_data_url": archive, "trigger_phrase": "ohwx person"});
    let (code, output) = result(server, "/fal-ai/flux-lora-portrait-trainer", &input).await;
    assert_eq!(code, 200, "{output}");
    url(&output["diffusers_lora_file"], "url").to_owned()
}

async fn picture(server: &Server, output: &Value) -> Vec<u8> {
    let answer = server.client.get(url(&output["images"][0], "url")).send().await.unwrap();
    answer.bytes().await.unwrap().to_vec()
}

fn asking(prompt: &str, loras: &Value) -> Value {
    json!({"prompt": prompt, "loras": loras, "image_size": "square", "output_format": "png", "seed": 7})
}

#[tokio::test]
async fn weights_paint_the_person_they_were_trained_on() {
    let server = Server::fal().await;
    let weights = trained(&server, GREEN).await;
    let prompt = "ohwx person as an astronaut";
    let (code, with) = result(&server, LORA, &asking(prompt, &json!([{"path": weights, "scale": 1}]))).await;
    assert_eq!((code, &with["seed"]), (200, &json!(7)));
    let with = picture(&server, &with).await;
    let (_, without) = result(&server, LORA, &asking(prompt, &json!([]))).await;
    let without = picture(&server, &without).await;
    assert!(pixels_like(&with, GREEN) > pixels_like(&without, GREEN) + 1_000);

    // The same seed gives the same picture, and a scale of 0 nobody.
    let (_, again) = result(&server, LORA, &asking(prompt, &json!([{"path": weights}]))).await;
    assert_eq!(picture(&server, &again).await, with);
    let (_, nobody) = result(&server, LORA, &asking(prompt, &json!([{"path": weights, "scale": 0}]))).await;
    assert_eq!(picture(&server, &nobody).await, without);
}

#[tokio::test]
async fn every_partner_of_a_trainer_takes_weights() {
    let server = Server::fal().await;
    let weights = trained(&server, PINK).await;
    for name in [
        "flux-krea-lora",
        "flux-2/lora",
        "flux-2/klein/9b/base/lora",
        "z-image/turbo/lora",
        "z-image/base/lora",
        "qwen-image-2512/lora",
        "krea-2/turbo/lora",
    ] {
        let input = asking("portrait of a person", &json!([{"path": weights, "scale": 1.2}]));
        let (code, output) = result(&server, &format!("/fal-ai/{name}"), &input).await;
        assert_eq!(code, 200, "{name}: {output}");
        assert!(pixels_like(&picture(&server, &output).await, PINK) > 1_000, "{name}");
    }
}

#[tokio::test]
async fn weights_are_fetched_when_the_request_runs() {
    let server = Server::fal().await;
    let weights = trained(&server, GREEN).await;
    // A copy behind somebody else's link works as well.
    let copy = server.client.get(&weights).send().await.unwrap().bytes().await.unwrap();
    let other = Server::fal().await;
    let link = upload(
        &other,
        "application/octet-stream",
        copy.to_vec(),
        Some(r#"{"expiration_duration_seconds":60}"#),
    )
    .await;
    let input = asking("portrait", &json!([{"path": link}]));
    let (code, output) = result(&server, LORA, &input).await;
    assert_eq!(code, 200, "{output}");
    assert!(pixels_like(&picture(&server, &output).await, GREEN) > 1_000);

    other.fal_files.pass_time(Duration::from_secs(61));
    let (code, body) = result(&server, LORA, &input).await;
    let problem = &body["detail"][0];
    assert_eq!((code, &problem["type"]), (422, &json!("file_download_error")));
    assert_eq!(problem["loc"], json!(["body", "loras", 0, "path"]));
}

#[tokio::test]
async fn weights_that_are_none_are_refused() {
    let server = Server::fal().await;
    let half = trained(&server, GREEN).await;
    let whole = server.client.get(&half).send().await.unwrap().bytes().await.unwrap();
    let octets = "application/octet-stream";
    let half = upload(&server, octets, whole[..whole.len() / 2].to_vec(), None).await;
    let junk = upload(&server, octets, b"<html>not found</html>".to_vec(), None).await;
    for path in [half, junk] {
        let (code, body) = result(&server, LORA, &asking("x", &json!([{"path": path}]))).await;
        assert_eq!((code, &body["detail"][0]["type"]), (422, &json!("value_error")));
    }
    for (loras, kind) in [
        (json!([{"scale": 1}]), "missing"),
        (json!([{"path": 3}]), "string_type"),
        (json!([{"path": "x", "scale": 5}]), "less_than_equal"),
        (json!([{"path": "x", "scale": -1}]), "greater_than_equal"),
        (json!("x"), "list_type"),
    ] {
        let (code, body) = result(&server, LORA, &asking("x", &loras)).await;
        assert_eq!((code, &body["detail"][0]["type"]), (422, &json!(kind)), "{loras}");
    }
    let four = json!(vec![json!({"path": "x"}); 4]);
    let (_, body) = result(&server, "/fal-ai/flux-2/lora", &asking("x", &four)).await;
    assert_eq!(body["detail"][0]["type"], "sequence_too_long");
}

#[tokio::test]
async fn an_edit_paints_the_person_of_its_photos() {
    let server = Server::fal().await;
    let stored = upload(&server, "image/png", photo(GREEN), None).await;
    let inline = format!("data:image/png;base64,{}", STANDARD.encode(photo(GREEN)));
    let input = json!({"prompt": "this person by the sea at sunset", "image_urls": [stored, inline]});
    let (code, output) = result(&server, EDIT, &input).await;
    assert_eq!(code, 200, "{output}");
    assert!(output["description"].is_string());
    assert!(pixels_like(&picture(&server, &output).await, GREEN) > 1_000);

    let (code, body) = result(&server, EDIT, &json!({"prompt": "x"})).await;
    let problem = &body["detail"][0];
    assert_eq!(
        (code, &problem["loc"], &problem["type"]),
        (422, &json!(["body", "image_urls"]), &json!("missing"))
    );
    let gone = json!({"prompt": "x", "image_urls": [server.at("/files/none/photo.png")]});
    let (_, body) = result(&server, EDIT, &gone).await;
    assert_eq!(body["detail"][0]["type"], "file_download_error");
    let junk = upload(&server, "image/png", b"no picture".to_vec(), None).await;
    let (_, body) = result(&server, EDIT, &json!({"prompt": "x", "image_urls": [junk]})).await;
    assert_eq!(body["detail"][0]["type"], "image_load_error");
}

#[tokio::test]
async fn pictures_live_as_long_as_the_request_says() {
    let server = Server::fal().await;
    let request = submission(&server, "/fal.run/fal-ai/flux-lora", &json!({"prompt": "x"}))
        .header("x-fal-object-lifecycle-preference", r#"{"expiration_duration_seconds":3600}"#);
    let (code, output) = read(request.send().await.unwrap()).await;
    assert_eq!(code, 200);
    let held = server.fal_files.list();
    assert_eq!((held.len(), held[0].origin), (1, Origin::Output));
    assert_eq!(held[0].expires_at_ms, Some(held[0].stored_at_ms + 3_600_000));
    server.fal_files.pass_time(Duration::from_secs(3_601));
    let answer = server.client.get(url(&output["images"][0], "url")).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(server.fal_files.list(), []);
}
