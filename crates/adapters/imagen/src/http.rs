//! One exchange over HTTP: an answer with a bounded body, or what it means that none came.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kernel::{FailureClass, ProviderError};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    headers: HeaderMap,
}

impl Answer {
    /// The wait that the server asks for in a header, in whole seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

/// Sends a request once and reads an answer of at most `limit` bytes.
///
/// # Errors
/// When no answer came, or one that is too long. The outcome says whether the request may have been heard.
pub(crate) async fn exchange(request: RequestBuilder, limit: usize) -> Result<Answer, ProviderError> {
    let response = request.send().await.map_err(no_answer)?;
    let (status, headers) = (response.status(), response.headers().clone());
    match read(response, limit).await {
        Ok(body) => Ok(Answer { status, body, headers }),
        Err(error) if !status.is_success() => {
            tracing::debug!(%status, %error, "an error came without its body");
            Ok(Answer { status, body: Bytes::new(), headers })
        }
        Err(error) => Err(error),
    }
}

async fn read(mut response: Response, limit: usize) -> Result<Bytes, ProviderError> {
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

fn no_answer(error: reqwest::Error) -> ProviderError {
    let error = error.without_url();
    let failure = |class, code: &str, detail: &str| ProviderError::new(class, code, detail);
    if error.is_builder() {
        failure(FailureClass::Bug, "bad-request", "a request to Google could not be formed")
    } else if error.is_connect() {
        failure(FailureClass::Unavailable, "unreachable", "no connection to Google came about")
    } else if error.is_timeout() {
        failure(FailureClass::Unavailable, "timeout", "Google did not answer in time").with_unknown_outcome()
    } else {
        let detail = "the connection to Google broke before its answer";
        failure(FailureClass::Unavailable, "connection-lost", detail).with_unknown_outcome()
    }
    .caused_by(error)
}

/// It was answered, so nothing of it can turn up later.
fn too_long(limit: usize) -> ProviderError {
    let detail = format!("Google's answer is longer than {limit} bytes");
    ProviderError::new(FailureClass::Unavailable, "answer-too-long", detail)
}
