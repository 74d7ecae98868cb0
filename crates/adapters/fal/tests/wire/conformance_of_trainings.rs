//! The suites of the ports behind which FAL trains, and reads what is lent to it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use avatar::KindName;
use bytes::Bytes;
use fal_adapter::{FalFileLender, FalSettings};
use kernel::{Clock as _, FileLender, ObjectStore, ProviderEvent, ProviderHandle, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::servers::{HttpReply as Reply, HttpRequest as Request, HttpServer as Server};
use testkit::suites::avatar_trainer::{self, Addresses, FILE, FailingQuestion, KEY, Scenario, Stage};
use testkit::suites::object_store::Stranger;
use testkit::suites::{Elapse, file_lender};

use crate::setup::{TestClock, build, install_tls, settings};
use crate::training::trainer;

const NOW: i64 = 1_700_000_000;
const TRAINER: &str = "fal-ai/flux-lora-portrait-trainer";
const STATUS: &str = "/fal-ai/flux-lora-portrait-trainer/requests/r1/status";
const RESULT: &str = "/fal-ai/flux-lora-portrait-trainer/requests/r1";
const WEIGHTS: &str = "weights, or so";

#[tokio::test]
async fn avatar_trainer() {
    avatar_trainer::all(&Provider::default()).await;
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
impl avatar_trainer::Bench for Provider {
    async fn stage(&self, scenario: Scenario) -> Stage {
        let questions = Mutex::new(0);
        let server = Arc::new(Server::start(move |request| reply(scenario, request, &questions)).await);
        *self.latest.lock().unwrap() = Some((scenario, Arc::clone(&server)));
        let queue_url = if scenario == Scenario::Away { nobody() } else { server.url().to_owned() };
        let key = SecretString::from(format!("an-id:{KEY}"));
        let settings = FalSettings { queue_url, key, ..settings(&server) };
        let costly_requests = move || {
            let posted = server.requests().iter().filter(|request| request.method == "POST").count();
            u32::try_from(posted).unwrap()
        };
        Stage {
            trainer: Arc::new(build(settings, TestClock::at(NOW))),
            entry: trainer(TRAINER, KindName::Portrait, &[]),
            costly_requests: Arc::new(costly_requests),
        }
    }

    async fn callback(&self, _: &Stage, _: &ProviderHandle) -> Option<ProviderEvent> {
        let (scenario, server) = self.latest();
        let (status, result) = result(scenario, server.url());
        let body = match status {
            200 => json!({"request_id": "r1", "status": "OK", "payload": result}),
            _ => json!({
                "request_id": "r1", "status": "ERROR", "error": format!("Invalid status code: {status}"),
                "payload": result,
            }),
        };
        Some(ProviderEvent { request_id: "r1".to_owned(), body: body.to_string() })
    }

    async fn addresses(&self, _: &Stage) -> Addresses {
        let (_, server) = self.latest();
        let port = server.url().rsplit(':').next().unwrap();
        Addresses {
            foreign: vec![
                format!("http://localhost:{port}/files/{FILE}"),
                format!("https://127.0.0.1:{port}/files/{FILE}"),
                format!("https://v3.fal.media/files/{FILE}"),
            ],
            redirecting: vec![format!("{}/redirect/{FILE}", server.url())],
            endless: vec![format!("{}/endless", server.url())],
            small: Some(format!("{}/small", server.url())),
        }
    }
}

fn reply(scenario: Scenario, request: &Request, questions: &Mutex<u32>) -> Reply {
    let host = format!("http://{}", request.header("host").unwrap());
    match (request.method.as_str(), request.path()) {
        ("POST", _) => answer_to_order(scenario, request),
        (_, STATUS) => {
            *questions.lock().unwrap() += 1;
            status(scenario, *questions.lock().unwrap())
        }
        (_, RESULT) => {
            let (status, body) = result(scenario, &host);
            Reply::json(status, &body)
        }
        (_, "/endless") => Reply::Unannounced { bytes: usize::MAX },
        (_, "/small") => Reply::text(200, "application/octet-stream", &"x".repeat(1_000)),
        (_, path) if path.starts_with("/redirect/") => {
            Reply::text(302, "text/plain", "").with_header("location", &format!("{host}/files/{FILE}"))
        }
        (_, path) if path.starts_with("/files/") => Reply::text(200, "application/octet-stream", WEIGHTS),
        // A probe asks for a request that is not there.
        _ => match scenario {
            Scenario::BadKey => bad_key(),
            Scenario::RetiredTrainer => no_such_trainer(),
            _ => Reply::json(404, &json!({"status": "NOT_FOUND"})),
        },
    }
}

fn answer_to_order(scenario: Scenario, request: &Request) -> Reply {
    match scenario {
        Scenario::BadKey => bad_key(),
        Scenario::ExhaustedBalance => locked(),
        Scenario::RetiredTrainer => no_such_trainer(),
        Scenario::TooManyRequests => Reply::json(429, &json!({"detail": "slow down"})),
        Scenario::ServerError => {
            let quoted = String::from_utf8_lossy(&request.body).into_owned();
            Reply::json(500, &json!({"detail": quoted, "error_type": "internal_error"}))
        }
        Scenario::HangsUp => Reply::HangUp,
        Scenario::BreaksOff => Reply::BreakOff { status: 200, announced: 1_000 },
        Scenario::TalksNonsense => Reply::html(200),
        _ => Reply::json(200, &json!({"request_id": "r1", "status": "IN_QUEUE", "queue_position": 0})),
    }
}

fn status(scenario: Scenario, question: u32) -> Reply {
    match scenario {
        Scenario::TrainingForgotten => return Reply::json(404, &json!({"status": "NOT_FOUND"})),
        Scenario::QuestionFails(question) => {
            return match question {
                FailingQuestion::NoAnswer => Reply::HangUp,
                FailingQuestion::ServerError => Reply::json(503, &json!({"detail": "x"})),
                FailingQuestion::RateLimit => Reply::json(429, &json!({"detail": "x"})),
                FailingQuestion::RefusedKey => bad_key(),
                FailingQuestion::LockedAccount => locked(),
            };
        }
        _ => {}
    }
    match question {
        1 => Reply::json(202, &json!({"status": "IN_QUEUE", "queue_position": 2, "logs": null})),
        2 => {
            let logs = json!([{"message": "step 40/1000", "timestamp": "2026-11-23T10:00:01.2Z"}]);
            Reply::json(202, &json!({"status": "IN_PROGRESS", "logs": logs}))
        }
        _ => match scenario {
            Scenario::TrainingFails | Scenario::RefusesPhotos | Scenario::Refuses => {
                Reply::json(200, &json!({"status": "COMPLETED", "logs": [], "error": "it failed"}))
            }
            _ => Reply::json(200, &json!({"status": "COMPLETED", "logs": []})),
        },
    }
}

/// The result of a training, and the status with which it is answered.
fn result(scenario: Scenario, host: &str) -> (u16, Value) {
    let problem = |kind: &str| {
        let quoted = format!("cannot use {FILE}");
        json!({"detail": [{"loc": ["body", "images_data_url"], "msg": quoted, "type": kind, "input": quoted}]})
    };
    match scenario {
        Scenario::RefusesPhotos => (422, problem("archive_file_count_below_minimum")),
        Scenario::Refuses => (422, problem("content_policy_violation")),
        Scenario::TrainingFails => (500, json!({"detail": "x", "error_type": "runner_server_error"})),
        Scenario::WithoutWeights => (200, json!({"diffusers_lora_file": null, "config_file": null})),
        _ => (
            200,
            json!({
                "diffusers_lora_file": {"url": format!("{host}/files/w"), "file_size": WEIGHTS.len()},
                "config_file": {"url": format!("{host}/files/config.json")},
            }),
        ),
    }
}

fn bad_key() -> Reply {
    Reply::json(401, &json!({"detail": "invalid key credentials"}))
}

fn locked() -> Reply {
    Reply::json(403, &json!({"detail": "User is locked. Reason: Exhausted balance."}))
}

fn no_such_trainer() -> Reply {
    Reply::json(404, &json!({"detail": "Application 'flux-lora-portrait-trainer' not found"}))
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn file_lender() {
    file_lender::all(&Storage::start().await).await;
}

/// FAL's storage, which keeps each file for as long as its lifecycle says.
struct Storage {
    server: Server,
    clock: ClockHand,
}

struct ClockHand(Arc<TestClock>);

/// What was announced or is kept, by name.
type Shelf = Mutex<BTreeMap<String, (Timestamp, Vec<u8>)>>;

impl Storage {
    async fn start() -> Self {
        let clock = TestClock::at(NOW);
        let (time, shelf) = (Arc::clone(&clock), Shelf::default());
        let server = Server::start(move |request| keep(request, &time, &shelf)).await;
        install_tls();
        Self { server, clock: ClockHand(clock) }
    }
}

fn keep(request: &Request, clock: &TestClock, shelf: &Shelf) -> Reply {
    let mut shelf = shelf.lock().unwrap();
    match (request.method.as_str(), request.path().rsplit_once('/')) {
        ("POST", Some(("/storage/upload", "initiate"))) => {
            let lifecycle = request.header("x-fal-object-lifecycle-preference").unwrap();
            let lifecycle: Value = serde_json::from_str(lifecycle).unwrap();
            let seconds = lifecycle["expiration_duration_seconds"].as_u64().unwrap();
            let name = format!("file-{}", shelf.len());
            shelf.insert(name.clone(), (clock.now() + Duration::from_secs(seconds), Vec::new()));
            let host = format!("http://{}", request.header("host").unwrap());
            let (upload, file) = (format!("{host}/upload/{name}"), format!("{host}/files/{name}"));
            Reply::json(200, &json!({"upload_url": upload, "file_url": file}))
        }
        ("PUT", Some(("/upload", name))) => {
            shelf.get_mut(name).unwrap().1.clone_from(&request.body);
            Reply::text(200, "text/plain", "")
        }
        ("GET", Some(("/files", name))) => match shelf.get(name) {
            Some((until, bytes)) if *until > clock.now() => {
                Reply::Answer { status: 200, headers: Vec::new(), body: bytes.clone() }
            }
            _ => Reply::html(404),
        },
        _ => Reply::html(404),
    }
}

#[async_trait]
impl file_lender::Bench for Storage {
    async fn lender(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn FileLender> {
        Arc::new(FalFileLender::new(&settings(&self.server), objects).unwrap())
    }

    fn stranger(&self) -> &dyn Stranger {
        self
    }

    fn time(&self) -> &dyn Elapse {
        &self.clock
    }

    async fn failing(&self, objects: Arc<dyn ObjectStore>) -> Vec<(String, Arc<dyn FileLender>)> {
        let mut ways: Vec<(String, Arc<dyn FileLender>)> = Vec::new();
        for (way, initiated, put) in [
            ("no answer", Reply::HangUp, Reply::HangUp),
            ("an error", Reply::json(500, &json!({"detail": file_lender::ADDRESS})), Reply::HangUp),
            ("an odd place", place("ftp"), Reply::HangUp),
            ("no upload", place("http"), Reply::HangUp),
            ("a refused upload", place("http"), Reply::text(403, "text/plain", file_lender::ADDRESS)),
        ] {
            let failing = Server::start(move |request| match request.method.as_str() {
                "PUT" => put.clone(),
                _ => at(request, initiated.clone()),
            })
            .await;
            let lender = FalFileLender::new(&settings(&failing), Arc::clone(&objects)).unwrap();
            ways.push((way.to_owned(), Arc::new(Living { lender, _server: failing })));
        }
        ways
    }
}

/// A place of which only the host is missing.
fn place(scheme: &str) -> Reply {
    let address = format!("{scheme}://HOST/{}", file_lender::ADDRESS);
    Reply::json(200, &json!({"upload_url": address, "file_url": address}))
}

/// The same answer, with the host of the server that gives it.
fn at(request: &Request, reply: Reply) -> Reply {
    match reply {
        Reply::Answer { status, headers, body } => {
            let body = String::from_utf8(body).unwrap().replace("HOST", request.header("host").unwrap());
            Reply::Answer { status, headers, body: body.into_bytes() }
        }
        other => other,
    }
}

/// A lender whose server lives as long as it does.
struct Living {
    lender: FalFileLender,
    _server: Server,
}

#[async_trait]
impl FileLender for Living {
    async fn lend(
        &self,
        object: &kernel::ObjectKey,
        content_type: &str,
        lifetime: Duration,
    ) -> Result<String, kernel::LendingError> {
        self.lender.lend(object, content_type, lifetime).await
    }
}

#[async_trait]
impl Stranger for Storage {
    async fn fetch(&self, address: &str) -> Option<Bytes> {
        let response = reqwest::get(address).await.unwrap();
        if response.status().is_success() { Some(response.bytes().await.unwrap()) } else { None }
    }
}

#[async_trait]
impl Elapse for ClockHand {
    async fn elapse(&self, span: Duration) {
        self.0.forward(span);
    }
}
