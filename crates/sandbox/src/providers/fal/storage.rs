//! File storage: the two-step upload, the upload by token, and the download.

use std::convert::Infallible;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt as _;
use futures::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::content::Content;
use super::errors::ApiError;
use super::files::{Origin, StoredFile};
use super::lifecycle::{Lifecycle, Readers};
use super::uploads::Upload;
use super::{Fal, Server};
use crate::clock;
use crate::faults::{Service, Stage, Summary};

/// Seconds that an upload token is good for.
const TOKEN_LIFETIME: u64 = 3_600;
/// What tokens begin with.
const TOKEN_PREFIX: &str = "sandbox-upload-";

/// A place for a file.
pub(super) struct Place {
    /// `folder/name`.
    pub(super) key: String,
}

impl Place {
    pub(super) fn new(fal: &Server, asked_name: Option<&str>, media_type: &str) -> Self {
        Self::of(&fal.common.identities.hex(12), &safe_name(asked_name, media_type))
    }

    pub(super) fn of(folder: &str, name: &str) -> Self {
        Self { key: format!("{folder}/{name}") }
    }

    /// Where the file can be read.
    pub(super) fn file_url(&self, fal: &Server) -> String {
        format!("{}/files/{}", fal.base_url, self.key)
    }
}

/// Body of an initiate call.
#[derive(Debug, Deserialize)]
struct Initiate {
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
    let place = Place::new(&fal, asked.file_name.as_deref(), &asked.content_type);
    fal.uploads.begin(&place.key, Upload::new(&asked.content_type, Lifecycle::of(&headers)?));
    Ok(Json(json!({
        "upload_url": format!("{}/upload/{}", fal.base_url, place.key),
        "file_url": place.file_url(&fal),
    })))
}

/// `PUT {upload_url}`: the file's bytes, without a key: the URL is the permission.
pub(super) async fn put(
    State(fal): State<Fal>,
    Path((folder, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let place = Place::of(&folder, &name);
    let upload = fal.uploads.find(&place.key);
    let upload = upload.ok_or_else(|| ApiError::plain(StatusCode::FORBIDDEN, "No such upload"))?;
    if media_type(&headers) != upload.media_type {
        return Err(ApiError::plain(
            StatusCode::FORBIDDEN,
            "The content type is not the one that was asked for",
        ));
    }
    let file = StoredFile {
        media_type: upload.media_type,
        content: Content::from(body),
        origin: Origin::Upload,
        lifecycle: upload.lifecycle,
    };
    fal.files.store(&place.key, file);
    Ok(StatusCode::OK)
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
    check_token(&headers)?;
    let media_type = media_type(&headers);
    let place = Place::new(&fal, asked_name(&headers), &media_type);
    let file = StoredFile {
        media_type,
        content: Content::from(body),
        origin: Origin::Upload,
        lifecycle: Lifecycle::of(&headers)?,
    };
    fal.files.store(&place.key, file);
    Ok(Json(json!({"access_url": place.file_url(&fal)})))
}

/// `GET /files/{folder}/{name}`: without a key, unless the file's lifecycle says otherwise.
pub(super) async fn download(
    State(fal): State<Fal>,
    Path((folder, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let key = Place::of(&folder, &name).key;
    let missing = || ApiError::plain(StatusCode::NOT_FOUND, "File not found");
    let file = fal.files.get(&key).ok_or_else(missing)?;
    match file.lifecycle.readers {
        Readers::Allow => {}
        Readers::Forbid | Readers::Hide if headers.contains_key(header::AUTHORIZATION) => {
            fal.check(&headers)?;
        }
        Readers::Forbid => return Err(ApiError::plain(StatusCode::FORBIDDEN, "Access denied")),
        Readers::Hide => return Err(missing()),
    }
    let length = file.content.length();
    let taken = fal.common.faults.take(Service::Fal, &format!("GET /files/{key}"), Stage::Download);
    let body = match taken {
        Some(_) => broken_off(file.content),
        None => whole(file.content),
    };
    let media_type = HeaderValue::from_str(&file.media_type)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response.extensions_mut().insert(Summary(format!("{length} bytes")));
    if let Some(taken) = taken {
        response.extensions_mut().insert(taken);
    }
    Ok(response)
}

fn whole(content: Content) -> Body {
    Body::from_stream(stream::iter(content.pieces().map(Ok::<Bytes, Infallible>)))
}

/// The connection breaks in the middle of the file.
#[derive(Debug, thiserror::Error)]
#[error("the file breaks off, as a fault rule asked")]
struct BrokenOff;

/// Half of the file, and then the end of the connection, though the headers promise all of it.
fn broken_off(content: Content) -> Body {
    let mut left = content.length() / 2;
    let pieces = content.pieces().map_while(move |mut piece| {
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        left -= u64::try_from(length).unwrap_or(left);
        piece.truncate(length);
        (length > 0).then_some(Ok(piece))
    });
    Body::from_stream(stream::iter(pieces).chain(stream::once(async { Err(BrokenOff) })))
}

/// Accepts the tokens that [`token`] gives.
pub(super) fn check_token(headers: &HeaderMap) -> Result<(), ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_ours = value.strip_prefix("Bearer ").is_some_and(|token| token.starts_with(TOKEN_PREFIX));
    if is_ours { Ok(()) } else { Err(ApiError::unauthorised("Invalid token")) }
}

/// The name that an upload by token asks for.
pub(super) fn asked_name(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-fal-file-name").and_then(|value| value.to_str().ok())
}

pub(super) fn media_type(headers: &HeaderMap) -> String {
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
