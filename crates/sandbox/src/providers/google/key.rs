//! Who calls: an API key in a header or the query, or a token.

use axum::http::{HeaderMap, Uri, header};

use super::errors::ApiError;
use crate::providers::is_bad_key;

/// Accepts any key or token that is not a bad one.
pub(super) fn check(headers: &HeaderMap, uri: &Uri) -> Result<(), ApiError> {
    let of_header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = of_header(header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let of_query =
        || uri.query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("key=")));
    match of_header("x-goog-api-key").or(token).or_else(of_query) {
        None | Some("") => Err(ApiError::no_key()),
        Some(key) if is_bad_key(key) => Err(ApiError::bad_key()),
        Some(_) => Ok(()),
    }
}
