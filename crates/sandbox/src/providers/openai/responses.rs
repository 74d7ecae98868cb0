//! `POST /v1/responses`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::assistant::{Ending, Said};
use super::chat::text_of;
use super::conversation::{self, Conversation, Speaker, Turn};
use super::errors::ApiError;
use super::{assistant, told};
use crate::clock;
use crate::providers::Common;

const PATH: &str = "POST /v1/responses";

/// Answers one call.
pub(super) async fn respond(common: &Common, body: &[u8]) -> Result<Response, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::not_json())?;
    let conversation = read(&body)?;
    let (reply, taken) = assistant::answer(common, PATH, &conversation).await?;
    let content = match &reply.said {
        Said::Words(words) => {
            json!({"type": "output_text", "text": words, "annotations": [], "logprobs": []})
        }
        Said::Refusal(words) => json!({"type": "refusal", "refusal": words}),
    };
    let (status, reason) = match reply.ending {
        Ending::Whole => ("completed", None),
        Ending::TooLong => ("incomplete", Some(json!({"reason": "max_output_tokens"}))),
    };
    let identities = &common.identities;
    let answer = json!({
        "id": format!("resp_{}", identities.hex(48)),
        "object": "response",
        "created_at": clock::unix_seconds(),
        "status": status,
        "background": false,
        "error": null,
        "incomplete_details": reason,
        "instructions": body.get("instructions"),
        "max_output_tokens": conversation.longest,
        "metadata": body.get("metadata").cloned().unwrap_or_else(|| json!({})),
        "model": conversation.model,
        // The message is not the first item: models think before they speak.
        "output": [
            {"type": "reasoning", "id": format!("rs_{}", identities.hex(48)), "summary": []},
            {
                "type": "message",
                "id": format!("msg_{}", identities.hex(48)),
                "role": "assistant",
                "status": status,
                "content": [content],
            },
        ],
        "parallel_tool_calls": true,
        "previous_response_id": null,
        "reasoning": body.get("reasoning").cloned().unwrap_or_else(|| json!({"effort": null, "summary": null})),
        "store": body.get("store").and_then(Value::as_bool).unwrap_or(true),
        "temperature": body.get("temperature").cloned().unwrap_or_else(|| json!(1.0)),
        "text": body.get("text").cloned().unwrap_or_else(|| json!({"format": {"type": "text"}})),
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": reply.tokens.asked,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": reply.tokens.answered,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.tokens.asked + reply.tokens.answered,
        },
    });
    Ok(told(Json(answer).into_response(), &reply.gist("responses", &conversation), taken))
}

fn read(body: &Value) -> Result<Conversation, ApiError> {
    let model = conversation::chat_model(body, "v1/responses")?;
    if body.get("stream") == Some(&Value::Bool(true)) {
        return Err(ApiError::invalid("stream", Some("unsupported_value"), "The sandbox does not stream."));
    }
    if let Some(id) = body.get("previous_response_id").and_then(Value::as_str) {
        return Err(ApiError::invalid(
            "previous_response_id",
            Some("previous_response_not_found"),
            format!("Previous response with id '{id}' not found."),
        ));
    }
    let mut turns = Vec::new();
    if let Some(instructions) = body.get("instructions").and_then(Value::as_str) {
        turns.push(Turn {
            speaker: Speaker::Developer,
            words: instructions.to_owned(),
            pictures: Vec::new(),
        });
    }
    match body.get("input") {
        Some(Value::String(words)) => {
            turns.push(Turn { speaker: Speaker::Person, words: words.clone(), pictures: Vec::new() });
        }
        Some(Value::Array(items)) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                turns.push(turn(index, item)?);
            }
        }
        Some(Value::Array(_)) => {
            return Err(ApiError::invalid("input", Some("empty_array"), "Invalid 'input': empty array."));
        }
        Some(_) => {
            return Err(ApiError::invalid(
                "input",
                Some("invalid_type"),
                "Invalid type for 'input': expected one of a string or array of items.",
            ));
        }
        None => return Err(ApiError::missing("input")),
    }
    let format = body.pointer("/text/format");
    // Here the schema's fields stand beside the type; one level further down they are not found.
    if format.is_some_and(|format| format.get("json_schema").is_some()) {
        return Err(ApiError::missing("text.format.name"));
    }
    Ok(Conversation {
        model,
        turns,
        form: conversation::answer_form(format, "text.format")?,
        longest: conversation::longest(body, &["max_output_tokens"])?,
        mood: conversation::mood(body),
    })
}

fn turn(index: usize, item: &Value) -> Result<Turn, ApiError> {
    let param = format!("input[{index}]");
    let role = item.get("role").and_then(Value::as_str).unwrap_or_default();
    let speaker = Speaker::of_role(role).ok_or_else(|| {
        ApiError::invalid(
            &format!("{param}.role"),
            Some("invalid_value"),
            format!(
                "Invalid value: '{role}'. Supported values are: 'assistant', 'system', 'developer', and 'user'."
            ),
        )
    })?;
    let mut turn = Turn { speaker, words: String::new(), pictures: Vec::new() };
    match item.get("content") {
        Some(Value::String(words)) => turn.words.clone_from(words),
        Some(Value::Array(parts)) => {
            let mut words = Vec::new();
            for (part_index, part) in parts.iter().enumerate() {
                let param = format!("{param}.content[{part_index}]");
                match part.get("type").and_then(Value::as_str) {
                    Some("input_text" | "output_text") => words.push(text_of(part, "text", &param)?),
                    Some("input_image") => turn.pictures.push(text_of(part, "image_url", &param)?),
                    other => {
                        let known = "'input_text', 'input_image', 'output_text', 'refusal', and 'input_file'";
                        return Err(ApiError::unknown_part(&param, other, known));
                    }
                }
            }
            turn.words = words.join("\n");
        }
        Some(_) | None => return Err(ApiError::missing(&format!("{param}.content"))),
    }
    Ok(turn)
}
