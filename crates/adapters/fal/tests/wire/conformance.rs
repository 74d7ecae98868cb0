//! The suites of the ports that FAL stands behind.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use fal_adapter::{Fal, FalSettings};
use generation::ProviderHandle;
use kernel::{Clock as _, ProviderCallbacks, ProviderEvent, RawCallback};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::servers::{HttpReply as Reply, HttpRequest as Request, HttpServer as Server};
use testkit::suites::image_generator::{self, Addresses, FailingQuestion, KEY, NAMED_WAIT, Scenario, Stage};
use testkit::suites::{Elapse, provider_callbacks};

use crate::setup::{TestClock, build, model, settings};

const NOW: i64 = 1_700_000_000;
const STATUS: &str = "/fal-ai/flux-lora/requests/r1/status";
const RESULT: &str = "/fal-ai/flux-lora/requests/r1";
const TOO_MANY_BYTES: usize = 32 * 1024 * 1024 + 1;

#[tokio::test]
async fn image_generator() {
    image_generator::all(&Provider::default()).await;
}

#[tokio::test]
async fn provider_callbacks() {
    provider_callbacks::all(Caller::start).await;
}

/// FAL, which does what the latest scenario says.
#[derive(Default)]
struct Provider {
    latest: Mutex<Option<(Scenario, Arc<Server>)>>,
}

impl Provider {
    fn latest(&self) -> (Scenario, Arc<Server>) {
        self.latest.lock().unwrap().clone().expect("a stage")
    }
}

#[async_trait]
impl image_generator::Bench for Provider {
    async fn stage(&self, scenario: Scenario) -> Option<Stage> {
        let images = AtomicU64::new(1);
        let server = Arc::new(Server::start(move |request| reply(scenario, request, &images)).await);
        *self.latest.lock().unwrap() = Some((scenario, Arc::clone(&server)));
        let queue_url = if scenario == Scenario::Away { nobody() } else { server.url().to_owned() };
        let key = SecretString::from(format!("an-id:{KEY}"));
        let settings = FalSettings { queue_url, key, ..settings(&server) };
        let costly_requests = move || {
            let posted = server.requests().iter().filter(|request| request.method == "POST").count();
            u32::try_from(posted).unwrap()
        };
        Some(Stage {
            generator: Arc::new(build(settings, TestClock::at(NOW))),
            model: model("fal-ai/flux-lora", &[]),
            costly_requests: Arc::new(costly_requests),
        })
    }

    async fn callback(&self, _: &Stage, _: &ProviderHandle) -> Option<ProviderEvent> {
        let (scenario, server) = self.latest();
        let (status, result) = result(scenario, server.url(), 1);
        let body = match status {
            200 => json!({"request_id": "r1", "status": "OK", "payload": result}),
            _ => json!({
                "request_id": "r1", "status": "ERROR", "error": format!("Invalid status code: {status}"),
                "payload": result,
            }),
        };
        Some(ProviderEvent { request_id: "r1".to_owned(), body: body.to_string() })
    }

    async fn addresses(&self, _: &Stage) -> Option<Addresses> {
        let (_, server) = self.latest();
        let port = server.url().rsplit(':').next().unwrap();
        Some(Addresses {
            foreign: vec![
                format!("http://localhost:{port}/files/0.png"),
                format!("https://127.0.0.1:{port}/files/0.png"),
                "https://v3.fal.media/files/0.png".to_owned(),
            ],
            redirecting: vec![format!("{}/redirect", server.url())],
            too_large: vec![format!("{}/large", server.url())],
        })
    }
}

fn reply(scenario: Scenario, request: &Request, images: &AtomicU64) -> Reply {
    let host = format!("http://{}", request.header("host").unwrap());
    match (request.method.as_str(), request.path()) {
        ("POST", _) => {
            images.store(request.json()["num_images"].as_u64().unwrap_or(1), Ordering::SeqCst);
            answer_to_submission(scenario)
        }
        (_, STATUS) => status(scenario),
        (_, RESULT) => {
            let (status, body) = result(scenario, &host, images.load(Ordering::SeqCst));
            Reply::json(status, &body)
        }
        (_, "/redirect") => {
            Reply::text(302, "text/plain", "").with_header("location", &format!("{host}/files/0.png"))
        }
        (_, "/large") => Reply::Unannounced { bytes: TOO_MANY_BYTES },
        (_, path) if path.starts_with("/files/") => Reply::text(200, "image/png", "an image"),
        // A probe asks for a request that is not there.
        _ => match scenario {
            Scenario::BadKey => bad_key(),
            Scenario::RetiredModel => no_such_model(),
            _ => Reply::json(404, &json!({"status": "NOT_FOUND"})),
        },
    }
}

fn answer_to_submission(scenario: Scenario) -> Reply {
    match scenario {
        Scenario::BadKey => bad_key(),
        Scenario::ExhaustedBalance => locked(),
        Scenario::RetiredModel => no_such_model(),
        Scenario::TooManyRequests => too_many(),
        Scenario::ServerError => Reply::json(500, &json!({"detail": "x", "error_type": "internal_error"})),
        Scenario::HangsUp => Reply::HangUp,
        Scenario::BreaksOff => Reply::BreakOff { status: 200, announced: 1_000 },
        Scenario::TalksNonsense => Reply::html(200),
        _ => Reply::json(200, &json!({"request_id": "r1", "status": "IN_QUEUE", "queue_position": 0})),
    }
}

fn status(scenario: Scenario) -> Reply {
    match scenario {
        Scenario::WorkForgotten => Reply::json(404, &json!({"status": "NOT_FOUND"})),
        Scenario::RefusesAll | Scenario::WorkFails => {
            Reply::json(200, &json!({"status": "COMPLETED", "logs": null, "error": "it failed"}))
        }
        Scenario::QuestionFails(question) => match question {
            FailingQuestion::NoAnswer => Reply::HangUp,
            FailingQuestion::ServerError => Reply::json(503, &json!({"detail": "x"})),
            FailingQuestion::RateLimit => too_many(),
            FailingQuestion::RefusedKey => bad_key(),
            FailingQuestion::LockedAccount => locked(),
        },
        _ => Reply::json(200, &json!({"status": "COMPLETED", "logs": null})),
    }
}

/// The result of work, and the status with which it is answered.
fn result(scenario: Scenario, host: &str, images: u64) -> (u16, Value) {
    let problem = |kind: &str| json!({"detail": [{"loc": ["body", "prompt"], "msg": "x", "type": kind}]});
    match scenario {
        Scenario::RefusesAll => (422, problem("content_policy_violation")),
        Scenario::WorkFails => (500, json!({"detail": "x", "error_type": "runner_server_error"})),
        _ => {
            let withheld = |number| scenario == Scenario::WithholdsOne && number == 0;
            let flags: Vec<bool> = (0..images).map(withheld).collect();
            let images: Vec<Value> =
                (0..images).map(|number| json!({"url": format!("{host}/files/{number}.png")})).collect();
            (200, json!({"images": images, "has_nsfw_concepts": flags}))
        }
    }
}

fn bad_key() -> Reply {
    Reply::json(401, &json!({"detail": "invalid key credentials"}))
}

fn locked() -> Reply {
    Reply::json(403, &json!({"detail": "User is locked. Reason: Exhausted balance."}))
}

fn no_such_model() -> Reply {
    Reply::json(404, &json!({"detail": "Application 'flux-lora' not found"}))
}

fn too_many() -> Reply {
    Reply::json(429, &json!({"detail": "slow down"}))
        .with_header("retry-after", &NAMED_WAIT.as_secs().to_string())
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// FAL's callbacks: its keys, and the adapter that looks them up.
struct Caller {
    keys: Arc<Mutex<Reply>>,
    seed: Mutex<u8>,
    server: Server,
    clock: Arc<TestClock>,
    fal: Arc<Fal>,
}

impl Caller {
    async fn start() -> Self {
        let keys = Arc::new(Mutex::new(published(1)));
        let answer = Arc::clone(&keys);
        let server = Server::start(move |_| answer.lock().unwrap().clone()).await;
        let clock = TestClock::at(NOW);
        let fal = Arc::new(build(settings(&server), Arc::clone(&clock)));
        Self { keys, seed: Mutex::new(1), server, clock, fal }
    }

    fn sign(seed: u8, timestamp: i64) -> RawCallback {
        let digest = hex::encode(Sha256::digest(BODY));
        let message = format!("req-1\nuser-1\n{timestamp}\n{digest}");
        let signature = hex::encode(SigningKey::from_bytes(&[seed; 32]).sign(message.as_bytes()).to_bytes());
        let values = ["req-1".to_owned(), "user-1".to_owned(), timestamp.to_string(), signature];
        let headers: BTreeMap<String, String> =
            HEADERS.iter().map(|name| (*name).to_owned()).zip(values).collect();
        RawCallback { headers, body: Bytes::from_static(BODY.as_bytes()) }
    }
}

const BODY: &str = r#"{"request_id":"req-1","status":"OK","payload":{"seed":7}}"#;
const HEADERS: [&str; 4] = [
    "x-fal-webhook-request-id",
    "x-fal-webhook-user-id",
    "x-fal-webhook-timestamp",
    "x-fal-webhook-signature",
];

fn published(seed: u8) -> Reply {
    let x = URL_SAFE_NO_PAD.encode(SigningKey::from_bytes(&[seed; 32]).verifying_key().as_bytes());
    Reply::json(200, &json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]}))
}

struct ClockHand(Arc<TestClock>);

#[async_trait]
impl Elapse for ClockHand {
    async fn elapse(&self, span: Duration) {
        self.0.forward(span);
    }
}

#[async_trait]
impl provider_callbacks::Bench for Caller {
    fn verifier(&self) -> Arc<dyn ProviderCallbacks> {
        Arc::clone(&self.fal) as Arc<dyn ProviderCallbacks>
    }

    fn time(&self) -> Arc<dyn Elapse> {
        Arc::new(ClockHand(Arc::clone(&self.clock)))
    }

    fn signed(&self, seconds: i64) -> (RawCallback, ProviderEvent) {
        let callback = Self::sign(*self.seed.lock().unwrap(), self.clock.now().as_seconds() + seconds);
        (callback, ProviderEvent { request_id: "req-1".to_owned(), body: BODY.to_owned() })
    }

    fn signed_by_a_stranger(&self) -> RawCallback {
        Self::sign(99, self.clock.now().as_seconds())
    }

    fn signed_headers(&self) -> Vec<&'static str> {
        HEADERS.to_vec()
    }

    async fn publish_another_key(&self) {
        *self.seed.lock().unwrap() = 2;
        *self.keys.lock().unwrap() = published(2);
    }

    async fn withdraw_keys(&self) {
        *self.keys.lock().unwrap() = Reply::HangUp;
    }

    fn key_fetches(&self) -> u32 {
        u32::try_from(self.server.requests().len()).unwrap()
    }
}
