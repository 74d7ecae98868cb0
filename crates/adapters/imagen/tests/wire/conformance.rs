//! The suite of the port that Google stands behind, in both of its dialects.

use std::net::TcpListener;
use std::sync::Arc;

use async_trait::async_trait;
use generation::{ModelEntry, ProviderHandle};
use imagen_adapter::ImagenSettings;
use kernel::ProviderEvent;
use secrecy::SecretString;
use serde_json::{Value, json};
use testkit::servers::{HttpReply as Reply, HttpRequest as Request, HttpServer as Server};
use testkit::suites::image_generator::{self, Addresses, KEY, NAMED_WAIT, Scenario, Stage};

use crate::setup::{build, four_predictions, settings, submission};

/// `image` in base64.
const IMAGE: &str = "aW1hZ2U=";

#[tokio::test]
async fn image_generator_by_generate_content() {
    image_generator::all(&Google { model: submission().model }).await;
}

#[tokio::test]
async fn image_generator_by_predict() {
    image_generator::all(&Google { model: four_predictions().model }).await;
}

/// Google, whose model does what a scenario says.
struct Google {
    model: ModelEntry,
}

#[async_trait]
impl image_generator::Bench for Google {
    async fn stage(&self, scenario: Scenario) -> Option<Stage> {
        let is_queue =
            matches!(scenario, Scenario::WorkFails | Scenario::WorkForgotten | Scenario::QuestionFails(_));
        // One image a call leaves nothing beside the one that is kept back.
        if is_queue || (scenario == Scenario::WithholdsOne && self.model.images_per_call == 1) {
            return None;
        }
        let id = self.model.id.to_string();
        let server = Arc::new(Server::start(move |request| reply(scenario, request, &id)).await);
        let base_url = if scenario == Scenario::Away { nobody() } else { server.url().to_owned() };
        let api_key = SecretString::from(KEY);
        let settings = ImagenSettings { base_url, api_key, ..settings(&server) };
        let costly_requests = move || {
            let posted = server.requests().iter().filter(|request| request.method == "POST").count();
            u32::try_from(posted).unwrap()
        };
        Some(Stage {
            generator: Arc::new(build(settings)),
            model: self.model.clone(),
            costly_requests: Arc::new(costly_requests),
        })
    }

    async fn callback(&self, _: &Stage, _: &ProviderHandle) -> Option<ProviderEvent> {
        None
    }

    async fn addresses(&self, _: &Stage) -> Option<Addresses> {
        None
    }
}

fn reply(scenario: Scenario, request: &Request, model: &str) -> Reply {
    match scenario {
        Scenario::BadKey => {
            let details = json!([{
                "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
            }]);
            error(400, "INVALID_ARGUMENT", "API key not valid.", &details)
        }
        Scenario::ExhaustedBalance => error(400, "FAILED_PRECONDITION", "enable billing", &json!([])),
        Scenario::RetiredModel if request.method == "POST" => {
            error(404, "NOT_FOUND", "This model is no longer available.", &json!([]))
        }
        Scenario::TooManyRequests => {
            let delay = format!("{}s", NAMED_WAIT.as_secs());
            let details = json!([{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]);
            error(429, "RESOURCE_EXHAUSTED", "quota exceeded", &details)
        }
        Scenario::ServerError => error(500, "INTERNAL", "try again", &json!([])),
        Scenario::HangsUp => Reply::HangUp,
        Scenario::BreaksOff => Reply::BreakOff { status: 200, announced: 1_000 },
        Scenario::TalksNonsense => Reply::html(200),
        _ if request.method == "GET" => {
            let name = if scenario == Scenario::RetiredModel { "another" } else { model };
            Reply::json(200, &json!({"models": [{"name": format!("models/{name}")}]}))
        }
        _ if request.path().ends_with(":predict") => Reply::json(200, &predictions(scenario, request)),
        _ => Reply::json(200, &content(scenario)),
    }
}

fn predictions(scenario: Scenario, request: &Request) -> Value {
    let count = request.json()["parameters"]["sampleCount"].as_u64().unwrap_or(1);
    let filtered = json!({"raiFilteredReason": "it was filtered"});
    let predictions: Vec<Value> = (0..count)
        .map(|number| match scenario {
            Scenario::RefusesAll => filtered.clone(),
            Scenario::WithholdsOne if number == 0 => filtered.clone(),
            _ => json!({"mimeType": "image/png", "bytesBase64Encoded": IMAGE}),
        })
        .collect();
    json!({"predictions": predictions})
}

fn content(scenario: Scenario) -> Value {
    if scenario == Scenario::RefusesAll {
        return json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}});
    }
    let image = json!({"inlineData": {"mimeType": "image/png", "data": IMAGE}});
    json!({"candidates": [{
        "index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [image]},
    }]})
}

fn error(code: u16, status: &str, message: &str, details: &Value) -> Reply {
    let error = json!({"code": code, "message": message, "status": status, "details": details});
    Reply::json(code, &json!({"error": error}))
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
