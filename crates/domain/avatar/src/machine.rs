//! What happens next to a training: pure functions of its state and of what was found out.

use std::time::Duration;

use kernel::{AvatarId, CallOutcome, CallbackHope, FailureClass, Fault, ProviderHandle, Timestamp};

use crate::{
    Avatar, AvatarPolicy, AvatarState, KindName, News, NextTraining, StateName, TrainerId, Training,
    TrainingFailure, TrainingStanding, Weights,
};

/// The code of a training that was completed without weights.
pub const NO_WEIGHTS: &str = "no-weights";
/// The longest pause between two attempts.
const LONGEST_RETRY_DELAY: Duration = Duration::from_mins(2);

/// What to do about a training that waits to be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// Not yet.
    Wait(Duration),
    /// Make this attempt, which is to be stored before the trainer hears of it.
    Submit(Box<Avatar>),
    /// It failed.
    Fail(TrainingFailure),
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Store this and look again after the wait.
    Wait(Box<Avatar>, Duration),
    /// Store this and go on at once.
    GoOn(Box<Avatar>),
    /// It failed.
    Fail(TrainingFailure),
}

/// Decides about a training that was ordered. `usable` is which trainers can be used now, the best first.
pub fn begin(avatar: &Avatar, now: Timestamp, usable: &[TrainerId]) -> Beginning {
    let (AvatarState::Queued { not_before }, Some(training)) = (&avatar.state, &avatar.training) else {
        return Beginning::Wait(Duration::ZERO);
    };
    if now >= training.deadline {
        return Beginning::Fail(TrainingFailure::Unavailable);
    }
    if now < *not_before {
        return Beginning::Wait(not_before.since(now));
    }
    let wanted = usable.iter().find(|trainer| **trainer == training.trainer);
    let Some(trainer) = wanted.or_else(|| usable.first()) else {
        return Beginning::Fail(TrainingFailure::NoTrainer);
    };
    let training = Training {
        trainer: trainer.clone(),
        attempt: training.attempt + 1,
        attempts_of_round: training.attempts_of_round + 1,
        ..training.clone()
    };
    let state = AvatarState::Submitting { since: now };
    Beginning::Submit(Box::new(Avatar { training: Some(training), state, ..avatar.clone() }))
}

/// Decides after a submission, or after looking for what came of one.
pub fn after_submission(
    avatar: &Avatar,
    submitted: Result<ProviderHandle, Fault>,
    now: Timestamp,
    policy: &AvatarPolicy,
    usable: &[TrainerId],
    hope: CallbackHope,
) -> Turn {
    match submitted {
        Ok(handle) => {
            let state =
                AvatarState::Training { since: now, handle, progress: crate::TrainingProgress::default() };
            Turn::Wait(Box::new(Avatar { state, ..avatar.clone() }), policy.poll_interval)
        }
        Err(fault) => after_fault(avatar, &fault, now, policy, usable, hope),
    }
}

/// Decides after a look at a training under way.
pub fn after_look(
    avatar: &Avatar,
    seen: Result<TrainingStanding, Fault>,
    now: Timestamp,
    policy: &AvatarPolicy,
    usable: &[TrainerId],
) -> Turn {
    let is_late = avatar.training.as_ref().is_some_and(|training| now >= training.deadline);
    match seen {
        Ok(TrainingStanding::Trained(files)) => {
            let state = AvatarState::Copying { since: now, files, tries: 0 };
            Turn::GoOn(Box::new(Avatar { state, ..avatar.clone() }))
        }
        Ok(TrainingStanding::UnderWay(_)) if is_late => Turn::Fail(TrainingFailure::Unavailable),
        Ok(TrainingStanding::UnderWay(seen)) => {
            let mut next = avatar.clone();
            if let AvatarState::Training { progress, .. } = &mut next.state {
                // What was reached before is not taken back by an answer that does not know it.
                progress.done = seen.done.max(progress.done);
                progress.position = seen.position;
            }
            Turn::Wait(Box::new(next), policy.poll_interval)
        }
        // The question failed, not the training: a locked account or a rate limit says nothing about it.
        Err(fault) if fault.outcome == CallOutcome::Unknown && !is_late => {
            Turn::Wait(Box::new(avatar.clone()), wait_of(&fault, policy.poll_interval))
        }
        Err(fault) => after_fault(avatar, &fault, now, policy, usable, CallbackHope::None),
    }
}

/// Decides after a copy that did not succeed.
pub fn after_failed_copy(avatar: &Avatar, fault: &Fault, policy: &AvatarPolicy) -> Turn {
    let mut next = with_failure(avatar, fault);
    let AvatarState::Copying { tries, .. } = &mut next.state else {
        return Turn::Fail(TrainingFailure::NoWeights);
    };
    *tries += 1;
    if *tries >= policy.max_copies {
        return Turn::Fail(TrainingFailure::NoWeights);
    }
    let delay = backoff(policy.retry_delay, *tries);
    Turn::Wait(Box::new(next), wait_of(fault, delay))
}

/// The avatar with its verified weights.
pub fn ready(avatar: &Avatar, weights: Weights) -> Avatar {
    Avatar {
        state: AvatarState::Ready,
        ready_at: Some(weights.verified_at),
        weights: Some(weights),
        news: News::Due,
        next_training: NextTraining::Paid,
        ..avatar.clone()
    }
}

/// The avatar after a training that came to nothing. The second try is free.
pub fn failed(avatar: &Avatar, reason: TrainingFailure) -> Avatar {
    Avatar {
        state: AvatarState::Failed(reason),
        news: News::Due,
        next_training: match avatar.next_training {
            NextTraining::FreeRetraining => NextTraining::FreeRetraining,
            NextTraining::Paid | NextTraining::FreeSecondTry => NextTraining::FreeSecondTry,
        },
        ..avatar.clone()
    }
}

/// The avatar after its person took the training back. One that has weights already is as it was.
pub fn cancelled(avatar: &Avatar) -> Avatar {
    let (state, next_training) = if avatar.weights.is_some() {
        (AvatarState::Ready, NextTraining::Paid)
    } else {
        (AvatarState::Cancelled, avatar.next_training)
    };
    Avatar { state, news: News::Due, next_training, ..without_work(avatar) }
}

/// The avatar after its person deleted it.
pub fn deleted(avatar: &Avatar) -> Avatar {
    Avatar { state: AvatarState::Deleted, news: News::Due, ..without_work(avatar) }
}

/// When the time of the avatar's photos is over; `None` while they are in use.
pub fn photos_go_at(avatar: &Avatar, policy: &AvatarPolicy) -> Option<Timestamp> {
    let is_instant = avatar.kind.as_ref().is_some_and(|kind| kind.name() == KindName::Instant);
    match &avatar.state {
        // They are what it is drawn from.
        AvatarState::Ready if is_instant => None,
        AvatarState::Ready => Some(avatar.ready_at.unwrap_or(avatar.updated_at) + policy.photo_retention),
        AvatarState::Draft | AvatarState::Collecting | AvatarState::Failed(_) | AvatarState::Cancelled => {
            Some(avatar.updated_at + policy.draft_retention)
        }
        // Under way: its end asks again. Deleted: everything goes anyway.
        _ => None,
    }
}

/// Whether the training can still be taken back: until what was trained is being copied.
pub const fn can_be_cancelled(state: StateName) -> bool {
    matches!(state, StateName::Queued | StateName::Submitting | StateName::Training)
}

/// The hold of the training under way, if it costs anything.
pub fn open_hold(avatar: &Avatar) -> Option<(kernel::HoldId, kernel::Credits)> {
    let training = avatar.training.as_ref()?;
    let is_held = avatar.state.name().is_under_way() && !training.price.is_zero();
    is_held.then_some((training.hold, training.price))
}

/// The name of the avatar's work for whoever looks after wishes, such as its free previews: a new one per training.
pub fn preview_name(avatar: AvatarId, round: u32, number: u8) -> kernel::Intent {
    kernel::Intent::of_work(&format!("preview-{round}-{number}"), avatar.uuid())
}

fn without_work(avatar: &Avatar) -> Avatar {
    let mut next = avatar.clone();
    if let (AvatarState::Training { handle, .. }, Some(training)) = (&avatar.state, &mut next.training) {
        training.unwanted = Some(handle.clone());
    }
    next
}

fn with_failure(avatar: &Avatar, fault: &Fault) -> Avatar {
    let mut next = avatar.clone();
    if let Some(training) = &mut next.training {
        training.last_failure = Some(fault.code.clone());
    }
    next
}

fn after_fault(
    avatar: &Avatar,
    fault: &Fault,
    now: Timestamp,
    policy: &AvatarPolicy,
    usable: &[TrainerId],
    hope: CallbackHope,
) -> Turn {
    let mut next = with_failure(avatar, fault);
    let Some(training) = &mut next.training else {
        return Turn::Fail(TrainingFailure::Unavailable);
    };
    match fault.class {
        FailureClass::Refused => return Turn::Fail(TrainingFailure::Refused),
        FailureClass::Invalid => return Turn::Fail(TrainingFailure::PhotosRefused),
        _ if fault.code == NO_WEIGHTS => return Turn::Fail(TrainingFailure::NoWeights),
        _ => {}
    }
    if now >= training.deadline {
        return Turn::Fail(TrainingFailure::Unavailable);
    }
    if fault.outcome == CallOutcome::Unknown {
        if let CallbackHope::Until(until) = hope
            && now < until
        {
            return Turn::Wait(Box::new(next), until.since(now));
        }
        if training.unknown_outcomes >= policy.max_unknown_outcomes {
            return Turn::Fail(TrainingFailure::Unavailable);
        }
        training.unknown_outcomes += 1;
    }
    if training.attempts_of_round >= policy.max_attempts {
        return Turn::Fail(TrainingFailure::Unavailable);
    }
    let present = training.trainer.clone();
    let leave = matches!(fault.class, FailureClass::Misconfigured | FailureClass::Bug);
    let trainer = usable.iter().find(|trainer| !leave || **trainer != present).cloned();
    let Some(trainer) = trainer else {
        return Turn::Fail(TrainingFailure::NoTrainer);
    };
    let delay = if trainer == present {
        wait_of(fault, backoff(policy.retry_delay, training.attempts_of_round))
    } else {
        Duration::ZERO
    };
    training.trainer = trainer;
    next.state = AvatarState::Queued { not_before: now + delay };
    Turn::Wait(Box::new(next), delay)
}

fn backoff(first: Duration, attempts: u32) -> Duration {
    first.saturating_mul(1 << attempts.saturating_sub(1).min(5)).min(LONGEST_RETRY_DELAY)
}

fn wait_of(fault: &Fault, otherwise: Duration) -> Duration {
    match fault.class {
        FailureClass::Limited { retry_after: Some(wait) } => wait.max(otherwise).min(LONGEST_RETRY_DELAY),
        _ => otherwise,
    }
}
