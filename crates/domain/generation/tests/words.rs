//! The stored names, the limits of a policy, and what failures mean.

use std::collections::BTreeSet;
use std::time::Duration;

use balance::{LedgerError, OperationKey, Refusal};
use generation::{
    AdvanceError, FailureReason, GenerationPolicy, Intent, NotifyError, PolicyError, State, StateName,
    UnknownState,
};
use kernel::{
    Credits, CreditsError, FailureClass, ImagingError, ObjectStoreError, ProviderError, StoreError,
    Timestamp, UpdateId,
};

#[test]
fn a_state_is_stored_under_a_name_of_its_own() {
    let names: BTreeSet<&str> = StateName::ALL.iter().map(|name| name.as_str()).collect();
    assert_eq!(names.len(), StateName::ALL.len());
    for name in StateName::ALL {
        assert_eq!(name.as_str().parse(), Ok(name));
        assert_eq!(name.to_string(), name.as_str());
    }
    assert_eq!("dreaming".parse::<StateName>(), Err(UnknownState("dreaming".to_owned())));
}

#[test]
fn every_state_is_under_way_stored_or_final() {
    let states = [
        (State::Held { not_before: Timestamp::EPOCH }, StateName::Held),
        (State::Submitting { since: Timestamp::EPOCH }, StateName::Submitting),
        (State::Submitted { since: Timestamp::EPOCH, accepted: Vec::new() }, StateName::Submitted),
        (State::Stored, StateName::Stored),
        (State::Delivered, StateName::Delivered),
        (State::Failed(FailureReason::Refused), StateName::Failed),
        (State::Cancelled, StateName::Cancelled),
        (State::Expired, StateName::Expired),
    ];
    for (state, name) in states {
        assert_eq!(state.name(), name);
        let kinds = [name.is_under_way(), name == StateName::Stored, name.is_final()];
        assert_eq!(kinds.iter().filter(|is_so| **is_so).count(), 1, "{name}");
        assert!(!name.is_unsuccessful() || name.is_final());
    }
}

#[test]
fn wishes_of_different_kinds_never_meet() {
    assert_eq!(Intent::button(255).as_str(), "button:00000000000000ff");
    assert_eq!(Intent::message(UpdateId::new(7)).to_string(), "update:7");
    assert_eq!(Intent::from_stored("update:7"), Intent::message(UpdateId::new(7)));
    assert_ne!(Intent::button(7), Intent::message(UpdateId::new(7)));
}

#[test]
fn times_that_do_not_fit_together_are_refused() {
    let good = GenerationPolicy::default();
    assert_eq!(good.check(), Ok(()));
    let hasty = GenerationPolicy { lifetime: good.provider_timeout, ..good };
    let refused = hasty.check().unwrap_err();
    assert_eq!(
        refused,
        PolicyError::LifetimeTooShort { lifetime: good.provider_timeout, call: good.provider_timeout }
    );
    let stingy = GenerationPolicy { hold_time_to_live: good.lifetime, ..good };
    let needed = good.lifetime + good.provider_timeout;
    assert_eq!(stingy.check(), Err(PolicyError::HoldTooShort { hold: good.lifetime, needed }));
    assert!(refused.to_string().contains("120s"), "{refused}");
}

#[test]
fn what_went_wrong_decides_what_is_done() {
    let away = || StoreError::Unavailable("away".into());
    let limited = ProviderError::new(
        FailureClass::Limited { retry_after: Some(Duration::from_secs(3)) },
        "429",
        "too many requests",
    );
    let cases: [(AdvanceError, FailureClass); 10] = [
        (away().into(), FailureClass::Unavailable),
        (LedgerError::Store(away()).into(), FailureClass::Unavailable),
        (LedgerError::Refused(Refusal::NoSuchHold).into(), FailureClass::Bug),
        (LedgerError::KeyConflict(OperationKey::welcome()).into(), FailureClass::Bug),
        (ObjectStoreError::Unavailable("away".into()).into(), FailureClass::Unavailable),
        (ObjectStoreError::Misconfigured { detail: "full".to_owned() }.into(), FailureClass::Misconfigured),
        (ImagingError::Bug("broken".into()).into(), FailureClass::Bug),
        (NotifyError::Unreachable.into(), FailureClass::NotFound),
        (CreditsError::TooLarge.into(), FailureClass::Bug),
        (AdvanceError::BytesMissing { slot: 2 }, FailureClass::Bug),
    ];
    for (error, class) in cases {
        assert_eq!(error.class(), class, "{error}");
        assert_eq!(error.retry_after(), None);
        assert!(!error.is_superseded());
    }
    let limited = AdvanceError::from(NotifyError::from(limited));
    assert_eq!(limited.retry_after(), Some(Duration::from_secs(3)));
    let superseded = StoreError::Superseded { what: "claim" };
    assert!(AdvanceError::from(superseded).is_superseded());
    assert!(AdvanceError::from(LedgerError::Store(StoreError::Superseded { what: "claim" })).is_superseded());
    assert!(AdvanceError::Restless { steps: 64 }.to_string().contains("64"));
    assert_eq!(Credits::of(5).to_string(), "5");
}
