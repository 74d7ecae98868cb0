//! Webhooks: telling the caller that a request has ended.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::ledger::Outcome;
use super::trainer::Trainer;
use super::{Fal, Server, Signed, WebhookSigner};
use crate::clock;
use crate::faults::{Fault, Service};
use crate::journal::Ending;

/// Time that the first call may take.
const FIRST_TIMEOUT: Duration = Duration::from_secs(15);
/// Time that any further call may take.
const NEXT_TIMEOUT: Duration = Duration::from_mins(2);
/// Calls of one webhook at most.
const MOST_CALLS: u32 = 10;
/// Longest pause between two calls.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// `GET /.well-known/jwks.json`.
pub(super) async fn key_set(State(fal): State<Fal>) -> Json<Value> {
    Json(fal.signer.key_set())
}

/// A webhook to call once its request has ended.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub(super) request_id: Uuid,
    pub(super) target: Url,
    /// The trainer that works on the request; none where pictures are made.
    pub(super) trainer: Option<&'static Trainer>,
    pub(super) fault: Option<Fault>,
}

/// Whether a webhook needs another call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Received {
    Acknowledged,
    Rejected,
    TryAgain,
}

impl Delivery {
    /// Calls the webhook until it is acknowledged, or as the fault says.
    pub(super) async fn carry_out(&self, server: &Server, outcome: &Outcome) {
        let body = self.body(outcome);
        match &self.fault {
            Some(Fault::NoWebhook) => {}
            Some(Fault::DoubleWebhook) => {
                tokio::join!(
                    self.call_until_received(server, &body),
                    self.call_until_received(server, &body)
                );
            }
            Some(Fault::LateWebhook { ms }) => {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                self.call_until_received(server, &body).await;
            }
            Some(Fault::ForgedWebhook) => self.forge(server).await,
            _ => self.call_until_received(server, &body).await,
        }
    }

    fn body(&self, outcome: &Outcome) -> Bytes {
        let id = self.request_id;
        let body = match &outcome.result {
            Ok(output) => {
                json!({"request_id": id, "gateway_request_id": id, "status": "OK", "payload": output})
            }
            Err(error) => json!({
                "request_id": id,
                "gateway_request_id": id,
                "status": "ERROR",
                "error": format!("Invalid status code: {}", error.status.as_u16()),
                "payload": error.body,
            }),
        };
        Bytes::from(body.to_string())
    }

    async fn call_until_received(&self, server: &Server, body: &Bytes) {
        let mut pause = Duration::from_millis(server.common.settings.current().webhook_retry_ms.max(1));
        for call in 0..MOST_CALLS {
            let timeout = if call == 0 { FIRST_TIMEOUT } else { NEXT_TIMEOUT };
            // Every call is signed afresh: receivers refuse old timestamps.
            let signed = self.sign(&server.signer, body);
            match self.call(server, &signed, body.clone(), timeout).await {
                Received::Acknowledged | Received::Rejected => return,
                Received::TryAgain => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        tracing::warn!(request = %self.request_id, "a webhook was never acknowledged");
    }

    /// One call with another result, signed by a key that the key set does not have.
    async fn forge(&self, server: &Server) {
        let id = self.request_id;
        let payload = if self.trainer.is_some() { forged_weights() } else { forged_picture() };
        let body = json!({"request_id": id, "gateway_request_id": id, "status": "OK", "payload": payload});
        let body = Bytes::from(body.to_string());
        let forger = WebhookSigner::new(server.common.identities.bytes(), server.signer.user_id());
        let signed = self.sign(&forger, &body);
        let _answer = self.call(server, &signed, body, FIRST_TIMEOUT).await;
    }

    fn sign(&self, signer: &WebhookSigner, body: &[u8]) -> Signed {
        signer.sign(&self.request_id.to_string(), clock::unix_seconds(), body)
    }

    async fn call(&self, server: &Server, signed: &Signed, body: Bytes, timeout: Duration) -> Received {
        let call = server.common.journal.open(Service::Fal, "WEBHOOK", self.target.as_str());
        let answer = server
            .common
            .outside
            .client()
            .post(self.target.clone())
            .header("content-type", "application/json")
            .header("x-fal-webhook-request-id", &signed.request_id)
            .header("x-fal-webhook-user-id", &signed.user_id)
            .header("x-fal-webhook-timestamp", &signed.timestamp)
            .header("x-fal-webhook-signature", &signed.signature)
            .timeout(timeout)
            .body(body)
            .send()
            .await;
        let (status, received) = match &answer {
            Ok(answer) if answer.status().is_success() => (Some(answer.status()), Received::Acknowledged),
            Ok(answer) if answer.status().is_redirection() => (Some(answer.status()), Received::Rejected),
            Ok(answer) => (Some(answer.status()), Received::TryAgain),
            Err(_) => (None, Received::TryAgain),
        };
        call.close(Ending {
            status: status.map(|status| status.as_u16()),
            summary: match &answer {
                Ok(_) => format!("webhook of {}", self.request_id),
                Err(error) => format!("webhook of {} failed: {error}", self.request_id),
            },
            fault: self.fault.as_ref().map(ToString::to_string),
        });
        received
    }
}

fn forged_picture() -> Value {
    let picture = json!({
        "url": "http://192.0.2.1/forged.png", "width": 64, "height": 64, "content_type": "image/png",
    });
    json!({"images": [picture], "seed": 1, "has_nsfw_concepts": [false], "prompt": "forged", "timings": {}})
}

fn forged_weights() -> Value {
    let file = |name: &str| json!({"url": format!("http://192.0.2.1/{name}"), "file_name": name});
    json!({"diffusers_lora_file": file("forged.safetensors"), "config_file": file("forged.json")})
}
