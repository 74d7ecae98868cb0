//! FAL's webhooks.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use sandbox::faults::Fault;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Received, Receiver, Server, journalled, read};

async fn submit(server: &Server, endpoint: &str, receiver: &Receiver, input: &Value) -> Value {
    let target: String = url::form_urlencoded::byte_serialize(receiver.url.as_bytes()).collect();
    let request = server
        .client
        .post(server.at(&format!("/{endpoint}?fal_webhook={target}")))
        .header("authorization", "Key id:secret")
        .json(input);
    let (status, body) = read(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn is_signed_by(server: &Server, received: &Received) -> bool {
    let keys = server.client.get(server.at("/.well-known/jwks.json")).send().await.unwrap();
    let (_, keys) = read(keys).await;
    let key = &keys["keys"][0];
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    let bytes = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
    let key = VerifyingKey::from_bytes(&bytes.try_into().unwrap()).unwrap();
    let message = format!(
        "{}\n{}\n{}\n{}",
        received.header("x-fal-webhook-request-id"),
        received.header("x-fal-webhook-user-id"),
        received.header("x-fal-webhook-timestamp"),
        hex::encode(Sha256::digest(&received.body)),
    );
    let signature = hex::decode(received.header("x-fal-webhook-signature")).unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    key.verify_strict(message.as_bytes(), &signature).is_ok()
}

#[tokio::test]
async fn a_finished_request_is_told_with_a_valid_signature() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    let submitted = submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    let webhook = receiver.next().await;
    assert!(is_signed_by(&server, &webhook).await);
    let body = webhook.json();
    assert_eq!(body["request_id"], submitted["request_id"]);
    assert_eq!(webhook.header("x-fal-webhook-request-id"), submitted["request_id"].as_str().unwrap());
    assert_eq!(body["status"], "OK");
    assert_eq!(body["payload"]["images"].as_array().unwrap().len(), 1);
    let call = journalled(&server.journal, |call| call.method == "WEBHOOK").await;
    assert_eq!((call.status, call.path.as_str()), (Some(200), receiver.url.as_str()));
}

#[tokio::test]
async fn a_failed_request_is_told_with_its_error_body() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    submit(&server, "fal-ai/nano-banana-2", &receiver, &json!({"prompt": "forbidden"})).await;
    let body = receiver.next().await.json();
    assert_eq!((&body["status"], &body["error"]), (&json!("ERROR"), &json!("Invalid status code: 422")));
    assert_eq!(body["payload"]["detail"][0]["type"], "content_policy_violation");
}

#[tokio::test]
async fn it_is_told_again_until_somebody_says_yes() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[500, 404]).await;
    submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    let bodies = [receiver.next().await.json(), receiver.next().await.json(), receiver.next().await.json()];
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    let last = journalled(&server.journal, |call| call.method == "WEBHOOK" && call.status == Some(200)).await;
    assert_eq!(last.service, sandbox::faults::Service::Fal);
    assert!(receiver.is_empty());
}

#[tokio::test]
async fn it_can_come_twice() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    server.break_once(Fault::DoubleWebhook);
    submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    assert_eq!(receiver.next().await.json(), receiver.next().await.json());
}

#[tokio::test]
async fn it_can_come_late() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    server.break_once(Fault::LateWebhook { ms: 300 });
    let started = tokio::time::Instant::now();
    submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    receiver.next().await;
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn it_can_come_before_the_submit_is_answered() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    server.break_once(Fault::WebhookBeforeAnswer);
    let submitted = submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    // It is there already.
    assert!(!receiver.is_empty());
    let calls = server.journal.since(0);
    let order: Vec<&str> = calls.iter().map(|call| call.method.as_str()).collect();
    assert_eq!(order, ["WEBHOOK", "POST"]);
    assert_eq!(calls[1].fault.as_deref(), Some("webhook before the answer"));
    assert!(submitted["request_id"].is_string());
}

#[tokio::test]
async fn a_forged_one_has_another_result_and_no_valid_signature() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[401]).await;
    server.break_once(Fault::ForgedWebhook);
    let submitted = submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    let webhook = receiver.next().await;
    assert!(!is_signed_by(&server, &webhook).await);
    assert_eq!(webhook.json()["request_id"], submitted["request_id"]);
    assert_eq!(webhook.json()["payload"]["prompt"], "forged");
}

#[tokio::test]
async fn it_can_stay_away_while_the_result_is_there() {
    let server = Server::fal().await;
    let mut receiver = Receiver::start(&[]).await;
    server.break_once(Fault::NoWebhook);
    let silent = submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    let told = submit(&server, "fal-ai/flux/dev", &receiver, &json!({"prompt": "x"})).await;
    assert_eq!(receiver.next().await.json()["request_id"], told["request_id"]);
    assert!(receiver.is_empty());
    assert_ne!(silent["request_id"], told["request_id"]);
}
