//! Photos as they come and go, while an avatar is put together.

use bytes::Bytes;
use kernel::{
    AccountId, AvatarId, IncomingFileId, JobKind, MessageId, NewJob, ObjectStoreError, PhotoId, StoreError,
};

use super::{AvatarError, AvatarService};
use crate::{
    Avatar, AvatarState, Collection, NewPhoto, Photo, PhotoAdded, PhotoState, PhotoStateName, WizardStep,
    score_set,
};

/// A photo as the messenger brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingPhoto {
    /// The messenger's id of the file.
    pub file: IncomingFileId,
    /// The messenger's lasting id of the file.
    pub unique_file: String,
    /// The message that brought it.
    pub message: MessageId,
}

/// What became of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoOutcome {
    /// What the avatar did with it.
    Taken(PhotoAdded),
    /// The avatar does not collect photos (any more).
    NoDraft,
}

impl AvatarService {
    /// Takes a photo in, to be examined by a job.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_photo(
        &self,
        account: AccountId,
        avatar: AvatarId,
        photo: &IncomingPhoto,
    ) -> Result<PhotoOutcome, StoreError> {
        let new = NewPhoto {
            id: PhotoId::new(self.ports.ids.uuid()),
            file: photo.file.clone(),
            unique_file: photo.unique_file.clone(),
            message: photo.message,
        };
        let mut unit = self.ports.units.begin().await?;
        let Some(found) = unit.avatars().load(account, avatar).await? else {
            return Ok(PhotoOutcome::NoDraft);
        };
        let (AvatarState::Collecting, Some(kind)) = (&found.state, &found.kind) else {
            return Ok(PhotoOutcome::NoDraft);
        };
        let added = unit.avatars().add_photo(account, avatar, &new, kind.name().max_photos()).await?;
        if added != PhotoAdded::New {
            return Ok(PhotoOutcome::Taken(added));
        }
        if found.step != WizardStep::Photos {
            // Whoever had gone on is back at the photos.
            unit.avatars().update(&Avatar { step: WizardStep::Photos, ..found }).await?;
        }
        let job = NewJob::now(account, JobKind::CheckPhoto, new.id.uuid());
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        self.wake(&job).await;
        Ok(PhotoOutcome::Taken(added))
    }

    /// The avatar's photos, in the order in which they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn photos(&self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        self.ports.reader.photos(account, avatar).await
    }

    /// A photo's small version; `None` when it is gone.
    ///
    /// # Errors
    /// When the object store fails.
    pub async fn photo_preview(&self, photo: &Photo) -> Result<Option<Bytes>, ObjectStoreError> {
        self.ports.objects.get(&photo.preview_key()).await
    }

    /// Takes a photo out again; `false` when it is not there, or the avatar no longer collects.
    ///
    /// # Errors
    /// When the database or the object store fails.
    pub async fn remove_photo(
        &self,
        account: AccountId,
        avatar: AvatarId,
        photo: PhotoId,
    ) -> Result<bool, AvatarError> {
        let Some(found) =
            self.ports.reader.photo(account, photo).await?.filter(|found| found.avatar == avatar)
        else {
            return Ok(false);
        };
        let mut unit = self.ports.units.begin().await?;
        let still = unit.avatars().load(account, avatar).await?;
        if still.is_none_or(|avatar| avatar.state != AvatarState::Collecting) {
            return Ok(false);
        }
        let removed = unit.avatars().remove_photo(account, photo).await?;
        let job = NewJob::now(account, JobKind::ReviewPhotos, avatar.uuid());
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        self.wake(&job).await;
        // The row first: whoever orders the training meanwhile finds a photo with its bytes, or none.
        if let Err(error) = self.delete_photo_bytes(&found).await {
            tracing::warn!(%avatar, %error, "a photo's bytes stay until the job that forgets photos");
        }
        Ok(removed)
    }

    /// How the collecting of photos goes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn collection(&self, avatar: &Avatar) -> Result<Collection, StoreError> {
        let photos = self.ports.reader.photos(avatar.account, avatar.id).await?;
        Ok(collection_of(avatar, &photos))
    }

    pub(super) async fn delete_photo_bytes(&self, photo: &Photo) -> Result<(), ObjectStoreError> {
        self.ports.objects.delete(&photo.key()).await?;
        self.ports.objects.delete(&photo.preview_key()).await
    }
}

/// How the collecting of photos goes, going by the photos.
pub(super) fn collection_of(avatar: &Avatar, photos: &[Photo]) -> Collection {
    let count = |name: PhotoStateName| {
        let number = photos.iter().filter(|photo| photo.state.name() == name).count();
        u8::try_from(number).unwrap_or(u8::MAX)
    };
    let accepted = count(PhotoStateName::Accepted);
    let reports: Vec<_> = photos.iter().filter_map(Photo::report).collect();
    let rejected = photos
        .iter()
        .filter_map(|photo| match photo.state {
            PhotoState::Rejected { problem } => Some((photo.message, problem)),
            _ => None,
        })
        .collect();
    let kind = avatar.kind.as_ref().map_or(crate::KindName::Portrait, crate::AvatarKind::name);
    Collection {
        accepted,
        waiting: count(PhotoStateName::Received),
        rejected,
        score: score_set(kind, usize::from(accepted), &reports),
    }
}
