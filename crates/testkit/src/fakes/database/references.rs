//! Which objects rows speak of.

use async_trait::async_trait;
use gallery::Remains;
use generation::StateName;
use kernel::{
    AvatarId, ExportId, GenerationId, ObjectKey, ObjectKind, ObjectOwner, ObjectReferences, PhotoId,
    StoreError,
};

use super::MemoryDatabase;

#[async_trait]
impl ObjectReferences for MemoryDatabase {
    async fn is_needed(&self, object: &ObjectKey) -> Result<bool, StoreError> {
        let Some(ObjectOwner { kind, account, subject, part }) = object.owner() else {
            return Ok(true);
        };
        self.read("references.is_needed", |tables, _| {
            let generation = tables.generations.get(&(account, GenerationId::new(subject)));
            let is_drawn =
                generation.is_some_and(|generation| StateName::is_under_way(generation.state.name()));
            let avatar = tables.avatars.get(&(account, AvatarId::new(subject)));
            let is_trained = avatar.is_some_and(|avatar| avatar.state.name().is_under_way());
            Ok(match kind {
                ObjectKind::Attempt => is_drawn,
                ObjectKind::Image | ObjectKind::Preview => {
                    let is_kept = tables.items.values().any(|item| {
                        let is_whole = item.deleted_at.is_none() || item.remains == Remains::Whole;
                        is_whole && (item.kept.image == *object || item.kept.preview == *object)
                    });
                    is_drawn || is_kept
                }
                ObjectKind::Photo | ObjectKind::PhotoPreview => part
                    .parse()
                    .is_ok_and(|photo| tables.photos.contains_key(&(account, PhotoId::new(photo)))),
                ObjectKind::TrainingArchive => is_trained,
                ObjectKind::Weights => {
                    let named = avatar.and_then(|avatar| avatar.weights.as_ref()).is_some_and(|weights| {
                        weights.key == *object || weights.config.as_ref() == Some(object)
                    });
                    is_trained || named
                }
                ObjectKind::Export => tables.exports.contains_key(&(account, ExportId::new(subject))),
            })
        })
        .await
    }
}
