//! Removing what is no longer to be kept: photos whose time is over, and everything of a deleted avatar.

use kernel::{AccountId, AvatarId, ClaimedJob, NotifyError, ObjectStoreError};

use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarState, KindName, News, RemovalCause, RemovalReceipt};

impl AvatarService {
    /// Removes the photos of the job's avatar if their time is over. A draft that nobody touched is dropped with them.
    ///
    /// # Errors
    /// When it cannot be done now; the job is to be tried again.
    pub async fn forget_photos(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let found = self.ports.reader.find(account, AvatarId::new(job.subject)).await?;
        let Some((avatar, now)) = found else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        let is_instant = avatar.kind.as_ref().is_some_and(|kind| kind.name() == KindName::Instant);
        let retention = match &avatar.state {
            // They are what it is drawn from.
            AvatarState::Ready if is_instant => None,
            AvatarState::Ready => Some(self.policy.photo_retention),
            AvatarState::Draft
            | AvatarState::Collecting
            | AvatarState::Failed(_)
            | AvatarState::Cancelled => Some(self.policy.draft_retention),
            // Under way: its end schedules this again. Deleted: everything goes anyway.
            _ => None,
        };
        let Some(retention) = retention else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        let since = match &avatar.state {
            AvatarState::Ready => avatar.ready_at.unwrap_or(avatar.updated_at),
            _ => avatar.updated_at,
        };
        let due = since + retention;
        if now < due {
            return Ok(self.write_job(job, JobAfter::LooksAgain(due.since(now))).await?);
        }
        let photos = self.ports.reader.photos(account, avatar.id).await?;
        let bytes = self.delete_photos_of(account, avatar.id).await?;
        if avatar.state.name().is_draft() && avatar.weights.is_none() {
            tracing::info!(avatar = %avatar.id, "a draft that nobody touched was dropped");
            self.discard_draft(account, avatar.id).await?;
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        }
        let receipt = RemovalReceipt { photos: count(photos.len()), weights_bytes: 0 };
        if !photos.is_empty() {
            self.send_receipt(&avatar, RemovalCause::Retention, receipt).await?;
        }
        let mut unit = self.ports.units.begin().await?;
        for photo in &photos {
            unit.avatars().remove_photo(account, photo.id).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        unit.commit().await?;
        tracing::info!(avatar = %avatar.id, photos = photos.len(), objects = bytes, "photos were removed");
        Ok(())
    }

    /// Removes everything of the job's deleted avatar: at the trainer what still goes on, here bytes and rows.
    ///
    /// # Errors
    /// When it cannot be done now; the job is to be tried again.
    pub async fn erase(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let found = self.ports.reader.find(account, AvatarId::new(job.subject)).await?;
        let Some((avatar, now)) = found.filter(|(avatar, _)| avatar.state == AvatarState::Deleted) else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        if let Some(handle) = avatar.training.as_ref().and_then(|training| training.unwanted.clone()) {
            self.cancel_at_trainer(&avatar, &handle).await?;
        }
        let photos = self.ports.reader.photos(account, avatar.id).await?;
        self.delete_photos_of(account, avatar.id).await?;
        self.ports.objects.delete_prefix(&format!("weights/{account}/{}/", avatar.id)).await?;
        if avatar.news == News::Due {
            let weights_bytes = avatar.weights.as_ref().map_or(0, |weights| weights.bytes);
            let receipt = RemovalReceipt { photos: count(photos.len()), weights_bytes };
            self.send_receipt(&avatar, RemovalCause::Deleted, receipt).await?;
        }
        // A process that was examining or copying while it was deleted may still put something down: look once more
        // after its time.
        let is_settled = now.since(avatar.updated_at) > self.policy.copy_timeout;
        let after =
            if is_settled { JobAfter::Completes } else { JobAfter::LooksAgain(self.policy.copy_timeout * 2) };
        let mut unit = self.ports.units.begin().await?;
        if avatar.news == News::Due {
            unit.avatars().update(&Avatar { news: News::Told, weights: None, ..avatar.clone() }).await?;
        }
        unit.avatars().erase(account, avatar.id).await?;
        finish_job(unit.as_mut(), job, after).await?;
        Ok(unit.commit().await?)
    }

    async fn send_receipt(
        &self,
        avatar: &Avatar,
        why: RemovalCause,
        receipt: RemovalReceipt,
    ) -> Result<(), AvatarError> {
        match self.ports.notifier.send_receipt(avatar, why, receipt).await {
            Ok(()) | Err(NotifyError::Unreachable) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn delete_photos_of(
        &self,
        account: AccountId,
        avatar: AvatarId,
    ) -> Result<u64, ObjectStoreError> {
        let mut removed = 0;
        // Packs for trainers hold the photos, too.
        for kind in ["photos", "photo-previews", "trainings"] {
            removed += self.ports.objects.delete_prefix(&format!("{kind}/{account}/{avatar}/")).await?;
        }
        Ok(removed)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
