//! The decisions about a training: a table of cases, and laws that hold for any case.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::time::Duration;

use avatar::machine::{self, Beginning, NO_WEIGHTS, Turn};
use avatar::{
    Avatar, AvatarKind, AvatarName, AvatarPolicy, AvatarState, Consent, ConsentVersion, News, NextTraining,
    PresetName, StateName, TrainedFiles, TrainerId, Training, TrainingFailure, TrainingProgress,
    TrainingStanding, Weights, WizardStep,
};
use kernel::{
    AccountId, Audience, AvatarId, CallOutcome, CallbackHope, ChatId, Credits, FailureClass, Fault, HoldId,
    ModelId, ObjectKey, Percent, ProviderHandle, Timestamp,
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_seconds(10_000);
const PRICE: Credits = Credits::of(20);

fn trainer(id: &str) -> TrainerId {
    TrainerId::new(id)
}

fn usable() -> Vec<TrainerId> {
    vec![trainer("first"), trainer("second")]
}

fn policy() -> AvatarPolicy {
    AvatarPolicy::default()
}

fn training() -> Training {
    Training {
        round: 1,
        trainer: trainer("first"),
        preset: PresetName::Standard,
        price: PRICE,
        hold: HoldId::new(Uuid::from_u128(9)),
        ordered_at: Timestamp::from_seconds(9_000),
        deadline: NOW + Duration::from_hours(1),
        attempt: 0,
        attempts_of_round: 0,
        unknown_outcomes: 0,
        last_failure: None,
        unwanted: None,
    }
}

fn avatar(state: AvatarState) -> Avatar {
    Avatar {
        id: AvatarId::new(Uuid::from_u128(7)),
        account: AccountId::new(Uuid::from_u128(1)),
        consent: Consent {
            version: ConsentVersion::CURRENT,
            text_digest: "0f".repeat(32),
            given_at: Timestamp::EPOCH,
        },
        name: Some(AvatarName::new("Anna").unwrap()),
        kind: Some(AvatarKind::Portrait { traits: String::new() }),
        step: WizardStep::Confirm,
        preset: Some(PresetName::Standard),
        state,
        audience: Audience { chat: ChatId::new(1), progress_message: None },
        leafing_message: None,
        compared: BTreeSet::new(),
        next_training: NextTraining::Paid,
        training: Some(training()),
        weights: None,
        news: News::None,
        leaving_photos: 0,
        ready_at: None,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        version: 3,
    }
}

fn queued() -> Avatar {
    avatar(AvatarState::Queued { not_before: Timestamp::EPOCH })
}

/// An avatar whose training is at its so many-th attempt.
fn at_attempt(attempt: u32, state: AvatarState) -> Avatar {
    let mut avatar = avatar(state);
    let training = avatar.training.as_mut().unwrap();
    (training.attempt, training.attempts_of_round) = (attempt, attempt);
    avatar
}

fn submitting() -> Avatar {
    at_attempt(1, AvatarState::Submitting { since: NOW })
}

fn at_trainer() -> Avatar {
    let progress = TrainingProgress { position: None, done: Some(Percent::new(40)) };
    at_attempt(1, AvatarState::Training { since: NOW, handle: ProviderHandle::new("h"), progress })
}

fn copying(tries: u32) -> Avatar {
    at_attempt(1, AvatarState::Copying { since: NOW, files: files(), tries })
}

fn files() -> TrainedFiles {
    TrainedFiles { weights: "https://files/weights".to_owned(), weights_size: Some(100), config: None }
}

fn weights() -> Weights {
    let avatar = avatar(AvatarState::Ready);
    Weights {
        key: ObjectKey::weights(avatar.account, avatar.id, 1),
        config: None,
        bytes: 100,
        draws_with: ModelId::new("lora"),
        trigger: "sks".to_owned(),
        verified_at: NOW,
    }
}

fn fault(class: FailureClass) -> Fault {
    Fault { class, outcome: CallOutcome::NotDone, code: "code".to_owned() }
}

fn after_submission(avatar: &Avatar, fault: Fault) -> Turn {
    machine::after_submission(avatar, Err(fault), NOW, &policy(), &usable(), CallbackHope::None)
}

fn after_look(avatar: &Avatar, seen: Result<TrainingStanding, Fault>) -> Turn {
    machine::after_look(avatar, seen, NOW, &policy(), &usable())
}

fn waits(turn: Turn) -> (Avatar, Duration) {
    match turn {
        Turn::Wait(next, delay) => (*next, delay),
        other => panic!("no wait: {other:?}"),
    }
}

fn trainer_of(avatar: &Avatar) -> &str {
    avatar.training.as_ref().unwrap().trainer.as_str()
}

#[test]
fn an_ordered_training_is_submitted_to_the_trainer_that_was_ordered() {
    for usable in [usable(), vec![trainer("second"), trainer("first")]] {
        let Beginning::Submit(next) = machine::begin(&queued(), NOW, &usable) else {
            panic!("not submitted")
        };
        assert_eq!(next.state, AvatarState::Submitting { since: NOW });
        let training = next.training.unwrap();
        assert_eq!((training.attempt, training.attempts_of_round), (1, 1));
        assert_eq!(training.trainer, trainer("first"));
    }
}

#[test]
fn a_paused_trainer_gives_way_to_the_next_and_without_any_it_fails() {
    let Beginning::Submit(next) = machine::begin(&queued(), NOW, &[trainer("second")]) else {
        panic!("not submitted")
    };
    assert_eq!(trainer_of(&next), "second");
    assert_eq!(machine::begin(&queued(), NOW, &[]), Beginning::Fail(TrainingFailure::NoTrainer));
}

#[test]
fn a_training_waits_for_its_moment_and_not_beyond_its_deadline() {
    let mut waiting = queued();
    waiting.state = AvatarState::Queued { not_before: NOW + Duration::from_secs(4) };
    assert_eq!(machine::begin(&waiting, NOW, &usable()), Beginning::Wait(Duration::from_secs(4)));
    waiting.training.as_mut().unwrap().deadline = NOW;
    assert_eq!(machine::begin(&waiting, NOW, &usable()), Beginning::Fail(TrainingFailure::Unavailable));
}

#[test]
fn what_was_not_ordered_is_never_begun() {
    let mut without_training = queued();
    without_training.training = None;
    for avatar in [without_training, avatar(AvatarState::Ready), avatar(AvatarState::Collecting)] {
        assert_eq!(machine::begin(&avatar, NOW, &usable()), Beginning::Wait(Duration::ZERO));
    }
}

#[test]
fn an_accepted_training_is_looked_at_after_the_interval() {
    let handle = ProviderHandle::new("h");
    let turn = machine::after_submission(
        &submitting(),
        Ok(handle.clone()),
        NOW,
        &policy(),
        &usable(),
        CallbackHope::None,
    );
    let (next, delay) = waits(turn);
    let progress = TrainingProgress::default();
    assert_eq!(next.state, AvatarState::Training { since: NOW, handle, progress });
    assert_eq!(delay, policy().poll_interval);
}

#[test]
fn photos_that_cannot_be_used_and_what_is_forbidden_end_it_at_once() {
    for (class, reason) in [
        (FailureClass::Invalid, TrainingFailure::PhotosRefused),
        (FailureClass::Refused, TrainingFailure::Refused),
    ] {
        assert_eq!(after_submission(&submitting(), fault(class)), Turn::Fail(reason.clone()));
        assert_eq!(after_look(&at_trainer(), Err(fault(class))), Turn::Fail(reason));
    }
    let none = Fault { code: NO_WEIGHTS.to_owned(), ..fault(FailureClass::Unavailable) };
    assert_eq!(after_look(&at_trainer(), Err(none)), Turn::Fail(TrainingFailure::NoWeights));
}

#[test]
fn a_passing_failure_is_tried_again_after_a_pause_that_grows() {
    let mut delays = Vec::new();
    for attempt in 1..policy().max_attempts {
        let submitting = at_attempt(attempt, AvatarState::Submitting { since: NOW });
        let (next, delay) = waits(after_submission(&submitting, fault(FailureClass::Unavailable)));
        assert_eq!(next.state, AvatarState::Queued { not_before: NOW + delay });
        assert_eq!(trainer_of(&next), "first");
        assert_eq!(next.training.unwrap().last_failure.as_deref(), Some("code"));
        delays.push(delay.as_secs());
    }
    assert_eq!(delays, [5, 10, 20]);
    let last = at_attempt(policy().max_attempts, AvatarState::Submitting { since: NOW });
    let given_up = after_submission(&last, fault(FailureClass::Unavailable));
    assert_eq!(given_up, Turn::Fail(TrainingFailure::Unavailable));
}

#[test]
fn a_bad_key_moves_on_at_once_and_ends_it_when_nobody_else_can() {
    let (next, delay) = waits(after_submission(&submitting(), fault(FailureClass::Misconfigured)));
    assert_eq!((trainer_of(&next), delay), ("second", Duration::ZERO));
    let alone = machine::after_submission(
        &submitting(),
        Err(fault(FailureClass::Misconfigured)),
        NOW,
        &policy(),
        &[trainer("first")],
        CallbackHope::None,
    );
    assert_eq!(alone, Turn::Fail(TrainingFailure::NoTrainer));
}

#[test]
fn a_rate_limit_is_waited_out_and_not_for_ever() {
    let limited = |seconds| {
        let retry_after = Some(Duration::from_secs(seconds));
        waits(after_submission(&submitting(), fault(FailureClass::Limited { retry_after }))).1.as_secs()
    };
    assert_eq!((limited(1), limited(60), limited(10_000)), (5, 60, 120));
}

#[test]
fn a_lost_answer_waits_for_its_callback_and_is_submitted_again_once() {
    let until = NOW + Duration::from_secs(9);
    let decide = |avatar: &Avatar, now| {
        let lost = Err(Fault::no_answer());
        machine::after_submission(avatar, lost, now, &policy(), &usable(), CallbackHope::Until(until))
    };
    let (hoping, delay) = waits(decide(&submitting(), NOW));
    assert_eq!((hoping.state.name(), delay), (StateName::Submitting, Duration::from_secs(9)));
    let (again, _) = waits(decide(&submitting(), until));
    assert_eq!(again.state.name(), StateName::Queued);
    assert_eq!(again.training.unwrap().unknown_outcomes, 1);
    let mut twice = submitting();
    twice.training.as_mut().unwrap().unknown_outcomes = policy().max_unknown_outcomes;
    assert_eq!(decide(&twice, until), Turn::Fail(TrainingFailure::Unavailable));
}

#[test]
fn a_question_that_failed_says_nothing_of_the_training() {
    for class in [FailureClass::Misconfigured, FailureClass::Unavailable, FailureClass::Bug] {
        let unanswered = Fault { outcome: CallOutcome::Unknown, ..fault(class) };
        let (next, delay) = waits(after_look(&at_trainer(), Err(unanswered)));
        assert_eq!((next, delay), (at_trainer(), policy().poll_interval));
    }
    let retry_after = Some(Duration::from_secs(70));
    let limited = Fault { outcome: CallOutcome::Unknown, ..fault(FailureClass::Limited { retry_after }) };
    assert_eq!(waits(after_look(&at_trainer(), Err(limited))).1, Duration::from_secs(70));
}

#[test]
fn a_training_that_the_trainer_lost_is_ordered_again() {
    let (again, _) = waits(after_look(&at_trainer(), Err(fault(FailureClass::NotFound))));
    assert_eq!(again.state.name(), StateName::Queued);
}

#[test]
fn progress_never_goes_back() {
    let see = |position, done: Option<u8>| {
        let seen = TrainingProgress { position, done: done.map(Percent::new) };
        match waits(after_look(&at_trainer(), Ok(TrainingStanding::UnderWay(seen)))).0.state {
            AvatarState::Training { progress, .. } => (progress.position, progress.done.map(Percent::get)),
            other => panic!("not at the trainer: {other:?}"),
        }
    };
    assert_eq!(see(None, Some(60)), (None, Some(60)));
    assert_eq!(see(Some(2), None), (Some(2), Some(40)));
    assert_eq!(see(None, Some(10)), (None, Some(40)));
}

#[test]
fn what_is_trained_is_copied_even_when_it_is_late() {
    let mut late = at_trainer();
    late.training.as_mut().unwrap().deadline = NOW;
    let trained = || Ok(TrainingStanding::Trained(files()));
    for avatar in [at_trainer(), late.clone()] {
        let Turn::GoOn(next) = after_look(&avatar, trained()) else { panic!("not copied") };
        assert_eq!(next.state, AvatarState::Copying { since: NOW, files: files(), tries: 0 });
    }
    let under_way = Ok(TrainingStanding::UnderWay(TrainingProgress::default()));
    assert_eq!(after_look(&late, under_way), Turn::Fail(TrainingFailure::Unavailable));
    let unanswered = Fault { outcome: CallOutcome::Unknown, ..fault(FailureClass::Unavailable) };
    assert_eq!(after_look(&late, Err(unanswered)), Turn::Fail(TrainingFailure::Unavailable));
}

#[test]
fn a_copy_is_tried_so_often_and_then_there_are_no_weights() {
    let broken = fault(FailureClass::Unavailable);
    let (again, delay) = waits(machine::after_failed_copy(&copying(0), &broken, &policy()));
    assert_eq!(again.state, AvatarState::Copying { since: NOW, files: files(), tries: 1 });
    assert_eq!(delay, policy().retry_delay);
    let last = machine::after_failed_copy(&copying(policy().max_copies - 1), &broken, &policy());
    assert_eq!(last, Turn::Fail(TrainingFailure::NoWeights));
    let elsewhere = machine::after_failed_copy(&at_trainer(), &broken, &policy());
    assert_eq!(elsewhere, Turn::Fail(TrainingFailure::NoWeights));
}

#[test]
fn verified_weights_make_it_ready_and_end_what_was_free() {
    let ready =
        machine::ready(&Avatar { next_training: NextTraining::FreeSecondTry, ..copying(2) }, weights());
    assert_eq!((ready.state.name(), ready.news), (StateName::Ready, News::Due));
    assert_eq!((ready.ready_at, ready.next_training), (Some(NOW), NextTraining::Paid));
    assert_eq!(ready.weights, Some(weights()));
    assert!(ready.can_be_drawn());
}

#[test]
fn a_failure_makes_the_next_try_free() {
    for (before, after) in [
        (NextTraining::Paid, NextTraining::FreeSecondTry),
        (NextTraining::FreeSecondTry, NextTraining::FreeSecondTry),
        (NextTraining::FreeRetraining, NextTraining::FreeRetraining),
    ] {
        let failed =
            machine::failed(&Avatar { next_training: before, ..at_trainer() }, TrainingFailure::Refused);
        assert_eq!((failed.next_training, failed.news), (after, News::Due));
        assert_eq!(failed.state, AvatarState::Failed(TrainingFailure::Refused));
    }
}

#[test]
fn what_is_taken_back_is_unwanted_at_the_trainer_and_leaves_former_weights_in_use() {
    let cancelled = machine::cancelled(&at_trainer());
    assert_eq!(cancelled.state, AvatarState::Cancelled);
    assert_eq!(cancelled.training.unwrap().unwanted, Some(ProviderHandle::new("h")));
    let retrained = machine::cancelled(&Avatar { weights: Some(weights()), ..queued() });
    assert_eq!(retrained.state, AvatarState::Ready);
    assert_eq!(retrained.training.unwrap().unwanted, None);
    let deleted = machine::deleted(&at_trainer());
    assert_eq!((deleted.state, deleted.news), (AvatarState::Deleted, News::Due));
    assert_eq!(deleted.training.unwrap().unwanted, Some(ProviderHandle::new("h")));
}

#[test]
fn a_training_can_be_taken_back_until_its_weights_are_copied() {
    let can = StateName::ALL.into_iter().filter(|state| machine::can_be_cancelled(*state));
    assert_eq!(can.collect::<Vec<_>>(), [StateName::Queued, StateName::Submitting, StateName::Training]);
}

#[test]
fn only_a_training_under_way_that_costs_something_holds_credits() {
    for avatar in [queued(), submitting(), at_trainer(), copying(0)] {
        assert_eq!(machine::open_hold(&avatar), Some((training().hold, PRICE)));
        let mut free = avatar;
        free.training.as_mut().unwrap().price = Credits::ZERO;
        assert_eq!(machine::open_hold(&free), None);
    }
    for state in [AvatarState::Ready, AvatarState::Cancelled, AvatarState::Collecting, AvatarState::Deleted] {
        assert_eq!(machine::open_hold(&avatar(state)), None);
    }
    assert_eq!(machine::open_hold(&Avatar { training: None, ..queued() }), None);
}

#[test]
fn an_avatar_can_be_drawn_when_it_is_ready_or_has_former_weights() {
    let with_weights = |state| Avatar { weights: Some(weights()), ..avatar(state) };
    for avatar in [avatar(AvatarState::Ready), with_weights(AvatarState::Cancelled)] {
        assert!(avatar.can_be_drawn());
    }
    assert!(Avatar { weights: Some(weights()), ..at_trainer() }.can_be_drawn());
    for avatar in [
        queued(),
        avatar(AvatarState::Draft),
        with_weights(AvatarState::Collecting),
        with_weights(AvatarState::Deleted),
    ] {
        assert!(!avatar.can_be_drawn(), "{:?}", avatar.state);
    }
}

#[test]
fn previews_are_named_once_for_each_training() {
    let id = avatar(AvatarState::Ready).id;
    let names = BTreeSet::from([1, 2].map(|round| machine::preview_name(id, round, 1).to_string()));
    assert_eq!(names.len(), 2);
    assert_eq!(machine::preview_name(id, 1, 1), machine::preview_name(id, 1, 1));
}

/// What a trainer and the way to it may do in one step of a run.
#[derive(Debug, Clone)]
enum Step {
    Accepted,
    Progress(u8),
    Trained,
    Fault(Fault),
    Whole,
}

fn any_class() -> impl Strategy<Value = FailureClass> {
    prop_oneof![
        Just(FailureClass::Invalid),
        Just(FailureClass::Refused),
        Just(FailureClass::NotFound),
        Just(FailureClass::Conflict),
        Just(FailureClass::Unavailable),
        Just(FailureClass::Misconfigured),
        Just(FailureClass::Bug),
        (0_u64..4_000)
            .prop_map(|seconds| FailureClass::Limited { retry_after: Some(Duration::from_secs(seconds)) }),
        Just(FailureClass::Limited { retry_after: None }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Accepted),
        2 => (0_u8..=100).prop_map(Step::Progress),
        1 => Just(Step::Trained),
        1 => Just(Step::Whole),
        3 => (any_class(), any::<bool>()).prop_map(|(class, known)| Step::Fault(Fault {
            class,
            outcome: if known { CallOutcome::NotDone } else { CallOutcome::Unknown },
            code: "any".to_owned(),
        })),
    ]
}

/// How a run went.
struct Run {
    end: Avatar,
    attempts: u32,
    was_verified: bool,
}

/// Runs a training until it ends, `steps` over and over; nothing when it never does.
fn run(steps: &[Step]) -> Option<Run> {
    let (policy, usable) = (policy(), usable());
    let (mut present, mut now) = (queued(), NOW);
    let mut attempts = 0;
    for step in steps.iter().cycle().take(10_000) {
        let turn = match &present.state {
            AvatarState::Queued { .. } => match machine::begin(&present, now, &usable) {
                Beginning::Wait(delay) => Turn::Wait(Box::new(present.clone()), delay),
                Beginning::Fail(reason) => Turn::Fail(reason),
                Beginning::Submit(next) => {
                    attempts += 1;
                    Turn::GoOn(next)
                }
            },
            AvatarState::Submitting { .. } => {
                let submitted = match step {
                    Step::Fault(fault) => Err(fault.clone()),
                    _ => Ok(ProviderHandle::new("h")),
                };
                machine::after_submission(&present, submitted, now, &policy, &usable, CallbackHope::None)
            }
            AvatarState::Training { .. } => {
                let seen = match step {
                    Step::Fault(fault) => Err(fault.clone()),
                    Step::Trained => Ok(TrainingStanding::Trained(files())),
                    Step::Progress(done) => Ok(TrainingStanding::UnderWay(TrainingProgress {
                        position: None,
                        done: Some(Percent::new(*done)),
                    })),
                    _ => Ok(TrainingStanding::UnderWay(TrainingProgress::default())),
                };
                machine::after_look(&present, seen, now, &policy, &usable)
            }
            AvatarState::Copying { .. } => match step {
                Step::Whole => {
                    let end = machine::ready(&present, weights());
                    return Some(Run { end, attempts, was_verified: true });
                }
                _ => machine::after_failed_copy(&present, &Fault::unavailable("broken"), &policy),
            },
            _ => return None,
        };
        match turn {
            Turn::Wait(next, delay) => {
                now = now + delay.max(Duration::from_millis(1));
                present = *next;
            }
            Turn::GoOn(next) => present = *next,
            Turn::Fail(reason) => {
                let end = machine::failed(&present, reason);
                return Some(Run { end, attempts, was_verified: false });
            }
        }
    }
    None
}

proptest! {
    /// Whatever trainers do, a training ends, within its attempts, and ready only with verified weights.
    #[test]
    fn any_training_comes_to_an_end(steps in prop::collection::vec(any_step(), 1..40)) {
        let run = run(&steps);
        prop_assert!(run.is_some(), "it never came to an end");
        let run = run.unwrap();
        prop_assert!(run.attempts <= policy().max_attempts);
        let is_ready = run.end.state == AvatarState::Ready;
        prop_assert!(is_ready || matches!(run.end.state, AvatarState::Failed(_)));
        prop_assert_eq!(is_ready, run.was_verified);
        prop_assert_eq!(is_ready, run.end.weights.is_some());
        prop_assert_eq!(run.end.news, News::Due);
        prop_assert_eq!(machine::open_hold(&run.end), None, "an end keeps no credits");
    }

    /// A training that ends without weights gives a free second try, and nothing else of its end is lost.
    #[test]
    fn any_failed_or_cancelled_training_can_be_tried_again(steps in prop::collection::vec(any_step(), 1..40)) {
        let end = run(&steps).unwrap().end;
        if end.weights.is_none() {
            prop_assert_eq!(end.next_training, NextTraining::FreeSecondTry);
            prop_assert_eq!(end.training.unwrap().price, PRICE, "what is given back is known");
        }
    }

    /// Unknown outcomes are submitted again at most as often as the policy allows.
    #[test]
    fn unknown_outcomes_are_bounded(classes in prop::collection::vec(any_class(), 20)) {
        let mut present = submitting();
        for class in classes {
            let lost = Fault { outcome: CallOutcome::Unknown, ..fault(class) };
            let Turn::Wait(next, _) = after_submission(&present, lost) else { break };
            let mut next = *next;
            prop_assert!(next.training.as_ref().unwrap().unknown_outcomes <= policy().max_unknown_outcomes);
            next.state = AvatarState::Submitting { since: NOW };
            present = next;
        }
    }
}
