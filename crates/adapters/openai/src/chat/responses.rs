//! `/responses` (OpenAI's documentation, "Create a model response").

use kernel::ProviderError;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Datum, LONGEST_ANSWER, Question, Said, unreadable};
use crate::complaint::failure_within;

/// The body of a call.
pub(super) fn body(question: &Question<'_>) -> Value {
    let data: Vec<Value> = question.data.iter().map(part).collect();
    let mut body = json!({
        "model": question.model.id,
        "input": [
            {"role": "developer", "content": [{"type": "input_text", "text": question.instructions}]},
            {"role": "user", "content": data},
        ],
        "text": {"format": {
            "type": "json_schema", "name": question.schema.name, "strict": true,
            "schema": question.schema.to_json(),
        }},
        "max_output_tokens": LONGEST_ANSWER,
        // Unlike the other endpoint, this one keeps what it is not told to forget.
        "store": false,
    });
    if let Some(effort) = &question.model.reasoning_effort {
        body["reasoning"] = json!({"effort": effort});
    }
    body
}

fn part(datum: &Datum) -> Value {
    match datum {
        Datum::Text(words) => json!({"type": "input_text", "text": words}),
        Datum::Photo(url) => json!({"type": "input_image", "image_url": url, "detail": "auto"}),
    }
}

#[derive(Deserialize)]
pub(super) struct Answer {
    status: String,
    error: Option<Failure>,
    incomplete_details: Option<Details>,
    #[serde(default)]
    output: Vec<Item>,
}

#[derive(Deserialize)]
struct Failure {
    code: Option<String>,
}

#[derive(Deserialize)]
struct Details {
    reason: Option<String>,
}

/// A message, or something else of the many kinds that there are.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    content: Value,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    OutputText {
        text: String,
    },
    Refusal {},
    #[serde(other)]
    Other,
}

impl Answer {
    /// What the model said.
    pub(super) fn said(self) -> Result<Said, ProviderError> {
        match self.status.as_str() {
            "completed" => self.words(),
            "incomplete" => {
                let reason = self.incomplete_details.and_then(|details| details.reason);
                Ok(if reason.as_deref() == Some("content_filter") { Said::Refusal } else { Said::CutOff })
            }
            _ => Err(failure_within(self.error.and_then(|failure| failure.code).as_deref())),
        }
    }

    /// The words of all messages; what the model thought before is not among them.
    fn words(self) -> Result<Said, ProviderError> {
        let nothing = || unreadable("a model of OpenAI's said nothing");
        let mut words = String::new();
        for item in self.output.into_iter().filter(|item| item.kind == "message") {
            let parts: Vec<Part> = serde_json::from_value(item.content).map_err(|_quoting| nothing())?;
            for part in parts {
                match part {
                    Part::OutputText { text } => words.push_str(&text),
                    Part::Refusal {} => return Ok(Said::Refusal),
                    Part::Other => {}
                }
            }
        }
        if words.is_empty() { Err(nothing()) } else { Ok(Said::Words(words)) }
    }
}
