//! A conversation with a chat model, whichever of the two endpoints it came to.

use serde_json::Value;

use super::errors::ApiError;
use super::models::{self, Purpose};
use super::schema_rules;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// The program, which says what to do.
    Developer,
    /// The person, whose words are data.
    Person,
    /// The model, earlier.
    Model,
}

impl Speaker {
    /// The speaker of a role; none for a role that no model knows.
    pub(super) fn of_role(role: &str) -> Option<Self> {
        match role {
            "developer" | "system" => Some(Self::Developer),
            "user" => Some(Self::Person),
            "assistant" | "tool" => Some(Self::Model),
            _ => None,
        }
    }
}

/// What one of them said and showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) speaker: Speaker,
    pub(super) words: String,
    /// URLs, `data:` ones too.
    pub(super) pictures: Vec<String>,
}

/// The form in which the answer is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AnswerForm {
    /// Free words.
    Words,
    /// Any JSON object.
    Object,
    /// JSON that fits a schema.
    Schema(Value),
}

/// A conversation whose next turn is the model's.
#[derive(Debug, Clone)]
pub(super) struct Conversation {
    pub(super) model: String,
    pub(super) turns: Vec<Turn>,
    pub(super) form: AnswerForm,
    /// Tokens that the answer may have.
    pub(super) longest: Option<u64>,
    /// Whatever else makes one answer differ from another: temperature, seed.
    pub(super) mood: String,
}

impl Conversation {
    /// The words of one kind of speaker, in their order.
    pub(super) fn words_of(&self, speaker: Speaker) -> String {
        let turns = self.turns.iter().filter(|turn| turn.speaker == speaker);
        turns.map(|turn| turn.words.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The latest words of the person.
    pub(super) fn latest_words(&self) -> &str {
        let mut turns = self.turns.iter().rev();
        turns.find(|turn| turn.speaker == Speaker::Person).map_or("", |turn| &turn.words)
    }

    /// The pictures that were shown, in their order.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &str> {
        self.turns.iter().flat_map(|turn| turn.pictures.iter().map(String::as_str))
    }
}

/// The model that a body names, which must be one that chats.
pub(super) fn chat_model(body: &Value, endpoint: &str) -> Result<String, ApiError> {
    let model = match body.get("model") {
        Some(Value::String(model)) if !model.is_empty() => model,
        Some(Value::String(_)) | None => {
            return Err(ApiError::invalid("model", None, "you must provide a model parameter"));
        }
        Some(_) => {
            return Err(ApiError::invalid(
                "model",
                Some("invalid_type"),
                "Invalid type for 'model': expected a string.",
            ));
        }
    };
    match models::purpose_of(model) {
        Some(Purpose::Chat) => Ok(model.clone()),
        Some(_) => Err(ApiError::not_a_chat_model(endpoint)),
        None => Err(ApiError::no_such_model(model)),
    }
}

/// The largest number of tokens that a body allows under one of these names.
pub(super) fn longest(body: &Value, names: &[&str]) -> Result<Option<u64>, ApiError> {
    let Some((name, value)) = names.iter().find_map(|name| Some((*name, body.get(name)?))) else {
        return Ok(None);
    };
    match value {
        Value::Null => Ok(None),
        value => value.as_u64().filter(|tokens| *tokens > 0).map(Some).ok_or_else(|| {
            ApiError::invalid(
                name,
                Some("integer_below_min_value"),
                format!("Invalid '{name}': integer below minimum value. Expected a value >= 1, but got {value} instead."),
            )
        }),
    }
}

/// What tells two otherwise equal requests apart.
pub(super) fn mood(body: &Value) -> String {
    ["seed", "temperature", "top_p", "metadata"]
        .iter()
        .filter_map(|name| body.get(name).map(|value| format!("{name}={value};")))
        .collect()
}

/// A format: `{"type": …}` with its schema's fields beside it. `param` is where it stands in the request.
pub(super) fn answer_form(format: Option<&Value>, param: &str) -> Result<AnswerForm, ApiError> {
    let Some(format) = format.filter(|format| !format.is_null()) else { return Ok(AnswerForm::Words) };
    match format.get("type").and_then(Value::as_str) {
        Some("text") => Ok(AnswerForm::Words),
        Some("json_object") => Ok(AnswerForm::Object),
        Some("json_schema") => {
            let described = format.get("json_schema").unwrap_or(format);
            let name = described.get("name").and_then(Value::as_str).unwrap_or_default();
            let is_name = (1..=64).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
            if !is_name {
                return Err(ApiError::invalid(
                    &format!("{param}.name"),
                    Some("invalid_value"),
                    format!(
                        "Invalid '{param}.name': expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
                    ),
                ));
            }
            let schema = described.get("schema").filter(|schema| schema.is_object()).ok_or_else(|| {
                ApiError::invalid(
                    &format!("{param}.schema"),
                    Some("missing_required_parameter"),
                    format!("Missing required parameter: '{param}.schema'."),
                )
            })?;
            if described.get("strict") == Some(&Value::Bool(true)) {
                schema_rules::check(schema).map_err(|broken| {
                    let message = format!("Invalid schema for response_format '{name}': {broken}");
                    ApiError::invalid(param, Some("invalid_json_schema"), message)
                })?;
            }
            Ok(AnswerForm::Schema(schema.clone()))
        }
        other => Err(ApiError::invalid(
            &format!("{param}.type"),
            Some("invalid_value"),
            format!(
                "Invalid value: '{}'. Supported values are: 'json_object', 'json_schema', and 'text'.",
                other.unwrap_or_default()
            ),
        )),
    }
}
