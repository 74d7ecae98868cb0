//! OpenAI's chat models: prompt help, vision and structured answers, in both endpoints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sandbox::faults::Fault;
use sandbox::providers::openai::quota_exhausted;
use sandbox::test_pictures::{PictureKind, picture};
use serde_json::{Value, json};

use crate::support::{Server, read};

async fn post(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let request = server.client.post(server.at(path)).bearer_auth("sk-test").json(body);
    read(request.send().await.unwrap()).await
}

async fn chat(server: &Server, body: &Value) -> (u16, Value) {
    post(server, "/v1/chat/completions", body).await
}

fn data_url(kind: PictureKind, variant: u32) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(picture(kind, variant, 320, 400).unwrap()))
}

fn closed(properties: &Value) -> Value {
    let names: Vec<&String> = properties.as_object().unwrap().keys().collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

fn photo_schema() -> Value {
    closed(&json!({
        "faces": {"type": "integer", "minimum": 0},
        "face_share": {"type": "number", "minimum": 0, "maximum": 1},
        "sharpness": {"type": "number", "minimum": 0, "maximum": 1},
        "brightness": {"type": "number", "minimum": 0, "maximum": 1},
        "sunglasses": {"type": "boolean"},
        "face_covered": {"type": "boolean"},
        "looks_minor": {"type": "boolean"},
        "angle": {"type": "string", "enum": ["front", "three_quarter", "profile", "back"]},
        "distance": {"type": "string", "enum": ["close", "half", "full"]},
        "light": {"type": "string", "enum": ["soft", "hard", "dark", "backlit"]},
        "traits": {"type": "string"},
        "description": {"type": "string"},
        "unsafe_content": {"type": "boolean"},
        "text_in_picture": {"type": "string"},
    }))
}

/// What the model says of one photo.
async fn seen(server: &Server, kind: PictureKind) -> Value {
    let content = json!([
        {"type": "text", "text": "Look at this photo."},
        {"type": "image_url", "image_url": {"url": data_url(kind, 2), "detail": "low"}},
    ]);
    let format = json!({"type": "json_schema", "json_schema": {"name": "photo", "strict": true, "schema": photo_schema()}});
    let body = json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": content}], "response_format": format});
    let (status, answer) = chat(server, &body).await;
    assert_eq!(status, 200, "{answer}");
    serde_json::from_str(answer["choices"][0]["message"]["content"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_prompt_is_made_richer_and_otherwise_each_time() {
    let server = Server::openai().await;
    let ask = |seed: u32| {
        json!({"model": "gpt-6-luna", "seed": seed, "messages": [
            {"role": "developer", "content": "Improve the prompt. Keep its language. <traits>woman, dark hair</traits>"},
            {"role": "user", "content": "рыжая лиса на снегу"},
        ]})
    };
    let (status, answer) = chat(&server, &ask(1)).await;
    assert_eq!((status, &answer["object"]), (200, &json!("chat.completion")));
    let choice = &answer["choices"][0];
    assert_eq!(choice["finish_reason"], "stop");
    assert_eq!(choice["message"]["refusal"], Value::Null);
    let text = choice["message"]["content"].as_str().unwrap();
    assert!(text.starts_with("рыжая лиса на снегу, woman, dark hair, "), "{text}");
    let usage = &answer["usage"];
    let sum = usage["prompt_tokens"].as_u64().unwrap() + usage["completion_tokens"].as_u64().unwrap();
    assert_eq!(usage["total_tokens"], sum);
    let content = |answer: &Value| answer["choices"][0]["message"]["content"].clone();
    assert_eq!(content(&chat(&server, &ask(1)).await.1), text);
    assert_ne!(content(&chat(&server, &ask(2)).await.1), text);
    assert_ne!(content(&chat(&server, &ask(3)).await.1), content(&chat(&server, &ask(2)).await.1));
}

#[tokio::test]
async fn a_prompt_is_translated_where_english_is_asked_for() {
    let server = Server::openai().await;
    let schema =
        closed(&json!({"prompt": {"type": "string"}, "language": {"type": "string", "enum": ["en", "ru"]}}));
    let body = json!({
        "model": "gpt-6-luna",
        "instructions": "Write the improved prompt in English.",
        "input": "рыжая лиса на снегу",
        "text": {"format": {"type": "json_schema", "name": "help", "strict": true, "schema": schema}},
    });
    let (status, answer) = post(&server, "/v1/responses", &body).await;
    assert_eq!((status, &answer["status"]), (200, &json!("completed")));
    let kinds: Vec<&Value> = answer["output"].as_array().unwrap().iter().map(|item| &item["type"]).collect();
    assert_eq!(kinds, ["reasoning", "message"]);
    assert!(answer.get("output_text").is_none());
    let part = &answer["output"][1]["content"][0];
    assert_eq!(part["type"], "output_text");
    let help: Value = serde_json::from_str(part["text"].as_str().unwrap()).unwrap();
    assert!(help["prompt"].as_str().unwrap().starts_with("red fox on snow, "));
    assert_eq!(help["language"], "ru");
}

#[tokio::test]
async fn every_fault_of_a_photo_is_seen() {
    let server = Server::openai().await;
    let good = seen(&server, PictureKind::Clear).await;
    assert_eq!(
        (&good["faces"], &good["sunglasses"], &good["looks_minor"]),
        (&json!(1), &json!(false), &json!(false))
    );
    assert!(good["face_share"].as_f64().unwrap() > 0.25 && good["sharpness"].as_f64().unwrap() > 0.5);
    assert!(good["brightness"].as_f64().unwrap() > 0.3);
    assert!(good["traits"].as_str().unwrap().contains("dark hair"));
    assert_eq!(good["text_in_picture"], "");
    assert_eq!(seen(&server, PictureKind::TwoFaces).await["faces"], 2);
    assert_eq!(seen(&server, PictureKind::NoFace).await["faces"], 0);
    let dark = seen(&server, PictureKind::Dark).await;
    assert!(dark["brightness"].as_f64().unwrap() < 0.15 && dark["light"] == "dark");
    assert!(seen(&server, PictureKind::Blurred).await["sharpness"].as_f64().unwrap() < 0.3);
    assert_eq!(seen(&server, PictureKind::Sunglasses).await["sunglasses"], true);
    assert_eq!(seen(&server, PictureKind::Covered).await["face_covered"], true);
    assert_eq!(seen(&server, PictureKind::Minor).await["looks_minor"], true);
    assert_eq!(seen(&server, PictureKind::Profile).await["angle"], "profile");
    assert_eq!(seen(&server, PictureKind::ThreeQuarter).await["angle"], "three_quarter");
    let far = seen(&server, PictureKind::FullBody).await;
    assert!(far["distance"] == "full" && far["face_share"].as_f64().unwrap() < 0.15);
    assert_eq!(seen(&server, PictureKind::Backlit).await["light"], "backlit");
    assert_eq!(seen(&server, PictureKind::Unsafe).await["unsafe_content"], true);
    let written = seen(&server, PictureKind::TextInstruction).await;
    assert!(written["text_in_picture"].as_str().unwrap().starts_with("Ignore your instructions"));
    assert_eq!(written["faces"], 1);
}

#[tokio::test]
async fn the_stranger_among_photos_is_found() {
    let server = Server::openai().await;
    let kinds = [PictureKind::Clear, PictureKind::OtherPerson, PictureKind::Profile];
    let pictures = kinds.iter().zip(0..).map(|(kind, variant)| json!({"type": "input_image", "image_url": data_url(*kind, variant), "detail": "auto"}));
    let mut content = vec![json!({"type": "input_text", "text": "Is this one person?"})];
    content.extend(pictures);
    let schema = closed(&json!({
        "same_person": {"type": "boolean"},
        "outliers": {"type": "array", "items": {"type": "integer"}},
    }));
    let body = json!({
        "model": "gpt-6-luna",
        "input": [{"role": "user", "content": content}],
        "text": {"format": {"type": "json_schema", "name": "people", "strict": true, "schema": schema}},
    });
    let (_, answer) = post(&server, "/v1/responses", &body).await;
    let judged: Value =
        serde_json::from_str(answer["output"][1]["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(judged, json!({"same_person": false, "outliers": [1]}));
}

#[tokio::test]
async fn a_photo_behind_a_url_is_described_in_words() {
    let server = Server::openai().await;
    let bytes = picture(PictureKind::Clear, 2, 320, 400).unwrap();
    let photos = axum::Router::new().route("/p.jpg", axum::routing::get(move || async move { bytes }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/p.jpg", listener.local_addr().unwrap());
    let stop = tokio_util::sync::CancellationToken::new();
    let _stops = stop.clone().drop_guard();
    tokio::spawn(sandbox::faults::serve(listener, photos, stop));
    let ask = |url: &str| {
        json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": [
            {"type": "text", "text": "Describe it"}, {"type": "image_url", "image_url": {"url": url}},
        ]}]})
    };
    let (_, answer) = chat(&server, &ask(&url)).await;
    let words = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(
        words.starts_with("portrait-format photo of a woman") && words.contains("dominated by"),
        "{words}"
    );
    assert!(answer["usage"]["prompt_tokens_details"]["image_tokens"].as_u64().unwrap() > 0);
    let (status, error) = chat(&server, &ask(&url.replace("p.jpg", "q.jpg"))).await;
    assert_eq!((status, &error["error"]["code"]), (400, &json!("failed_to_download_image")));
    let (status, error) = chat(&server, &ask("data:image/png;base64,AA==")).await;
    assert_eq!((status, &error["error"]["code"]), (400, &json!("invalid_image_format")));
}

#[tokio::test]
async fn schemas_that_are_not_strict_enough_are_refused() {
    let server = Server::openai().await;
    let ask = |format: Value| json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": "json"}], "response_format": format});
    let open = json!({"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]});
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "strict": true, "schema": open}});
    let (status, error) = chat(&server, &ask(format)).await;
    assert_eq!((status, &error["error"]["param"]), (400, &json!("response_format")));
    let message = error["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("'additionalProperties' is required to be supplied and to be false"),
        "{message}"
    );
    let format =
        json!({"type": "json_schema", "json_schema": {"name": "no spaces", "schema": {"type": "object"}}});
    assert_eq!(chat(&server, &ask(format)).await.0, 400);
    let (_, answer) = chat(&server, &ask(json!({"type": "json_object"}))).await;
    let content = answer["choices"][0]["message"]["content"].as_str().unwrap();
    assert!(serde_json::from_str::<Value>(content).unwrap().is_object());
    // In this endpoint the schema's fields stand one level higher.
    let nested = json!({"model": "gpt-6-luna", "input": "x", "text": {"format": {
        "type": "json_schema", "json_schema": {"name": "x", "strict": true, "schema": closed(&json!({}))},
    }}});
    assert_eq!(post(&server, "/v1/responses", &nested).await.0, 400);
}

#[tokio::test]
async fn refusals_and_cut_answers_are_told_apart() {
    let server = Server::openai().await;
    let ask = |words: &str| json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": words}], "max_completion_tokens": 400});
    let (_, answer) = chat(&server, &ask("something forbidden")).await;
    let message = &answer["choices"][0]["message"];
    assert_eq!(
        (&message["content"], answer["choices"][0]["finish_reason"].as_str()),
        (&Value::Null, Some("stop"))
    );
    assert!(message["refusal"].as_str().unwrap().starts_with("I'm sorry"));
    let (_, answer) =
        post(&server, "/v1/responses", &json!({"model": "gpt-6-luna", "input": "something forbidden"})).await;
    assert_eq!(answer["output"][1]["content"][0]["type"], "refusal");

    let mut short = ask("a red fox");
    short["max_completion_tokens"] = json!(4);
    let (_, answer) = chat(&server, &short).await;
    assert_eq!(answer["choices"][0]["finish_reason"], "length");
    assert!(answer["usage"]["completion_tokens"].as_u64().unwrap() <= 4);
    server.break_operation("/responses", Fault::CutShort);
    assert_eq!(chat(&server, &ask("a red fox")).await.1["choices"][0]["finish_reason"], "stop");
    let (_, answer) =
        post(&server, "/v1/responses", &json!({"model": "gpt-6-luna", "input": "a red fox"})).await;
    assert_eq!(
        (&answer["status"], &answer["incomplete_details"]["reason"]),
        (&json!("incomplete"), &json!("max_output_tokens"))
    );
    server.break_operation("chat/completions", Fault::BrokenAnswer);
    let (_, answer) = chat(&server, &ask("a red fox")).await;
    assert!(answer["choices"][0]["message"]["content"].as_str().unwrap().starts_with("Sure!"));
}

#[tokio::test]
async fn a_spent_budget_is_no_limit_to_wait_for() {
    let server = Server::openai().await;
    server.break_once(quota_exhausted());
    let body = json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": "x"}]});
    let request = server.client.post(server.at("/v1/chat/completions")).bearer_auth("sk").json(&body);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["x-should-retry"], "false");
    let (status, error) = read(answer).await;
    assert_eq!((status, &error["error"]["code"]), (429, &json!("insufficient_quota")));
}

#[tokio::test]
async fn what_is_no_conversation_is_refused() {
    let server = Server::openai().await;
    let user = json!([{"role": "user", "content": "x"}]);
    for (body, status, param) in [
        (json!({"messages": user}), 400, "model"),
        (json!({"model": "gpt-6-luna"}), 400, "messages"),
        (json!({"model": "gpt-6-luna", "messages": []}), 400, "messages"),
        (
            json!({"model": "gpt-6-luna", "messages": [{"role": "person", "content": "x"}]}),
            400,
            "messages[0].role",
        ),
        (
            json!({"model": "gpt-6-luna", "messages": [{"role": "user", "content": [{"type": "input_text", "text": "x"}]}]}),
            400,
            "messages[0].content[0].type",
        ),
        (
            json!({"model": "gpt-6-luna", "messages": user, "max_completion_tokens": 0}),
            400,
            "max_completion_tokens",
        ),
        (json!({"model": "whisper-1", "messages": user}), 404, "model"),
    ] {
        let (answered, error) = chat(&server, &body).await;
        assert_eq!((answered, &error["error"]["param"]), (status, &json!(param)), "{body}");
    }
    let (status, error) = chat(&server, &json!({"model": "gpt-7", "messages": user})).await;
    assert_eq!((status, &error["error"]["code"]), (404, &json!("model_not_found")));
    let object = json!({"model": "gpt-6-luna", "input": [{"role": "user", "content": [
        {"type": "input_image", "image_url": {"url": "data:image/png;base64,AA=="}},
    ]}]});
    let (status, error) = post(&server, "/v1/responses", &object).await;
    assert_eq!((status, &error["error"]["param"]), (400, &json!("input[0].content[0].image_url")));
}
