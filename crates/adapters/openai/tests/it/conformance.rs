//! The suite of the port.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kernel::{Moderator, UnsafeCategory};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};
use testkit::suites::{self, moderator::Bench};
use tokio::net::TcpListener;

use crate::setup::{answer, client};

const MODELS: &str = r#"{"object":"list","data":[{"id":"omni-moderation-latest","object":"model"}]}"#;

/// Servers that run for as long as this does.
#[derive(Default)]
struct LocalServers(Mutex<Vec<HttpServer>>);

impl LocalServers {
    async fn serving(
        &self,
        handler: impl Fn(&HttpRequest) -> HttpReply + Send + Sync + 'static,
    ) -> Arc<dyn Moderator> {
        let server = HttpServer::start(handler).await;
        let client = client(server.address());
        self.0.lock().unwrap().push(server);
        Arc::new(client)
    }
}

#[tokio::test]
async fn moderator() {
    suites::moderator::all(&LocalServers::default()).await;
}

#[async_trait]
impl Bench for LocalServers {
    async fn flagging(&self, categories: &[UnsafeCategory]) -> Arc<dyn Moderator> {
        let mut named = json!({"harassment": false, "sexual/minors": false, "illicit": Value::Null});
        for category in categories {
            for name in names(*category) {
                named[name] = json!(true);
            }
        }
        self.serving(move |_| answer(200, &finding(true, &named))).await
    }

    async fn allowing(&self) -> Arc<dyn Moderator> {
        self.serving(|request| match request.path() {
            "/v1/models" => answer(200, MODELS),
            _ => answer(200, &finding(false, &json!({"hate": false}))),
        })
        .await
    }

    async fn without_verdict(&self) -> Vec<(String, Arc<dyn Moderator>)> {
        let mut ways: Vec<(String, Arc<dyn Moderator>)> = Vec::new();
        for (way, reply) in [
            ("silence", HttpReply::Silence),
            ("hanging up", HttpReply::HangUp),
            ("half an answer", HttpReply::BreakOff { status: 200, announced: 1_000 }),
            ("no findings", answer(200, r#"{"results":[]}"#)),
            ("no JSON", answer(200, "<html>all is well</html>")),
            ("other JSON", answer(200, r#"{"results":[{"flagged":"maybe"}]}"#)),
            ("nothing", answer(200, "")),
            ("no content", answer(204, "")),
            ("too much", HttpReply::Unannounced { bytes: 2_000_000 }),
        ] {
            ways.push((way.to_owned(), self.serving(move |_| reply.clone()).await));
        }
        for status in [302, 400, 401, 404, 409, 413, 422, 429, 500, 503] {
            let repeating = self.serving(move |request| repeat(status, request)).await;
            ways.push((format!("{status}, repeating what was sent"), repeating));
        }
        let repeating = self.serving(|request| answer(200, &String::from_utf8_lossy(&request.body))).await;
        ways.push(("a success that repeats what was sent".to_owned(), repeating));
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        ways.push(("nobody there".to_owned(), Arc::new(client(nobody))));
        ways
    }
}

/// An error that quotes what was sent wherever it can.
fn repeat(status: u16, request: &HttpRequest) -> HttpReply {
    let sent = request.json();
    let text = sent["input"].as_str().or_else(|| sent["input"][0]["image_url"]["url"].as_str()).unwrap();
    let word = text.split([' ', ',']).nth(1).unwrap();
    HttpReply::json(status, &json!({"error": {"message": text, "type": word, "param": word, "code": word}}))
        .with_header("x-request-id", word)
        .with_header("location", &format!("/{word}"))
}

fn finding(flagged: bool, categories: &Value) -> String {
    json!({"id": "modr-1", "model": "omni-moderation-latest",
        "results": [{"flagged": flagged, "categories": categories, "category_scores": {}}]})
    .to_string()
}

fn names(category: UnsafeCategory) -> &'static [&'static str] {
    match category {
        UnsafeCategory::Harassment => &["harassment", "harassment/threatening"],
        UnsafeCategory::Hate => &["hate", "hate/threatening"],
        UnsafeCategory::Illicit => &["illicit", "illicit/violent"],
        UnsafeCategory::SelfHarm => &["self-harm", "self-harm/intent", "self-harm/instructions"],
        UnsafeCategory::Sexual => &["sexual"],
        UnsafeCategory::SexualMinors => &["sexual/minors"],
        UnsafeCategory::Violence => &["violence", "violence/graphic"],
        UnsafeCategory::Other => &["something/new"],
    }
}
