//! Objects by signed link.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::stream;
use kernel::{ImageFormat, ObjectKey};

use crate::LinkError;
use crate::object_links::LinkSignature;
use crate::server::Shared;

/// How much of an object is handed to the connection at a time, in bytes.
const CHUNK: usize = 64 * 1024;

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
    match shared.ports.objects.get(&key).await {
        Ok(Some(bytes)) => answer(bytes, left.as_secs()),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%key, %error, "an object could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn answer(bytes: Bytes, seconds_left: u64) -> Response {
    let content_type = content_type(&bytes);
    let length = bytes.len();
    let mut response = Response::new(Body::from_stream(stream::iter(chunks(bytes))));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(caching) = HeaderValue::from_str(&format!("private, max-age={seconds_left}")) {
        headers.insert(CACHE_CONTROL, caching);
    }
    response
}

/// The bytes in pieces that share their memory.
fn chunks(mut bytes: Bytes) -> impl Iterator<Item = Result<Bytes, std::convert::Infallible>> {
    std::iter::from_fn(move || (!bytes.is_empty()).then(|| Ok(bytes.split_to(bytes.len().min(CHUNK)))))
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
