//! One exchange over HTTP: an answer with a bounded body, or what it means that none came.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kernel::{CallOutcome, FailureClass, ProviderError};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::address::ApiRoot;
use crate::{FalSettings, SetupError};

/// The longest answer of the API but for logs, in bytes.
pub(crate) const LONGEST_ANSWER: usize = 1024 * 1024;
/// The code of the error about a longer one.
pub(crate) const ANSWER_TOO_LONG: &str = "answer-too-long";

/// How long an idle connection is kept: less than the time after which servers close theirs, so that no request is sent
/// into a connection that is about to end.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// A client that follows nobody elsewhere, for calls with the key at `root` and calls without it anywhere.
pub(crate) fn client(settings: &FalSettings, root: &ApiRoot) -> Result<Client, SetupError> {
    let builder = Client::builder()
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.call_timeout)
        .pool_idle_timeout(IDLE_CONNECTION)
        .redirect(Policy::none())
        .retry(reqwest::retry::never());
    // Without TLS a proxy would read the key.
    let builder = if root.is_encrypted() { builder } else { builder.no_proxy() };
    Ok(builder.build()?)
}

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

/// Sends a request once and reads the answer, of at most `limit` bytes.
///
/// # Errors
/// When no answer came, or one that is too long. The outcome says whether the request may have been heard.
pub(crate) async fn exchange(request: RequestBuilder, limit: usize) -> Result<Answer, ProviderError> {
    let response = send(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    match read(response, limit).await {
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
pub(crate) fn no_answer(error: reqwest::Error) -> ProviderError {
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
        code: ANSWER_TOO_LONG.to_owned(),
        detail: format!("FAL's answer is longer than {limit} bytes"),
        source: None,
    }
}
