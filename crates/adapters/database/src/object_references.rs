//! Which objects rows speak of.

use async_trait::async_trait;
use kernel::{ObjectKey, ObjectKind, ObjectOwner, ObjectReferences, StoreError};
use uuid::Uuid;

use crate::Database;
use crate::statement::{fetch_optional, values};

/// An image that is shown or in the trash.
const KEPT_IMAGE: &str = "
    SELECT account_id FROM gallery_items
    WHERE account_id = $1 AND generation_id = $2 AND slot = $3 AND (deleted_at IS NULL OR restorable)";

const GENERATION_UNDER_WAY: &str = "
    SELECT account_id FROM generations
    WHERE account_id = $1 AND id = $2 AND state IN ('held', 'submitting', 'submitted')";

const PHOTO: &str = "
    SELECT account_id FROM avatar_photos WHERE account_id = $1 AND id = $3 AND avatar_id = $2";

const TRAINING_UNDER_WAY: &str = "
    SELECT account_id FROM avatars
    WHERE account_id = $1 AND id = $2 AND state IN ('queued', 'submitting', 'training', 'copying')";

/// Weights are named in what is kept of their avatar.
const WEIGHTS_IN_USE: &str = "
    SELECT account_id FROM avatars
    WHERE account_id = $1 AND id = $2 AND state <> 'deleted' AND payload LIKE '%' || $3 || '%'";

const EXPORT: &str = "SELECT account_id FROM exports WHERE account_id = $1 AND id = $2";

#[async_trait]
impl ObjectReferences for Database {
    async fn is_needed(&self, object: &ObjectKey) -> Result<bool, StoreError> {
        let Some(ObjectOwner { kind, account, subject, part }) = object.owner() else {
            return Ok(true);
        };
        let (account, of) = (account.uuid(), values![account.uuid(), subject]);
        match kind {
            ObjectKind::Image | ObjectKind::Preview => {
                let Ok(slot) = part.parse::<i64>() else {
                    return Ok(true);
                };
                let is_kept =
                    self.is_there("gallery_items", KEPT_IMAGE, values![account, subject, slot]).await?;
                Ok(is_kept || self.is_there("generations", GENERATION_UNDER_WAY, of).await?)
            }
            ObjectKind::Attempt => self.is_there("generations", GENERATION_UNDER_WAY, of).await,
            ObjectKind::Photo | ObjectKind::PhotoPreview => {
                let Ok(photo) = part.parse::<Uuid>() else {
                    return Ok(true);
                };
                self.is_there("avatar_photos", PHOTO, values![account, subject, photo]).await
            }
            ObjectKind::TrainingArchive => self.is_there("avatars", TRAINING_UNDER_WAY, of).await,
            ObjectKind::Weights => {
                let named = values![account, subject, object.as_str()];
                let is_used = self.is_there("avatars", WEIGHTS_IN_USE, named).await?;
                Ok(is_used || self.is_there("avatars", TRAINING_UNDER_WAY, of).await?)
            }
            ObjectKind::Export => self.is_there("exports", EXPORT, of).await,
        }
    }
}

impl Database {
    async fn is_there(
        &self,
        table: &'static str,
        statement: &str,
        values: Vec<sea_orm::Value>,
    ) -> Result<bool, StoreError> {
        Ok(fetch_optional(self.reader(), table, statement, values).await?.is_some())
    }
}
