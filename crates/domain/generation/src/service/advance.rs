//! One run of the driver: from wherever a generation stands to where it has to wait or is finished.

use std::time::Duration;

use kernel::{ClaimedJob, GenerationId, ModerationVerdict, Timestamp};

use super::round::{Hearing, since_submission};
use super::writing::JobAfter;
use super::{AdvanceError, GenerationService};
use crate::machine::{self, Beginning, Fault, Round, Turn};
use crate::{CallbackHope, Delivery, FailureReason, Generation, Likeness, ProgressStage, State, StateName};

/// More steps than any generation can take in one run.
const MOST_STEPS: u32 = 64;

/// How long a picture of somebody waits before the safety check is asked again.
const SAFETY_RETRY: Duration = Duration::from_secs(10);

/// What the safety check says.
enum Review {
    /// It may be drawn.
    Passed,
    /// It may not.
    Failed(FailureReason),
    /// It is not known yet.
    Later(Duration),
}

/// Whether the run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Look again at once.
    Again,
    /// The claim has been ended.
    Over,
}

impl GenerationService {
    /// Moves the job's generation on as far as it will go. May be run any number of times, by anyone, at any moment:
    /// every change is written under the job's claim and on top of the version that was loaded.
    ///
    /// # Errors
    /// When it cannot be moved on now. What was done stands; the job is to be tried again.
    pub async fn advance(&self, job: &ClaimedJob) -> Result<(), AdvanceError> {
        let id = GenerationId::new(job.subject);
        for _ in 0..MOST_STEPS {
            let Some((generation, now)) = self.ports.reader.find(job.claim.account, id).await? else {
                // Its person was erased.
                self.write_job(job, JobAfter::Completes).await?;
                return Ok(());
            };
            if self.step(job, generation, now).await? == Flow::Over {
                return Ok(());
            }
        }
        Err(AdvanceError::Restless { steps: MOST_STEPS })
    }

    async fn step(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Flow, AdvanceError> {
        match &generation.state {
            State::Held { .. } => self.begin(job, generation, now).await,
            State::Submitting { .. } => self.resume(job, generation, now).await,
            State::Submitted { .. } => self.look(job, generation, now).await,
            State::Stored => self.deliver(job, generation, now).await,
            State::Delivered | State::Failed(_) | State::Cancelled | State::Expired => {
                self.after_the_end(job, generation).await
            }
        }
    }

    /// Held: check the words, choose a model, and submit.
    async fn begin(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Flow, AdvanceError> {
        if generation.plan.attempt == 0 {
            match self.review(&generation, now).await? {
                Review::Passed => {}
                Review::Failed(reason) => {
                    self.write_end(job, &generation, State::Failed(reason)).await?;
                    return Ok(Flow::Again);
                }
                Review::Later(delay) => {
                    self.write_job(job, JobAfter::LooksAgain(delay)).await?;
                    return Ok(Flow::Over);
                }
            }
        }
        let chain = self.chain_of(&generation).await?;
        let ids: Vec<_> = chain.iter().map(|model| model.id.clone()).collect();
        match machine::begin(&generation, now, &ids) {
            Beginning::Wait(delay) => {
                self.write_job(job, JobAfter::LooksAgain(delay)).await?;
                Ok(Flow::Over)
            }
            Beginning::Keep => self.take(job, &generation, machine::at_deadline(&generation)).await,
            Beginning::End(end) => {
                self.write_end(job, &generation, end).await?;
                Ok(Flow::Again)
            }
            Beginning::Submit(next) => {
                let first = next.plan.attempt == 1;
                // Before the attempt is stored, so that a failure here is no attempt.
                let Some(likeness) = self.lend_likeness(&next, now).await? else {
                    let gone = State::Failed(FailureReason::NoAvatar);
                    self.write_end(job, &generation, gone).await?;
                    return Ok(Flow::Again);
                };
                // Committed before the provider hears of it: whoever finds it in this state knows that it may have.
                let submitting = self.write(job, &next, JobAfter::Continues).await?;
                let stage = if first { ProgressStage::Drawing } else { ProgressStage::TryingAgain };
                self.show_progress(&submitting, stage).await;
                let round = self.submit(&submitting, &likeness).await?;
                self.settle_round(job, &submitting, &round).await
            }
        }
    }

    /// Submitting, and whoever did it is gone: look for what may have come of it.
    async fn resume(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Flow, AdvanceError> {
        let mut round = self.find_stored_attempts(&generation).await?;
        if round.arrived.len() < generation.open_slots().len() {
            match self.hear_callbacks(&generation).await? {
                Hearing::Nothing => round.add_fault(Fault::no_answer()),
                Hearing::Heard(heard) => {
                    round.arrived.extend(heard.arrived);
                    round.withheld.extend(heard.withheld);
                    round.left_out.extend(heard.left_out);
                    round.accepted.extend(heard.accepted);
                    if let Some(fault) = heard.fault {
                        round.add_fault(fault);
                    }
                }
            }
        }
        if now >= generation.deadline && round.arrived.is_empty() {
            return self.take(job, &generation, machine::at_deadline(&generation)).await;
        }
        self.settle_round(job, &generation, &round).await
    }

    /// Submitted: ask how the work stands.
    async fn look(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Flow, AdvanceError> {
        let round = self.ask(&generation, now).await?;
        if now >= generation.deadline && !round.accepted.is_empty() {
            self.cancel_at_provider(&generation, &round.accepted).await;
            let without_waiting = Round { accepted: Vec::new(), ..round };
            let turn = machine::after_round(
                &generation,
                &without_waiting,
                now,
                &self.policy,
                &[],
                CallbackHope::None,
            );
            let turn = match turn {
                Turn::Keep(next) => Turn::Keep(next),
                Turn::Wait(..) | Turn::End(_) => machine::at_deadline(&generation),
            };
            return self.take(job, &generation, turn).await;
        }
        self.settle_round(job, &generation, &round).await
    }

    /// Decides after a round and does what was decided.
    pub(super) async fn settle_round(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        round: &Round,
    ) -> Result<Flow, AdvanceError> {
        // The round may have taken a while; the moment of the decision counts.
        let Some((_, now)) = self.ports.reader.find(generation.account, generation.id).await? else {
            return Ok(Flow::Again);
        };
        let chain = self.chain_of(generation).await?;
        let ids: Vec<_> = chain.iter().map(|model| model.id.clone()).collect();
        let hope = self.callback_hope(generation);
        let turn = machine::after_round(generation, round, now, &self.policy, &ids, hope);
        self.take(job, generation, turn).await
    }

    async fn take(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        turn: Turn,
    ) -> Result<Flow, AdvanceError> {
        match turn {
            Turn::Wait(next, delay) => {
                let again_now = delay.is_zero() && next.state.name() == StateName::Held;
                let after = if again_now { JobAfter::Continues } else { JobAfter::LooksAgain(delay) };
                self.write(job, &next, after).await?;
                Ok(if again_now { Flow::Again } else { Flow::Over })
            }
            Turn::Keep(next) => {
                self.show_progress(&next, ProgressStage::Keeping).await;
                self.collect(job, &next).await?;
                Ok(Flow::Again)
            }
            Turn::End(end) => {
                self.write_end(job, generation, end).await?;
                Ok(Flow::Again)
            }
        }
    }

    /// Delivered, failed, cancelled or expired: tell the person if that was not done, and take in what came late.
    async fn after_the_end(&self, job: &ClaimedJob, generation: Generation) -> Result<Flow, AdvanceError> {
        if !matches!(generation.delivery, Delivery::Done { .. }) {
            return self.tell_ending(job, &generation).await;
        }
        self.take_in_late_results(job, &generation).await
    }

    /// The safety check. Without one, text goes on, because the providers filter too; a picture of somebody waits.
    async fn review(&self, generation: &Generation, now: Timestamp) -> Result<Review, AdvanceError> {
        let needs_check = generation.request.likeness != Likeness::Nobody && !generation.is_free();
        let Some(moderator) = &self.ports.moderator else {
            let missing = Review::Failed(FailureReason::NoSafetyCheck);
            return Ok(if needs_check { missing } else { Review::Passed });
        };
        match moderator.review(generation.request.prompt.as_str()).await {
            Ok(ModerationVerdict::Allowed) => Ok(Review::Passed),
            Ok(ModerationVerdict::Flagged(categories)) => {
                tracing::info!(generation = %generation.id, ?categories, "a description was refused");
                Ok(Review::Failed(FailureReason::Refused))
            }
            Err(error) => {
                tracing::warn!(generation = %generation.id, %error, "the safety check is away");
                self.heed_moderation(&error).await?;
                if !needs_check {
                    return Ok(Review::Passed);
                }
                let has_waited = now.since(generation.created_at) >= self.policy.safety_patience;
                Ok(if has_waited {
                    Review::Failed(FailureReason::NoSafetyCheck)
                } else {
                    Review::Later(SAFETY_RETRY)
                })
            }
        }
    }

    fn callback_hope(&self, generation: &Generation) -> CallbackHope {
        let State::Submitting { since } = generation.state else {
            return CallbackHope::None;
        };
        if self.calls_back(generation) {
            CallbackHope::Until(since_submission(since, &self.policy))
        } else {
            CallbackHope::None
        }
    }

    pub(super) async fn show_progress(&self, generation: &Generation, stage: ProgressStage) {
        let shown = self.ports.notifier.show_progress(generation.account, &generation.audience, stage).await;
        if let Err(error) = shown {
            // Progress is a courtesy; the result will get through or be retried by itself.
            tracing::debug!(generation = %generation.id, %error, "progress could not be shown");
        }
    }
}
