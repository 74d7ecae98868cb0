//! Files that people send, by Telegram's ids.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{IncomingFileError, IncomingFileId, IncomingFiles, ProviderError};

use super::{FileId, TelegramApi, TelegramError};

/// The largest file that Telegram hands out to bots, in bytes.
pub(crate) const LARGEST_FILE: u64 = 20 * 1024 * 1024;

/// Files that people send in Telegram.
pub struct TelegramFiles {
    telegram: Arc<dyn TelegramApi>,
}

impl TelegramFiles {
    /// Files from this Telegram.
    pub const fn new(telegram: Arc<dyn TelegramApi>) -> Self {
        Self { telegram }
    }
}

#[async_trait]
impl IncomingFiles for TelegramFiles {
    async fn fetch(&self, file: &IncomingFileId, limit: usize) -> Result<Bytes, IncomingFileError> {
        let id = FileId(file.as_str().to_owned());
        self.telegram.fetch_file(&id, limit).await.map_err(|error| match error {
            TelegramError::FileTooLarge => IncomingFileError::TooLarge,
            TelegramError::UnknownFile => IncomingFileError::Gone,
            TelegramError::Failed(error) => IncomingFileError::Failed(error),
            other => {
                let failure = ProviderError::new(other.class(), other.code(), other.to_string());
                IncomingFileError::Failed(failure)
            }
        })
    }
}
