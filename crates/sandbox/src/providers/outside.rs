//! The servers' own calls to the world: webhooks, and files that a request names.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::redirect::Policy;

use super::StartError;

/// Files larger than this are not read, bytes.
const LARGEST_FILE: usize = 25 * 1024 * 1024;
/// Time to connect to anything.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time to read a file.
const FILE_TIMEOUT: Duration = Duration::from_mins(1);

/// Calls the world. Private and loopback addresses are allowed: everything here is local.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    client: reqwest::Client,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("the data URL cannot be read")]
    DataUrl,
    #[error("the file cannot be downloaded")]
    Download(#[from] reqwest::Error),
    #[error("the file is too large")]
    TooLarge,
}

impl Outside {
    pub(super) fn new() -> Result<Self, StartError> {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let encryption = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(encryption)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client })
    }

    /// The client, for calls of one's own.
    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Reads a file of at most 25 MiB from an `http(s)` URL or a base64 `data:` URL.
    pub(super) async fn read(&self, url: &str) -> Result<Bytes, FileError> {
        self.read_within(url, LARGEST_FILE).await
    }

    /// Reads a file of at most `most` bytes from an `http(s)` URL or a base64 `data:` URL.
    pub(super) async fn read_within(&self, url: &str, most: usize) -> Result<Bytes, FileError> {
        let mut stream = self.open(url).await?;
        let mut file = BytesMut::new();
        while let Some(part) = stream.next().await {
            let part = part?;
            if file.len() + part.len() > most {
                return Err(FileError::TooLarge);
            }
            file.extend_from_slice(&part);
        }
        Ok(file.freeze())
    }

    /// Opens a file at an `http(s)` URL or a base64 `data:` URL, to be read piece by piece.
    pub(super) async fn open(
        &self,
        url: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, FileError>>, FileError> {
        if let Some(data) = url.strip_prefix("data:") {
            let whole = read_data_url(data)?;
            return Ok(stream::once(async { Ok(whole) }).boxed());
        }
        let answer = self.client.get(url).timeout(FILE_TIMEOUT).send().await?.error_for_status()?;
        Ok(answer.bytes_stream().map_err(FileError::from).boxed())
    }
}

fn read_data_url(data: &str) -> Result<Bytes, FileError> {
    let (header, encoded) = data.split_once(',').ok_or(FileError::DataUrl)?;
    if !header.ends_with(";base64") {
        return Err(FileError::DataUrl);
    }
    STANDARD.decode(encoded).map(Bytes::from).map_err(|_| FileError::DataUrl)
}
