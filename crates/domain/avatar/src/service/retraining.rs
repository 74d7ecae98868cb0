//! Another training: for an avatar that does not look like its person, and after one that came to nothing.

use kernel::{AccountId, Audience, AvatarId, JobKind, NewJob, StoreError, Timestamp};

use super::AvatarService;
use super::draft::forget_photos_job;
use crate::{Avatar, AvatarState, KindName, News, NextTraining, UnitOfWork, WizardStep};

/// Whether an avatar that does not look like its person is trained again for free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retraining {
    /// It is.
    Offered {
        /// Until when.
        until: Timestamp,
        /// How many more images of it may be drawn before it is not.
        images_left: u32,
    },
    /// It is not, or not any more.
    Over,
}

impl AvatarService {
    /// Whether the avatar can be trained again for free.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retraining(&self, avatar: &Avatar) -> Result<Retraining, StoreError> {
        let kind = avatar.kind.as_ref().map(crate::AvatarKind::name);
        let (AvatarState::Ready, Some(KindName::Portrait), Some(ready_at)) =
            (&avatar.state, kind, avatar.ready_at)
        else {
            return Ok(Retraining::Over);
        };
        // Once: the one that was free is not followed by another.
        let was_free = avatar.training.as_ref().is_some_and(crate::Training::used_the_free_one);
        let until = ready_at + self.policy.retraining_window;
        let Some((_, now)) = self.ports.reader.find(avatar.account, avatar.id).await? else {
            return Ok(Retraining::Over);
        };
        let drawn = self.ports.gallery.drawn_with(avatar.account, avatar.id).await?;
        let images_left =
            u64::from(self.policy.retraining_images).saturating_sub(drawn).try_into().unwrap_or(u32::MAX);
        if was_free || now >= until || images_left == 0 {
            return Ok(Retraining::Over);
        }
        Ok(Retraining::Offered { until, images_left })
    }

    /// Begins a free training with new photos; `None` when it is not offered. The former weights stay in use until the
    /// new ones are there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_retraining(
        &self,
        account: AccountId,
        id: AvatarId,
        audience: Audience,
    ) -> Result<Option<Avatar>, StoreError> {
        let Some((seen, _)) = self.ports.reader.find(account, id).await? else {
            return Ok(None);
        };
        if self.retraining(&seen).await? == Retraining::Over {
            return Ok(None);
        }
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| avatar.version == seen.version) else {
            return Ok(None);
        };
        // The photos that taught it wrong go.
        let former = unit.avatars().photos(account, id).await?;
        for photo in &former {
            unit.avatars().remove_photo(account, photo.id).await?;
        }
        let next = Avatar { compared: std::collections::BTreeSet::new(), ..avatar };
        let begun = self.collect_again(unit.as_mut(), next, NextTraining::FreeRetraining, audience).await?;
        unit.commit().await?;
        for photo in &former {
            if let Err(error) = self.delete_photo_bytes(photo).await {
                tracing::warn!(avatar = %id, %error, "a photo's bytes stay until the job that forgets photos");
            }
        }
        Ok(Some(begun))
    }

    /// Begins a free second try after a training that came to nothing, with the photos that are there; `None` when there
    /// is none to be had.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_second_try(
        &self,
        account: AccountId,
        id: AvatarId,
        audience: Audience,
    ) -> Result<Option<Avatar>, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let can_be_tried =
            |state: &AvatarState| matches!(state, AvatarState::Failed(_) | AvatarState::Cancelled);
        let Some(avatar) = found.filter(|avatar| can_be_tried(&avatar.state)) else {
            return Ok(None);
        };
        let next_training = avatar.next_training;
        let begun = self.collect_again(unit.as_mut(), avatar, next_training, audience).await?;
        let job = NewJob::now(account, JobKind::ReviewPhotos, id.uuid());
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        self.wake(&job).await;
        Ok(Some(begun))
    }

    async fn collect_again(
        &self,
        unit: &mut dyn UnitOfWork,
        avatar: Avatar,
        next_training: NextTraining,
        audience: Audience,
    ) -> Result<Avatar, StoreError> {
        let job = forget_photos_job(&avatar).after(self.policy.draft_retention);
        let begun = unit
            .avatars()
            .update(&Avatar {
                state: AvatarState::Collecting,
                step: WizardStep::Photos,
                news: News::None,
                next_training,
                audience,
                ..avatar
            })
            .await?;
        unit.jobs().schedule(&job).await?;
        Ok(begun)
    }
}
