//! Lending files without a provider's storage.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{FailureClass, FileLender, LendingError, ObjectKey, ObjectStore, ProviderError};

/// Lends by links alone. Without a public URL there are none, and nothing can be lent.
pub(crate) struct LinksOnly {
    objects: Arc<dyn ObjectStore>,
}

impl LinksOnly {
    pub(crate) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects }
    }
}

#[async_trait]
impl FileLender for LinksOnly {
    async fn lend(
        &self,
        object: &ObjectKey,
        _content_type: &str,
        lifetime: Duration,
    ) -> Result<String, LendingError> {
        if self.objects.head(object).await?.is_none() {
            return Err(LendingError::Missing(object.clone()));
        }
        self.objects.link(object, lifetime).await?.ok_or_else(|| {
            LendingError::Provider(ProviderError::new(
                FailureClass::Misconfigured,
                "no-way-to-lend",
                "a provider cannot read our files: set AISHA_WEB__PUBLIC_URL, or AISHA_FAL__KEY for FAL's storage",
            ))
        })
    }
}
