//! Refusals of the Bot API, in the words that clients match on.

use serde_json::{Value, json};

/// A refusal: the HTTP status (which equals `error_code`), the description that clients match on, and what helps
/// the caller to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status and `error_code`.
    pub code: u16,
    /// The exact description, such as `Bad Request: chat not found`.
    pub description: String,
    /// Seconds after which the call may be repeated (`parameters.retry_after`).
    pub retry_after: Option<u64>,
}

impl ApiError {
    /// A 400 whose description begins with `Bad Request: `.
    pub fn bad_request(reason: impl AsRef<str>) -> Self {
        Self::new(400, format!("Bad Request: {}", reason.as_ref()))
    }

    /// A 403 whose description begins with `Forbidden: `.
    pub fn forbidden(reason: &str) -> Self {
        Self::new(403, format!("Forbidden: {reason}"))
    }

    /// A 409 whose description begins with `Conflict: `.
    pub fn conflict(reason: &str) -> Self {
        Self::new(409, format!("Conflict: {reason}"))
    }

    /// An unknown method, or a token that is none.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found".to_owned())
    }

    /// A token that belongs to no bot.
    pub fn unauthorized() -> Self {
        Self::new(401, "Unauthorized".to_owned())
    }

    /// A body or a file above the limits.
    pub fn too_large() -> Self {
        Self::new(413, "Request Entity Too Large".to_owned())
    }

    /// Flood control: the caller has to wait for `seconds`.
    pub fn too_many_requests(seconds: u64) -> Self {
        Self {
            code: 429,
            description: format!("Too Many Requests: retry after {seconds}"),
            retry_after: Some(seconds),
        }
    }

    fn new(code: u16, description: String) -> Self {
        Self { code, description, retry_after: None }
    }

    /// The envelope as it goes over the wire.
    pub fn envelope(&self) -> Value {
        let mut envelope = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if let Some(seconds) = self.retry_after {
            envelope["parameters"] = json!({ "retry_after": seconds });
        }
        envelope
    }
}
