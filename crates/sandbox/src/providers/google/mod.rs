//! Google's image models: `:generateContent`, Imagen's `:predict`, and the list of models.
//!
//! Speaks the Gemini API (`/v1` and `/v1beta`) and the Agent Platform's paths
//! (`/v1beta1/publishers/google/models/…`, `/v1/projects/…`).

mod errors;
mod generate;
mod key;
mod models;
mod predict;
mod request;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Common;
use crate::faults::{Gate, Service, gate};
use errors::ApiError;

/// Largest request body, bytes: inline pictures come as base64.
const LARGEST_BODY: usize = 100 * 1024 * 1024;

/// Google's server.
pub fn router(common: Common) -> Router {
    let entrance = Gate {
        service: Service::Google,
        journal: common.journal.clone(),
        faults: common.faults.clone(),
        tell: errors::tell,
    };
    Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(Arc::new(common))
        .layer(from_fn_with_state(entrance, gate))
        // Around the gate, so that the answers of faults have it too.
        .layer(from_fn(json_charset))
}

/// Google says the charset in the type of its JSON.
async fn json_charset(request: Request, next: axum::middleware::Next) -> Response {
    use axum::http::HeaderValue;
    use axum::http::header::CONTENT_TYPE;
    let mut response = next.run(request).await;
    if response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == b"application/json") {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    }
    response
}

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Call<'a> {
    ListModels,
    GetModel { model: &'a str },
    Method { model: &'a str, method: &'a str },
}

/// Which of Google's two APIs a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Api {
    Gemini,
    AgentPlatform,
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Route<'a> {
    version: &'a str,
    api: Api,
    call: Call<'a>,
}

impl<'a> Route<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (version, rest) = path.trim_start_matches('/').split_once('/')?;
        if !matches!(version, "v1" | "v1beta" | "v1beta1" | "v1alpha") {
            return None;
        }
        let (api, models) = match rest.find("publishers/google/models") {
            Some(start) => (Api::AgentPlatform, rest.get(start + "publishers/google/".len()..)?),
            None => (Api::Gemini, rest),
        };
        let call = match models.strip_prefix("models")? {
            "" | "/" => Call::ListModels,
            name => match name.strip_prefix('/')?.split_once(':') {
                Some((model, method)) => Call::Method { model, method },
                None => Call::GetModel { model: name.strip_prefix('/')? },
            },
        };
        Some(Self { version, api, call })
    }
}

async fn answer(
    State(common): State<Arc<Common>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(route) = Route::of(uri.path()) else { return errors::unknown_path(&method, uri.path()) };
    let outcome = match (&method, &route.call) {
        (&Method::GET, Call::ListModels) => {
            key::check(&headers, &uri).and_then(|()| models::list(uri.query().unwrap_or_default()))
        }
        (&Method::GET, Call::GetModel { model }) => {
            key::check(&headers, &uri).and_then(|()| models::get(model, route.version))
        }
        (&Method::POST, Call::Method { model, method }) => {
            call_method(&common, &route, (model, method), &headers, &uri, &body).await
        }
        _ => return errors::unknown_path(&method, uri.path()),
    };
    outcome.unwrap_or_else(IntoResponse::into_response)
}

async fn call_method(
    common: &Common,
    route: &Route<'_>,
    (model, method): (&str, &str),
    headers: &HeaderMap,
    uri: &Uri,
    body: &[u8],
) -> Result<Response, ApiError> {
    key::check(headers, uri)?;
    let operation = format!("POST {}", uri.path());
    let body: Value = serde_json::from_slice(body).map_err(|error| ApiError::not_json(&error))?;
    match method {
        "generateContent" => generate::generate(common, route, model, &operation, &body).await,
        "predict" => predict::predict(common, route, model, &operation, &body).await,
        _ => Err(ApiError::no_such_model(model, route.version, method)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_both_apis_are_understood() {
        let gemini = Route::of("/v1beta/models/gemini-3-pro-image:generateContent").unwrap();
        let call = Call::Method { model: "gemini-3-pro-image", method: "generateContent" };
        assert_eq!(gemini, Route { version: "v1beta", api: Api::Gemini, call: call.clone() });

        let path =
            "/v1/projects/p/locations/global/publishers/google/models/gemini-3-pro-image:generateContent";
        assert_eq!(Route::of(path).unwrap(), Route { version: "v1", api: Api::AgentPlatform, call });
        assert_eq!(Route::of("/v1/models").unwrap().call, Call::ListModels);
        assert_eq!(Route::of("/v1/models/x").unwrap().call, Call::GetModel { model: "x" });
        assert_eq!(Route::of("/v7/models"), None);
        assert_eq!(Route::of("/v1/files"), None);
    }
}
