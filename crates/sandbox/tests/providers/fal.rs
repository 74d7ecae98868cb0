//! FAL's queue, synchronous API and storage.

use sandbox::faults::{Fault, Service, StatusFault};
use sandbox::providers::{FalAccount, ProviderSettings};
use serde_json::{Value, json};

use crate::fal_calls::{completed, get, result, submit, url};
use crate::support::{PATIENCE, Server, read};

const FLUX: &str = "/fal-ai/flux/dev";
const BANANA: &str = "/fal-ai/nano-banana-2";

#[tokio::test]
async fn a_request_goes_through_the_queue_to_its_pictures() {
    let server = Server::fal().await;
    let input = json!({"prompt": "a red fox in snow", "image_size": "square", "num_images": 2, "output_format": "png", "seed": 7});
    let submitted = submit(&server, "/fal-ai/flux-pro/v1.1-ultra", &input).await;
    assert_eq!(submitted["status"], "IN_QUEUE");
    assert_eq!(submitted["queue_position"], 0);
    let base = format!("{}/fal-ai/flux-pro/requests/{}", server.url, url(&submitted, "request_id"));
    assert_eq!(url(&submitted, "response_url"), base);
    assert_eq!(url(&submitted, "status_url"), format!("{base}/status"));
    assert_eq!(url(&submitted, "cancel_url"), format!("{base}/cancel"));

    let status = completed(&server, &submitted).await;
    assert!(status["logs"].is_array());
    assert!(status["metrics"]["inference_time"].is_number());
    let (code, output) = get(&server, &format!("{base}/response")).await;
    assert_eq!(code, 200);
    assert_eq!((&output["seed"], &output["prompt"]), (&json!(7), &input["prompt"]));
    assert_eq!(output["has_nsfw_concepts"], json!([false, false]));
    let images = output["images"].as_array().unwrap();
    assert_eq!(images.len(), 2);
    for image in images {
        let file = server.client.get(image["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], "image/png");
        let picture = image::load_from_memory(&file.bytes().await.unwrap()).unwrap();
        assert_eq!(
            (json!(picture.width()), json!(picture.height())),
            (image["width"].clone(), image["height"].clone())
        );
    }
}

#[tokio::test]
async fn status_has_its_keys_at_every_stage() {
    let settings =
        ProviderSettings { fal_concurrency: 1, generation_ms: 60_000, ..ProviderSettings::instant() };
    let server = Server::start(Service::Fal, settings).await;
    let running = submit(&server, FLUX, &json!({"prompt": "x"})).await;
    let wait = async {
        loop {
            let (code, body) = get(&server, url(&running, "status_url")).await;
            if body["status"] == "IN_PROGRESS" {
                return (code, body);
            }
        }
    };
    let (code, body) = tokio::time::timeout(PATIENCE, wait).await.unwrap();
    assert_eq!(code, 202);
    assert!(body["logs"][0]["message"].is_string());

    let first = submit(&server, FLUX, &json!({"prompt": "x"})).await;
    let second = submit(&server, FLUX, &json!({"prompt": "x"})).await;
    assert_eq!(second["queue_position"], 1);
    for logs in ["true", "false", "0", "1"] {
        let (code, body) = get(&server, &format!("{}?logs={logs}", url(&first, "status_url"))).await;
        assert_eq!((code, &body["queue_position"]), (202, &json!(0)));
        assert!(body.as_object().unwrap().contains_key("logs"));
    }
    let (code, body) = get(&server, url(&running, "response_url")).await;
    assert_eq!((code, body), (400, json!({"detail": "Request is still in progress"})));

    let full = server
        .client
        .post(server.at("/fal-ai/flux/dev?fal_max_queue_length=1"))
        .header("authorization", "Key id:secret")
        .json(&json!({"prompt": "x"}));
    assert_eq!(read(full.send().await.unwrap()).await.0, 429);
}

#[tokio::test]
async fn a_request_is_cancelled_once_and_not_after_its_end() {
    let server = Server::fal().await;
    server.settings.change(|settings| settings.generation_ms = 60_000);
    let submitted = submit(&server, FLUX, &json!({"prompt": "x"})).await;
    let cancel = |url: String| server.client.put(url).header("authorization", "Key id:secret").send();
    let (code, body) = read(cancel(url(&submitted, "cancel_url").to_owned()).await.unwrap()).await;
    assert_eq!((code, body), (202, json!({"status": "CANCELLATION_REQUESTED"})));
    let status = completed(&server, &submitted).await;
    assert_eq!(status["error_type"], "client_cancelled");
    let (code, body) = read(cancel(url(&submitted, "cancel_url").to_owned()).await.unwrap()).await;
    assert_eq!((code, body), (400, json!({"status": "ALREADY_COMPLETED"})));
    let unknown = server.at("/fal-ai/flux/requests/0d6f8a1e-6a1c-4a52-8a39-5f8b2c1f9e10/cancel");
    let (code, body) = read(cancel(unknown).await.unwrap()).await;
    assert_eq!((code, body), (404, json!({"status": "NOT_FOUND"})));
}

#[tokio::test]
async fn wrong_input_shows_as_a_completed_request_with_an_error() {
    let server = Server::fal().await;
    let submitted = submit(&server, FLUX, &json!({"num_images": 9})).await;
    let status = completed(&server, &submitted).await;
    assert_eq!((&status["error"], &status["error_type"]), (&json!("missing"), &json!("missing")));
    let (code, body) = get(&server, url(&submitted, "response_url")).await;
    assert_eq!(code, 422);
    assert_eq!(body["detail"][0]["loc"], json!(["body", "prompt"]));
    assert_eq!(body["detail"][1]["type"], "less_than_equal");
}

#[tokio::test]
async fn declined_prompts_are_black_from_flux_and_an_error_elsewhere() {
    let server = Server::fal().await;
    let (code, output) = result(&server, FLUX, &json!({"prompt": "forbidden", "num_images": 2})).await;
    assert_eq!((code, &output["has_nsfw_concepts"]), (200, &json!([true, true])));
    let file = server.client.get(output["images"][0]["url"].as_str().unwrap()).send().await.unwrap();
    let picture = image::load_from_memory(&file.bytes().await.unwrap()).unwrap().into_rgb8();
    assert!(picture.pixels().all(|pixel| pixel.0.iter().all(|part| *part < 8)));

    let (code, body) = result(&server, BANANA, &json!({"prompt": "forbidden"})).await;
    assert_eq!((code, &body["detail"][0]["type"]), (422, &json!("content_policy_violation")));

    server.break_once(Fault::Refusal);
    let (code, _) = result(&server, BANANA, &json!({"prompt": "a fox"})).await;
    assert_eq!(code, 422);
}

#[tokio::test]
async fn the_other_family_has_aspect_ratios_and_a_description() {
    let server = Server::fal().await;
    server.settings.change(|settings| settings.longest_edge = 4_096);
    let input = json!({"prompt": "x", "aspect_ratio": "9:16", "resolution": "1K", "sync_mode": true, "output_format": "webp"});
    let (code, output) = result(&server, BANANA, &input).await;
    assert_eq!(code, 200);
    assert!(output["description"].is_string());
    assert!(output.get("seed").is_none());
    let image = &output["images"][0];
    assert_eq!((&image["width"], &image["height"]), (&json!(768), &json!(1376)));
    assert!(image["url"].as_str().unwrap().starts_with("data:image/webp;base64,"));
}

#[tokio::test]
async fn pictures_can_be_missing_few_huge_or_none_at_all() {
    let server = Server::fal().await;
    let input = json!({"prompt": "x", "num_images": 4});
    server.break_once(Fault::FewerImages { images: 2 });
    assert_eq!(result(&server, FLUX, &input).await.1["images"].as_array().unwrap().len(), 2);
    server.break_once(Fault::NoImages);
    assert_eq!(result(&server, FLUX, &input).await.1["images"], json!([]));

    let input = json!({"prompt": "x"});
    server.break_once(Fault::NotAnImage);
    let (_, output) = result(&server, FLUX, &input).await;
    let file = server.client.get(output["images"][0]["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/jpeg");
    assert!(image::load_from_memory(&file.bytes().await.unwrap()).is_err());

    server.break_once(Fault::HugeImage);
    let (_, output) = result(&server, FLUX, &input).await;
    assert_eq!((&output["images"][0]["width"], &output["images"][0]["height"]), (&json!(8000), &json!(5000)));
}

#[tokio::test]
async fn the_account_and_unknown_things_are_told_apart() {
    let server = Server::fal().await;
    let random = server.at("/fal-ai/flux/requests/0d6f8a1e-6a1c-4a52-8a39-5f8b2c1f9e10/status");
    assert_eq!(get(&server, &random).await, (404, json!({"status": "NOT_FOUND"})));
    let bad = server.client.get(&random).header("authorization", "Key bad:key").send().await.unwrap();
    assert_eq!(read(bad).await, (401, json!({"detail": "invalid key credentials"})));
    let bearer = server.client.get(&random).bearer_auth("id:secret").send().await.unwrap();
    assert_eq!(read(bearer).await, (401, json!({"detail": "bearer: unable to decode issuer"})));
    assert_eq!(get(&server, &server.at("/nothing")).await, (404, json!({"detail": "Not Found"})));
    let trainer = server.client.post(server.at("/fal-ai/flux-pro-trainer"));
    let trainer = trainer.header("authorization", "Key id:secret").json(&json!({})).send().await.unwrap();
    assert_eq!(read(trainer).await.0, 404);

    server.settings.change(|settings| settings.fal_account = FalAccount::Locked);
    let (code, body) = get(&server, &random).await;
    assert_eq!(code, 403);
    assert!(body["detail"].as_str().unwrap().starts_with("User is locked."));
}

#[tokio::test]
async fn infrastructure_errors_have_their_headers() {
    let server = Server::fal().await;
    server.break_once(Fault::Status(StatusFault { code: 503, ..StatusFault::default() }));
    let request = server.client.post(server.at(FLUX)).header("authorization", "Key id:secret");
    let answer = request.json(&json!({"prompt": "x"})).send().await.unwrap();
    assert_eq!(answer.headers()["x-fal-error-type"], "runner_scheduling_failure");
    assert_eq!(answer.headers()["x-fal-needs-retry"], "1");
    assert!(answer.headers().contains_key("x-fal-request-id"));
    assert_eq!(read(answer).await.1["error_type"], "runner_scheduling_failure");
}

#[tokio::test]
async fn a_request_that_does_not_start_in_time_ends() {
    let settings = ProviderSettings { queue_ms: 60_000, ..ProviderSettings::instant() };
    let server = Server::start(Service::Fal, settings).await;
    let request = server.client.post(server.at(FLUX)).header("authorization", "Key id:secret");
    let request = request.header("x-fal-request-timeout", "0.05").json(&json!({"prompt": "x"}));
    let submitted = read(request.send().await.unwrap()).await.1;
    assert_eq!(completed(&server, &submitted).await["error_type"], "request_timeout");
    let answer = server.client.get(url(&submitted, "response_url")).header("authorization", "Key id:secret");
    let answer = answer.send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-fal-request-timeout-type"]),
        (504, &"user".parse().unwrap())
    );
}

#[tokio::test]
async fn the_status_stream_ends_with_completion() {
    let server = Server::fal().await;
    let submitted = submit(&server, FLUX, &json!({"prompt": "x"})).await;
    let stream = server.client.get(format!("{}/stream?logs=1", url(&submitted, "status_url")));
    let text = stream.header("authorization", "Key id:secret").send().await.unwrap().text().await.unwrap();
    let last = text.lines().filter_map(|line| line.strip_prefix("data:")).next_back().unwrap();
    assert_eq!(serde_json::from_str::<Value>(last).unwrap()["status"], "COMPLETED");
}

#[tokio::test]
async fn the_synchronous_api_answers_with_the_output() {
    let server = Server::fal().await;
    let run = |input: Value| {
        server
            .client
            .post(server.at("/fal.run/fal-ai/flux/dev"))
            .header("authorization", "Key id:secret")
            .json(&input)
            .send()
    };
    let (code, output) = read(run(json!({"prompt": "x"})).await.unwrap()).await;
    assert_eq!((code, output["images"].as_array().unwrap().len()), (200, 1));
    assert_eq!(read(run(json!({})).await.unwrap()).await.0, 422);
}

#[tokio::test]
async fn files_are_uploaded_in_both_ways_and_read_by_anybody() {
    let server = Server::fal().await;
    let initiate = server
        .client
        .post(server.at("/storage/upload/initiate?storage_type=fal-cdn-v3"))
        .header("authorization", "Key id:secret")
        .json(&json!({"content_type": "image/png", "file_name": "../my photo.png"}));
    let (code, body) = read(initiate.send().await.unwrap()).await;
    assert_eq!(code, 200);
    assert!(url(&body, "file_url").ends_with("/..myphoto.png"));
    let put = server.client.put(url(&body, "upload_url")).header("content-type", "image/png").body("abc");
    assert_eq!(put.send().await.unwrap().status(), 200);
    let file = server.client.get(url(&body, "file_url")).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.text().await.unwrap(), "abc");

    let token = server.client.post(server.at("/storage/auth/token?storage_type=fal-cdn-v3"));
    let token = token.header("authorization", "Key id:secret").json(&json!({})).send().await.unwrap();
    let (_, token) = read(token).await;
    let upload = |token: String| {
        let request = server.client.post(server.at("/files/upload")).bearer_auth(token);
        request
            .header("content-type", "application/zip")
            .header("x-fal-file-name", "t.zip")
            .body("PK..")
            .send()
    };
    let (code, body) = read(upload(url(&token, "token").to_owned()).await.unwrap()).await;
    assert_eq!(code, 200);
    let file = server.client.get(url(&body, "access_url")).send().await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), "PK..");
    assert_eq!(upload("stolen".to_owned()).await.unwrap().status(), 401);
    assert_eq!(server.client.get(server.at("/files/none/x.png")).send().await.unwrap().status(), 404);
}
