//! What failures mean and say.

use std::error::Error;
use std::time::Duration;

use kernel::{
    BoxError, CallOutcome, CallbackError, FailureClass, FailureReference, ImagingError, Invariant,
    JobQueueError, ObjectStoreError, ProviderError, RateLimiterError, StoreError,
};

fn underneath() -> BoxError {
    BoxError::from("the network is gone")
}

#[test]
fn every_failure_of_a_store_has_a_class() {
    let inconsistent = StoreError::Inconsistent { table: "jobs", column: "kind", id: "7".to_owned() };
    assert_eq!(inconsistent.to_string(), "inconsistent data in jobs.kind of row 7");
    for (error, class) in [
        (StoreError::Unavailable(underneath()), FailureClass::Unavailable),
        (StoreError::Contended(underneath()), FailureClass::Unavailable),
        (StoreError::Conflict { what: "generation" }, FailureClass::Conflict),
        (StoreError::Superseded { what: "claim" }, FailureClass::Conflict),
        (StoreError::Poisoned, FailureClass::Bug),
        (inconsistent, FailureClass::Bug),
        (StoreError::Bug(underneath()), FailureClass::Bug),
    ] {
        assert_eq!(error.class(), class, "{error}");
    }
}

#[test]
fn every_failure_of_objects_and_pictures_has_a_class() {
    let refused = ObjectStoreError::Misconfigured { detail: "no such bucket".to_owned() };
    assert_eq!(refused.to_string(), "the object store refuses: no such bucket");
    assert_eq!(refused.class(), FailureClass::Misconfigured);
    assert_eq!(ObjectStoreError::Unavailable(underneath()).class(), FailureClass::Unavailable);
    for (error, class) in [
        (ImagingError::NotAnImage(None), FailureClass::Invalid),
        (ImagingError::TooLarge, FailureClass::Invalid),
        (ImagingError::Bug(underneath()), FailureClass::Bug),
    ] {
        assert_eq!(error.class(), class, "{error}");
    }
}

#[test]
fn a_providers_failure_says_its_code_and_what_happened() {
    let limited = FailureClass::Limited { retry_after: Some(Duration::from_secs(20)) };
    let error = ProviderError::new(limited, "RESOURCE_EXHAUSTED", "too many requests");
    assert_eq!((error.class, error.outcome), (limited, CallOutcome::NotDone));
    assert_eq!(error.to_string(), "RESOURCE_EXHAUSTED: too many requests");
    assert!(error.source().is_none());

    let lost = error.with_unknown_outcome().caused_by(underneath());
    assert_eq!(lost.outcome, CallOutcome::Unknown);
    assert_eq!(lost.source().map(ToString::to_string).as_deref(), Some("the network is gone"));
}

#[test]
fn carriers_that_are_away_say_why() {
    let errors: [Box<dyn Error>; 3] = [
        Box::new(JobQueueError(underneath())),
        Box::new(RateLimiterError(underneath())),
        Box::new(CallbackError::KeysUnavailable(underneath())),
    ];
    for error in errors {
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("the network is gone"),
            "{error}"
        );
    }
    assert_eq!(CallbackError::NotAuthentic("too old").to_string(), "the callback is not authentic: too old");
}

#[test]
fn a_class_is_kept_with_its_wait() {
    for class in [
        FailureClass::Invalid,
        FailureClass::Limited { retry_after: Some(Duration::from_millis(1_500)) },
        FailureClass::Limited { retry_after: None },
        FailureClass::Misconfigured,
    ] {
        let text = serde_json::to_string(&class).unwrap();
        assert_eq!(serde_json::from_str::<FailureClass>(&text).unwrap(), class, "{text}");
    }
}

#[test]
fn every_invariant_has_an_id_of_its_own() {
    let ids: std::collections::BTreeSet<String> = Invariant::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(ids.len(), Invariant::ALL.len());
    assert!(ids.iter().all(|id| id.starts_with("money.") || id.starts_with("work.")), "{ids:?}");
}

#[test]
fn an_audit_tells_what_and_where() {
    let account = kernel::AccountId::new(uuid::Uuid::from_u128(7));
    let violation =
        kernel::Violation { invariant: Invariant::WelcomeOnce, account, detail: "given twice".to_owned() };
    assert!(kernel::AuditReport::default().is_clean());
    assert_eq!(kernel::AuditReport::default().to_string(), "every invariant holds");
    let report = kernel::AuditReport { violations: vec![violation] };
    assert!(!report.is_clean());
    assert_eq!(report.to_string(), format!("money.welcome-once {account} given twice\n"));
}

#[test]
fn a_reference_that_was_stored_is_the_same() {
    let reference = FailureReference::from_random(12_345);
    assert_eq!(FailureReference::from_stored(reference.to_string()), reference);
}
