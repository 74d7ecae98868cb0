//! One run of the driver: from wherever a training stands to where it has to wait or is finished.

use std::time::Duration;

use kernel::{
    AvatarId, CallbackHope, ClaimedJob, Credits, Fault, JobKind, NewJob, NotifyError, ObjectKey,
    ProviderHandle, StoreError, Timestamp,
};

use super::copy::Copied;
use super::draft::forget_photos_job;
use super::writing::{JobAfter, finish_job};
use super::{AvatarError, AvatarService};
use crate::machine::{self, Beginning, Turn};
use crate::{
    Avatar, AvatarState, News, TrainedFiles, TrainingEnding, TrainingFailure, TrainingProgress,
    TrainingStage, Weights,
};

/// More steps than any training can take in one run.
const MOST_STEPS: u32 = 64;

/// Whether the run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// Look again at once.
    Again,
    /// The claim has been ended.
    Over,
}

impl AvatarService {
    /// Moves the training of the job's avatar on as far as it will go. May be run any number of times, by anyone, at any
    /// moment: every change is written under the job's claim and on top of the version that was loaded.
    ///
    /// # Errors
    /// When it cannot be moved on now. What was done stands; the job is to be tried again.
    pub async fn advance(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        let id = AvatarId::new(job.subject);
        for _ in 0..MOST_STEPS {
            let Some((avatar, now)) = self.ports.reader.find(job.claim.account, id).await? else {
                // Its person was erased.
                self.write_job(job, JobAfter::Completes).await?;
                return Ok(());
            };
            if self.step(job, avatar, now).await? == Flow::Over {
                return Ok(());
            }
        }
        Err(AvatarError::Restless { steps: MOST_STEPS })
    }

    async fn step(&self, job: &ClaimedJob, avatar: Avatar, now: Timestamp) -> Result<Flow, AvatarError> {
        match avatar.state.clone() {
            AvatarState::Queued { .. } => self.begin(job, avatar, now).await,
            AvatarState::Submitting { .. } => self.resume(job, avatar).await,
            AvatarState::Training { handle, progress, since } => {
                self.look(job, avatar, &handle, progress, since).await
            }
            AvatarState::Copying { files, .. } => self.take_over(job, avatar, &files).await,
            AvatarState::Ready | AvatarState::Failed(_) | AvatarState::Cancelled => {
                self.after_the_end(job, avatar).await
            }
            AvatarState::Draft | AvatarState::Collecting | AvatarState::Deleted => {
                self.write_job(job, JobAfter::Completes).await?;
                Ok(Flow::Over)
            }
        }
    }

    /// Queued: pack the photos, choose a trainer, and submit.
    async fn begin(&self, job: &ClaimedJob, avatar: Avatar, now: Timestamp) -> Result<Flow, AvatarError> {
        let usable = self.trainers_for(&avatar).await?;
        let next = match machine::begin(&avatar, now, &usable) {
            Beginning::Wait(delay) => {
                self.write_job(job, JobAfter::LooksAgain(delay)).await?;
                return Ok(Flow::Over);
            }
            Beginning::Fail(reason) => {
                self.write_failure(job, &avatar, reason).await?;
                return Ok(Flow::Again);
            }
            Beginning::Submit(next) => next,
        };
        let Some(training) = &next.training else {
            return Ok(Flow::Again);
        };
        let stage = if training.attempts_of_round == 1 {
            TrainingStage::Preparing
        } else {
            TrainingStage::TryingAgain
        };
        self.show_stage(&next, stage).await;
        // Before the attempt is stored, so that a failure here is no attempt.
        let archive = self.hand_over_photos(&avatar, training).await?;
        // Committed before the trainer hears of it: whoever finds it in this state knows that it may have.
        let submitting = self.write(job, &next, JobAfter::Continues).await?;
        let submitted = self.submit(&submitting, archive).await?;
        self.settle_submission(job, &submitting, submitted).await
    }

    /// Submitting, and whoever did it is gone: look for what may have come of it.
    async fn resume(&self, job: &ClaimedJob, avatar: Avatar) -> Result<Flow, AvatarError> {
        let submitted = self.handle_by_callback(&avatar).await?.ok_or_else(Fault::no_answer);
        self.settle_submission(job, &avatar, submitted).await
    }

    async fn settle_submission(
        &self,
        job: &ClaimedJob,
        avatar: &Avatar,
        submitted: Result<ProviderHandle, Fault>,
    ) -> Result<Flow, AvatarError> {
        for _ in 0..MOST_STEPS {
            let found = self.ports.reader.find(avatar.account, avatar.id).await?;
            // A new name, say, changes nothing about the attempt.
            let Some((present, now)) = found.filter(|(present, _)| is_same_attempt(present, avatar)) else {
                if let Ok(handle) = &submitted {
                    self.cancel_unclaimed(avatar, handle).await;
                }
                return Ok(Flow::Again);
            };
            let usable = self.trainers_for(&present).await?;
            let hope = if submitted.is_ok() { CallbackHope::None } else { self.callback_hope(&present) };
            let turn =
                machine::after_submission(&present, submitted.clone(), now, &self.policy, &usable, hope);
            match self.take(job, &present, turn).await {
                // Somebody was faster: what is known of the attempt must not get lost by it.
                Err(AvatarError::Store(StoreError::Conflict { .. })) => {}
                taken => return taken,
            }
        }
        Err(AvatarError::Restless { steps: MOST_STEPS })
    }

    /// The training was taken back or deleted while it was submitted: nobody else knows of the work.
    async fn cancel_unclaimed(&self, avatar: &Avatar, handle: &ProviderHandle) {
        if let Err(error) = self.cancel_at_trainer(avatar, handle).await {
            tracing::warn!(avatar = %avatar.id, %error, "a training that nobody wants any more goes on at its trainer");
        }
    }

    /// At a trainer: ask how it stands.
    async fn look(
        &self,
        job: &ClaimedJob,
        avatar: Avatar,
        handle: &ProviderHandle,
        known: TrainingProgress,
        since: Timestamp,
    ) -> Result<Flow, AvatarError> {
        let seen = self.look_at_trainer(&avatar, handle).await?;
        let Some(now) = self.now_of(&avatar).await? else {
            return Ok(Flow::Again);
        };
        let usable = self.trainers_for(&avatar).await?;
        let turn = machine::after_look(&avatar, seen, now, &self.policy, &usable);
        if let Turn::Wait(next, _) = &turn
            && let AvatarState::Training { progress, .. } = next.state
        {
            let is_first = progress == TrainingProgress::default() && known == progress;
            if progress != known || is_first {
                let remaining = self.remaining(next, progress, now.since(since)).await?;
                self.show_stage(next, TrainingStage::Training { progress, remaining }).await;
            }
        }
        if let Turn::Fail(TrainingFailure::Unavailable) = &turn
            && let Err(error) = self.cancel_at_trainer(&avatar, handle).await
        {
            tracing::info!(avatar = %avatar.id, %error, "a training past its time could not be cancelled");
        }
        self.take(job, &avatar, turn).await
    }

    /// Trained: copy it and check it; then it is ready and paid.
    async fn take_over(
        &self,
        job: &ClaimedJob,
        avatar: Avatar,
        files: &TrainedFiles,
    ) -> Result<Flow, AvatarError> {
        self.show_stage(&avatar, TrainingStage::Copying).await;
        match self.copy(&avatar, files).await? {
            Ok(copied) => {
                self.make_ready(job, &avatar, copied).await?;
                Ok(Flow::Again)
            }
            Err(fault) => {
                let turn = machine::after_failed_copy(&avatar, &fault, &self.policy);
                self.take(job, &avatar, turn).await
            }
        }
    }

    async fn make_ready(&self, job: &ClaimedJob, avatar: &Avatar, copied: Copied) -> Result<(), AvatarError> {
        let Some((entry, _)) = self.trainer_of(avatar) else {
            return Err(AvatarError::Restless { steps: 0 });
        };
        let main = self.ports.reader.main(avatar.account).await?;
        let mut unit = self.ports.units.begin().await?;
        let weights = Weights {
            key: copied.weights,
            config: copied.config,
            bytes: copied.bytes,
            draws_with: entry.draws_with.clone(),
            trigger: entry.trigger.clone(),
            verified_at: unit.now().await?,
        };
        unit.avatars().update(&machine::ready(avatar, weights)).await?;
        self.capture(unit.as_mut(), avatar).await?;
        if main.is_none() {
            unit.avatars().make_main(avatar.account, avatar.id).await?;
        }
        let previews = NewJob::now(avatar.account, JobKind::DrawPreviews, avatar.id.uuid());
        unit.jobs().schedule(&previews).await?;
        unit.jobs().schedule(&forget_photos_job(avatar).after(self.policy.photo_retention)).await?;
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        unit.commit().await?;
        tracing::info!(avatar = %avatar.id, bytes = copied.bytes, "an avatar is ready");
        self.wake(&previews).await;
        self.drop_leftovers(avatar).await;
        Ok(())
    }

    /// The pack is not needed any more, nor are weights of former attempts.
    async fn drop_leftovers(&self, avatar: &Avatar) {
        let Some(training) = &avatar.training else {
            return;
        };
        let former = (1..=training.attempt).flat_map(|attempt| {
            let weights = ObjectKey::weights(avatar.account, avatar.id, attempt);
            let config = ObjectKey::weights_config(avatar.account, avatar.id, attempt);
            let pack = ObjectKey::training_archive(avatar.account, avatar.id, attempt);
            if attempt == training.attempt { vec![pack] } else { vec![pack, weights, config] }
        });
        for key in former {
            if let Err(error) = self.ports.objects.delete(&key).await {
                tracing::debug!(%error, "something of a former attempt stays behind until the avatar is deleted");
            }
        }
    }

    async fn take(&self, job: &ClaimedJob, avatar: &Avatar, turn: Turn) -> Result<Flow, AvatarError> {
        match turn {
            Turn::Wait(next, delay) => {
                self.write(job, &next, JobAfter::LooksAgain(delay)).await?;
                Ok(Flow::Over)
            }
            Turn::GoOn(next) => {
                self.write(job, &next, JobAfter::Continues).await?;
                Ok(Flow::Again)
            }
            Turn::Fail(reason) => {
                self.write_failure(job, avatar, reason).await?;
                Ok(Flow::Again)
            }
        }
    }

    /// Ready, failed or taken back: stop what still goes on at the trainer, tell the person, and be done.
    async fn after_the_end(&self, job: &ClaimedJob, avatar: Avatar) -> Result<Flow, AvatarError> {
        let mut next = avatar.clone();
        if let Some(training) = &mut next.training
            && let Some(handle) = training.unwanted.take()
        {
            self.cancel_at_trainer(&avatar, &handle).await?;
            self.write(job, &next, JobAfter::Continues).await?;
            return Ok(Flow::Again);
        }
        if avatar.news == News::Due {
            if let Some(message) = self.tell(&avatar).await? {
                next.audience.progress_message = Some(message);
            }
            next.news = News::Told;
            self.write(job, &next, JobAfter::Continues).await?;
            return Ok(Flow::Again);
        }
        self.settle_callbacks(job, &avatar).await?;
        Ok(Flow::Over)
    }

    async fn tell(&self, avatar: &Avatar) -> Result<Option<kernel::MessageId>, AvatarError> {
        match self.ports.notifier.tell_ending(avatar, &self.ending_of(avatar)).await {
            Ok(message) => Ok(message),
            Err(NotifyError::Unreachable) => {
                tracing::info!(avatar = %avatar.id, "the person of a training cannot be reached");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// How the latest training of an avatar that is not under way ended.
    pub(super) fn ending_of(&self, avatar: &Avatar) -> TrainingEnding {
        let returned = avatar.training.as_ref().map_or(Credits::ZERO, |training| training.price);
        match &avatar.state {
            AvatarState::Failed(reason) => TrainingEnding::Failed { reason: reason.clone(), returned },
            AvatarState::Ready if avatar.ready_at.is_some() && !was_taken_back(avatar) => {
                TrainingEnding::Ready {
                    photos_until: avatar.ready_at.unwrap_or(avatar.updated_at) + self.policy.photo_retention,
                }
            }
            _ => TrainingEnding::Cancelled { returned },
        }
    }

    pub(super) async fn show_stage(&self, avatar: &Avatar, stage: TrainingStage) {
        if let Err(error) = self.ports.notifier.show_stage(avatar, stage).await {
            // Progress is a courtesy; the end will get through or be retried by itself.
            tracing::debug!(avatar = %avatar.id, %error, "progress could not be shown");
        }
    }

    /// The present moment by the database's clock, if the avatar is still as it was loaded.
    async fn now_of(&self, avatar: &Avatar) -> Result<Option<Timestamp>, AvatarError> {
        let found = self.ports.reader.find(avatar.account, avatar.id).await?;
        Ok(found.filter(|(present, _)| present.version == avatar.version).map(|(_, now)| now))
    }

    /// How long a training will still take: by its own pace once some of it is done, else by earlier ones.
    async fn remaining(
        &self,
        avatar: &Avatar,
        progress: TrainingProgress,
        so_far: Duration,
    ) -> Result<Option<Duration>, AvatarError> {
        let Some(training) = &avatar.training else {
            return Ok(None);
        };
        let usual = self.ports.reader.usual_duration(&training.trainer).await?;
        let done = progress.done.map_or(0, kernel::Percent::get);
        let by_pace = (done >= 10).then(|| so_far * u32::from(100 - done) / u32::from(done));
        Ok(by_pace.or_else(|| usual.map(|usual| usual.saturating_sub(so_far))))
    }
}

/// Whether both are the same attempt, about to be or just submitted.
fn is_same_attempt(present: &Avatar, avatar: &Avatar) -> bool {
    let attempt = |avatar: &Avatar| avatar.training.as_ref().map(|training| training.attempt);
    present.state == avatar.state && attempt(present) == attempt(avatar)
}

/// Whether the latest training was taken back while the avatar kept its former weights.
fn was_taken_back(avatar: &Avatar) -> bool {
    let verified = avatar.weights.as_ref().map(|weights| weights.verified_at);
    let ordered = avatar.training.as_ref().map(|training| training.ordered_at);
    verified.zip(ordered).is_some_and(|(verified, ordered)| ordered > verified)
}
