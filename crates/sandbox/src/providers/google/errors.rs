//! Google's error envelope and the texts that come in it.

use axum::Json;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::faults::{Breakdown, StatusFault, Summary};

/// An error as Google tells it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ApiError {
    code: StatusCode,
    message: String,
    details: Vec<Value>,
}

impl ApiError {
    pub(super) fn new(code: StatusCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Vec::new() }
    }

    /// 400 about one field of the request.
    pub(super) fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut error = Self::new(StatusCode::BAD_REQUEST, message.clone());
        error.details.push(json!({
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": field, "description": message}],
        }));
        error
    }

    /// 400 for a field that the API does not have.
    pub(super) fn unknown_field(parent: &str, name: &str) -> Self {
        let place = if parent.is_empty() { String::new() } else { format!(" at '{parent}'") };
        let message =
            format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field.");
        Self::invalid(parent, message)
    }

    /// 400 for a body that is no JSON.
    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("Invalid JSON payload received. {error}"))
    }

    /// 400 for a wrong key.
    pub(super) fn bad_key() -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST, "API key not valid. Please pass a valid API key.");
        error.details = vec![
            json!({
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"},
            }),
            json!({
                "@type": "type.googleapis.com/google.rpc.LocalizedMessage",
                "locale": "en-US",
                "message": "API key not valid. Please pass a valid API key.",
            }),
        ];
        error
    }

    /// 403 for a call without any key.
    pub(super) fn no_key() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Method doesn't allow unregistered callers (callers without established identity). Please use API \
             Key or other form of API consumer identity to call this API.",
        )
    }

    /// 404 for a model that is switched off: the one text that proves it.
    pub(super) fn retired(model: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!(
                "This model models/{model} is no longer available. Please update your code to use a newer \
                 model for the latest features and improvements."
            ),
        )
    }

    /// 404 for a model that is not there, or not for this method.
    pub(super) fn no_such_model(model: &str, version: &str, method: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!(
                "models/{model} is not found for API version {version}, or is not supported for {method}. Call \
                 ListModels to see the list of available models and their supported methods."
            ),
        )
    }

    /// 500.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "An internal error has occurred. Please retry or report in \
             https://developers.generativeai.google/guide/troubleshooting",
        )
    }

    fn of_status(fault: &StatusFault) -> Self {
        let code = StatusCode::from_u16(fault.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut error = Self::new(code, text_of(code, fault.retry_after_seconds));
        if code == StatusCode::TOO_MANY_REQUESTS {
            error.details.push(quota_failure());
        }
        if let Some(seconds) = fault.retry_after_seconds {
            error.details.push(json!({
                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay": format!("{seconds}s"),
            }));
        }
        error
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut error = json!({
            "code": self.code.as_u16(),
            "message": self.message,
            "status": status_name(self.code),
        });
        if !self.details.is_empty() {
            error["details"] = Value::Array(self.details);
        }
        let mut response = (self.code, Json(json!({"error": error}))).into_response();
        response.extensions_mut().insert(Summary(self.message));
        response
    }
}

/// Says a breakdown in Google's words.
pub(super) fn tell(breakdown: &Breakdown) -> Response {
    match breakdown {
        Breakdown::Status(fault) => ApiError::of_status(fault),
        Breakdown::BadKey => ApiError::bad_key(),
        Breakdown::RetiredModel { path } => {
            let model = path.rsplit('/').next().and_then(|name| name.split(':').next());
            ApiError::retired(model.unwrap_or_default())
        }
    }
    .into_response()
}

/// What Google's front end says to a path that no API has: a page, not JSON.
pub(super) fn unknown_path(method: &Method, path: &str) -> Response {
    let shown = path.replace('&', "&amp;").replace('<', "&lt;");
    let (code, title, text) = if method == Method::GET || method == Method::POST {
        (
            StatusCode::NOT_FOUND,
            "Error 404 (Not Found)!!1",
            format!("The requested URL <code>{shown}</code> was not found on this server."),
        )
    } else {
        (
            StatusCode::METHOD_NOT_ALLOWED,
            "Error 405 (Method Not Allowed)!!1",
            format!(
                "The request method <code>{method}</code> is inappropriate for the URL <code>{shown}</code>."
            ),
        )
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>{title}</title>\n  <p><b>{}.</b> \
         <ins>That’s an error.</ins>\n  <p>{text}  <ins>That’s all we know.</ins>\n",
        code.as_u16()
    );
    (code, [(header::CONTENT_TYPE, "text/html; charset=UTF-8")], page).into_response()
}

fn status_name(code: StatusCode) -> &'static str {
    match code.as_u16() {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    }
}

fn text_of(code: StatusCode, retry_after_seconds: Option<u32>) -> String {
    match code.as_u16() {
        400 => "Request contains an invalid argument.".to_owned(),
        403 => "The caller does not have permission".to_owned(),
        404 => "Requested entity was not found.".to_owned(),
        429 => {
            let exceeded = "You exceeded your current quota, please check your plan and billing details.";
            match retry_after_seconds {
                Some(seconds) => format!("{exceeded} Please retry in {seconds}s."),
                None => exceeded.to_owned(),
            }
        }
        500 => ApiError::internal().message,
        503 => "The model is overloaded. Please try again later.".to_owned(),
        504 => "Deadline expired before operation could complete.".to_owned(),
        _ => code.canonical_reason().unwrap_or("Unknown Error").to_owned(),
    }
}

fn quota_failure() -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": "generativelanguage.googleapis.com/generate_content_paid_tier_requests",
            "quotaId": "GenerateRequestsPerMinutePerProjectPerModel-PaidTier",
            "quotaDimensions": {"location": "global"},
            "quotaValue": "20",
        }],
    })
}
