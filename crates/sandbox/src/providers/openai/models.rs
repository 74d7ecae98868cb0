//! The models that this server serves.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::errors::ApiError;
use crate::providers::Common;

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Words and pictures to words.
    Chat,
    /// Speech to words; answers in JSON alone.
    Speech,
    /// Speech to words; answers in JSON or as plain text.
    SpeechOrText,
    /// Speech to words; answers in every format, with times.
    SpeechInEveryFormat,
    /// Words and pictures to a judgement.
    Moderation,
}

struct Model {
    id: &'static str,
    /// Seconds since the Unix epoch.
    created: u64,
    purpose: Purpose,
}

const fn model(id: &'static str, created: u64, purpose: Purpose) -> Model {
    Model { id, created, purpose }
}

/// Ids as the reference lists them. The instants of chat models are made up.
const MODELS: [Model; 24] = [
    model("omni-moderation-latest", 1_731_689_265, Purpose::Moderation),
    model("omni-moderation-2024-09-26", 1_732_734_466, Purpose::Moderation),
    model("gpt-6-astra", 1_785_000_000, Purpose::Chat),
    model("gpt-6.2-astra", 1_792_000_000, Purpose::Chat),
    model("gpt-6.1-sol", 1_789_000_000, Purpose::Chat),
    model("gpt-6.2-sol", 1_792_000_000, Purpose::Chat),
    model("gpt-6.1-terra", 1_789_000_000, Purpose::Chat),
    model("gpt-6-sol", 1_785_000_000, Purpose::Chat),
    model("gpt-6-luna", 1_785_000_000, Purpose::Chat),
    model("gpt-5.6-sol", 1_779_000_000, Purpose::Chat),
    model("gpt-5.6-terra", 1_779_000_000, Purpose::Chat),
    model("gpt-5.6-luna", 1_779_000_000, Purpose::Chat),
    model("gpt-5.5", 1_775_000_000, Purpose::Chat),
    model("gpt-5.4", 1_770_000_000, Purpose::Chat),
    model("gpt-5.4-mini", 1_770_000_000, Purpose::Chat),
    model("gpt-5.4-nano", 1_770_000_000, Purpose::Chat),
    model("gpt-4.1", 1_744_316_542, Purpose::Chat),
    model("gpt-4.1-mini", 1_744_318_173, Purpose::Chat),
    model("gpt-4o", 1_715_367_049, Purpose::Chat),
    model("gpt-4o-mini", 1_721_172_741, Purpose::Chat),
    model("gpt-transcribe", 1_786_000_000, Purpose::SpeechOrText),
    model("gpt-4o-transcribe", 1_742_068_463, Purpose::Speech),
    model("gpt-4o-mini-transcribe", 1_742_068_596, Purpose::Speech),
    model("whisper-1", 1_677_532_384, Purpose::SpeechInEveryFormat),
];

/// What the model of that id is for; none when there is no such model.
pub(super) fn purpose_of(id: &str) -> Option<Purpose> {
    MODELS.iter().find(|model| model.id == id).map(|model| model.purpose)
}

/// The moderation models' ids.
pub(super) fn is_moderation(id: &str) -> bool {
    purpose_of(id) == Some(Purpose::Moderation)
}

/// `GET /v1/models`.
pub(super) fn list(common: &Common) -> Response {
    let data: Vec<Value> = MODELS.iter().map(|model| describe(common, model)).collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

/// `GET /v1/models/{id}`.
pub(super) fn get(common: &Common, id: &str) -> Result<Response, ApiError> {
    let model = MODELS.iter().find(|model| model.id == id).ok_or_else(|| ApiError::no_such_model(id))?;
    Ok(Json(describe(common, model)).into_response())
}

fn describe(common: &Common, model: &Model) -> Value {
    let shutdown_date = common.settings.current().openai_shutdown_dates.get(model.id).cloned();
    json!({
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": "system",
        "shutdown_date": shutdown_date,
    })
}
