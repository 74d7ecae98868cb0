//! One exchange over HTTP: an answer with a bounded body, or what it means that none came.

use bytes::{Bytes, BytesMut};
use kernel::{Discretion, FailureClass, ProviderError};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::complaint;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// What the server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body of a success; the failure otherwise.
    pub(crate) fn into_success<A: DeserializeOwned>(
        self,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        if !self.status.is_success() {
            return Err(complaint::failure(&self, discretion));
        }
        // The parser's own message could quote the body.
        serde_json::from_slice(&self.body).map_err(|error| {
            ProviderError::new(
                FailureClass::Unavailable,
                "garbage",
                format!(
                    "OpenAI answered {} with something else than was agreed, at line {} column {}",
                    self.status.as_u16(),
                    error.line(),
                    error.column()
                ),
            )
        })
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Sends a request once and reads the answer.
///
/// # Errors
/// When no answer came, or one that is too long.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, ProviderError> {
    let response = request.send().await.map_err(no_answer)?;
    let (status, headers) = (response.status(), response.headers().clone());
    match read(response).await {
        Ok(body) => Ok(Answer { status, headers, body }),
        // The status alone says enough.
        Err(error) if !status.is_success() => {
            tracing::debug!(%status, %error, "an error came without its body");
            let body = Bytes::new();
            Ok(Answer { status, headers, body })
        }
        Err(error) => Err(error),
    }
}

async fn read(mut response: Response) -> Result<Bytes, ProviderError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err(unavailable("answer-too-long", "OpenAI's answer is longer than any that was agreed")
                .with_unknown_outcome());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What it means that no answer came.
fn no_answer(error: reqwest::Error) -> ProviderError {
    let failure = if error.is_builder() {
        ProviderError::new(FailureClass::Bug, "bad-request", "a request to OpenAI could not be formed")
    } else if error.is_connect() {
        unavailable("unreachable", "no connection to OpenAI came about")
    } else if error.is_timeout() {
        unavailable("timeout", "OpenAI did not answer in time").with_unknown_outcome()
    } else {
        unavailable("connection-lost", "the connection to OpenAI broke before its answer")
            .with_unknown_outcome()
    };
    failure.caused_by(error.without_url())
}

fn unavailable(code: &str, detail: &str) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, code, detail)
}
