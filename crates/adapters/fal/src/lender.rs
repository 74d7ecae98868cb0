//! Lending stored objects to FAL.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{FileLender, LendingError, ObjectKey, ObjectStore};
use std::sync::Arc;

use crate::storage::{Storage, Upload};
use crate::{FalSettings, SetupError};

/// Lends objects by links of the object store where it makes any, else by copies in FAL's storage that FAL deletes
/// after the time for which they were lent.
pub struct FalFileLender {
    objects: Arc<dyn ObjectStore>,
    storage: Storage,
}

impl FalFileLender {
    /// A lender of the objects in `objects`.
    ///
    /// # Errors
    /// When a setting cannot be used, or no HTTP client can be set up.
    pub fn new(settings: &FalSettings, objects: Arc<dyn ObjectStore>) -> Result<Self, SetupError> {
        Ok(Self { objects, storage: Storage::new(settings)? })
    }
}

#[async_trait]
impl FileLender for FalFileLender {
    async fn lend(
        &self,
        object: &ObjectKey,
        content_type: &str,
        lifetime: Duration,
    ) -> Result<String, LendingError> {
        let missing = || LendingError::Missing(object.clone());
        if let Some(address) = self.objects.link(object, lifetime).await? {
            // A link can be made to what is not there.
            self.objects.head(object).await?.ok_or_else(missing)?;
            return Ok(address);
        }
        let opened = self.objects.open(object).await?.ok_or_else(missing)?;
        let name = object.as_str().rsplit('/').next().unwrap_or_default();
        Ok(self.storage.upload(Upload { name, content_type, lifetime }, opened).await?)
    }
}
