//! Files that a request names by URL: out of FAL's own storage, or out of the world.

use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use super::Server;
use crate::providers::outside::FileError;

/// Why a file can't be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the file is not there")]
    Missing,
    #[error(transparent)]
    Outside(#[from] FileError),
}

impl Server {
    /// A file, piece by piece. FAL's own files are read by FAL's own models, whoever else may read them, and
    /// only while they are there.
    pub(super) async fn open(
        &self,
        url: &str,
    ) -> Result<BoxStream<'static, Result<Bytes, FileError>>, FetchError> {
        match self.own_key(url) {
            Some(key) => {
                let file = self.files.get(key).ok_or(FetchError::Missing)?;
                Ok(stream::iter(file.content.pieces().map(Ok)).boxed())
            }
            None => Ok(self.common.outside.open(url).await?),
        }
    }

    /// A whole file of at most `most` bytes.
    pub(super) async fn read(&self, url: &str, most: usize) -> Result<Bytes, FetchError> {
        match self.own_key(url) {
            Some(key) => {
                let file = self.files.get(key).ok_or(FetchError::Missing)?;
                Ok(file.content.whole(most).ok_or(FileError::TooLarge)?)
            }
            None => Ok(self.common.outside.read_within(url, most).await?),
        }
    }

    fn own_key<'a>(&self, url: &'a str) -> Option<&'a str> {
        url.strip_prefix(&self.base_url)?.strip_prefix("/files/")
    }
}
