//! What is remembered of submitted work.

use std::str::FromStr;

use generation::ProviderHandle;
use kernel::{FailureClass, ProviderError};
use serde::{Deserialize, Serialize};

use crate::address::ApiRoot;
use crate::endpoint::Endpoint;

/// A request in FAL's queue: JSON in a [`ProviderHandle`].
///
/// The addresses that FAL gave are kept only where they differ from those that follow from endpoint and id. So a
/// callback, which names the id alone, leads to the same handle as the answer to the submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Handle {
    endpoint: String,
    request_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cancel_url: Option<String>,
}

/// The addresses in the answer to a submission, all of which may be missing.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct GivenAddresses {
    #[serde(rename = "status_url")]
    status: Option<String>,
    #[serde(rename = "response_url")]
    result: Option<String>,
    #[serde(rename = "cancel_url")]
    cancel: Option<String>,
}

/// FAL's id of a request: something that is safe to put into a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(String);

/// The text is no request id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestIdError;

/// The longest request id, in bytes. FAL's are UUIDs.
const LONGEST_ID: usize = 128;

/// Where a request is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addresses {
    pub(crate) status: String,
    pub(crate) result: String,
    pub(crate) cancel: String,
}

impl Addresses {
    /// Those that follow from endpoint and id.
    pub(crate) fn derived(root: &ApiRoot, endpoint: &Endpoint, id: &RequestId) -> Self {
        let result = root.at(&format!("{}/requests/{}", endpoint.application(), id.as_str()));
        Self { status: format!("{result}/status"), cancel: format!("{result}/cancel"), result }
    }
}

impl Handle {
    /// The handle of a request whose addresses are the derived ones.
    pub(crate) fn plain(endpoint: &Endpoint, id: &RequestId) -> Self {
        Self {
            endpoint: endpoint.as_str().to_owned(),
            request_id: id.as_str().to_owned(),
            status_url: None,
            response_url: None,
            cancel_url: None,
        }
    }

    /// The handle of a request at the addresses that FAL gave, as far as the key may go there.
    pub(crate) fn given(root: &ApiRoot, endpoint: &Endpoint, id: &RequestId, given: GivenAddresses) -> Self {
        let derived = Addresses::derived(root, endpoint, id);
        let keep = |address: Option<String>, usual: &[&str]| {
            address.filter(|address| !usual.contains(&address.as_str()) && root.covers(address))
        };
        // Both forms of a result's address are documented and lead to the same place.
        let other_result = format!("{}/response", derived.result);
        Self {
            status_url: keep(given.status, &[&derived.status]),
            response_url: keep(given.result, &[&derived.result, &other_result]),
            cancel_url: keep(given.cancel, &[&derived.cancel]),
            ..Self::plain(endpoint, id)
        }
    }

    /// Where the request is asked about. An address outside `root`, which may have been changed since, gives way to
    /// the derived one.
    pub(crate) fn addresses(&self, root: &ApiRoot) -> Result<Addresses, ProviderError> {
        let endpoint = self.endpoint.parse().map_err(|_| unreadable())?;
        let id = self.request_id.parse().map_err(|_| unreadable())?;
        let derived = Addresses::derived(root, &endpoint, &id);
        let choose = |given: &Option<String>, derived: String| {
            given.clone().filter(|address| root.covers(address)).unwrap_or(derived)
        };
        Ok(Addresses {
            status: choose(&self.status_url, derived.status),
            result: choose(&self.response_url, derived.result),
            cancel: choose(&self.cancel_url, derived.cancel),
        })
    }

    /// Writes it.
    pub(crate) fn to_provider_handle(&self) -> Result<ProviderHandle, ProviderError> {
        serde_json::to_string(self).map(ProviderHandle::new).map_err(|error| unreadable().caused_by(error))
    }

    /// Reads one.
    pub(crate) fn read(handle: &ProviderHandle) -> Result<Self, ProviderError> {
        serde_json::from_str(handle.as_str()).map_err(|error| unreadable().caused_by(error))
    }
}

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RequestId {
    type Err = RequestIdError;

    fn from_str(text: &str) -> Result<Self, RequestIdError> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if text.is_empty() || text.len() > LONGEST_ID || !is_plain {
            return Err(RequestIdError);
        }
        Ok(Self(text.to_owned()))
    }
}

fn unreadable() -> ProviderError {
    ProviderError::new(FailureClass::Bug, "bad-handle", "a stored handle of FAL's work cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> ApiRoot {
        ApiRoot::new("queue_url", "https://queue.fal.run").unwrap()
    }

    fn addresses(status: &str, result: &str) -> GivenAddresses {
        GivenAddresses { status: Some(status.into()), result: Some(result.into()), cancel: None }
    }

    #[test]
    fn usual_addresses_are_not_stored() {
        let endpoint = "fal-ai/flux-pro/v1.1".parse().unwrap();
        let id = "r-1".parse().unwrap();
        let base = "https://queue.fal.run/fal-ai/flux-pro/requests/r-1";
        for result in [base.to_owned(), format!("{base}/response")] {
            let given = addresses(&format!("{base}/status"), &result);
            let handle = Handle::given(&root(), &endpoint, &id, given);
            assert_eq!(
                handle.to_provider_handle().unwrap().as_str(),
                r#"{"endpoint":"fal-ai/flux-pro/v1.1","request_id":"r-1"}"#
            );
            assert_eq!(handle, Handle::plain(&endpoint, &id));
        }
    }

    #[test]
    fn unusual_addresses_are_used_when_the_key_may_go_there() {
        let endpoint = "fal-ai/flux-pro/v1.1".parse().unwrap();
        let id = "r-1".parse().unwrap();
        let own = "https://queue.fal.run/fal-ai/flux-pro/v1.1/requests/r-1/status";
        let handle =
            Handle::given(&root(), &endpoint, &id, addresses(own, "https://evil.example/requests/r-1"));
        let stored = Handle::read(&handle.to_provider_handle().unwrap()).unwrap();
        assert_eq!(
            stored.addresses(&root()).unwrap(),
            Addresses {
                status: own.to_owned(),
                result: "https://queue.fal.run/fal-ai/flux-pro/requests/r-1".to_owned(),
                cancel: "https://queue.fal.run/fal-ai/flux-pro/requests/r-1/cancel".to_owned(),
            }
        );
    }

    #[test]
    fn an_address_of_a_former_root_is_not_used() {
        let stored = ProviderHandle::new(
            r#"{"endpoint":"a/b","request_id":"r","status_url":"https://queue.fal.run/a/b/c/requests/r/status"}"#,
        );
        let now = ApiRoot::new("queue_url", "http://127.0.0.1:1").unwrap();
        let addresses = Handle::read(&stored).unwrap().addresses(&now).unwrap();
        assert_eq!(addresses.status, "http://127.0.0.1:1/a/b/requests/r/status");
    }

    #[test]
    fn an_id_that_would_change_the_path_is_none() {
        let long = "a".repeat(129);
        for wrong in ["", "a/b", "..", "a?b", "a b", "ä", long.as_str()] {
            assert_eq!(wrong.parse::<RequestId>(), Err(RequestIdError), "{wrong}");
        }
    }
}
