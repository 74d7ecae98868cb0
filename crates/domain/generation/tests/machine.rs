//! The decisions of the state machine: a table of cases, and laws that hold for any case.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use generation::machine::{self, Beginning, Fault, Round, Turn};
use generation::{
    Accepted, Audience, CallbackHope, Delivery, FailureReason, Generation, GenerationPolicy, ImageRequest,
    Intent, Likeness, ModelId, Plan, Prompt, ProviderHandle, Slot, SlotEnd, State, StateName,
};
use kernel::{
    AccountId, AspectRatio, CallOutcome, ChatId, Credits, FailureClass, GalleryItemId, GenerationId, HoldId,
    ImageCount, Timestamp,
};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn chain() -> Vec<ModelId> {
    ["first", "second", "third"].map(ModelId::new).to_vec()
}

fn generation(state: State, images: u8) -> Generation {
    let id = Uuid::from_u128(7);
    Generation {
        id: GenerationId::new(id),
        account: AccountId::new(Uuid::from_u128(1)),
        intent: Intent::button(1),
        request: ImageRequest {
            prompt: Prompt::new("a red fox").unwrap(),
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::new(images).unwrap(),
            seed: 1,
            likeness: Likeness::Nobody,
        },
        unit_price: Credits::of(5),
        hold: HoldId::new(id),
        plan: Plan {
            model: ModelId::new("first"),
            attempt: 1,
            attempts_at_model: 1,
            unknown_outcomes: 0,
            last_failure: None,
        },
        slots: (0..images)
            .map(|number| Slot::open(GalleryItemId::new(Uuid::from_u128(u128::from(number)))))
            .collect(),
        state,
        audience: Audience { chat: ChatId::new(1), progress_message: None },
        delivery: Delivery::NotStarted,
        created_at: Timestamp::from_seconds(900),
        deadline: Timestamp::from_seconds(1_800),
        version: 3,
    }
}

fn submitting(images: u8) -> Generation {
    generation(State::Submitting { since: NOW }, images)
}

fn held(images: u8) -> Generation {
    let mut held = generation(State::Held { not_before: Timestamp::EPOCH }, images);
    held.plan.attempt = 0;
    held.plan.attempts_at_model = 0;
    held
}

fn fault(class: FailureClass) -> Fault {
    Fault { class, outcome: CallOutcome::NotDone, code: "code".to_owned() }
}

fn after(generation: &Generation, round: &Round) -> Turn {
    machine::after_round(generation, round, NOW, &GenerationPolicy::default(), &chain(), CallbackHope::None)
}

#[test]
fn a_held_generation_is_submitted_to_the_first_model() {
    let Beginning::Submit(next) = machine::begin(&held(1), NOW, &chain()) else { panic!("not submitted") };
    assert_eq!(next.state, State::Submitting { since: NOW });
    assert_eq!((next.plan.attempt, next.plan.attempts_at_model), (1, 1));
    assert_eq!(next.plan.model, ModelId::new("first"));
}

#[test]
fn a_paused_model_gives_way_to_the_next_usable_one() {
    let Beginning::Submit(next) = machine::begin(&held(1), NOW, &[ModelId::new("third")]) else {
        panic!("not submitted")
    };
    assert_eq!(next.plan.model, ModelId::new("third"));
}

#[test]
fn without_a_usable_model_it_fails_and_with_images_it_keeps_them() {
    let mut some = held(2);
    assert_eq!(machine::begin(&some, NOW, &[]), Beginning::End(State::Failed(FailureReason::NoModel)));
    some.slots[0].arrived = Some(1);
    assert_eq!(machine::begin(&some, NOW, &[]), Beginning::Keep);
}

#[test]
fn it_waits_for_its_moment_and_not_beyond_its_deadline() {
    let mut waiting = held(1);
    waiting.state = State::Held { not_before: NOW + Duration::from_secs(4) };
    assert_eq!(machine::begin(&waiting, NOW, &chain()), Beginning::Wait(Duration::from_secs(4)));
    waiting.deadline = NOW;
    assert_eq!(machine::begin(&waiting, NOW, &chain()), Beginning::End(State::Expired));
    waiting.slots[0].arrived = Some(1);
    assert_eq!(machine::begin(&waiting, NOW, &chain()), Beginning::Keep);
}

#[test]
fn everything_arrived_is_kept() {
    let Turn::Keep(next) = after(&submitting(2), &Round { arrived: vec![0, 1], ..Round::default() }) else {
        panic!("not kept")
    };
    assert_eq!(next.arrived_slots(), [(0, 1), (1, 1)]);
}

#[test]
fn a_part_kept_back_is_paid_for_by_part() {
    let round = Round { arrived: vec![0, 2], withheld: vec![1], left_out: vec![3], ..Round::default() };
    let Turn::Keep(next) = after(&submitting(4), &round) else { panic!("not kept") };
    assert_eq!(next.arrived_slots(), [(0, 1), (2, 1)]);
    assert_eq!((next.slots[1].end, next.slots[3].end), (Some(SlotEnd::Refused), Some(SlotEnd::Missing)));
}

#[test]
fn accepted_work_is_waited_for() {
    let accepted = vec![Accepted { slots: vec![0], handle: ProviderHandle::new("h") }];
    let round = Round { accepted: accepted.clone(), ..Round::default() };
    let Turn::Wait(next, delay) = after(&submitting(1), &round) else { panic!("not waiting") };
    assert_eq!(next.state, State::Submitted { since: NOW, accepted });
    assert_eq!(delay, GenerationPolicy::default().poll_interval);
}

#[test]
fn a_refusal_ends_it_and_moves_to_no_other_model() {
    let round = Round { withheld: vec![0], fault: Some(fault(FailureClass::Refused)), ..Round::default() };
    assert_eq!(after(&submitting(1), &round), Turn::End(State::Failed(FailureReason::Refused)));
    let round = Round::failed(fault(FailureClass::Invalid));
    assert_eq!(after(&submitting(1), &round), Turn::End(State::Failed(FailureReason::Invalid)));
}

#[test]
fn a_passing_failure_is_tried_again_then_by_the_next_model() {
    let round = Round::failed(fault(FailureClass::Unavailable));
    let Turn::Wait(again, delay) = after(&submitting(1), &round) else { panic!("given up") };
    assert_eq!(again.plan.model, ModelId::new("first"));
    assert_eq!(again.state, State::Held { not_before: NOW + delay });
    assert_eq!(delay, Duration::from_secs(1));

    let mut second = submitting(1);
    second.plan.attempt = 2;
    second.plan.attempts_at_model = 2;
    let Turn::Wait(moved, delay) = after(&second, &round) else { panic!("given up") };
    assert_eq!((moved.plan.model.as_str(), moved.plan.attempts_at_model), ("second", 0));
    assert_eq!(delay, Duration::ZERO);
}

#[test]
fn a_bad_key_or_retired_model_moves_on_at_once() {
    let round = Round::failed(fault(FailureClass::Misconfigured));
    let Turn::Wait(moved, delay) = after(&submitting(1), &round) else { panic!("given up") };
    assert_eq!((moved.plan.model.as_str(), delay), ("second", Duration::ZERO));
    let alone = machine::after_round(
        &submitting(1),
        &round,
        NOW,
        &GenerationPolicy::default(),
        &[ModelId::new("first")],
        CallbackHope::None,
    );
    assert_eq!(alone, Turn::End(State::Failed(FailureReason::NoModel)));
}

#[test]
fn a_short_rate_limit_is_waited_out_and_a_long_one_moves_on() {
    let limited = |seconds| {
        Round::failed(fault(FailureClass::Limited { retry_after: Some(Duration::from_secs(seconds)) }))
    };
    let Turn::Wait(same, delay) = after(&submitting(1), &limited(7)) else { panic!("given up") };
    assert_eq!((same.plan.model.as_str(), delay), ("first", Duration::from_secs(7)));
    let Turn::Wait(moved, delay) = after(&submitting(1), &limited(42)) else { panic!("given up") };
    assert_eq!((moved.plan.model.as_str(), delay), ("second", Duration::ZERO));
}

#[test]
fn a_lost_answer_waits_for_its_callback_and_is_submitted_again_once() {
    let round = Round::failed(Fault::no_answer());
    let until = NOW + Duration::from_secs(9);
    let policy = GenerationPolicy::default();
    let hoping =
        machine::after_round(&submitting(1), &round, NOW, &policy, &chain(), CallbackHope::Until(until));
    let Turn::Wait(hoping, delay) = hoping else { panic!("given up") };
    assert_eq!((hoping.state.name(), delay), (StateName::Submitting, Duration::from_secs(9)));

    let past =
        machine::after_round(&submitting(1), &round, until, &policy, &chain(), CallbackHope::Until(until));
    let Turn::Wait(again, _) = past else { panic!("given up") };
    assert_eq!((again.state.name(), again.plan.unknown_outcomes), (StateName::Held, 1));

    let mut twice = submitting(1);
    twice.plan.unknown_outcomes = 1;
    assert_eq!(after(&twice, &round), Turn::End(State::Failed(FailureReason::Unavailable)));
}

#[test]
fn attempts_are_counted_and_what_arrived_is_kept_when_they_run_out() {
    let round = Round { arrived: vec![0], fault: Some(fault(FailureClass::Unavailable)), ..Round::default() };
    let mut last = submitting(2);
    last.plan.attempt = GenerationPolicy::default().max_attempts;
    let Turn::Keep(kept) = after(&last, &round) else { panic!("not kept") };
    assert_eq!((kept.arrived_slots().len(), kept.slots[1].end), (1, Some(SlotEnd::Missing)));
    let nothing = Round::failed(fault(FailureClass::Unavailable));
    assert_eq!(after(&last, &nothing), Turn::End(State::Failed(FailureReason::Unavailable)));
}

#[test]
fn past_its_deadline_it_expires_or_keeps_what_is_there() {
    let mut late = submitting(2);
    late.deadline = NOW;
    let round = Round::failed(fault(FailureClass::Unavailable));
    assert_eq!(after(&late, &round), Turn::End(State::Expired));
    let round = Round { arrived: vec![1], ..round };
    assert!(matches!(after(&late, &round), Turn::Keep(_)));
}

#[test]
fn only_what_no_provider_has_seen_can_be_cancelled() {
    assert!(machine::can_be_cancelled(&held(1)));
    for state in [
        State::Submitting { since: NOW },
        State::Submitted { since: NOW, accepted: Vec::new() },
        State::Stored,
        State::Delivered,
        State::Cancelled,
        State::Expired,
        State::Failed(FailureReason::Refused),
    ] {
        assert!(!machine::can_be_cancelled(&generation(state, 1)));
    }
    let mut partly = held(2);
    partly.slots[0].arrived = Some(1);
    assert!(!machine::can_be_cancelled(&partly));
}

#[test]
fn the_weightiest_fault_decides() {
    let mut round = Round::default();
    round.add_fault(fault(FailureClass::Refused));
    round.add_fault(fault(FailureClass::Unavailable));
    round.add_fault(fault(FailureClass::Bug));
    assert_eq!(round.fault.clone().unwrap().class, FailureClass::Unavailable);
    round.add_fault(fault(FailureClass::Misconfigured));
    assert_eq!(round.fault.clone().unwrap().class, FailureClass::Misconfigured);
    round.add_fault(Fault::no_answer());
    assert_eq!(round.fault.unwrap().outcome, CallOutcome::Unknown);
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
        (0_u64..200)
            .prop_map(|seconds| FailureClass::Limited { retry_after: Some(Duration::from_secs(seconds)) }),
        Just(FailureClass::Limited { retry_after: None }),
    ]
}

fn any_fault() -> impl Strategy<Value = Fault> {
    (any_class(), any::<bool>()).prop_map(|(class, known)| Fault {
        class,
        outcome: if known { CallOutcome::NotDone } else { CallOutcome::Unknown },
        code: "any".to_owned(),
    })
}

fn any_round() -> impl Strategy<Value = Round> {
    (prop::collection::vec(0_u8..4, 4), prop::option::of(any_fault())).prop_map(|(fates, fault)| {
        let mut round = Round { fault, ..Round::default() };
        for (slot, fate) in (0_u8..).zip(fates) {
            match fate {
                0 => round.arrived.push(slot),
                1 => round.withheld.push(slot),
                2 => round.left_out.push(slot),
                _ => {}
            }
        }
        round
    })
}

proptest! {
    /// However the providers behave, the machine comes to an end within its attempts, and never forgets an image.
    #[test]
    fn any_run_comes_to_an_end(rounds in prop::collection::vec(any_round(), 40)) {
        let policy = GenerationPolicy::default();
        let mut present = held(4);
        let mut now = NOW;
        for round in rounds {
            let submitted = match machine::begin(&present, now, &chain()) {
                Beginning::Submit(next) => *next,
                Beginning::Wait(delay) => { now = now + delay; continue }
                Beginning::Keep | Beginning::End(_) => return Ok(()),
            };
            prop_assert!(submitted.plan.attempt <= policy.max_attempts);
            let before = submitted.arrived_slots().len();
            match machine::after_round(&submitted, &round, now, &policy, &chain(), CallbackHope::None) {
                Turn::Wait(next, _) => {
                    prop_assert!(next.arrived_slots().len() >= before);
                    present = *next;
                }
                Turn::Keep(next) => {
                    prop_assert!(!next.arrived_slots().is_empty());
                    prop_assert!(next.open_slots().is_empty());
                    return Ok(());
                }
                Turn::End(end) => {
                    prop_assert_eq!(before, 0);
                    prop_assert!(end.name().is_unsuccessful());
                    return Ok(());
                }
            }
        }
        prop_assert!(false, "it never came to an end");
    }

    /// Unknown outcomes are submitted again at most as often as the policy allows.
    #[test]
    fn unknown_outcomes_are_bounded(faults in prop::collection::vec(any_fault(), 20)) {
        let policy = GenerationPolicy::default();
        let mut present = submitting(1);
        for fault in faults {
            match machine::after_round(&present, &Round::failed(fault), NOW, &policy, &chain(), CallbackHope::None) {
                Turn::Wait(next, _) => {
                    prop_assert!(next.plan.unknown_outcomes <= policy.max_unknown_outcomes);
                    let mut next = *next;
                    next.state = State::Submitting { since: NOW };
                    next.plan.attempt += 1;
                    next.plan.attempts_at_model += 1;
                    present = next;
                }
                Turn::Keep(_) | Turn::End(_) => break,
            }
        }
    }
}
