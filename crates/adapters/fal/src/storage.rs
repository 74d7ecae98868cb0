//! FAL's storage: the upload in two steps, and in parts where a file is large (FAL's documentation, "Storage").

mod parts;

use std::time::Duration;

use bytes::Bytes;
use kernel::{Discretion, FailureClass, OpenObject, ProviderError};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderValue};
use reqwest::{Body, Client, Method, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::address::ApiRoot;
use crate::failure;
use crate::http::{Answer, LONGEST_ANSWER, client, exchange};
use crate::lifecycle::{LIFECYCLE, LIFECYCLE_PREFERENCE, lifecycle};
use crate::{FalSettings, SetupError};

/// What is larger is uploaded in parts, in bytes.
const LARGEST_IN_ONE: u64 = 90 * 1024 * 1024;

/// FAL's storage for one account.
pub(crate) struct Storage {
    client: Client,
    root: ApiRoot,
    authorization: HeaderValue,
    call_timeout: Duration,
    copy_timeout: Duration,
}

/// A file as it is announced.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Upload<'a> {
    /// The name that it has there.
    pub(crate) name: &'a str,
    /// Its media type.
    pub(crate) content_type: &'a str,
    /// For how long it is needed.
    pub(crate) lifetime: Duration,
}

/// Where a file goes, and where it is read afterwards.
struct Place {
    upload: Url,
    file: String,
}

#[derive(Deserialize)]
struct Initiated {
    upload_url: String,
    file_url: String,
}

/// The receipt for a part.
#[derive(Debug, Deserialize)]
struct Receipt {
    etag: String,
}

impl Storage {
    pub(crate) fn new(settings: &FalSettings) -> Result<Self, SetupError> {
        let root = ApiRoot::new("rest_url", &settings.rest_url)?;
        Ok(Self {
            client: client(settings, &root)?,
            root,
            authorization: settings.authorization()?,
            call_timeout: settings.call_timeout,
            copy_timeout: settings.copy_timeout,
        })
    }

    /// Puts the object there; the address at which it can be read.
    pub(crate) async fn upload(
        &self,
        upload: Upload<'_>,
        object: OpenObject,
    ) -> Result<String, ProviderError> {
        if object.size > LARGEST_IN_ONE {
            return self.upload_in_parts(upload, object).await;
        }
        let place = self.initiate("storage/upload/initiate", upload).await?;
        let request = self
            .client
            .put(place.upload)
            .timeout(self.copy_timeout)
            .header(CONTENT_TYPE, upload.content_type)
            .header(CONTENT_LENGTH, object.size)
            .body(Body::wrap_stream(object.bytes));
        stored(&exchange(request, LONGEST_ANSWER).await?)?;
        Ok(place.file)
    }

    async fn upload_in_parts(&self, upload: Upload<'_>, object: OpenObject) -> Result<String, ProviderError> {
        let place = self.initiate("storage/upload/initiate-multipart", upload).await?;
        let mut parts = parts::Parts::new(object.bytes);
        let mut receipts: Vec<Value> = Vec::new();
        while let Some(part) = parts.next().await? {
            let number = receipts.len() + 1;
            let etag = self.put_part(below(&place.upload, &number.to_string()), part).await?;
            receipts.push(json!({"partNumber": number, "etag": etag}));
        }
        let request = self
            .client
            .post(below(&place.upload, "complete"))
            .timeout(self.copy_timeout)
            .json(&json!({"parts": receipts}));
        stored(&exchange(request, LONGEST_ANSWER).await?)?;
        Ok(place.file)
    }

    async fn put_part(&self, address: Url, part: Bytes) -> Result<String, ProviderError> {
        let request = self.client.put(address).timeout(self.copy_timeout).body(part);
        let answer = exchange(request, LONGEST_ANSWER).await?;
        stored(&answer)?;
        let receipt: Option<Receipt> = serde_json::from_slice(&answer.body).ok();
        receipt
            .map(|receipt| receipt.etag)
            .or_else(|| answer.header(ETAG.as_str()).map(ToOwned::to_owned))
            .ok_or_else(|| failure::unexpected(answer.status))
    }

    async fn initiate(&self, path: &str, upload: Upload<'_>) -> Result<Place, ProviderError> {
        let lifecycle = lifecycle(upload.lifetime);
        let request = self
            .call(Method::POST, &self.root.at(path))
            .query(&[("storage_type", "fal-cdn-v3")])
            .header(LIFECYCLE_PREFERENCE, &lifecycle)
            .header(LIFECYCLE, &lifecycle)
            .json(&json!({"content_type": upload.content_type, "file_name": upload.name}));
        let answer = exchange(request, LONGEST_ANSWER).await?;
        if !answer.status.is_success() {
            return Err(refused(&answer));
        }
        let initiated: Initiated =
            serde_json::from_slice(&answer.body).map_err(|_| failure::unexpected(answer.status))?;
        let (upload, _) = (self.address(&initiated.upload_url)?, self.address(&initiated.file_url)?);
        Ok(Place { upload, file: initiated.file_url })
    }

    /// An address that FAL gave: photos of people go there, so it has to be as private as FAL itself.
    fn address(&self, given: &str) -> Result<Url, ProviderError> {
        let url = Url::parse(given).ok();
        let is_private =
            |url: &Url| url.scheme() == "https" || (url.scheme() == "http" && !self.root.is_encrypted());
        url.filter(is_private).ok_or_else(|| {
            let detail = "FAL's storage gives an address that is no web address, or unencrypted";
            ProviderError::new(FailureClass::Unavailable, "bad-upload-address", detail)
        })
    }

    fn call(&self, method: Method, address: &str) -> RequestBuilder {
        self.client
            .request(method, address)
            .header(AUTHORIZATION, self.authorization.clone())
            .timeout(self.call_timeout)
    }
}

/// What FAL says about an announced file could name its address, so that none of it is repeated.
fn refused(answer: &Answer) -> ProviderError {
    if matches!(answer.status.as_u16(), 404 | 405 | 410) {
        let detail = "there is no storage at the configured REST URL";
        return ProviderError::new(FailureClass::Misconfigured, "no-storage", detail);
    }
    failure::of_call(answer, &Discretion::silent())
}

/// The address of something below another, with the query of the other.
fn below(address: &Url, segment: &str) -> Url {
    let mut url = address.clone();
    let path = format!("{}/{segment}", address.path().trim_end_matches('/'));
    url.set_path(&path);
    url
}

/// Whether bytes were taken. They go where no key goes, so that every refusal is about the place, which the next upload
/// gets anew.
fn stored(answer: &Answer) -> Result<(), ProviderError> {
    let status = answer.status.as_u16();
    let class = match status {
        200..=299 => return Ok(()),
        429 => FailureClass::Limited { retry_after: answer.retry_after() },
        _ => FailureClass::Unavailable,
    };
    let detail = format!("FAL's storage answers an upload with the status {status}");
    Err(ProviderError::new(class, "upload-refused", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_keeps_the_query() {
        let address = Url::parse("https://v3.fal.media/files/upload/x?token=a%2Fb").unwrap();
        assert_eq!(below(&address, "12").as_str(), "https://v3.fal.media/files/upload/x/12?token=a%2Fb");
    }
}
