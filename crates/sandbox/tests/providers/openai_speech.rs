//! OpenAI's transcription of recordings.

use reqwest::multipart::{Form, Part};
use sandbox::faults::{Fault, StatusFault};
use sandbox::test_voice::{plant, voice};
use serde_json::{Value, json};

use crate::support::{Server, read};

fn form(model: &str, file: Vec<u8>, name: &str) -> Form {
    let part = Part::bytes(file).file_name(name.to_owned()).mime_str("audio/ogg").unwrap();
    Form::new().text("model", model.to_owned()).part("file", part)
}

async fn answered(server: &Server, form: Form) -> reqwest::Response {
    let request = server.client.post(server.at("/v1/audio/transcriptions")).bearer_auth("sk-test");
    request.multipart(form).send().await.unwrap()
}

async fn transcribe(server: &Server, form: Form) -> (u16, Value) {
    read(answered(server, form).await).await
}

#[tokio::test]
async fn a_recording_gives_the_words_that_were_planted() {
    let server = Server::openai().await;
    let words = "рыжая лиса на снегу";
    let (status, answer) =
        transcribe(&server, form("gpt-transcribe", voice(words, 7).to_vec(), "voice.ogg")).await;
    assert_eq!((status, &answer["text"]), (200, &json!(words)));
    assert_eq!(answer["usage"]["type"], "tokens");
    assert_eq!(answer["usage"]["input_token_details"]["audio_tokens"], 70);
    let webm = plant(b"\x1a\x45\xdf\xa3 a browser's recording", "hello").to_vec();
    let (_, answer) = transcribe(&server, form("whisper-1", webm, "voice.webm")).await;
    assert_eq!((&answer["text"], &answer["usage"]["type"]), (&json!("hello"), &json!("duration")));
}

#[tokio::test]
async fn another_recording_always_says_the_same() {
    let server = Server::openai().await;
    let recording = b"OggS what a microphone gave".to_vec();
    let ask = |language: &str| {
        form("gpt-transcribe", recording.clone(), "a.ogg").text("language", language.to_owned())
    };
    let (_, first) = transcribe(&server, ask("en")).await;
    assert!(first["text"].as_str().unwrap().len() > 10);
    assert_eq!(transcribe(&server, ask("en")).await.1["text"], first["text"]);
    assert!(transcribe(&server, ask("ru")).await.1["text"].as_str().unwrap().contains(' '));
}

#[tokio::test]
async fn formats_are_those_of_the_model() {
    let server = Server::openai().await;
    let ask = |model: &str, format: &str| {
        form(model, voice("a red fox", 2).to_vec(), "v.ogg").text("response_format", format.to_owned())
    };
    let text = answered(&server, ask("whisper-1", "text")).await.text().await.unwrap();
    assert_eq!(text, "a red fox\n");
    let words = ask("whisper-1", "verbose_json").text("timestamp_granularities[]", "word");
    let (_, verbose) = transcribe(&server, words).await;
    assert_eq!((&verbose["duration"], &verbose["words"][2]["word"]), (&json!(2.0), &json!("fox")));
    assert_eq!(verbose["segments"].as_array().unwrap().len(), 1);
    let subtitles = answered(&server, ask("whisper-1", "srt")).await.text().await.unwrap();
    assert_eq!(subtitles, "1\n00:00:00,000 --> 00:00:02,000\na red fox\n\n");
    assert!(answered(&server, ask("whisper-1", "vtt")).await.text().await.unwrap().starts_with("WEBVTT"));
    let (status, error) = transcribe(&server, ask("gpt-4o-transcribe", "text")).await;
    assert_eq!((status, &error["error"]["param"]), (400, &json!("response_format")));
    assert_eq!(transcribe(&server, ask("gpt-4o-transcribe", "json")).await.0, 200);
    assert_eq!(answered(&server, ask("gpt-transcribe", "text")).await.text().await.unwrap(), "a red fox\n");
}

#[tokio::test]
async fn what_is_no_recording_is_refused() {
    let server = Server::openai().await;
    let good = || voice("x", 1).to_vec();
    for (form, code) in [
        (form("gpt-transcribe", good(), "voice.oga"), "unsupported_format"),
        (form("gpt-transcribe", good(), "voice"), "unsupported_format"),
        (form("gpt-transcribe", b"<html>".to_vec(), "voice.ogg"), "invalid_value"),
        (form("gpt-transcribe", voice("x", 0).to_vec(), "voice.ogg"), "audio_too_short"),
        (Form::new().text("model", "gpt-transcribe"), "missing_required_parameter"),
    ] {
        let (status, error) = transcribe(&server, form).await;
        assert_eq!((status, &error["error"]["code"]), (400, &json!(code)));
    }
    let mut large = good();
    large.resize(25 * 1024 * 1024 + 1, 0);
    assert_eq!(transcribe(&server, form("gpt-transcribe", large, "voice.ogg")).await.0, 413);
    assert_eq!(transcribe(&server, form("gpt-7-transcribe", good(), "v.ogg")).await.0, 404);
    assert_eq!(transcribe(&server, form("gpt-6-luna", good(), "v.ogg")).await.0, 400);
    let json = server.client.post(server.at("/v1/audio/transcriptions")).bearer_auth("sk").json(&json!({}));
    assert_eq!(json.send().await.unwrap().status().as_u16(), 400);
}

#[tokio::test]
async fn a_fault_of_one_route_leaves_the_others_alone() {
    let server = Server::openai().await;
    server.break_operation(
        "audio/transcriptions",
        Fault::Status(StatusFault { code: 503, ..StatusFault::default() }),
    );
    let moderation =
        server.client.post(server.at("/v1/moderations")).bearer_auth("sk").json(&json!({"input": "x"}));
    assert_eq!(moderation.send().await.unwrap().status().as_u16(), 200);
    let ask = || form("gpt-transcribe", voice("x", 1).to_vec(), "voice.ogg");
    let (status, error) = transcribe(&server, ask()).await;
    assert_eq!((status, &error["error"]["code"]), (503, &json!("server_is_overloaded")));
    server.break_operation("audio/transcriptions", Fault::Refusal);
    assert_eq!(transcribe(&server, ask()).await.1["text"], "");
}
