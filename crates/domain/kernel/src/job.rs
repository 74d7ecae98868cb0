//! Jobs: rows that say "look at X", kept in the database beside the state that they continue.

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;
use uuid::Uuid;

use crate::{AccountId, FencingToken, JobId, StoreError, Timestamp, Urgency, WakeUp};

/// What a job asks for. The stored name never changes; a new meaning gets a new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Move the generation `subject` as far as it will go.
    AdvanceGeneration,
    /// Remove the stored bytes of the deleted gallery item `subject`.
    EraseGalleryItem,
    /// Fetch, clean and examine the photo `subject` that was sent for an avatar.
    CheckPhoto,
    /// See whether the photos of the draft `subject` are enough, and tell the person.
    ReviewPhotos,
    /// Move the training of the avatar `subject` as far as it will go.
    AdvanceTraining,
    /// Ask for the free preview images of the avatar `subject`, which has become ready.
    DrawPreviews,
    /// Remove the photos of the avatar `subject`, whose time is over.
    ForgetPhotos,
    /// Remove everything that belongs to the deleted avatar `subject`.
    EraseAvatar,
    /// Answer the request `subject` for help with words, voice or a photo.
    AnswerHelp,
    /// Pack what the request `subject` asks for and hand it to the person.
    PackExport,
    /// Erase the account `subject`.
    EraseAccount,
}

/// A stored job kind that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown job kind {0:?}")]
pub struct UnknownJobKind(pub String);

impl JobKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::AdvanceGeneration,
        Self::EraseGalleryItem,
        Self::CheckPhoto,
        Self::ReviewPhotos,
        Self::AdvanceTraining,
        Self::DrawPreviews,
        Self::ForgetPhotos,
        Self::EraseAvatar,
        Self::AnswerHelp,
        Self::PackExport,
        Self::EraseAccount,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AdvanceGeneration => "advance-generation",
            Self::EraseGalleryItem => "erase-gallery-item",
            Self::CheckPhoto => "check-photo",
            Self::ReviewPhotos => "review-photos",
            Self::AdvanceTraining => "advance-training",
            Self::DrawPreviews => "draw-previews",
            Self::ForgetPhotos => "forget-photos",
            Self::EraseAvatar => "erase-avatar",
            Self::AnswerHelp => "answer-help",
            Self::PackExport => "pack-export",
            Self::EraseAccount => "erase-account",
        }
    }

    /// How soon somebody should look at a job of this kind.
    pub const fn urgency(self) -> Urgency {
        match self {
            Self::AdvanceGeneration
            | Self::CheckPhoto
            | Self::ReviewPhotos
            | Self::AdvanceTraining
            | Self::AnswerHelp
            | Self::PackExport => Urgency::PersonWaits,
            Self::EraseGalleryItem
            | Self::DrawPreviews
            | Self::ForgetPhotos
            | Self::EraseAvatar
            | Self::EraseAccount => Urgency::Background,
        }
    }

    /// How often a job of this kind may be claimed without completing before it is buried.
    pub const fn max_attempts(self) -> u32 {
        match self {
            Self::CheckPhoto | Self::ReviewPhotos | Self::AnswerHelp | Self::PackExport => 8,
            Self::AdvanceGeneration | Self::AdvanceTraining | Self::DrawPreviews => 16,
            // What must go is asked to go for longer.
            Self::EraseGalleryItem | Self::ForgetPhotos | Self::EraseAvatar | Self::EraseAccount => 20,
        }
    }
}

impl FromStr for JobKind {
    type Err = UnknownJobKind;

    fn from_str(name: &str) -> Result<Self, UnknownJobKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownJobKind(name.to_owned()))
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time and a worker.
    Ready,
    /// Claimed by a worker whose lease may or may not still hold.
    Running,
    /// Completed.
    Done,
    /// Given up; its compensation has run.
    Buried,
}

/// A job to be scheduled. Its id is [`JobId::of`] its kind and subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewJob {
    /// Whose job.
    pub account: AccountId,
    /// What to do.
    pub kind: JobKind,
    /// About what.
    pub subject: Uuid,
    /// How long to wait, counted by the database's clock. Zero: now.
    pub delay: Duration,
}

impl NewJob {
    /// A job for now.
    pub const fn now(account: AccountId, kind: JobKind, subject: Uuid) -> Self {
        Self { account, kind, subject, delay: Duration::ZERO }
    }

    /// The same job for later.
    #[must_use]
    pub const fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The job's id.
    pub fn id(&self) -> JobId {
        JobId::of(self.kind, self.subject)
    }

    /// The wake-up that tells a worker of it.
    pub fn wake_up(&self) -> WakeUp {
        WakeUp { account: self.account, job: self.id(), urgency: self.kind.urgency() }
    }
}

/// The proof of a claim. Everything that a worker writes is written under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobClaim {
    /// Whose job.
    pub account: AccountId,
    /// Which job.
    pub job: JobId,
    /// The token of this very claim.
    pub token: FencingToken,
}

/// A job that this process has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The proof.
    pub claim: JobClaim,
    /// What to do.
    pub kind: JobKind,
    /// About what.
    pub subject: Uuid,
    /// Which claim without completion this is, from 1.
    pub attempt: u32,
}

impl ClaimedJob {
    /// Whether the job has been claimed more often than its kind allows: do not run it, run its compensation and bury it.
    pub const fn is_exhausted(&self) -> bool {
        self.attempt > self.kind.max_attempts()
    }
}

/// A job as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// Whose job.
    pub account: AccountId,
    /// Which job.
    pub job: JobId,
    /// What to do.
    pub kind: JobKind,
    /// About what.
    pub subject: Uuid,
    /// Where it stands.
    pub state: JobState,
    /// Claims without completion so far.
    pub attempt: u32,
    /// When it is due.
    pub run_at: Timestamp,
    /// Why it last failed or was buried.
    pub reason: Option<String>,
}

/// The part of a unit of work that schedules and ends jobs.
///
/// **Contract**
/// - `schedule` of a job that does not exist, is done or is buried MUST make it ready at its time with no attempts counted.
/// - `schedule` of a ready job MUST keep the earlier of both times.
/// - `schedule` of a running job MUST make it due again once its claim is completed, so that no nudge is lost.
/// - `confirm` and `complete` under a claim that is no longer held MUST fail with `Superseded`.
/// - `complete` MUST make the job done, or ready at once when it was scheduled during the claim.
/// - `bury` MUST keep the reason.
/// - Nothing MUST be visible before the unit commits.
#[async_trait]
pub trait JobWriter: Send {
    /// Makes sure that the job will run.
    async fn schedule(&mut self, job: &NewJob) -> Result<(), StoreError>;

    /// Makes sure that the claim is still held, and keeps it so until the unit ends.
    async fn confirm(&mut self, claim: &JobClaim) -> Result<(), StoreError>;

    /// Ends the claim: the job is done.
    async fn complete(&mut self, claim: &JobClaim) -> Result<(), StoreError>;

    /// Ends the claim: the job is given up for `reason`.
    async fn bury(&mut self, claim: &JobClaim, reason: &str) -> Result<(), StoreError>;
}

/// Jobs as workers and operators use them, each call on its own.
///
/// **Contract**
/// - `claim` MUST take a job only when it is ready and due, or running with an expired lease, by the database's clock.
/// - Of any number of concurrent claims exactly one MUST succeed.
/// - `claim` MUST count an attempt and draw a new token.
/// - `extend`, `hand_back` and `retry` under a stale token MUST fail with `Superseded` and change nothing.
/// - `hand_back` MUST take the attempt back and make the job due now.
/// - `retry` MUST keep the attempt, the reason, and make the job due after the delay.
/// - `due` MUST list only claimable jobs, the longest due first, and change nothing.
/// - `revive` MUST make a buried job ready with no attempts counted, and leave any other job alone.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims the job for `lease`, if it can be claimed.
    async fn claim(
        &self,
        account: AccountId,
        job: JobId,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError>;

    /// Holds on to the claim for another `lease` from now.
    async fn extend(&self, claim: &JobClaim, lease: Duration) -> Result<(), StoreError>;

    /// Gives the job back untouched, as at a shutdown.
    async fn hand_back(&self, claim: &JobClaim) -> Result<(), StoreError>;

    /// Gives the job back to be tried again after `delay`.
    async fn retry(&self, claim: &JobClaim, delay: Duration, reason: &str) -> Result<(), StoreError>;

    /// Up to `limit` jobs that could be claimed now.
    async fn due(&self, limit: u16) -> Result<Vec<WakeUp>, StoreError>;

    /// Up to `limit` jobs in `state`, the latest first.
    async fn list(&self, state: JobState, limit: u16) -> Result<Vec<JobRecord>, StoreError>;

    /// Makes a buried job ready again. `false` when there is no such buried job.
    async fn revive(&self, account: AccountId, job: JobId) -> Result<bool, StoreError>;

    /// Removes up to `limit` done jobs that ended more than `age` ago; the number removed.
    async fn forget_done(&self, age: Duration, limit: u16) -> Result<u64, StoreError>;
}
