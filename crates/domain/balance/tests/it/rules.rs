//! What each operation does and when it is refused: tables of [`decide`] and [`repeats`].

use std::time::Duration;

use balance::{
    BalanceSheet, Change, EntryKind, Hold, HoldChange, HoldState, LedgerEntry, Operation, OperationKey,
    Refusal, Split, decide, repeats,
};
use kernel::{Credits, HoldId, LedgerEntryId, Timestamp};
use uuid::Uuid;

const HOLD: HoldId = HoldId::new(Uuid::from_u128(1));
const OTHER_HOLD: HoldId = HoldId::new(Uuid::from_u128(2));
const TIME_TO_LIVE: Duration = Duration::from_mins(1);

fn split(bonus: u16, paid: u16) -> Split {
    Split { bonus: Credits::of(bonus), paid: Credits::of(paid) }
}

fn sheet(available: Split, held: Split) -> BalanceSheet {
    BalanceSheet { available, held, version: 5 }
}

fn hold(held: Split, state: HoldState, captured: Split, refunded: Split) -> Hold {
    Hold { id: HOLD, held, captured, refunded, state, expires_at: Timestamp::EPOCH }
}

fn open_hold(held: Split) -> Hold {
    hold(held, HoldState::Open, Split::ZERO, Split::ZERO)
}

fn hold_of(amount: u16) -> Operation {
    Operation::Hold { hold: HOLD, amount: Credits::of(amount), time_to_live: TIME_TO_LIVE }
}

fn capture(amount: u16) -> Operation {
    Operation::Capture { hold: HOLD, amount: Credits::of(amount) }
}

fn refund(amount: u16) -> Operation {
    Operation::Refund { hold: HOLD, amount: Credits::of(amount) }
}

#[test]
fn a_grant_adds_to_its_bucket() {
    let before = sheet(split(1, 2), split(3, 4));
    for (operation, kind, available) in [
        (Operation::GrantBonus { amount: Credits::of(10) }, EntryKind::GrantBonus, split(11, 2)),
        (Operation::GrantPaid { amount: Credits::of(10) }, EntryKind::GrantPaid, split(1, 12)),
    ] {
        let expected = Change {
            kind,
            amount: Credits::of(10),
            sheet: BalanceSheet { available, version: 6, ..before },
            hold: None,
        };
        assert_eq!(decide(&before, &operation, None), Ok(expected));
    }
}

#[test]
fn a_hold_takes_bonus_first() {
    for (available, amount, taken) in [
        (split(10, 10), 4, split(4, 0)),
        (split(10, 10), 10, split(10, 0)),
        (split(10, 10), 14, split(10, 4)),
        (split(10, 10), 20, split(10, 10)),
        (split(0, 10), 3, split(0, 3)),
    ] {
        let before = sheet(available, split(1, 1));
        let change = decide(&before, &hold_of(amount), None).unwrap();
        assert_eq!((change.kind, change.amount), (EntryKind::Hold, Credits::of(amount)));
        assert_eq!(change.hold, Some(HoldChange::Opened(taken)), "{amount} of {available:?}");
        assert_eq!(change.sheet.available, available.minus(taken).unwrap());
        assert_eq!(change.sheet.held, split(1, 1).plus(taken).unwrap());
        assert_eq!(change.sheet.version, 6);
    }
}

#[test]
fn a_capture_spends_bonus_first_and_returns_the_rest_to_where_it_came_from() {
    let held = split(6, 4);
    for (amount, spent, available) in [
        (1, split(1, 0), split(5, 4)),
        (6, split(6, 0), split(0, 4)),
        (7, split(6, 1), split(0, 3)),
        (10, split(6, 4), split(0, 0)),
    ] {
        let before = sheet(split(100, 100), held);
        let change = decide(&before, &capture(amount), Some(&open_hold(held))).unwrap();
        assert_eq!((change.kind, change.amount), (EntryKind::Capture, Credits::of(amount)));
        assert_eq!(change.hold, Some(HoldChange::Captured(spent)), "{amount}");
        assert_eq!(change.sheet.available, split(100, 100).plus(available).unwrap());
        assert_eq!(change.sheet.held, Split::ZERO);
    }
}

#[test]
fn capturing_nothing_is_a_release() {
    let held = split(6, 4);
    let before = sheet(split(0, 0), held);
    let released = decide(&before, &Operation::Release { hold: HOLD }, Some(&open_hold(held))).unwrap();
    assert_eq!((released.kind, released.amount), (EntryKind::Release, Credits::of(10)));
    assert_eq!(released.hold, Some(HoldChange::Released));
    assert_eq!(released.sheet, BalanceSheet { available: held, held: Split::ZERO, version: 6 });
    assert_eq!(decide(&before, &capture(0), Some(&open_hold(held))), Ok(released));
}

#[test]
fn a_refund_gives_paid_credits_back_first() {
    let captured = split(6, 4);
    for (refunded, amount, back) in [
        (split(0, 0), 3, split(0, 3)),
        (split(0, 0), 4, split(0, 4)),
        (split(0, 0), 6, split(2, 4)),
        (split(0, 0), 10, split(6, 4)),
        (split(0, 3), 2, split(1, 1)),
        (split(2, 4), 4, split(4, 0)),
    ] {
        let before = sheet(split(1, 1), split(2, 2));
        let spent = hold(split(7, 5), HoldState::Captured, captured, refunded);
        let change = decide(&before, &refund(amount), Some(&spent)).unwrap();
        assert_eq!((change.kind, change.amount), (EntryKind::Refund, Credits::of(amount)));
        assert_eq!(change.hold, Some(HoldChange::Refunded(back)), "{amount} after {refunded:?}");
        assert_eq!(change.sheet.available, split(1, 1).plus(back).unwrap());
        assert_eq!(change.sheet.held, split(2, 2));
    }
}

#[test]
fn a_claw_back_takes_unspent_paid_credits_alone() {
    let before = sheet(split(50, 10), split(0, 30));
    let change = decide(&before, &Operation::ClawBack { amount: Credits::of(10) }, None).unwrap();
    assert_eq!((change.kind, change.hold), (EntryKind::ClawBack, None));
    assert_eq!(change.sheet, BalanceSheet { available: split(50, 0), held: split(0, 30), version: 6 });
    assert_eq!(
        decide(&before, &Operation::ClawBack { amount: Credits::of(13) }, None),
        Err(Refusal::Insufficient { missing: Credits::of(3) })
    );
}

#[test]
fn what_is_impossible_is_refused_with_the_reason() {
    let before = sheet(split(6, 4), split(2, 2));
    let held = split(2, 2);
    let (captured, released) = (
        hold(held, HoldState::Captured, split(2, 1), split(0, 1)),
        hold(held, HoldState::Released, Split::ZERO, Split::ZERO),
    );
    let open = open_hold(held);
    let missing = |missing| Refusal::Insufficient { missing: Credits::of(missing) };
    let over = |over| Refusal::TooMuch { over: Credits::of(over) };
    let release = Operation::Release { hold: HOLD };
    let nothing = Credits::ZERO;
    for (operation, hold, refusal) in [
        (hold_of(11), None, missing(1)),
        (hold_of(0), None, Refusal::Nothing),
        (Operation::GrantBonus { amount: nothing }, None, Refusal::Nothing),
        (Operation::GrantPaid { amount: nothing }, None, Refusal::Nothing),
        (Operation::ClawBack { amount: nothing }, None, Refusal::Nothing),
        (Operation::GrantBonus { amount: Credits::MAX }, None, Refusal::OutOfRange),
        (Operation::GrantPaid { amount: Credits::MAX }, None, Refusal::OutOfRange),
        (capture(1), None, Refusal::NoSuchHold),
        (capture(0), None, Refusal::NoSuchHold),
        (release, None, Refusal::NoSuchHold),
        (refund(1), None, Refusal::NoSuchHold),
        (capture(5), Some(&open), over(1)),
        (capture(1), Some(&captured), Refusal::AlreadyCaptured),
        (release, Some(&captured), Refusal::AlreadyCaptured),
        (capture(1), Some(&released), Refusal::AlreadyReleased),
        (capture(0), Some(&released), Refusal::AlreadyReleased),
        (release, Some(&released), Refusal::AlreadyReleased),
        (refund(1), Some(&open), Refusal::NotCaptured),
        (refund(1), Some(&released), Refusal::NotCaptured),
        (refund(0), Some(&captured), Refusal::Nothing),
        (refund(3), Some(&captured), over(1)),
    ] {
        assert_eq!(decide(&before, &operation, hold), Err(refusal), "{operation:?} on {hold:?}");
    }
}

#[test]
fn a_refusal_says_what_is_wrong() {
    for (refusal, words) in [
        (Refusal::Insufficient { missing: Credits::of(3) }, "3 credits are missing"),
        (Refusal::TooMuch { over: Credits::of(2) }, "2 credits too many"),
        (Refusal::NoSuchHold, "there is no such hold"),
        (Refusal::OutOfRange, "the amount is out of range"),
    ] {
        assert_eq!(refusal.to_string(), words);
    }
}

#[test]
fn a_repeat_asks_for_what_was_recorded() {
    let amount = Credits::of(7);
    let longer = Operation::Hold { hold: HOLD, amount, time_to_live: 2 * TIME_TO_LIVE };
    let release = Operation::Release { hold: HOLD };
    for (kind, hold, operation) in [
        (EntryKind::GrantBonus, None, Operation::GrantBonus { amount }),
        (EntryKind::GrantPaid, None, Operation::GrantPaid { amount }),
        (EntryKind::Hold, Some(HOLD), hold_of(7)),
        (EntryKind::Hold, Some(HOLD), longer),
        (EntryKind::Capture, Some(HOLD), capture(7)),
        (EntryKind::Release, Some(HOLD), release),
        (EntryKind::Release, Some(HOLD), capture(0)),
        (EntryKind::Refund, Some(HOLD), refund(7)),
        (EntryKind::ClawBack, None, Operation::ClawBack { amount }),
    ] {
        let recorded = entry(kind, hold);
        assert!(repeats(&recorded, &operation), "{operation:?} of {recorded:?}");
        assert!(!repeats(&entry(kind, Some(OTHER_HOLD)), &operation), "another hold than {operation:?}");
        for other in EntryKind::ALL.into_iter().filter(|other| *other != kind) {
            assert!(!repeats(&entry(other, hold), &operation), "{operation:?} is no {other:?}");
        }
    }
    for other_amount in [
        Operation::GrantBonus { amount: Credits::of(8) },
        hold_of(8),
        capture(8),
        refund(8),
        Operation::ClawBack { amount: Credits::of(8) },
    ] {
        let hold = other_amount.hold();
        assert!(
            EntryKind::ALL.into_iter().all(|kind| !repeats(&entry(kind, hold), &other_amount)),
            "{other_amount:?}"
        );
    }
}

fn entry(kind: EntryKind, hold: Option<HoldId>) -> LedgerEntry {
    LedgerEntry {
        id: LedgerEntryId::new(Uuid::from_u128(9)),
        key: OperationKey::welcome(),
        kind,
        bonus_delta: 0,
        paid_delta: 0,
        held_bonus_delta: 0,
        held_paid_delta: 0,
        amount: Credits::of(7),
        hold,
        version: 1,
        memo: String::new(),
        created_at: Timestamp::EPOCH,
    }
}
