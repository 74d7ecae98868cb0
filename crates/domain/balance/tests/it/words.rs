//! Stored names and arithmetic of splits.

use balance::{EntryKind, HoldState, OperationKey, Split, UnknownEntryKind, UnknownHoldState};
use kernel::{Credits, CreditsError, HoldId};
use uuid::Uuid;

#[test]
fn stored_names_are_read_back() {
    for kind in EntryKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert_eq!("gift".parse::<EntryKind>(), Err(UnknownEntryKind("gift".to_owned())));
    for state in [HoldState::Open, HoldState::Captured, HoldState::Released] {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    assert_eq!("ended".parse::<HoldState>(), Err(UnknownHoldState("ended".to_owned())));
}

#[test]
fn keys_say_what_they_are_for() {
    let id = Uuid::from_u128(7);
    let hold = HoldId::new(id);
    for (key, text) in [
        (OperationKey::welcome(), "welcome".to_owned()),
        (OperationKey::hold(id), format!("hold:{id}")),
        (OperationKey::capture(hold), format!("capture:{id}")),
        (OperationKey::release(hold), format!("release:{id}")),
    ] {
        assert_eq!(key.to_string(), text);
        assert_eq!(text.parse(), Ok(key));
    }
}

#[test]
fn a_split_is_taken_bonus_first_and_never_below_zero() {
    let split = Split { bonus: Credits::of(5), paid: Credits::of(7) };
    assert_eq!(split.total(), Ok(Credits::of(12)));
    assert_eq!(split.take(Credits::of(6)), Some(Split { bonus: Credits::of(5), paid: Credits::of(1) }));
    assert_eq!(split.take(Credits::of(13)), None);
    let more = Split { bonus: Credits::of(6), paid: Credits::ZERO };
    assert_eq!(split.minus(more), Err(CreditsError::Negative(-1)));
    let most = Split { bonus: Credits::MAX, paid: Credits::MAX };
    assert_eq!(most.total(), Err(CreditsError::TooLarge));
    assert_eq!(most.plus(split), Err(CreditsError::TooLarge));
}
