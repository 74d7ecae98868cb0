//! Looking at the set as a whole: whether it shows one person, and what the person is told of it.

use std::collections::BTreeSet;

use kernel::{AvatarId, ClaimedJob, FailureClass, PhotoId};

use super::photos::collection_of;
use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarKind, AvatarState, KindName, Photo, PhotoProblem, PhotoState, PhotoStateName};

impl AvatarService {
    /// Compares the photos of the job's draft once they are enough, and shows the person how it goes.
    ///
    /// # Errors
    /// When it cannot be done now; the job is to be tried again.
    pub async fn review_photos(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let id = AvatarId::new(job.subject);
        let found = self.ports.reader.find(account, id).await?.map(|(avatar, _)| avatar);
        let Some(avatar) = found.filter(|avatar| avatar.state == AvatarState::Collecting) else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        let photos = self.ports.reader.photos(account, id).await?;
        let compared = if is_to_be_compared(&avatar, &photos) {
            // The counter first: looking takes a while.
            self.notify_of_collection(&avatar, &photos).await?;
            self.compare(&avatar, &photos).await?
        } else {
            None
        };
        let mut unit = self.ports.units.begin().await?;
        let Some(mut present) = unit.avatars().load(account, id).await? else {
            finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
            return Ok(unit.commit().await?);
        };
        if let Some(verdict) = compared
            && present.state == AvatarState::Collecting
        {
            for outlier in &verdict.outliers {
                let state = PhotoState::Rejected { problem: PhotoProblem::AnotherPerson };
                unit.avatars().set_photo(account, *outlier, &state).await?;
            }
            present.compared = verdict.of_one_person;
            if let Some(kind) = present.kind.take() {
                present.kind = Some(kind.with_traits(verdict.traits));
            }
            present = unit.avatars().update(&present).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        unit.commit().await?;

        let photos = self.ports.reader.photos(account, id).await?;
        let message = self.notify_of_collection(&present, &photos).await?;
        let mut unit = self.ports.units.begin().await?;
        if message.is_some()
            && message != present.audience.progress_message
            && let Some(mut latest) = unit.avatars().load(account, id).await?
        {
            latest.audience.progress_message = message;
            unit.avatars().update(&latest).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        unit.commit().await?;
        for photo in photos.iter().filter(|photo| photo.state.name() == PhotoStateName::Rejected) {
            self.delete_photo_bytes(photo).await?;
        }
        Ok(())
    }

    async fn notify_of_collection(
        &self,
        avatar: &Avatar,
        photos: &[Photo],
    ) -> Result<Option<kernel::MessageId>, AvatarError> {
        match self.ports.notifier.show_collection(avatar, &collection_of(avatar, photos)).await {
            Ok(message) => Ok(message),
            Err(kernel::NotifyError::Unreachable) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Compares the accepted photos; nothing when there is nobody to ask or the photos are gone.
    async fn compare(&self, avatar: &Avatar, photos: &[Photo]) -> Result<Option<Verdict>, AvatarError> {
        let Some(analyst) = &self.ports.analyst else {
            return Ok(None);
        };
        let mut ids = Vec::new();
        let mut small = Vec::new();
        for photo in accepted(photos) {
            if let Some(bytes) = self.ports.objects.get(&photo.preview_key()).await? {
                ids.push(photo.id);
                small.push(bytes);
            }
        }
        let outliers: BTreeSet<PhotoId> = if small.len() < 2 {
            BTreeSet::new()
        } else {
            match analyst.compare(&small).await {
                Ok(comparison) => {
                    comparison.outliers.into_iter().filter_map(|place| ids.get(place).copied()).collect()
                }
                // Whoever refuses to look at them has seen something that no avatar may be made of.
                Err(error) if error.class == FailureClass::Refused => ids.iter().copied().collect(),
                Err(error) => {
                    self.heed_helper(&error).await?;
                    return Err(error.into());
                }
            }
        };
        tracing::info!(avatar = %avatar.id, photos = ids.len(), outliers = outliers.len(), "photos were compared");
        let traits = accepted(photos)
            .filter(|photo| !outliers.contains(&photo.id))
            .filter_map(Photo::report)
            .map(|report| report.traits.trim())
            .find(|traits| !traits.is_empty())
            .unwrap_or_default()
            .to_owned();
        let of_one_person = ids.into_iter().filter(|id| !outliers.contains(id)).collect();
        Ok(Some(Verdict { outliers, of_one_person, traits }))
    }
}

struct Verdict {
    outliers: BTreeSet<PhotoId>,
    of_one_person: BTreeSet<PhotoId>,
    traits: String,
}

/// Whether the set is complete enough to be compared, and was not compared as it is.
fn is_to_be_compared(avatar: &Avatar, photos: &[Photo]) -> bool {
    let kind = avatar.kind.as_ref().map_or(KindName::Portrait, AvatarKind::name);
    let is_waiting = photos.iter().any(|photo| photo.state == PhotoState::Received);
    let set = accepted_ids(photos);
    kind.shows_a_person()
        && !is_waiting
        && set.len() >= usize::from(kind.min_photos())
        && set != avatar.compared
}

fn accepted(photos: &[Photo]) -> impl Iterator<Item = &Photo> {
    photos.iter().filter(|photo| photo.state.name() == PhotoStateName::Accepted)
}

/// The photos that can be used.
pub(super) fn accepted_ids(photos: &[Photo]) -> BTreeSet<PhotoId> {
    accepted(photos).map(|photo| photo.id).collect()
}
