//! Errors of the driving API: a status and `{"error": "…"}`.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::process::ProcessError;
use crate::telegram::Refusal;

/// A refused call.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    error: String,
}

impl Refused {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }

    pub(super) fn bad_request(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.error }))).into_response()
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::NoSuchPerson(_) | Refusal::NoSuchMessage(_) | Refusal::NoSuchButton(_) => {
                StatusCode::NOT_FOUND
            }
            Refusal::Impossible(_) | Refusal::BadFile(_) => StatusCode::BAD_REQUEST,
            Refusal::Blocked => StatusCode::CONFLICT,
        };
        Self::new(status, refusal.to_string())
    }
}

impl From<ProcessError> for Refused {
    fn from(error: ProcessError) -> Self {
        let status = match error {
            ProcessError::Running | ProcessError::NotRunning => StatusCode::CONFLICT,
            ProcessError::NotStarted(_) | ProcessError::Signal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            ProcessError::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        };
        let mut words = error.to_string();
        if let Some(cause) = std::error::Error::source(&error) {
            words = format!("{words}: {cause}");
        }
        Self::new(status, words)
    }
}
