//! FAL's storage: uploads in parts, lifetimes, and what the driving API says of it.

use reqwest::RequestBuilder;
use sandbox::faults::{FaultBoard, serve};
use sandbox::journal::Journal;
use sandbox::providers::fal::{HeldFile, Origin, Readers};
use sandbox::providers::{Common, ProviderSettings, Settings, fal};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::fal_calls::{archive, result, submission, upload, url};
use crate::support::{Server, read};

const HOUR: &str = r#"{"expiration_duration_seconds":3600}"#;

fn with_key(request: RequestBuilder) -> RequestBuilder {
    request.header("authorization", "Key id:secret")
}

async fn etag(request: RequestBuilder) -> String {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.headers()["etag"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_large_file_comes_in_parts_by_its_url() {
    let server = Server::fal().await;
    let initiate =
        server.client.post(server.at("/storage/upload/initiate-multipart?storage_type=fal-cdn-v3"));
    let initiate = with_key(initiate)
        .header("x-fal-object-lifecycle", HOUR)
        .json(&json!({"content_type": "application/zip", "file_name": "train.zip"}));
    let (code, begun) = read(initiate.send().await.unwrap()).await;
    assert_eq!(code, 200);
    let part = |number: u32, body: &'static str| {
        server.client.put(format!("{}/{number}", url(&begun, "upload_url"))).body(body)
    };
    let second = etag(part(2, "world")).await;
    let (_, first) = read(part(1, "hello ").send().await.unwrap()).await;
    assert_eq!(first["partNumber"], 1);
    let complete = |second: &str| {
        let parts = json!({"parts": [first, {"partNumber": 2, "etag": second}]});
        server.client.post(format!("{}/complete", url(&begun, "upload_url"))).json(&parts)
    };
    assert_eq!(complete("other").send().await.unwrap().status(), 400);
    assert_eq!(complete(&second).send().await.unwrap().status(), 200);
    let file = server.client.get(url(&begun, "file_url")).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/zip");
    assert_eq!(file.text().await.unwrap(), "hello world");
    assert_eq!(part(3, "x").send().await.unwrap().status(), 404);
    let held = server.fal_files.list();
    assert_eq!(held[0].expires_at_ms, Some(held[0].stored_at_ms + 3_600_000));
}

#[tokio::test]
async fn a_large_file_comes_in_parts_with_a_token() {
    let server = Server::fal().await;
    let token = with_key(server.client.post(server.at("/storage/auth/token"))).json(&json!({}));
    let (_, token) = read(token.send().await.unwrap()).await;
    let with_token = |request: RequestBuilder| request.bearer_auth(url(&token, "token"));
    let initiate = server.client.post(server.at("/files/upload/multipart"));
    assert_eq!(initiate.try_clone().unwrap().send().await.unwrap().status(), 401);
    let initiate =
        with_token(initiate).header("content-type", "application/zip").header("x-fal-file-name", "t.zip");
    let (code, begun) = read(initiate.send().await.unwrap()).await;
    assert_eq!(code, 200);
    let base = format!("{}/multipart/{}", url(&begun, "access_url"), url(&begun, "uploadId"));
    let first = etag(with_token(server.client.put(format!("{base}/1"))).body("PK")).await;
    let second = etag(with_token(server.client.put(format!("{base}/2"))).body("..")).await;
    let parts = json!({"parts": [{"partNumber": 2, "etag": second}, {"partNumber": 1, "etag": first}]});
    let complete = with_token(server.client.post(format!("{base}/complete"))).json(&parts);
    assert_eq!(complete.send().await.unwrap().status(), 200);
    let file = server.client.get(url(&begun, "access_url")).send().await.unwrap();
    assert_eq!(file.text().await.unwrap(), "PK..");
}

#[tokio::test]
async fn nothing_is_put_where_no_upload_was_begun() {
    let server = Server::fal().await;
    let put = server.client.put(server.at("/upload/none/x.png")).header("content-type", "image/png");
    assert_eq!(put.body("abc").send().await.unwrap().status(), 403);
    assert_eq!(server.fal_files.list(), []);
}

#[tokio::test]
async fn a_lifecycle_that_cannot_be_read_is_refused() {
    let server = Server::fal().await;
    let submit = submission(&server, "/fal-ai/flux/dev", &json!({"prompt": "x"}))
        .header("x-fal-object-lifecycle-preference", "{");
    assert_eq!(submit.send().await.unwrap().status(), 422);
}

#[tokio::test]
async fn files_can_be_kept_from_strangers_but_not_from_the_trainer() {
    let server = Server::fal().await;
    let hidden = r#"{"initial_acl":{"default":"hide"}}"#;
    let url = upload(&server, "application/zip", archive(10, [9, 9, 9]), Some(hidden)).await;
    assert_eq!(server.client.get(&url).send().await.unwrap().status(), 404);
    assert_eq!(with_key(server.client.get(&url)).send().await.unwrap().status(), 200);
    let trainer = "/fal-ai/flux-lora-portrait-trainer";
    assert_eq!(result(&server, trainer, &json!({"images_data_url": url})).await.0, 200);
    let forbidden = r#"{"initial_acl":{"default":"forbid"}}"#;
    let url = upload(&server, "image/png", b"abc".to_vec(), Some(forbidden)).await;
    assert_eq!(server.client.get(&url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn the_driving_api_sees_what_is_left_of_a_training() {
    let common =
        Common::new(Journal::default(), FaultBoard::default(), Settings::new(ProviderSettings::instant()));
    let common = common.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = fal::router(common.clone(), &base).nest("/driving", common.driving_router());
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    tokio::spawn(serve(listener, router, stop));
    let server = Server::fal().await;
    let client = &server.client;
    let held = async || -> Vec<HeldFile> {
        let answer = client.get(format!("{base}/driving/fal/files")).send().await.unwrap();
        serde_json::from_value(read(answer).await.1["files"].clone()).unwrap()
    };

    let photos = upload(&server, "application/zip", archive(10, [9, 9, 9]), None).await;
    let train = client.post(format!("{base}/fal.run/fal-ai/flux-lora-portrait-trainer"));
    let train = with_key(train)
        .header("x-fal-object-lifecycle-preference", HOUR)
        .json(&json!({"images_data_url": photos}));
    let (code, output) = read(train.send().await.unwrap()).await;
    assert_eq!(code, 200, "{output}");
    let files = held().await;
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| (file.origin, file.readers) == (Origin::Output, Readers::Allow)));
    let weights = files.iter().find(|file| file.path.ends_with(".safetensors")).unwrap();
    assert_eq!(format!("{base}{}", weights.path), url(&output["diffusers_lora_file"], "url"));
    assert_eq!(json!(weights.bytes), output["diffusers_lora_file"]["file_size"]);
    assert_eq!(weights.expires_at_ms, Some(weights.stored_at_ms + 3_600_000));

    let lose = format!("{base}/driving/fal{}", weights.path);
    assert_eq!(client.delete(&lose).send().await.unwrap().status(), 204);
    assert_eq!(client.delete(&lose).send().await.unwrap().status(), 404);
    assert_eq!(held().await.len(), 1);
    let pass = format!("{base}/driving/fal/files/pass-time?seconds=3601");
    assert_eq!(client.post(pass).send().await.unwrap().status(), 204);
    assert_eq!(held().await, []);
    let settings = client.get(format!("{base}/driving")).send().await.unwrap();
    assert_eq!(read(settings).await.1["training_ms"], Value::from(0));
}
