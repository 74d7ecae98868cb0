//! `/chat/completions` (OpenAI's documentation, "Create chat completion").

use kernel::ProviderError;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Datum, LONGEST_ANSWER, Question, Said, unreadable};

/// The body of a call.
pub(super) fn body(question: &Question<'_>) -> Value {
    let data: Vec<Value> = question.data.iter().map(part).collect();
    let mut body = json!({
        "model": question.model.id,
        "messages": [
            {"role": "developer", "content": question.instructions},
            {"role": "user", "content": data},
        ],
        "response_format": {"type": "json_schema", "json_schema": {
            "name": question.schema.name, "strict": true, "schema": question.schema.to_json(),
        }},
        "max_completion_tokens": LONGEST_ANSWER,
        "store": false,
    });
    if let Some(effort) = &question.model.reasoning_effort {
        body["reasoning_effort"] = json!(effort);
    }
    body
}

fn part(datum: &Datum) -> Value {
    match datum {
        Datum::Text(words) => json!({"type": "text", "text": words}),
        Datum::Photo(url) => json!({"type": "image_url", "image_url": {"url": url, "detail": "auto"}}),
    }
}

#[derive(Deserialize)]
pub(super) struct Answer {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    finish_reason: Option<String>,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Option<String>,
    refusal: Option<String>,
}

impl Answer {
    /// What the model said.
    pub(super) fn said(self) -> Result<Said, ProviderError> {
        let choice = self.choices.into_iter().next();
        let Choice { finish_reason, message } =
            choice.ok_or_else(|| unreadable("OpenAI answered without an answer of the model"))?;
        if message.refusal.is_some_and(|refusal| !refusal.is_empty()) {
            return Ok(Said::Refusal);
        }
        match (finish_reason.as_deref(), message.content) {
            (Some("content_filter"), _) => Ok(Said::Refusal),
            (Some("length"), _) => Ok(Said::CutOff),
            (_, Some(content)) => Ok(Said::Words(content)),
            (_, None) => Err(unreadable("a model of OpenAI's said nothing")),
        }
    }
}
