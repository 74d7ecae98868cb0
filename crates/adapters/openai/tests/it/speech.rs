//! Transcriptions: what is asked, what answers mean, and the suite of the port.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use generation::Transcriber;
use kernel::{FailureClass, Language};
use openai_adapter::{OpenAi, OpenAiSettings};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};
use testkit::suites::transcriber::{self, KEY, Stage};

use crate::setup::{answer, client, settings};

const RECORDING: Bytes = Bytes::from_static(b"OggS a voice");

fn transcript(words: &str) -> String {
    json!({"text": words, "languages": [], "usage": {"type": "tokens", "total_tokens": 18}}).to_string()
}

/// The parts of a multipart body: the lines before each content, and the content.
fn parts(request: &HttpRequest) -> Vec<(String, String)> {
    let boundary = request.header("content-type").unwrap().split_once("boundary=").unwrap().1;
    let body = String::from_utf8(request.body.clone()).unwrap();
    body.split(&format!("--{boundary}"))
        .filter_map(|part| part.strip_prefix("\r\n")?.strip_suffix("\r\n")?.split_once("\r\n\r\n"))
        .map(|(head, content)| (head.to_lowercase(), content.to_owned()))
        .collect()
}

#[tokio::test]
async fn a_recording_is_sent_as_documented() {
    let server = HttpServer::always(answer(200, &transcript(" Рыжая лиса. "))).await;
    let heard = client(server.address()).transcribe(&RECORDING, Language::Russian).await.unwrap();
    assert_eq!(heard, "Рыжая лиса.");
    let [request] = server.requests().try_into().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/v1/audio/transcriptions"));
    assert_eq!(request.header("authorization"), Some("Bearer sk-a-test-key"));
    let plain = |name: &str, value: &str| {
        (format!("content-disposition: form-data; name=\"{name}\""), value.to_owned())
    };
    let file =
        "content-disposition: form-data; name=\"file\"; filename=\"voice.ogg\"\r\ncontent-type: audio/ogg";
    assert_eq!(
        parts(&request),
        [
            plain("model", "gpt-transcribe"),
            plain("response_format", "json"),
            plain("languages[]", "ru"),
            plain("languages[]", "en"),
            (file.to_owned(), "OggS a voice".to_owned()),
        ]
    );
}

#[tokio::test]
async fn other_models_are_left_to_find_the_language() {
    let server = HttpServer::always(answer(200, &transcript("x"))).await;
    let settings =
        OpenAiSettings { speech_model: "whisper-1".to_owned(), ..settings(&format!("{}/v1", server.url())) };
    OpenAi::new(settings).unwrap().transcribe(&RECORDING, Language::Russian).await.unwrap();
    let [request] = server.requests().try_into().unwrap();
    assert!(parts(&request).iter().all(|(head, _)| !head.contains("language")), "{:?}", parts(&request));
}

#[tokio::test]
async fn a_recording_too_short_for_a_word_is_silence() {
    let body =
        json!({"error": {"message": "Too short.", "type": "x", "param": "file", "code": "audio_too_short"}});
    let server = HttpServer::always(HttpReply::json(400, &body)).await;
    assert_eq!(client(server.address()).transcribe(&RECORDING, Language::English).await.unwrap(), "");
}

#[tokio::test]
async fn an_answer_without_a_text_is_no_silence() {
    for body in ["", "{}", "[]", r#"{"text":null}"#, "<html></html>"] {
        let server = HttpServer::always(answer(200, body)).await;
        let error = client(server.address()).transcribe(&RECORDING, Language::English).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "garbage"), "{body}");
    }
}

#[tokio::test]
async fn transcriber() {
    transcriber::all(&Service::default()).await;
}

/// Servers that run for as long as this does.
#[derive(Default)]
struct Service(Mutex<Vec<HttpServer>>);

impl Service {
    async fn serving(&self, reply: HttpReply) -> Stage {
        let server = HttpServer::always(reply).await;
        let settings = OpenAiSettings {
            api_key: format!("sk-{KEY}").into(),
            ..settings(&format!("{}/v1", server.url()))
        };
        let transcriber = Arc::new(OpenAi::new(settings).unwrap());
        self.0.lock().unwrap().push(server);
        Stage { transcriber, recording: RECORDING }
    }
}

fn complaint(words: &Value) -> Value {
    json!({"error": {"message": words, "type": "invalid_request_error", "param": words, "code": words}})
}

#[async_trait]
impl transcriber::Bench for Service {
    async fn saying(&self, words: &str) -> Stage {
        self.serving(answer(200, &transcript(words))).await
    }

    async fn unreadable(&self) -> Stage {
        self.serving(HttpReply::json(400, &complaint(&json!("unsupported_value")))).await
    }

    async fn failing(&self, words: &str) -> Vec<(String, Stage)> {
        let word = words.split(' ').nth(1).unwrap();
        let mut ways = Vec::new();
        for status in [302, 400, 401, 404, 413, 429, 500] {
            for quoted in [words, word] {
                let reply =
                    HttpReply::json(status, &complaint(&json!(quoted))).with_header("x-request-id", word);
                ways.push((format!("{status}, quoting"), self.serving(reply).await));
            }
        }
        for (way, reply) in [
            ("hanging up", HttpReply::HangUp),
            ("silence", HttpReply::Silence),
            ("no JSON", answer(200, words)),
            ("another form", answer(200, &json!({"words": words}).to_string())),
        ] {
            ways.push((way.to_owned(), self.serving(reply).await));
        }
        ways
    }
}
