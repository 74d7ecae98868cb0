//! FAL's error bodies: a list of problems with the input, or one line about the infrastructure.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::faults::{Breakdown, StatusFault, Summary};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-fal-error-type");
const NEEDS_RETRY: HeaderName = HeaderName::from_static("x-fal-needs-retry");
const TIMEOUT_TYPE: HeaderName = HeaderName::from_static("x-fal-request-timeout-type");
const RETRY_AFTER: HeaderName = HeaderName::from_static("retry-after");

/// One problem with the input.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Problem {
    /// Where, below the body.
    field: Cow<'static, str>,
    /// Where, below the field.
    below: Vec<Value>,
    message: String,
    kind: &'static str,
    context: Option<Value>,
}

impl Problem {
    pub(super) fn new(field: &'static str, kind: &'static str, message: impl Into<String>) -> Self {
        Self { field: Cow::Borrowed(field), below: Vec::new(), message: message.into(), kind, context: None }
    }

    /// A field that the model does not have.
    pub(super) fn unknown_field(field: &str, message: impl Into<String>) -> Self {
        Self { field: Cow::Owned(field.to_owned()), ..Self::new("", "extra_forbidden", message) }
    }

    /// In a field of a list's entry.
    #[must_use]
    pub(super) fn in_entry(mut self, index: usize, field: &str) -> Self {
        self.below = vec![json!(index), json!(field)];
        self
    }

    #[must_use]
    pub(super) fn with_context(mut self, context: Value) -> Self {
        self.context = Some(context);
        self
    }

    fn describe(&self, input: &Value) -> Value {
        let mut place = vec![json!("body"), json!(self.field)];
        place.extend(self.below.iter().cloned());
        let mut problem = json!({
            "loc": place,
            "msg": self.message,
            "type": self.kind,
            "url": format!("https://docs.fal.ai/errors#{}", self.kind),
        });
        if let Some(value) = input.get(self.field.as_ref()) {
            problem["input"] = value.clone();
        }
        if let Some(context) = &self.context {
            problem["ctx"] = context.clone();
        }
        if self.kind == "content_policy_violation" {
            problem["categories"] = json!(["sexual"]);
        }
        problem
    }
}

/// An error as FAL tells it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    /// Machine code of an infrastructure error.
    pub(super) kind: Option<&'static str>,
    retry_after_seconds: Option<u32>,
}

impl ApiError {
    /// A line without a machine code.
    pub(super) fn plain(status: StatusCode, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        Self { status, body: json!({"detail": detail}), kind: None, retry_after_seconds: None }
    }

    /// An infrastructure error.
    pub(super) fn infrastructure(status: StatusCode, kind: &'static str, detail: &str) -> Self {
        Self {
            status,
            body: json!({"detail": detail, "error_type": kind}),
            kind: Some(kind),
            retry_after_seconds: None,
        }
    }

    /// 422 with a list of problems.
    pub(super) fn problems(problems: &[Problem], input: &Value) -> Self {
        let described: Vec<Value> = problems.iter().map(|problem| problem.describe(input)).collect();
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body: json!({"detail": described}),
            kind: problems.first().map(|problem| problem.kind),
            retry_after_seconds: None,
        }
    }

    /// A problem of the model's own, not of the input.
    pub(super) fn of_model(status: StatusCode, kind: &'static str, message: &str) -> Self {
        let problem = json!({
            "loc": ["body"],
            "msg": message,
            "type": kind,
            "url": format!("https://docs.fal.ai/errors#{kind}"),
        });
        Self { status, body: json!({"detail": [problem]}), kind: Some(kind), retry_after_seconds: None }
    }

    pub(super) fn unauthorised(detail: &str) -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, detail)
    }

    pub(super) fn bad_key() -> Self {
        Self::unauthorised("invalid key credentials")
    }

    pub(super) fn locked() -> Self {
        Self::plain(
            StatusCode::FORBIDDEN,
            "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.",
        )
    }

    pub(super) fn no_application(name: &str) -> Self {
        Self::plain(StatusCode::NOT_FOUND, format!("Application '{name}' not found"))
    }

    /// 404 for a queue request that nobody knows.
    pub(super) fn no_request() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            body: json!({"status": "NOT_FOUND"}),
            kind: None,
            retry_after_seconds: None,
        }
    }

    pub(super) fn still_in_progress() -> Self {
        Self::plain(StatusCode::BAD_REQUEST, "Request is still in progress")
    }

    pub(super) fn internal() -> Self {
        Self::infrastructure(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", "Internal server error")
    }

    pub(super) fn start_timeout() -> Self {
        Self::infrastructure(StatusCode::GATEWAY_TIMEOUT, "request_timeout", "Request timed out")
    }

    pub(super) fn cancelled() -> Self {
        let status = StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST);
        Self::infrastructure(status, "client_cancelled", "Request cancelled by the client")
    }

    fn of_status(fault: &StatusFault) -> Self {
        let status = StatusCode::from_u16(fault.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut error = match status.as_u16() {
            403 => Self::locked(),
            429 => Self::infrastructure(
                status,
                "concurrent_requests_limit",
                "Too many concurrent requests. Please wait for some of them to finish.",
            ),
            500 => Self::internal(),
            502 => Self::infrastructure(
                status,
                "runner_incomplete_response",
                "Runner sent an incomplete response",
            ),
            503 => Self::infrastructure(status, "runner_scheduling_failure", "No runner could be scheduled"),
            504 => Self::infrastructure(status, "startup_timeout", "Runner did not start in time"),
            _ => Self::plain(status, status.canonical_reason().unwrap_or("Error")),
        };
        error.retry_after_seconds = fault.retry_after_seconds;
        error
    }

    /// The one line that tells of the error.
    pub(super) fn line(&self) -> String {
        match &self.body["detail"] {
            Value::String(detail) => detail.clone(),
            _ => self.kind.map_or_else(|| self.status.to_string(), ToOwned::to_owned),
        }
    }

    fn is_worth_a_retry(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS || self.status.is_server_error()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry = if self.is_worth_a_retry() { "1" } else { "0" };
        let summary = self.line();
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(NEEDS_RETRY, HeaderValue::from_static(retry));
        if let Some(kind) = self.kind {
            headers.insert(ERROR_TYPE, HeaderValue::from_static(kind));
            if kind == "request_timeout" {
                headers.insert(TIMEOUT_TYPE, HeaderValue::from_static("user"));
            }
        }
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Summary(summary));
        response
    }
}

/// Says a breakdown in FAL's words.
pub(super) fn tell(breakdown: &Breakdown) -> Response {
    match breakdown {
        Breakdown::Status(fault) => ApiError::of_status(fault),
        Breakdown::BadKey => ApiError::bad_key(),
        Breakdown::RetiredModel { path } => ApiError::no_application(path.trim_start_matches('/')),
    }
    .into_response()
}
