//! File storage: the two-step upload, the upload by token, and the public download.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Fal;
use super::errors::ApiError;
use super::files::StoredFile;
use crate::clock;
use crate::faults::Summary;

/// Seconds that an upload token is good for.
const TOKEN_LIFETIME: u64 = 3_600;
/// What tokens begin with.
const TOKEN_PREFIX: &str = "sandbox-upload-";

/// Body of an initiate call.
#[derive(Debug, Deserialize)]
pub(super) struct Initiate {
    content_type: String,
    #[serde(default)]
    file_name: Option<String>,
}

/// `POST /storage/upload/initiate`: gives the URL to put the file to, and the one to read it from.
pub(super) async fn initiate(
    State(fal): State<Fal>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    fal.check(&headers)?;
    let asked: Initiate = serde_json::from_slice(&body)
        .map_err(|_| ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, "content_type is required"))?;
    let name = safe_name(asked.file_name.as_deref(), &asked.content_type);
    let key = format!("{}/{name}", fal.common.identities.hex(12));
    Ok(Json(json!({
        "upload_url": format!("{}/upload/{key}", fal.base_url),
        "file_url": format!("{}/files/{key}", fal.base_url),
    })))
}

/// `PUT {upload_url}`: the file's bytes, without a key: the URL is the permission.
pub(super) async fn put(
    State(fal): State<Fal>,
    Path((folder, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let file = StoredFile { media_type: media_type(&headers), bytes: body };
    fal.files.store(&format!("{folder}/{name}"), file);
    StatusCode::OK
}

/// `POST /storage/auth/token`: a token for [`upload`].
pub(super) async fn token(State(fal): State<Fal>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    fal.check(&headers)?;
    Ok(Json(json!({
        "token": format!("{TOKEN_PREFIX}{}", fal.common.identities.hex(32)),
        "token_type": "Bearer",
        "base_url": fal.base_url,
        "expires_at": clock::iso_utc_at(clock::unix_seconds() + TOKEN_LIFETIME),
    })))
}

/// `POST /files/upload`: the file's bytes, with a token.
pub(super) async fn upload(
    State(fal): State<Fal>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !value.strip_prefix("Bearer ").is_some_and(|token| token.starts_with(TOKEN_PREFIX)) {
        return Err(ApiError::unauthorised("Invalid token"));
    }
    let media_type = media_type(&headers);
    let asked = headers.get("x-fal-file-name").and_then(|value| value.to_str().ok());
    let name = safe_name(asked, &media_type);
    Ok(Json(json!({"access_url": fal.publish(&name, StoredFile { media_type, bytes: body })})))
}

/// `GET /files/{folder}/{name}`: public, without a key.
pub(super) async fn download(
    State(fal): State<Fal>,
    Path((folder, name)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let file = fal.files.get(&format!("{folder}/{name}"));
    let file = file.ok_or_else(|| ApiError::plain(StatusCode::NOT_FOUND, "File not found"))?;
    let summary = format!("{} bytes", file.bytes.len());
    let mut response = file.bytes.into_response();
    let media_type = HeaderValue::from_str(&file.media_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response.extensions_mut().insert(Summary(summary));
    Ok(response)
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or("application/octet-stream").to_owned()
}

/// A name of letters, digits, dots, hyphens and underscores.
fn safe_name(asked: Option<&str>, media_type: &str) -> String {
    let is_safe = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let name: String = asked.unwrap_or_default().chars().filter(is_safe).take(80).collect();
    if !name.trim_matches('.').is_empty() {
        return name;
    }
    let extension = media_type.rsplit('/').next().unwrap_or("bin");
    format!("file.{}", extension.chars().filter(is_safe).collect::<String>())
}
