//! Uploads in parts: for files that are too large for one call.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Fal;
use super::content::Content;
use super::errors::ApiError;
use super::files::{Origin, StoredFile};
use super::lifecycle::Lifecycle;
use super::storage::{self, Place};
use super::uploads::{Completion, Upload, UploadError};

/// `POST /storage/upload/initiate-multipart`: gives the URL below which the parts are put.
pub(super) async fn initiate(
    state: State<Fal>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    // Both kinds of upload begin alike; what follows tells them apart.
    storage::initiate(state, headers, body).await
}

/// `PUT {upload_url}/{part}`: one part, without a key.
pub(super) async fn put_part(
    State(fal): State<Fal>,
    Path((folder, name, part)): Path<(String, String, u32)>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let tag = fal.uploads.add(&Place::of(&folder, &name).key, part, body)?;
    Ok(tagged(Json(json!({"partNumber": part, "etag": tag})).into_response(), &tag))
}

/// `POST {upload_url}/complete`: puts the parts together.
pub(super) async fn complete(
    State(fal): State<Fal>,
    Path((folder, name)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let place = Place::of(&folder, &name);
    let access_url = finish(&fal, &place.key, &place, &body)?;
    Ok(Json(json!({"file_url": access_url})))
}

/// `POST /files/upload/multipart`: begins an upload with a token.
pub(super) async fn begin(State(fal): State<Fal>, headers: HeaderMap) -> Result<Json<Value>, ApiError> {
    storage::check_token(&headers)?;
    let media_type = storage::media_type(&headers);
    let place = Place::new(&fal, storage::asked_name(&headers), &media_type);
    let id = fal.common.identities.hex(32);
    fal.uploads.begin(&id, Upload::new(&media_type, Lifecycle::of(&headers)?));
    Ok(Json(json!({"access_url": place.file_url(&fal), "uploadId": id})))
}

/// `PUT {access_url}/multipart/{upload}/{part}`: one part, with a token.
pub(super) async fn put_token_part(
    State(fal): State<Fal>,
    Path((_folder, _name, upload, part)): Path<(String, String, String, u32)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    storage::check_token(&headers)?;
    let tag = fal.uploads.add(&upload, part, body)?;
    Ok(tagged(StatusCode::OK.into_response(), &tag))
}

/// `POST {access_url}/multipart/{upload}/complete`: puts the parts together.
pub(super) async fn complete_with_token(
    State(fal): State<Fal>,
    Path((folder, name, upload)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    storage::check_token(&headers)?;
    let access_url = finish(&fal, &upload, &Place::of(&folder, &name), &body)?;
    Ok(Json(json!({"access_url": access_url})))
}

fn finish(fal: &Fal, upload: &str, place: &Place, body: &[u8]) -> Result<String, ApiError> {
    let completion: Completion = serde_json::from_slice(body)
        .map_err(|_| ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, "parts is required"))?;
    let (upload, parts) = fal.uploads.complete(upload, &completion)?;
    let file = StoredFile {
        media_type: upload.media_type,
        content: Content::Held(parts),
        origin: Origin::Upload,
        lifecycle: upload.lifecycle,
    };
    fal.files.store(&place.key, file);
    Ok(place.file_url(fal))
}

fn tagged(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        let status = match error {
            UploadError::Unknown => StatusCode::NOT_FOUND,
            UploadError::PartNumber | UploadError::Parts => StatusCode::BAD_REQUEST,
        };
        Self::plain(status, error.to_string())
    }
}
