//! Objects by signed link.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use kernel::{ImageFormat, ObjectKey, OpenObject};

use crate::LinkError;
use crate::object_links::LinkSignature;
use crate::server::Shared;

/// `GET /objects/{key}?expires=…&mac=…`
pub(crate) async fn get(
    State(shared): State<Shared>,
    Path(key): Path<String>,
    signature: Result<Query<LinkSignature>, QueryRejection>,
) -> Response {
    let (Ok(key), Ok(Query(signature))) = (key.parse::<ObjectKey>(), signature) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let left = match shared.ports.links.check(&key, &signature) {
        Ok(left) => left,
        Err(LinkError::NotAuthentic) => return StatusCode::FORBIDDEN.into_response(),
        Err(LinkError::Expired) => return StatusCode::GONE.into_response(),
    };
    match shared.ports.objects.open(&key).await {
        Ok(Some(object)) => answer(object, left.as_secs()).await,
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%key, %error, "an object could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn answer(mut object: OpenObject, seconds_left: u64) -> Response {
    // The first piece tells the type; the rest is handed on as it comes.
    let first = match object.bytes.next().await {
        Some(Ok(first)) => first,
        None => Bytes::new(),
        Some(Err(error)) => {
            tracing::warn!(%error, "an object could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let content_type = content_type(&first);
    let pieces = stream::once(std::future::ready(Ok(first))).chain(object.bytes);
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(object.size));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(caching) = HeaderValue::from_str(&format!("private, max-age={seconds_left}")) {
        headers.insert(CACHE_CONTROL, caching);
    }
    response
}

/// By content, because a key bears no type.
fn content_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => ImageFormat::Jpeg.media_type(),
        [0x89, b'P', b'N', b'G', ..] => ImageFormat::Png.media_type(),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ImageFormat::WebP.media_type(),
        _ => "application/octet-stream",
    }
}
