//! One exchange over HTTP: an answer with a bounded body, or what it means that none came.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kernel::{CallOutcome, FailureClass, ProviderError};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// The longest answer of the API, in bytes.
pub(crate) const LONGEST_ANSWER: usize = 1024 * 1024;

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body as JSON, if it is that.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The wait that the server asks for, in whole seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(RETRY_AFTER.as_str())?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// Sends a request once and reads the answer.
///
/// # Errors
/// When no answer came, or one that is too long. The outcome says whether the request may have been heard.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, ProviderError> {
    let response = send(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    match read(response, LONGEST_ANSWER).await {
        Ok(body) => Ok(Answer { status, headers, body }),
        Err(error) if !status.is_success() => {
            tracing::debug!(%status, %error, "an error came without its body");
            Ok(Answer { status, headers, body: Bytes::new() })
        }
        Err(error) => Err(error),
    }
}

/// Sends a request once.
///
/// # Errors
/// When no answer came.
pub(crate) async fn send(request: RequestBuilder) -> Result<Response, ProviderError> {
    request.send().await.map_err(no_answer)
}

/// Reads a body of at most `limit` bytes, giving up as soon as it is longer.
///
/// # Errors
/// When it is longer, or the connection breaks.
pub(crate) async fn read(mut response: Response, limit: usize) -> Result<Bytes, ProviderError> {
    let announced =
        response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced > limit {
        return Err(too_long(limit));
    }
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > limit {
            return Err(too_long(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What it means that no answer came. The address is left out of the error: it may hold a callback's secret.
fn no_answer(error: reqwest::Error) -> ProviderError {
    let error = error.without_url();
    let failure = |class, code: &str, detail: &str| ProviderError::new(class, code, detail);
    if error.is_builder() {
        failure(FailureClass::Bug, "bad-request", "a request to FAL could not be formed")
    } else if error.is_connect() {
        failure(FailureClass::Unavailable, "unreachable", "no connection to FAL came about")
    } else if error.is_timeout() {
        failure(FailureClass::Unavailable, "timeout", "FAL did not answer in time").with_unknown_outcome()
    } else {
        failure(FailureClass::Unavailable, "connection-lost", "the connection to FAL broke before its answer")
            .with_unknown_outcome()
    }
    .caused_by(error)
}

fn too_long(limit: usize) -> ProviderError {
    ProviderError {
        class: FailureClass::Unavailable,
        outcome: CallOutcome::Unknown,
        code: "answer-too-long".to_owned(),
        detail: format!("FAL's answer is longer than {limit} bytes"),
        source: None,
    }
}
