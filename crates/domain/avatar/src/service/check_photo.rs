//! Examining one photo: fetched, cleaned, measured, looked at, and then accepted or not.

use bytes::Bytes;
use kernel::{
    ClaimedJob, FailureClass, ImageLimits, ImagingError, IncomingFileError, JobKind, ModerationVerdict,
    NewJob, PerceptualHash, PhotoId, PhotoReport,
};

use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::{
    Avatar, AvatarKind, AvatarState, KindName, Photo, PhotoProblem, PhotoState, is_near_duplicate,
    judge_report, judge_shape,
};

/// The longer side of the version that is looked at, in pixels.
const EXAMINED_SIDE: u32 = 1024;
/// The longer side of the version that people are shown, in pixels.
const PREVIEW_SIDE: u32 = 512;

/// What was found out about a photo.
enum Finding {
    /// It can be used.
    Good { report: Option<PhotoReport>, fingerprint: PerceptualHash },
    /// It cannot.
    Bad(PhotoProblem),
}

impl AvatarService {
    /// Examines the job's photo.
    ///
    /// # Errors
    /// When it cannot be examined now; the job is to be tried again.
    pub async fn check_photo(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let photo = self.ports.reader.photo(account, PhotoId::new(job.subject)).await?;
        let Some(photo) = photo.filter(|photo| photo.state == PhotoState::Received) else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        let avatar = self.ports.reader.find(account, photo.avatar).await?.map(|(avatar, _)| avatar);
        let Some(avatar) = avatar.filter(|avatar| avatar.state == AvatarState::Collecting) else {
            return Ok(self.write_job(job, JobAfter::Completes).await?);
        };
        let finding = match self.examine(&avatar, &photo).await? {
            Ok((report, fingerprint)) => Finding::Good { report, fingerprint },
            Err(problem) => Finding::Bad(problem),
        };
        self.write_finding(job, &avatar, &photo, finding).await
    }

    /// Gives up examining a photo: it is not accepted, and may be sent again.
    pub(super) async fn give_up_photo(&self, job: &ClaimedJob, reason: &str) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let mut unit = self.ports.units.begin().await?;
        let problem = PhotoProblem::NotExamined;
        let photo = PhotoId::new(job.subject);
        let found = self.ports.reader.photo(account, photo).await?;
        if let Some(found) = found.filter(|found| found.state == PhotoState::Received) {
            unit.avatars().set_photo(account, photo, &PhotoState::Rejected { problem }).await?;
            let review = NewJob::now(account, JobKind::ReviewPhotos, found.avatar.uuid());
            unit.jobs().schedule(&review).await?;
        }
        unit.jobs().bury(&job.claim, reason).await?;
        Ok(unit.commit().await?)
    }

    async fn examine(
        &self,
        avatar: &Avatar,
        photo: &Photo,
    ) -> Result<Result<(Option<PhotoReport>, PerceptualHash), PhotoProblem>, AvatarError> {
        let kind = avatar.kind.as_ref().map_or(KindName::Portrait, AvatarKind::name);
        let sent = match self.ports.incoming.fetch(&photo.file, ImageLimits::UPLOAD.bytes).await {
            Ok(bytes) => bytes,
            Err(IncomingFileError::TooLarge) => return Ok(Err(PhotoProblem::TooLarge)),
            Err(IncomingFileError::Gone) => return Ok(Err(PhotoProblem::Gone)),
            Err(error) => return Err(error.into()),
        };
        let clean = match self.ports.imaging.clean(sent, ImageLimits::UPLOAD).await {
            Ok(clean) => clean,
            Err(ImagingError::NotAnImage(_)) => return Ok(Err(PhotoProblem::NotAnImage)),
            Err(ImagingError::TooLarge) => return Ok(Err(PhotoProblem::TooLarge)),
            Err(error) => return Err(error.into()),
        };
        if let Some(problem) = judge_shape(&clean.info, &self.policy) {
            return Ok(Err(problem));
        }
        let limits = ImageLimits::UPLOAD;
        let fingerprint = self.ports.imaging.fingerprint(clean.bytes.clone(), limits).await?;
        let others = self.ports.reader.photos(avatar.account, avatar.id).await?;
        if is_near_duplicate(fingerprint, fingerprints(&others, photo.id), &self.policy) {
            return Ok(Err(PhotoProblem::NearDuplicate));
        }
        let examined = self.ports.imaging.preview(clean.bytes.clone(), EXAMINED_SIDE, limits).await?;
        let report = match self.look_at(kind, &examined).await? {
            Ok(report) => report,
            Err(problem) => return Ok(Err(problem)),
        };
        let small = self.ports.imaging.preview(examined, PREVIEW_SIDE, limits).await?;
        // The bytes are there before the row says so.
        self.ports.objects.put(&photo.key(), clean.bytes, clean.info.format.media_type()).await?;
        self.ports.objects.put(&photo.preview_key(), small, "image/jpeg").await?;
        Ok(Ok((report, fingerprint)))
    }

    /// The safety check and the look at the picture. Photos of people are not accepted without either.
    async fn look_at(
        &self,
        kind: KindName,
        photo: &Bytes,
    ) -> Result<Result<Option<PhotoReport>, PhotoProblem>, AvatarError> {
        if let Some(moderator) = &self.ports.moderator {
            match moderator.review_photo(photo).await {
                Ok(ModerationVerdict::Allowed) => {}
                Ok(ModerationVerdict::Flagged(_)) => return Ok(Err(PhotoProblem::Unsafe)),
                Err(error) if error.class == FailureClass::Refused => return Ok(Err(PhotoProblem::Unsafe)),
                Err(error) => {
                    self.heed_helper(&error).await?;
                    return Err(error.into());
                }
            }
        }
        let Some(analyst) = &self.ports.analyst else {
            return Ok(if kind.shows_a_person() { Err(PhotoProblem::NotExamined) } else { Ok(None) });
        };
        match analyst.examine(photo).await {
            Ok(report) => Ok(match judge_report(&report, kind) {
                Some(problem) => Err(problem),
                None => Ok(Some(report)),
            }),
            Err(error) if error.class == FailureClass::Refused => Ok(Err(PhotoProblem::Unsafe)),
            Err(error) if error.class == FailureClass::Invalid => Ok(Err(PhotoProblem::NotAnImage)),
            Err(error) => {
                self.heed_helper(&error).await?;
                Err(error.into())
            }
        }
    }

    async fn write_finding(
        &self,
        job: &ClaimedJob,
        avatar: &Avatar,
        photo: &Photo,
        finding: Finding,
    ) -> Result<(), AvatarError> {
        let account = job.claim.account;
        let mut unit = self.ports.units.begin().await?;
        let present = unit.avatars().load(account, avatar.id).await?;
        let photos = unit.avatars().photos(account, avatar.id).await?;
        let is_wanted = present.as_ref().is_some_and(|avatar| avatar.state == AvatarState::Collecting)
            && photos.iter().any(|other| other.id == photo.id && other.state == PhotoState::Received);
        let mut keeps_bytes = false;
        if is_wanted {
            // Two of a kind may have been looked at at the same time; under the lock one of them is the second.
            let state = match finding {
                Finding::Good { fingerprint, .. }
                    if is_near_duplicate(fingerprint, fingerprints(&photos, photo.id), &self.policy) =>
                {
                    PhotoState::Rejected { problem: PhotoProblem::NearDuplicate }
                }
                Finding::Good { report, fingerprint } => PhotoState::Accepted { report, fingerprint },
                Finding::Bad(problem) => PhotoState::Rejected { problem },
            };
            keeps_bytes = matches!(state, PhotoState::Accepted { .. });
            unit.avatars().set_photo(account, photo.id, &state).await?;
            let review = NewJob::now(account, JobKind::ReviewPhotos, avatar.id.uuid());
            unit.jobs().schedule(&review).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        unit.commit().await?;
        if is_wanted {
            self.wake(&NewJob::now(account, JobKind::ReviewPhotos, avatar.id.uuid())).await;
        }
        if !keeps_bytes {
            self.delete_photo_bytes(photo).await?;
        }
        Ok(())
    }
}

fn fingerprints(photos: &[Photo], except: PhotoId) -> impl Iterator<Item = PerceptualHash> {
    photos.iter().filter(move |photo| photo.id != except).filter_map(|photo| match photo.state {
        PhotoState::Accepted { fingerprint, .. } => Some(fingerprint),
        _ => None,
    })
}
