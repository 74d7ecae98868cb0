//! What models say, as OpenAI writes it.

use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest};

use crate::setup::answer;

/// The answer of `/chat/completions` with these words.
pub fn chat(words: &str) -> String {
    chat_ending("stop", Some(words), None)
}

/// The answer of `/chat/completions` that ends so.
pub fn chat_ending(finish_reason: &str, content: Option<&str>, refusal: Option<&str>) -> String {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_795_478_400, "model": "gpt-6-luna",
        "choices": [{
            "index": 0, "finish_reason": finish_reason, "logprobs": null,
            "message": {"role": "assistant", "content": content, "refusal": refusal, "annotations": []},
        }],
        "usage": {"prompt_tokens": 310, "completion_tokens": 8, "total_tokens": 318},
    })
    .to_string()
}

/// The answer of `/responses` with these words.
pub fn response(words: &str) -> String {
    response_with(
        "completed",
        &json!([{"type": "output_text", "text": words, "annotations": []}]),
        &json!({}),
    )
}

/// The answer of `/responses` with this status and content; `more` takes the place of other fields.
pub fn response_with(status: &str, content: &Value, more: &Value) -> String {
    let mut body = json!({
        "id": "resp_1", "object": "response", "created_at": 1_795_478_400, "status": status, "error": null,
        "incomplete_details": null, "model": "gpt-6-luna",
        "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "message", "id": "msg_1", "role": "assistant", "status": status, "content": content},
        ],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body.to_string()
}

/// Answers of `/chat/completions` that make no sense, each under a name for messages.
pub fn unreadable_answers() -> Vec<(String, HttpReply)> {
    [
        ("no JSON", "<html>all is well</html>".to_owned()),
        ("other JSON", "[]".to_owned()),
        ("no choices", json!({"choices": []}).to_string()),
        ("no content", chat_ending("stop", None, None)),
        ("words without a form", chat("It shows a cockatrice.")),
        ("half a form", chat(r#"{"description":"a cockatr"#)),
        ("another form", chat(r#"{"answer":"a cockatrice"}"#)),
        ("a list", chat(r#"["cockatrice"]"#)),
        ("an answer that was cut off", chat_ending("length", Some("{\"prompt\":\"a cockatrice\"}"), None)),
    ]
    .map(|(way, body)| (way.to_owned(), answer(200, &body)))
    .into()
}

/// What a request of either kind tells the model beside the data.
pub fn instructions_in(request: &HttpRequest) -> String {
    let body = request.json();
    let messages = body["messages"].as_array().or_else(|| body["input"].as_array()).unwrap();
    let told: Vec<String> = messages
        .iter()
        .filter(|message| message["role"] != "user")
        .map(|message| message["content"].to_string())
        .collect();
    told.join("\n")
}
