//! OpenAI's error format.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::faults::{Breakdown, StatusFault, Summary};
use crate::providers::outside::FileError;

/// An error as OpenAI tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
    kind: &'static str,
    param: Option<String>,
    code: Option<&'static str>,
    retry_after_seconds: Option<u32>,
}

impl ApiError {
    fn new(
        status: StatusCode,
        kind: &'static str,
        code: Option<&'static str>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, message: message.into(), kind, param: None, code, retry_after_seconds: None }
    }

    /// 400 about one parameter.
    pub(super) fn invalid(param: &str, code: Option<&'static str>, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", code, message);
        error.param = Some(param.to_owned());
        error
    }

    /// 400 for a body that is no JSON.
    pub(super) fn not_json() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_request_error",
            None,
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your \
             HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
        )
    }

    /// 401 for a call without a key.
    pub(super) fn no_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_request_error",
            None,
            "You didn't provide an API key. You need to provide your API key in an Authorization header using \
             Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
        )
    }

    /// 401 for a wrong key, of which only the ends are repeated.
    pub(super) fn bad_key(key: &str) -> Self {
        let shown: String = match (key.get(..3), key.get(key.len().saturating_sub(4)..)) {
            (Some(start), Some(end)) if key.len() > 8 => format!("{start}****{end}"),
            _ => "****".to_owned(),
        };
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_request_error",
            Some("invalid_api_key"),
            format!(
                "Incorrect API key provided: {shown}. You can find your API key at \
                 https://platform.openai.com/account/api-keys."
            ),
        )
    }

    /// 404 for a model that is not there.
    pub(super) fn no_such_model(model: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            Some("model_not_found"),
            format!("The model `{model}` does not exist or you do not have access to it."),
        )
    }

    /// 404 for a model that is not one to chat with.
    pub(super) fn not_a_chat_model(endpoint: &str) -> Self {
        let mut error = Self::new(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            None,
            format!("This is not a chat model and thus not supported in the {endpoint} endpoint."),
        );
        error.param = Some("model".to_owned());
        error
    }

    /// 400 for a parameter that is not there.
    pub(super) fn missing(param: &str) -> Self {
        let message = format!("Missing required parameter: '{param}'.");
        Self::invalid(param, Some("missing_required_parameter"), message)
    }

    /// 400 for a part of a message of a kind that is not known where it stands.
    pub(super) fn unknown_part(param: &str, kind: Option<&str>, known: &str) -> Self {
        let message =
            format!("Invalid value: '{}'. Supported values are: {known}.", kind.unwrap_or_default());
        Self::invalid(&format!("{param}.type"), Some("invalid_value"), message)
    }

    /// 400 for a picture that can't be decoded.
    pub(super) fn bad_picture(param: &str) -> Self {
        Self::invalid(
            param,
            Some("invalid_image_format"),
            "Invalid image data. Supported formats are: png, jpeg, webp.",
        )
    }

    /// 400 for a picture that can't be read.
    pub(super) fn unread_picture(param: &str, error: &FileError) -> Self {
        let code = match error {
            FileError::DataUrl => "invalid_image_url",
            FileError::Download(_) => "failed_to_download_image",
            FileError::TooLarge => "image_too_large",
        };
        Self::invalid(param, Some(code), format!("Failed to download image: {error}."))
    }

    /// 400 for a body that is no form.
    pub(super) fn not_a_form() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", None, "Could not parse multipart form")
    }

    /// 413 for a recording that is too large.
    pub(super) fn file_too_large(most: usize, bytes: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "server_error",
            None,
            format!("Maximum content size limit ({most}) exceeded ({bytes} bytes read)"),
        )
    }

    /// 404 for a path that is not there.
    pub(super) fn unknown_url(method: &Method, path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            None,
            format!("Invalid URL ({method} {path})"),
        )
    }

    fn of_status(fault: &StatusFault) -> Self {
        let status = StatusCode::from_u16(fault.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (kind, code, message) = match status.as_u16() {
            429 => {
                let wait =
                    fault.retry_after_seconds.map(|seconds| format!(" Please try again in {seconds}s."));
                let message =
                    format!("Rate limit reached for requests. Limit: 500 / min.{}", wait.unwrap_or_default());
                ("requests", Some("rate_limit_exceeded"), message)
            }
            503 => (
                "service_unavailable_error",
                Some("server_is_overloaded"),
                "The server is overloaded or not ready yet.".to_owned(),
            ),
            500..=599 => (
                "server_error",
                None,
                "The server had an error while processing your request. Sorry about that!".to_owned(),
            ),
            _ => {
                let reason = status.canonical_reason().unwrap_or("The request failed");
                ("invalid_request_error", None, reason.to_owned())
            }
        };
        let mut error = Self::new(status, kind, code, message);
        error.retry_after_seconds = fault.retry_after_seconds;
        error
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({"error": {
            "message": self.message, "type": self.kind, "param": self.param, "code": self.code,
        }});
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(HeaderName::from_static("retry-after"), HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Summary(self.message));
        response
    }
}

/// Says a breakdown in OpenAI's words.
pub(super) fn tell(breakdown: &Breakdown) -> Response {
    match breakdown {
        Breakdown::Status(fault) => ApiError::of_status(fault),
        Breakdown::BadKey => ApiError::bad_key("sk-proj-wrong"),
        Breakdown::RetiredModel { path } => {
            ApiError::no_such_model(path.trim_start_matches("/v1/models/").trim_start_matches("/v1/"))
        }
    }
    .into_response()
}
