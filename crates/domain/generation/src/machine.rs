//! What happens next to a generation: pure functions of its state and of what was found out.

use std::time::Duration;

use kernel::{CallOutcome, FailureClass, Timestamp};
pub use kernel::{CallbackHope, Fault};

use crate::{
    Accepted, Delivery, FailureReason, Generation, GenerationPolicy, ModelId, Slot, SlotEnd, State, StateName,
};

/// The longest wait that a provider's "too many requests" may impose before another model is tried instead.
const LONGEST_POLITE_WAIT: Duration = Duration::from_secs(20);
/// The longest pause between two attempts.
const LONGEST_RETRY_DELAY: Duration = Duration::from_secs(30);

/// What one round at a provider brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// Slots whose bytes lie in the object store under the present attempt.
    pub arrived: Vec<u8>,
    /// Slots that the provider's safety policy keeps back.
    pub withheld: Vec<u8>,
    /// Slots that the provider left out without a word.
    pub left_out: Vec<u8>,
    /// Work that the provider accepted.
    pub accepted: Vec<Accepted>,
    /// The weightiest fault.
    pub fault: Option<Fault>,
}

impl Round {
    /// A round that brought nothing but a fault.
    pub fn failed(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    /// Adds what another call of the same round brought.
    pub fn join(&mut self, other: Self) {
        self.arrived.extend(other.arrived);
        self.withheld.extend(other.withheld);
        self.left_out.extend(other.left_out);
        self.accepted.extend(other.accepted);
        if let Some(fault) = other.fault {
            self.add_fault(fault);
        }
    }

    /// Adds a fault; the weightiest one stays.
    pub fn add_fault(&mut self, fault: Fault) {
        if self.fault.as_ref().is_none_or(|present| present.weight() < fault.weight()) {
            self.fault = Some(fault);
        }
    }
}

/// What to do about a generation that waits to be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// Not yet.
    Wait(Duration),
    /// Store this, then submit.
    Submit(Box<Generation>),
    /// Nothing more will come: keep what has arrived.
    Keep,
    /// It ends.
    End(State),
}

/// What to do after a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Store this and look again after the wait.
    Wait(Box<Generation>, Duration),
    /// Keep what has arrived, and end the other slots as this generation says.
    Keep(Box<Generation>),
    /// It ends.
    End(State),
}

/// Decides about a generation whose credits are held. `chain` is what can be used now, first to last.
pub fn begin(generation: &Generation, now: Timestamp, chain: &[ModelId]) -> Beginning {
    let State::Held { not_before } = generation.state else {
        return Beginning::Wait(Duration::ZERO);
    };
    let anything_arrived = !generation.arrived_slots().is_empty();
    if now >= generation.deadline {
        return if anything_arrived { Beginning::Keep } else { Beginning::End(State::Expired) };
    }
    if now < not_before {
        return Beginning::Wait(not_before.since(now));
    }
    let wanted = &generation.plan.model;
    let Some(model) = chain.iter().find(|model| *model == wanted).or_else(|| chain.first()) else {
        let nothing = State::Failed(FailureReason::NoModel);
        return if anything_arrived { Beginning::Keep } else { Beginning::End(nothing) };
    };
    let mut next = generation.clone();
    if model != wanted {
        next.plan.model = model.clone();
        next.plan.attempts_at_model = 0;
    }
    next.plan.attempt += 1;
    next.plan.attempts_at_model += 1;
    next.state = State::Submitting { since: now };
    Beginning::Submit(Box::new(next))
}

/// Decides after a round at a provider.
pub fn after_round(
    generation: &Generation,
    round: &Round,
    now: Timestamp,
    policy: &GenerationPolicy,
    chain: &[ModelId],
    hope: CallbackHope,
) -> Turn {
    let next = with_round(generation, round);
    if !round.accepted.is_empty() {
        let since = match generation.state {
            State::Submitted { since, .. } => since,
            _ => now,
        };
        let state = State::Submitted { since, accepted: round.accepted.clone() };
        return wait_or_expire(Generation { state, ..next }, now, policy.poll_interval);
    }
    if next.open_slots().is_empty() {
        return settle(next, FailureReason::Refused);
    }
    let Some(fault) = &round.fault else {
        return settle(next, FailureReason::Unavailable);
    };
    after_fault(next, fault, now, policy, chain, hope)
}

/// Whether a generation past its deadline has anything to keep.
pub fn at_deadline(generation: &Generation) -> Turn {
    if generation.arrived_slots().is_empty() {
        Turn::End(State::Expired)
    } else {
        Turn::Keep(Box::new(close_open_slots(generation.clone())))
    }
}

/// The generation after it was kept, paid and put into the gallery.
pub fn stored(generation: &Generation) -> Generation {
    Generation {
        state: State::Stored,
        delivery: Delivery::NotStarted,
        ..close_open_slots(generation.clone())
    }
}

/// The generation at one of its unsuccessful ends.
pub fn ended(generation: &Generation, end: State) -> Generation {
    Generation { state: end, delivery: Delivery::NotStarted, ..generation.clone() }
}

/// Whether the person can still take it back without anything being lost.
pub fn can_be_cancelled(generation: &Generation) -> bool {
    generation.state.name() == StateName::Held && generation.arrived_slots().is_empty()
}

fn with_round(generation: &Generation, round: &Round) -> Generation {
    let mut next = generation.clone();
    let attempt = next.plan.attempt;
    mark(&mut next.slots, &round.arrived, |slot| {
        slot.arrived = Some(attempt);
    });
    mark(&mut next.slots, &round.withheld, |slot| {
        slot.end = Some(SlotEnd::Refused);
    });
    mark(&mut next.slots, &round.left_out, |slot| {
        slot.end = Some(SlotEnd::Missing);
    });
    if let Some(fault) = &round.fault {
        next.plan.last_failure = Some(fault.code.clone());
    }
    next
}

fn mark(slots: &mut [Slot], numbers: &[u8], change: impl Fn(&mut Slot)) {
    for number in numbers {
        if let Some(slot) = slots.get_mut(usize::from(*number))
            && slot.is_open()
        {
            change(slot);
        }
    }
}

/// Every slot has ended or nothing more is tried: what has arrived is kept; with nothing there, it failed.
fn settle(generation: Generation, otherwise: FailureReason) -> Turn {
    if !generation.arrived_slots().is_empty() {
        return Turn::Keep(Box::new(close_open_slots(generation)));
    }
    let refused = generation.slots.iter().any(|slot| slot.end == Some(SlotEnd::Refused));
    Turn::End(State::Failed(if refused { FailureReason::Refused } else { otherwise }))
}

fn after_fault(
    generation: Generation,
    fault: &Fault,
    now: Timestamp,
    policy: &GenerationPolicy,
    chain: &[ModelId],
    hope: CallbackHope,
) -> Turn {
    match fault.class {
        FailureClass::Refused => return settle(generation, FailureReason::Refused),
        FailureClass::Invalid => return settle(generation, FailureReason::Invalid),
        _ => {}
    }
    if fault.outcome == CallOutcome::Unknown {
        if let CallbackHope::Until(until) = hope
            && now < until
        {
            return wait_or_expire(generation, now, until.since(now));
        }
        if generation.plan.unknown_outcomes >= policy.max_unknown_outcomes {
            return settle(generation, FailureReason::Unavailable);
        }
    }
    if generation.plan.attempt >= policy.max_attempts {
        return settle(generation, FailureReason::Unavailable);
    }
    let Some(model) = next_model(&generation, fault, policy, chain) else {
        return settle(generation, FailureReason::NoModel);
    };
    let moved = model != generation.plan.model;
    let delay = retry_delay(&generation, fault, policy, moved);
    let mut next = generation;
    if fault.outcome == CallOutcome::Unknown {
        next.plan.unknown_outcomes += 1;
    }
    if moved {
        next.plan.model = model;
        next.plan.attempts_at_model = 0;
    }
    next.state = State::Held { not_before: now + delay };
    wait_or_expire(next, now, delay)
}

/// The model of the next attempt: the same while it deserves another try, else the next one of the chain, round and
/// round until the attempts are used up.
fn next_model(
    generation: &Generation,
    fault: &Fault,
    policy: &GenerationPolicy,
    chain: &[ModelId],
) -> Option<ModelId> {
    let present = &generation.plan.model;
    let used_up = generation.plan.attempts_at_model >= policy.attempts_per_model;
    let leave = match fault.class {
        FailureClass::Misconfigured | FailureClass::Bug => true,
        FailureClass::Limited { retry_after } => {
            used_up || retry_after.is_some_and(|wait| wait > LONGEST_POLITE_WAIT)
        }
        _ => used_up,
    };
    let place = chain.iter().position(|model| model == present);
    match (leave, place) {
        (false, Some(_)) => Some(present.clone()),
        (true, Some(place)) => {
            let next = chain.get((place + 1) % chain.len())?;
            // A model that an operator must see to is not tried again, even when it is the only one.
            (next != present || fault.class != FailureClass::Misconfigured).then(|| next.clone())
        }
        (_, None) => chain.first().cloned(),
    }
}

fn retry_delay(generation: &Generation, fault: &Fault, policy: &GenerationPolicy, moved: bool) -> Duration {
    if moved {
        return Duration::ZERO;
    }
    let doublings = generation.plan.attempts_at_model.saturating_sub(1).min(5);
    let backoff = policy.retry_delay.saturating_mul(1 << doublings);
    match fault.class {
        FailureClass::Limited { retry_after: Some(wait) } => wait.max(backoff),
        _ => backoff,
    }
    .min(LONGEST_RETRY_DELAY)
}

fn wait_or_expire(generation: Generation, now: Timestamp, delay: Duration) -> Turn {
    if now >= generation.deadline {
        return at_deadline(&generation);
    }
    let until_deadline = generation.deadline.since(now);
    Turn::Wait(Box::new(generation), delay.min(until_deadline))
}

fn close_open_slots(mut generation: Generation) -> Generation {
    for slot in &mut generation.slots {
        if slot.is_open() {
            slot.end = Some(SlotEnd::Missing);
        }
    }
    generation
}
