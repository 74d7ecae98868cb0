//! FAL's trainers, from the archive to the weights.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::faults::{Fault, StatusFault, TrainingError};
use sandbox::providers::fal::Origin;
use serde_json::{Value, json};

use crate::fal_calls::{
    archive, completed, get, messages, result, status_when, submission, submit, upload, url,
};
use crate::support::{Receiver, Server, read};

const PORTRAIT: &str = "/fal-ai/flux-lora-portrait-trainer";
const GREEN: [u8; 3] = [20, 200, 40];

async fn photos(server: &Server, count: usize) -> String {
    upload(server, "application/zip", archive(count, GREEN), None).await
}

async fn portrait_input(server: &Server) -> Value {
    json!({"images_data_url": photos(server, 10).await, "trigger_phrase": "ohwx person", "steps": 1000})
}

async fn download(server: &Server, file: &Value) -> reqwest::Response {
    server.client.get(url(file, "url")).send().await.unwrap()
}

/// Header of a safetensors file, and how many bytes it promises in all.
fn header(file: &[u8]) -> (Value, usize) {
    let length = usize::try_from(u64::from_le_bytes(file[..8].try_into().unwrap())).unwrap();
    let header: Value = serde_json::from_slice(&file[8..8 + length]).unwrap();
    let ends = header.as_object().unwrap().values().filter_map(|entry| entry["data_offsets"][1].as_u64());
    let tensors = usize::try_from(ends.max().unwrap()).unwrap();
    (header, 8 + length + tensors)
}

fn problem(body: &Value) -> (&str, &str) {
    let problem = &body["detail"][0];
    (problem["loc"][1].as_str().unwrap(), problem["type"].as_str().unwrap())
}

#[tokio::test]
async fn a_training_gives_weights_of_the_size_asked_for() {
    let server = Server::fal().await;
    server.settings.change(|settings| settings.weights_bytes = 300_000);
    let submitted = submit(&server, PORTRAIT, &portrait_input(&server).await).await;
    let status = completed(&server, &submitted).await;
    let (code, output) = get(&server, url(&submitted, "response_url")).await;
    assert_eq!(code, 200);

    let weights = &output["diffusers_lora_file"];
    assert_eq!(weights["file_name"], "pytorch_lora_weights.safetensors");
    assert_eq!(weights["content_type"], "application/octet-stream");
    let answer = download(&server, weights).await;
    assert_eq!(answer.headers()["content-length"].to_str().unwrap(), weights["file_size"].to_string());
    let file = answer.bytes().await.unwrap();
    let (header, promised) = header(&file);
    assert_eq!((json!(file.len()), file.len()), (weights["file_size"].clone(), promised));
    assert!(file.len() > 300_000);
    assert_eq!(header["__metadata__"]["trigger"], "ohwx person");

    let config = download(&server, &output["config_file"]).await.bytes().await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&config).unwrap()["steps"], 1000);
    assert_eq!(output["config_file"]["file_size"], config.len());

    let told = messages(&status);
    assert!(told.contains(&"Found 10 images"), "{told:?}");
    assert!(told.contains(&"step 40/1000") && told.contains(&"step 1000/1000"), "{told:?}");
    assert_eq!(told.last(), Some(&"Done"));
}

#[tokio::test]
async fn steps_are_told_while_it_runs_and_it_can_be_cancelled() {
    let server = Server::fal().await;
    server.settings.change(|settings| settings.training_ms = 60_000);
    let submitted = submit(&server, PORTRAIT, &portrait_input(&server).await).await;
    let has_begun = |body: &Value| {
        body["status"] == "IN_PROGRESS" && messages_of(body).iter().any(|line| line.starts_with("Found"))
    };
    let (code, status) = status_when(&server, &submitted, has_begun).await;
    assert_eq!(code, 202);
    assert!(!messages(&status).contains(&"step 1000/1000"));

    server.break_operation("/status", Fault::Status(StatusFault { code: 403, ..StatusFault::default() }));
    let (code, body) = get(&server, url(&submitted, "status_url")).await;
    assert_eq!(code, 403);
    assert!(body["detail"].as_str().unwrap().starts_with("User is locked."));
    assert_eq!(get(&server, url(&submitted, "status_url")).await.0, 202);

    let cancel = server.client.put(url(&submitted, "cancel_url")).header("authorization", "Key id:secret");
    assert_eq!(cancel.send().await.unwrap().status(), 202);
    assert_eq!(completed(&server, &submitted).await["error_type"], "client_cancelled");
    assert_eq!(get(&server, url(&submitted, "response_url")).await.0, 499);
    assert!(server.fal_files.list().iter().all(|file| file.origin == Origin::Upload));
}

#[tokio::test]
async fn it_takes_the_time_of_the_settings() {
    let server = Server::fal().await;
    let input = portrait_input(&server).await;
    server.settings.change(|settings| settings.training_ms = 400);
    let started = tokio::time::Instant::now();
    let submitted = submit(&server, PORTRAIT, &input).await;
    completed(&server, &submitted).await;
    assert!(started.elapsed() >= Duration::from_millis(400));

    // The first of 25 lines comes after a twenty-fifth of the time.
    server.settings.change(|settings| settings.training_ms = 20_000);
    let submitted = submit(&server, PORTRAIT, &input).await;
    let has_stepped = |body: &Value| messages_of(body).iter().any(|line| line.starts_with("step"));
    let (_, status) = status_when(&server, &submitted, has_stepped).await;
    assert_eq!(status["status"], "IN_PROGRESS");
    assert!(!messages(&status).contains(&"step 1000/1000"));
}

/// Messages of a status that may have no log yet.
fn messages_of(body: &Value) -> Vec<&str> {
    if body["logs"].is_array() { messages(body) } else { Vec::new() }
}

#[tokio::test]
async fn every_trainer_has_its_own_names() {
    let server = Server::fal().await;
    let archive = photos(&server, 4).await;
    let cases = [
        (
            "flux-lora-fast-training",
            json!({"images_data_url": archive, "trigger_word": "ohwx"}),
            "diffusers_lora_file",
        ),
        (
            "turbo-flux-trainer",
            json!({"images_data_url": archive, "training_style": "style"}),
            "diffusers_lora_file",
        ),
        (
            "flux-2-trainer",
            json!({"image_data_url": archive, "default_caption": "a person"}),
            "diffusers_lora_file",
        ),
        ("qwen-image-trainer", json!({"image_data_url": archive}), "lora_file"),
        (
            "wan-22-image-trainer",
            json!({"training_data_url": archive, "trigger_phrase": "x"}),
            "high_noise_lora",
        ),
        ("krea-2-trainer", json!({"images_data_url": archive, "trigger_phrase": "x"}), "diffusers_lora_file"),
    ];
    for (name, input, key) in cases {
        let (code, output) = result(&server, &format!("/fal-ai/{name}"), &input).await;
        assert_eq!(code, 200, "{name}: {output}");
        assert!(output[key]["url"].is_string() && output["config_file"]["url"].is_string(), "{name}");
    }
}

#[tokio::test]
async fn wrong_input_is_told_field_by_field() {
    let server = Server::fal().await;
    let input = json!({"images_data_url": "x", "trigger_word": "ohwx", "steps": "many"});
    let submitted = submit(&server, PORTRAIT, &input).await;
    assert_eq!(completed(&server, &submitted).await["error_type"], "int_type");
    let (code, body) = get(&server, url(&submitted, "response_url")).await;
    assert_eq!((code, problem(&body)), (422, ("steps", "int_type")));
    assert_eq!(
        (&body["detail"][1]["loc"][1], &body["detail"][1]["type"]),
        (&json!("trigger_word"), &json!("extra_forbidden"))
    );
    let (code, body) = result(&server, PORTRAIT, &json!({})).await;
    assert_eq!((code, problem(&body)), (422, ("images_data_url", "missing")));
    let caption = json!({"image_data_url": photos(&server, 4).await});
    let (code, body) = result(&server, "/fal-ai/flux-2-trainer", &caption).await;
    assert_eq!((code, problem(&body)), (422, ("default_caption", "value_error")));
}

#[tokio::test]
async fn the_archive_is_really_fetched_and_opened() {
    let server = Server::fal().await;
    let train = async |archive: String| {
        let (code, body) = result(&server, PORTRAIT, &json!({"images_data_url": archive})).await;
        assert_eq!(code, 422, "{body}");
        problem(&body).1.to_owned()
    };
    assert_eq!(train(photos(&server, 9).await).await, "archive_file_count_below_minimum");
    assert_eq!(train(server.at("/files/none/train.zip")).await, "file_download_error");
    assert_eq!(train("http://127.0.0.1:9/train.zip".to_owned()).await, "file_download_error");
    let junk = upload(&server, "application/zip", b"PK..".to_vec(), None).await;
    assert_eq!(train(junk).await, "invalid_archive");

    let inline = format!("data:application/zip;base64,{}", STANDARD.encode(archive(10, GREEN)));
    let (code, _) = result(&server, PORTRAIT, &json!({"images_data_url": inline})).await;
    assert_eq!(code, 200);
    // Somebody else's address, read over the network.
    let other = Server::fal().await;
    let (code, _) = result(&server, PORTRAIT, &json!({"images_data_url": photos(&other, 10).await})).await;
    assert_eq!(code, 200);
}

#[tokio::test]
async fn a_training_fails_as_a_fault_says() {
    let server = Server::fal().await;
    let input = portrait_input(&server).await;
    server.break_once(Fault::TrainingFailed { error: TrainingError::InternalServerError });
    let submitted = submit(&server, PORTRAIT, &input).await;
    let status = completed(&server, &submitted).await;
    assert_eq!(status["error_type"], "internal_server_error");
    assert!(messages(&status).contains(&"step 500/1000"));
    let (code, body) = get(&server, url(&submitted, "response_url")).await;
    assert_eq!((code, &body["detail"][0]["type"]), (500, &json!("internal_server_error")));

    server.break_once(Fault::TrainingFailed { error: TrainingError::ArchiveFileCountBelowMinimum });
    let (code, body) = result(&server, PORTRAIT, &input).await;
    assert_eq!((code, problem(&body)), (422, ("images_data_url", "archive_file_count_below_minimum")));
}

#[tokio::test]
async fn weights_can_be_missing_lost_or_broken_off() {
    let server = Server::fal().await;
    let input = portrait_input(&server).await;
    server.break_once(Fault::NoWeights);
    let (code, output) = result(&server, PORTRAIT, &input).await;
    assert_eq!((code, &output["diffusers_lora_file"]), (200, &Value::Null));

    server.break_once(Fault::LostWeights);
    let (_, output) = result(&server, PORTRAIT, &input).await;
    assert_eq!(download(&server, &output["diffusers_lora_file"]).await.status(), 404);

    server.break_once(Fault::TruncatedWeights);
    let (_, output) = result(&server, PORTRAIT, &input).await;
    let file = download(&server, &output["diffusers_lora_file"]).await.bytes().await.unwrap();
    assert!(
        u64::try_from(file.len()).unwrap() < output["diffusers_lora_file"]["file_size"].as_u64().unwrap()
    );
    assert!(file.len() < header(&file).1);

    let (_, output) = result(&server, PORTRAIT, &input).await;
    server.break_once(Fault::BrokenDownload);
    assert!(download(&server, &output["diffusers_lora_file"]).await.bytes().await.is_err());
    assert!(download(&server, &output["diffusers_lora_file"]).await.bytes().await.is_ok());
}

#[tokio::test]
async fn a_fault_of_trainings_waits_for_a_training() {
    let server = Server::fal().await;
    server.break_once(Fault::NoWeights);
    let (code, output) = result(&server, "/fal-ai/flux-lora", &json!({"prompt": "x"})).await;
    assert_eq!((code, output["images"].as_array().unwrap().len()), (200, 1));
    assert_eq!(server.faults.rules_in_force().len(), 1);
    let (_, output) = result(&server, PORTRAIT, &portrait_input(&server).await).await;
    assert_eq!(output["diffusers_lora_file"], Value::Null);
}

#[tokio::test]
async fn results_are_forgotten() {
    let server = Server::fal().await;
    let input = portrait_input(&server).await;
    let submitted = submit(&server, PORTRAIT, &input).await;
    completed(&server, &submitted).await;
    server.break_once(Fault::ExpiredResult);
    for _ in 0..2 {
        assert_eq!(
            get(&server, url(&submitted, "response_url")).await,
            (404, json!({"status": "NOT_FOUND"}))
        );
    }

    server.settings.change(|settings| settings.fal_result_ms = 0);
    assert_eq!(result(&server, PORTRAIT, &input).await.0, 404);
}

#[tokio::test]
async fn its_webhook_tells_of_the_weights() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    let target: String = url::form_urlencoded::byte_serialize(receiver.url.as_bytes()).collect();
    let path = format!("{PORTRAIT}?fal_webhook={target}");
    let input = portrait_input(&server).await;
    let submitted = submit(&server, &path, &input).await;
    let told = receiver.next().await.json();
    assert_eq!((&told["request_id"], &told["status"]), (&submitted["request_id"], &json!("OK")));
    assert_eq!(told["payload"], get(&server, url(&submitted, "response_url")).await.1);

    server.break_once(Fault::ForgedWebhook);
    submit(&server, &path, &input).await;
    let forged = receiver.next().await.json();
    assert!(forged["payload"]["diffusers_lora_file"]["url"].as_str().unwrap().contains("forged"));

    submit(&server, &path, &json!({"images_data_url": photos(&server, 2).await})).await;
    let told = receiver.next().await.json();
    assert_eq!(told["error"], "Invalid status code: 422");
    assert_eq!(problem(&told["payload"]).1, "archive_file_count_below_minimum");
}

#[tokio::test]
async fn the_synchronous_api_trains_too() {
    let server = Server::fal().await;
    let input = portrait_input(&server).await;
    let answer = submission(&server, &format!("/fal.run{PORTRAIT}"), &input).send().await.unwrap();
    let (code, output) = read(answer).await;
    assert_eq!(code, 200);
    assert!(output["diffusers_lora_file"]["url"].is_string());
}

#[tokio::test]
async fn large_weights_are_read_piece_by_piece() {
    let server = Server::fal().await;
    server.settings.change(|settings| settings.weights_bytes = 64_000_000);
    let (_, output) = result(&server, PORTRAIT, &portrait_input(&server).await).await;
    let mut answer = download(&server, &output["diffusers_lora_file"]).await;
    let mut total = 0;
    while let Some(piece) = answer.chunk().await.unwrap() {
        total += piece.len();
    }
    assert_eq!(json!(total), output["diffusers_lora_file"]["file_size"]);
}
