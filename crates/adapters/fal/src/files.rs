//! Finished files: from the allowed hosts, without the key, without following anybody elsewhere.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use kernel::{BoxError, ByteStream, CallOutcome, FailureClass, ProviderError};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response};
use tokio::time::timeout;
use url::Url;

use crate::http::{ANSWER_TOO_LONG, no_answer, read, send};
use crate::{FalSettings, ResultHost};

/// How large a file may be that is held in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) bytes: usize,
    /// The code of the error about a larger one.
    pub(crate) code: &'static str,
}

impl Limit {
    /// The largest image that is fetched.
    pub(crate) const IMAGE: Self = Self { bytes: 32 * 1024 * 1024, code: "image-too-large" };
}

/// Reads files.
pub(crate) struct Files {
    client: Client,
    hosts: Vec<ResultHost>,
    /// For a file as a whole; for one that is read in pieces, until the next piece.
    fetch_timeout: Duration,
    /// For a file that is read in pieces as a whole.
    copy_timeout: Duration,
}

impl Files {
    pub(crate) fn new(client: Client, settings: &FalSettings) -> Self {
        Self {
            client,
            hosts: settings.result_hosts.clone(),
            fetch_timeout: settings.fetch_timeout,
            copy_timeout: settings.copy_timeout,
        }
    }

    /// The bytes at an address.
    pub(crate) async fn fetch(&self, address: &str, limit: Limit) -> Result<Bytes, ProviderError> {
        let response = self.ask(address, self.fetch_timeout).await?;
        read(response, limit.bytes).await.map_err(|error| too_large_or_lost(error, limit))
    }

    /// The length in bytes, if it was told, and the bytes at an address, piece by piece.
    pub(crate) async fn open(&self, address: &str) -> Result<(Option<u64>, ByteStream), ProviderError> {
        let answering = self.ask(address, self.copy_timeout);
        let response = timeout(self.fetch_timeout, answering).await.map_err(|_elapsed| stalled())??;
        Ok((response.content_length(), pieces(response, self.fetch_timeout)))
    }

    async fn ask(&self, address: &str, within: Duration) -> Result<Response, ProviderError> {
        let url = self.allowed(address)?;
        let response = send(self.client.get(url).timeout(within)).await.map_err(without_effect)?;
        match response.status().as_u16() {
            200 => Ok(response),
            300..=399 => {
                let detail = "a result's address answers with a redirect, which is not followed";
                Err(ProviderError::new(FailureClass::Misconfigured, "redirected", detail))
            }
            403 | 404 | 410 => {
                Err(ProviderError::new(FailureClass::NotFound, "result-gone", "a result is no longer there"))
            }
            _ => Err(failed(&response)),
        }
    }

    fn allowed(&self, address: &str) -> Result<Url, ProviderError> {
        let url = Url::parse(address).map_err(|error| {
            let detail = "a result's address cannot be read";
            ProviderError::new(FailureClass::Unavailable, "bad-result-address", detail).caused_by(error)
        })?;
        if self.hosts.iter().any(|host| host.covers(&url)) {
            return Ok(url);
        }
        let allowed: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        let detail = format!(
            "a result lies at {}://{}:{}, which is not among the hosts that results may come from: {}",
            url.scheme(),
            url.host_str().unwrap_or_default(),
            url.port_or_known_default().unwrap_or_default(),
            allowed.join(", ")
        );
        Err(ProviderError::new(FailureClass::Misconfigured, "foreign-result-host", detail))
    }
}

/// The pieces of a body as they come. One that does not come within `patience` ends it with an error, as a broken
/// connection does.
fn pieces(response: Response, patience: Duration) -> ByteStream {
    stream::try_unfold(response, move |mut response| async move {
        let piece = match timeout(patience, response.chunk()).await {
            Ok(piece) => piece.map_err(|error| without_effect(no_answer(error))),
            Err(_elapsed) => Err(stalled()),
        };
        Ok::<_, BoxError>(piece?.map(|piece| (piece, response)))
    })
    .boxed()
}

fn stalled() -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "timeout", "a result came too slowly")
}

fn failed(response: &Response) -> ProviderError {
    let status = response.status().as_u16();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let class = match status {
        429 => FailureClass::Limited { retry_after: seconds.map(Duration::from_secs) },
        _ => FailureClass::Unavailable,
    };
    ProviderError::new(class, format!("http-{status}"), format!("a result's address answers {status}"))
}

/// Reading changes nothing, whether it is answered or not.
fn without_effect(error: ProviderError) -> ProviderError {
    ProviderError { outcome: CallOutcome::NotDone, ..error }
}

fn too_large_or_lost(error: ProviderError, limit: Limit) -> ProviderError {
    if error.code == ANSWER_TOO_LONG {
        let detail = format!("a result has more than {} bytes", limit.bytes);
        return ProviderError::new(FailureClass::Unavailable, limit.code, detail);
    }
    without_effect(error)
}
