//! The models that this server serves.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::errors::ApiError;
use crate::providers::Common;

/// Model ids with the instants of their creation, seconds since the Unix epoch.
const MODELS: [(&str, u64); 2] =
    [("omni-moderation-latest", 1_731_689_265), ("omni-moderation-2024-09-26", 1_732_734_466)];

/// The moderation models' ids.
pub(super) fn is_moderation(id: &str) -> bool {
    MODELS.iter().any(|(known, _)| *known == id)
}

/// `GET /v1/models`.
pub(super) fn list(common: &Common) -> Response {
    let data: Vec<Value> = MODELS.iter().map(|(id, created)| describe(common, id, *created)).collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

/// `GET /v1/models/{id}`.
pub(super) fn get(common: &Common, id: &str) -> Result<Response, ApiError> {
    let (id, created) =
        MODELS.iter().find(|(known, _)| *known == id).ok_or_else(|| ApiError::no_such_model(id))?;
    Ok(Json(describe(common, id, *created)).into_response())
}

fn describe(common: &Common, id: &str, created: u64) -> Value {
    let shutdown_date = common.settings.current().openai_shutdown_dates.get(id).cloned();
    json!({
        "id": id, "object": "model", "created": created, "owned_by": "system", "shutdown_date": shutdown_date,
    })
}
