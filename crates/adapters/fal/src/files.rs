//! Fetching finished images: from the allowed hosts, without the key, without following anybody elsewhere.

use std::time::Duration;

use bytes::Bytes;
use kernel::{CallOutcome, FailureClass, ProviderError};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response};
use url::Url;

use crate::ResultHost;
use crate::http::{read, send};

/// The largest image that is fetched, in bytes.
pub(crate) const LARGEST_IMAGE: usize = 32 * 1024 * 1024;

/// Fetches images.
pub(crate) struct Files {
    client: Client,
    hosts: Vec<ResultHost>,
    timeout: Duration,
}

impl Files {
    pub(crate) fn new(client: Client, hosts: Vec<ResultHost>, timeout: Duration) -> Self {
        Self { client, hosts, timeout }
    }

    /// The bytes at an address.
    pub(crate) async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError> {
        let url = self.allowed(address)?;
        let response = send(self.client.get(url).timeout(self.timeout)).await.map_err(without_effect)?;
        match response.status().as_u16() {
            200 => read(response, LARGEST_IMAGE).await.map_err(too_large_or_lost),
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

fn failed(response: &Response) -> ProviderError {
    let status = response.status().as_u16();
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let class = match status {
        429 => FailureClass::Limited { retry_after: seconds.map(Duration::from_secs) },
        _ => FailureClass::Unavailable,
    };
    ProviderError::new(class, format!("http-{status}"), format!("a result's address answers {status}"))
}

/// Fetching changes nothing, whether it is answered or not.
fn without_effect(error: ProviderError) -> ProviderError {
    ProviderError { outcome: CallOutcome::NotDone, ..error }
}

fn too_large_or_lost(error: ProviderError) -> ProviderError {
    if error.code == "answer-too-long" {
        let detail = format!("a result has more than {LARGEST_IMAGE} bytes");
        return ProviderError::new(FailureClass::Unavailable, "image-too-large", detail);
    }
    without_effect(error)
}
