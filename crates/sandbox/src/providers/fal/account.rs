//! Who calls, and whether the account is in good order.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::errors::ApiError;
use super::{Fal, Server};
use crate::providers::{FalAccount, is_bad_key};

/// The header that names a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-fal-request-id");

impl Server {
    /// Accepts `Key …` with any key that is not a bad one, while the account is open.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let value =
            headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match value.split_once(' ') {
            Some(("Key", key)) if !is_bad_key(key) => {}
            Some(("Bearer", _)) => return Err(ApiError::unauthorised("bearer: unable to decode issuer")),
            Some(("Key", _)) => return Err(ApiError::bad_key()),
            _ => return Err(ApiError::unauthorised("Authentication is required to access this application")),
        }
        match self.common.settings.current().fal_account {
            FalAccount::Open => Ok(()),
            FalAccount::Locked => Err(ApiError::locked()),
        }
    }
}

/// Gives every answer that has none a request id.
pub(super) async fn name_request(State(fal): State<Fal>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.headers().contains_key(REQUEST_ID)
        && let Ok(value) = HeaderValue::from_str(&fal.common.identities.uuid().to_string())
    {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
