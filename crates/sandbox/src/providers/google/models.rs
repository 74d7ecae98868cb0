//! The models: which there are, what they can, which are switched off.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::errors::ApiError;
use crate::faults::Summary;

/// A model of Google's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) id: &'static str,
    display_name: &'static str,
    pub(super) family: Family,
    pub(super) life: Life,
}

/// What a model is called with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `:generateContent` with aspect ratios in tall and wide shapes, in 1K, 2K and 4K.
    NanoBanana,
    /// `:generateContent` with the ten usual aspect ratios, in 1K, 2K and 4K.
    Pro,
    /// `:generateContent` with the ten usual aspect ratios, in 1K alone.
    Lite,
    /// `:predict`.
    Imagen,
}

/// Whether a model can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Live,
    /// Switched off; a look at it by name still finds it, the list does not.
    Retired,
}

const fn model(id: &'static str, display_name: &'static str, family: Family, life: Life) -> Model {
    Model { id, display_name, family, life }
}

const MODELS: [Model; 9] = [
    model("gemini-nano-banana-2.1", "Nano Banana 2.1", Family::NanoBanana, Life::Live),
    model("gemini-3-pro-image", "Nano Banana Pro", Family::Pro, Life::Live),
    model("gemini-3.1-flash-lite-image", "Nano Banana 2 Lite", Family::Lite, Life::Live),
    model("gemini-3.1-flash-image", "Nano Banana 2", Family::NanoBanana, Life::Retired),
    model("gemini-3-pro-image-preview", "Nano Banana Pro Preview", Family::Pro, Life::Retired),
    model("gemini-3.1-flash-image-preview", "Nano Banana 2 Preview", Family::NanoBanana, Life::Retired),
    model("imagen-4.0-generate-001", "Imagen 4", Family::Imagen, Life::Retired),
    model("imagen-4.0-ultra-generate-001", "Imagen 4 Ultra", Family::Imagen, Life::Retired),
    model("imagen-4.0-fast-generate-001", "Imagen 4 Fast", Family::Imagen, Life::Retired),
];

/// The model of an id.
pub(super) fn find(id: &str) -> Option<Model> {
    MODELS.iter().find(|model| model.id == id).copied()
}

/// `GET /v1beta/models`: the live models, page by page.
pub(super) fn list(query: &str) -> Result<Response, ApiError> {
    let parameter = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')))
    };
    let size = match parameter("pageSize") {
        None => 50,
        Some(text) => text.parse::<usize>().map_err(|_| {
            ApiError::invalid("page_size", format!("Invalid value at 'page_size' (TYPE_INT32), \"{text}\""))
        })?,
    }
    .clamp(1, 1_000);
    let start = parameter("pageToken").and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);

    let live: Vec<Model> = MODELS.into_iter().filter(|model| model.life == Life::Live).collect();
    let page: Vec<Value> = live.iter().skip(start).take(size).map(describe).collect();
    let mut body = json!({"models": page});
    if start + size < live.len() {
        body["nextPageToken"] = json!((start + size).to_string());
    }
    let mut response = Json(body).into_response();
    response.extensions_mut().insert(Summary("list of models".to_owned()));
    Ok(response)
}

/// `GET /v1beta/models/{id}`.
pub(super) fn get(id: &str, version: &str) -> Result<Response, ApiError> {
    let model = find(id).filter(|model| model.family != Family::Imagen || model.life == Life::Live);
    let model = model.ok_or_else(|| ApiError::no_such_model(id, version, "GetModel"))?;
    Ok(Json(describe(&model)).into_response())
}

fn describe(model: &Model) -> Value {
    let methods = match model.family {
        Family::Imagen => json!(["predict"]),
        _ => json!(["generateContent"]),
    };
    json!({
        "name": format!("models/{}", model.id),
        "version": "001",
        "displayName": model.display_name,
        "description": format!("{}, drawn by the sandbox", model.display_name),
        "inputTokenLimit": 65_536,
        "outputTokenLimit": 32_768,
        "supportedGenerationMethods": methods,
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": true,
    })
}
