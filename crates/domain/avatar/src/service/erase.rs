//! Removing what is no longer to be kept: photos whose time is over, and everything of a deleted avatar.

use std::collections::BTreeSet;

use kernel::{AccountId, AvatarId, ClaimedJob, NotifyError, ObjectKey, ObjectStoreError, StoreError};

use super::draft::drop_draft;
use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarState, News, RemovalCause, RemovalReceipt, UnitOfWork, machine};

/// How many objects are listed at once.
const LISTED: u16 = 200;

impl AvatarService {
    /// Removes the photos of the job's avatar if their time is over. A draft that nobody touched is dropped with them.
    ///
    /// Whether it is over is decided, and the rows go, under the avatar's lock: whoever begins a second try meanwhile
    /// either finds the photos and keeps them, or finds none. Bytes follow once nobody can come by them any more.
    ///
    /// # Errors
    /// When it cannot be done now; the job is to be tried again.
    pub async fn forget_photos(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let Some(avatar) = self.give_up_photos(job).await? else {
            return Ok(());
        };
        let removed = self.delete_photos_of_nobody(&avatar).await?;
        self.delete_packs_until_now(&avatar).await?;
        if avatar.leaving_photos > 0 {
            let receipt = RemovalReceipt { photos: avatar.leaving_photos, weights_bytes: 0 };
            self.send_receipt(&avatar, RemovalCause::Retention, receipt).await?;
        }
        let mut unit = self.ports.units.begin().await?;
        let present = unit.avatars().load(avatar.account, avatar.id).await?;
        if let Some(present) = present.filter(|present| present.leaving_photos > 0) {
            unit.avatars().update(&Avatar { leaving_photos: 0, ..present }).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        unit.commit().await?;
        tracing::info!(avatar = %avatar.id, photos = avatar.leaving_photos, objects = removed, "photos were removed");
        Ok(())
    }

    /// Takes the photos from an avatar whose photos' time is over; it, when their bytes are to go now. Otherwise the job
    /// is done, or waits for that time.
    async fn give_up_photos(&self, job: &ClaimedJob) -> Result<Option<Avatar>, AvatarError> {
        let account = job.claim.account;
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, AvatarId::new(job.subject)).await?;
        let now = unit.now().await?;
        let after = match found {
            // What an earlier run gave up.
            Some(avatar) if avatar.leaving_photos > 0 && avatar.state != AvatarState::Deleted => {
                return Ok(Some(avatar));
            }
            Some(avatar) => match machine::photos_go_at(&avatar, &self.policy) {
                Some(due) if now < due => JobAfter::LooksAgain(due.since(now)),
                Some(_) if avatar.state.name().is_draft() && avatar.weights.is_none() => {
                    tracing::info!(avatar = %avatar.id, "a draft that nobody touched was dropped");
                    drop_draft(unit.as_mut(), &avatar).await?;
                    JobAfter::Completes
                }
                Some(_) => {
                    let given_up = take_photos(unit.as_mut(), avatar).await?;
                    finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
                    unit.commit().await?;
                    return Ok(Some(given_up));
                }
                None => JobAfter::Completes,
            },
            None => JobAfter::Completes,
        };
        finish_job(unit.as_mut(), job, after).await?;
        unit.commit().await?;
        Ok(None)
    }

    /// Removes the bytes of photos that have no row. A photo has its row before it has bytes, so that one which is just
    /// coming in is told from one that is gone by looking for rows after looking for bytes.
    async fn delete_photos_of_nobody(&self, avatar: &Avatar) -> Result<u32, AvatarError> {
        let mut removed = 0;
        for kind in ["photos", "photo-previews"] {
            let prefix = format!("{kind}/{}/{}/", avatar.account, avatar.id);
            let mut after = None;
            loop {
                let found = self.ports.objects.list(&prefix, after.as_ref(), LISTED).await?;
                let Some(last) = found.last() else {
                    break;
                };
                after = Some(last.key.clone());
                let photos = self.ports.reader.photos(avatar.account, avatar.id).await?;
                let kept: BTreeSet<_> =
                    photos.iter().flat_map(|photo| [photo.key(), photo.preview_key()]).collect();
                for object in found.iter().filter(|object| !kept.contains(&object.key)) {
                    self.ports.objects.delete(&object.key).await?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    /// Packs for trainers hold the photos, too. What a second try has packed meanwhile stays: packs are looked for before
    /// it is asked whether there is one.
    async fn delete_packs_until_now(&self, avatar: &Avatar) -> Result<(), AvatarError> {
        let (account, id) = (avatar.account, avatar.id);
        let attempts = avatar.training.as_ref().map_or(0, |training| training.attempt);
        let made: BTreeSet<_> =
            (1..=attempts).map(|attempt| ObjectKey::training_archive(account, id, attempt)).collect();
        let mut after = None;
        loop {
            let found = self
                .ports
                .objects
                .list(&format!("trainings/{account}/{id}/"), after.as_ref(), LISTED)
                .await?;
            let Some(last) = found.last() else {
                break;
            };
            after = Some(last.key.clone());
            let present = self.ports.reader.find(account, id).await?;
            let is_tried_again = present.is_some_and(|(present, _)| present.state.name().is_under_way());
            for pack in found.iter().filter(|pack| !is_tried_again || made.contains(&pack.key)) {
                self.ports.objects.delete(&pack.key).await?;
            }
        }
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
        let rows = self.ports.reader.photos(account, avatar.id).await?.len();
        let photos = count(rows) + avatar.leaving_photos;
        self.delete_photos_of(account, avatar.id).await?;
        self.ports.objects.delete_prefix(&format!("weights/{account}/{}/", avatar.id)).await?;
        if avatar.news == News::Due {
            let weights_bytes = avatar.weights.as_ref().map_or(0, |weights| weights.bytes);
            let receipt = RemovalReceipt { photos, weights_bytes };
            self.send_receipt(&avatar, RemovalCause::Deleted, receipt).await?;
        }
        // A process that was examining or copying while it was deleted may still put something down: look once more
        // after its time.
        let is_settled = now.since(avatar.updated_at) > self.policy.copy_timeout;
        let after =
            if is_settled { JobAfter::Completes } else { JobAfter::LooksAgain(self.policy.copy_timeout * 2) };
        let mut unit = self.ports.units.begin().await?;
        let settled = settled(&avatar);
        if settled != avatar {
            unit.avatars().update(&settled).await?;
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

/// A deleted avatar whose work was taken back at the trainer and whose person was told.
fn settled(avatar: &Avatar) -> Avatar {
    let mut settled = avatar.clone();
    if let Some(training) = &mut settled.training {
        training.unwanted = None;
    }
    if settled.news == News::Due {
        settled.news = News::Told;
        settled.weights = None;
    }
    settled
}

/// Removes the rows of an avatar's photos within a unit; the avatar, which remembers how many there were.
async fn take_photos(unit: &mut dyn UnitOfWork, avatar: Avatar) -> Result<Avatar, StoreError> {
    let photos = unit.avatars().photos(avatar.account, avatar.id).await?;
    for photo in &photos {
        unit.avatars().remove_photo(avatar.account, photo.id).await?;
    }
    // A draft to be trained again that nobody touched is as it was before.
    let avatar = if avatar.state.name().is_draft() { drop_draft(unit, &avatar).await? } else { avatar };
    if photos.is_empty() {
        return Ok(avatar);
    }
    let compared = BTreeSet::new();
    unit.avatars().update(&Avatar { leaving_photos: count(photos.len()), compared, ..avatar }).await
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
