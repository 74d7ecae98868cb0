//! The suite of the port.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Moderator, UnsafeCategory};
use serde_json::{Value, json};
use testkit::suites::{self, moderator::Bench};
use tokio::net::TcpListener;

use crate::server::{Reaction, Server, client};

const MODELS: &str = r#"{"object":"list","data":[{"id":"omni-moderation-latest","object":"model"}]}"#;

struct LocalServers;

#[tokio::test]
async fn moderator() {
    suites::moderator::all(&LocalServers).await;
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
        serving(move |_| Reaction::answer(200, finding(true, &named))).await
    }

    async fn allowing(&self) -> Arc<dyn Moderator> {
        serving(|request| match request.line() {
            "GET /v1/models" => Reaction::answer(200, MODELS),
            _ => Reaction::answer(200, finding(false, &json!({"hate": false}))),
        })
        .await
    }

    async fn without_verdict(&self) -> Vec<(String, Arc<dyn Moderator>)> {
        let mut ways: Vec<(String, Arc<dyn Moderator>)> = Vec::new();
        for (way, reaction) in [
            ("silence", Reaction::Silence),
            ("hanging up", Reaction::HangUp),
            ("half an answer", Reaction::HalfAnAnswer),
            ("no findings", Reaction::answer(200, r#"{"results":[]}"#)),
            ("no JSON", Reaction::answer(200, "<html>all is well</html>")),
            ("other JSON", Reaction::answer(200, r#"{"results":[{"flagged":"maybe"}]}"#)),
            ("nothing", Reaction::answer(200, "")),
            ("no content", Reaction::answer(204, "")),
            ("too much", Reaction::answer(200, " ".repeat(2_000_000))),
        ] {
            ways.push((way.to_owned(), serving(move |_| reaction.clone()).await));
        }
        for status in [302, 400, 401, 404, 409, 413, 422, 429, 500, 503] {
            let repeating = serving(move |request| repeat(status, &request.body)).await;
            ways.push((format!("{status}, repeating what was sent"), repeating));
        }
        let repeating = serving(|request| Reaction::answer(200, request.body.clone())).await;
        ways.push(("a success that repeats what was sent".to_owned(), repeating));
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        ways.push(("nobody there".to_owned(), Arc::new(client(nobody))));
        ways
    }
}

async fn serving(
    reaction: impl Fn(&crate::server::Request) -> Reaction + Send + Sync + 'static,
) -> Arc<dyn Moderator> {
    Arc::new(Server::start(reaction).await.client())
}

/// An error that quotes what was sent wherever it can.
fn repeat(status: u16, sent: &str) -> Reaction {
    let sent: Value = serde_json::from_str(sent).unwrap();
    let text = sent["input"].as_str().unwrap();
    let word = text.split(' ').nth(1).unwrap();
    Reaction::Answer {
        status,
        headers: vec![("x-request-id", word.to_owned()), ("location", format!("/{word}"))],
        body: json!({"error": {"message": text, "type": word, "param": word, "code": word}}).to_string(),
    }
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
