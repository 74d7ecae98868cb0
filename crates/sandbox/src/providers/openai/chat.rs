//! `POST /v1/chat/completions`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::assistant::{Ending, Reply, Said};
use super::conversation::{self, AnswerForm, Conversation, Speaker, Turn};
use super::errors::ApiError;
use super::{assistant, told};
use crate::clock;
use crate::providers::Common;

const PATH: &str = "POST /v1/chat/completions";

/// Answers one call.
pub(super) async fn complete(common: &Common, body: &[u8]) -> Result<Response, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::not_json())?;
    let conversation = read(&body)?;
    let (reply, taken) = assistant::answer(common, PATH, &conversation).await?;
    let id = format!("chatcmpl-{}", common.identities.hex(29));
    let (content, refusal) = match &reply.said {
        Said::Words(words) => (Some(words), None),
        Said::Refusal(words) => (None, Some(words)),
    };
    let answer = json!({
        "id": id,
        "object": "chat.completion",
        "created": clock::unix_seconds(),
        "model": conversation.model,
        "choices": [{
            "index": 0,
            "message": {"role": "assistant", "content": content, "refusal": refusal, "annotations": []},
            "logprobs": null,
            "finish_reason": match reply.ending {
                Ending::Whole => "stop",
                Ending::TooLong => "length",
            },
        }],
        "usage": usage(&reply),
        "service_tier": "default",
        "system_fingerprint": null,
    });
    Ok(told(Json(answer).into_response(), &reply.gist("chat", &conversation), taken))
}

fn usage(reply: &Reply) -> Value {
    json!({
        "prompt_tokens": reply.tokens.asked,
        "completion_tokens": reply.tokens.answered,
        "total_tokens": reply.tokens.asked + reply.tokens.answered,
        "prompt_tokens_details": {
            "cached_tokens": 0, "audio_tokens": 0, "image_tokens": reply.tokens.pictures,
        },
        "completion_tokens_details": {
            "reasoning_tokens": 0, "audio_tokens": 0,
            "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0,
        },
    })
}

fn read(body: &Value) -> Result<Conversation, ApiError> {
    let model = conversation::chat_model(body, "v1/chat/completions")?;
    if body.get("stream") == Some(&Value::Bool(true)) {
        return Err(ApiError::invalid("stream", Some("unsupported_value"), "The sandbox does not stream."));
    }
    let messages = match body.get("messages") {
        Some(Value::Array(messages)) if !messages.is_empty() => messages,
        Some(Value::Array(_)) => {
            return Err(ApiError::invalid(
                "messages",
                Some("empty_array"),
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            ));
        }
        Some(_) => {
            return Err(ApiError::invalid("messages", Some("invalid_type"), "Invalid type for 'messages'."));
        }
        None => return Err(ApiError::missing("messages")),
    };
    let turns =
        messages.iter().enumerate().map(|(index, message)| turn(index, message)).collect::<Result<_, _>>()?;
    let format = body.get("response_format");
    let form = conversation::answer_form(format, "response_format")?;
    let conversation = Conversation {
        model,
        turns,
        form,
        longest: conversation::longest(body, &["max_completion_tokens", "max_tokens"])?,
        mood: conversation::mood(body),
    };
    if conversation.form == AnswerForm::Object && !says_json(&conversation) {
        return Err(ApiError::invalid(
            "messages",
            None,
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        ));
    }
    Ok(conversation)
}

fn says_json(conversation: &Conversation) -> bool {
    conversation.turns.iter().any(|turn| turn.words.to_lowercase().contains("json"))
}

fn turn(index: usize, message: &Value) -> Result<Turn, ApiError> {
    let param = format!("messages[{index}]");
    let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
    let speaker = Speaker::of_role(role).ok_or_else(|| {
        ApiError::invalid(
            &format!("{param}.role"),
            Some("invalid_value"),
            format!(
                "Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."
            ),
        )
    })?;
    let mut turn = Turn { speaker, words: String::new(), pictures: Vec::new() };
    match message.get("content") {
        Some(Value::String(words)) => turn.words.clone_from(words),
        Some(Value::Array(parts)) => {
            let mut words = Vec::new();
            for (part_index, part) in parts.iter().enumerate() {
                let param = format!("{param}.content[{part_index}]");
                match part.get("type").and_then(Value::as_str) {
                    Some("text") => words.push(text_of(part, "text", &param)?),
                    Some("image_url") if speaker == Speaker::Person => {
                        let url = part.pointer("/image_url/url").and_then(Value::as_str);
                        let url = url.ok_or_else(|| ApiError::missing(&format!("{param}.image_url.url")))?;
                        turn.pictures.push(url.to_owned());
                    }
                    other => {
                        return Err(ApiError::unknown_part(
                            &param,
                            other,
                            "'text', 'image_url', 'input_audio', 'refusal', and 'file'",
                        ));
                    }
                }
            }
            turn.words = words.join("\n");
        }
        None | Some(Value::Null) if speaker == Speaker::Model => {}
        None | Some(Value::Null) => return Err(ApiError::missing(&format!("{param}.content"))),
        Some(_) => {
            return Err(ApiError::invalid(
                &format!("{param}.content"),
                Some("invalid_type"),
                format!("Invalid type for '{param}.content': expected one of a string or array of objects."),
            ));
        }
    }
    Ok(turn)
}

/// A part's field that must be a string.
pub(super) fn text_of(part: &Value, field: &str, param: &str) -> Result<String, ApiError> {
    let text = part.get(field).and_then(Value::as_str).map(ToOwned::to_owned);
    text.ok_or_else(|| ApiError::missing(&format!("{param}.{field}")))
}
