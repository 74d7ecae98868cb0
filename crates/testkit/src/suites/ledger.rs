//! What every [`Ledger`](balance::Ledger) must do, and what a [`BalanceReader`](balance::BalanceReader) must give of it.

use std::collections::BTreeMap;
use std::time::Duration;

use balance::{
    BalanceSheet, EntryKind, Hold, HoldChange, HoldState, LedgerEntry, LedgerError, Operation, OperationKey,
    Recorded, Refusal, Split, decide,
};
use futures::future::join_all;
use kernel::{AccountId, Credits, Cursor, HoldId, PageSize};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::time::timeout;
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{
    A_MOMENT, ACCOUNT, LONG, OTHER_ACCOUNT, credits, database_now, entry_id, grant, hold_id, key, record,
};

database_suite! { $ ledger as ledger_tests:
    an_operation_must_be_decided_by_decide,
    an_operation_must_be_decided_under_a_lock_on_the_accounts_balance,
    the_same_key_with_the_same_arguments_must_give_the_first_entry_and_change_nothing,
    the_same_key_with_other_arguments_must_be_key_conflict_and_change_nothing,
    a_refusal_must_write_nothing_and_the_same_key_must_succeed_once_the_cause_is_gone,
    of_any_number_of_concurrent_operations_none_must_take_what_another_has_taken,
    a_hold_must_be_ended_once,
    an_account_without_entries_must_have_an_empty_balance,
    a_holds_deadline_must_be_counted_by_the_databases_clock,
    history_must_list_the_newest_entry_first_and_a_next_page_must_start_right_after_the_last_row,
}

/// An operation MUST be decided by [`decide`]: a long stream of operations of every kind is told to the ledger and to a
/// model that knows nothing but `decide`, and both must agree on every answer, entry, hold and balance.
pub async fn an_operation_must_be_decided_by_decide(subject: &DatabaseSubject) {
    let mut chance = ChaCha8Rng::seed_from_u64(7);
    let mut model = Model::default();
    for number in 0..160 {
        let operation = model.any_operation(&mut chance);
        let key = key(&format!("operation:{number}"));
        let expected = model.apply(&key, &operation);
        let outcome = record(subject, ACCOUNT, entry_id(number), &key, &operation).await;
        match (outcome, expected) {
            (Ok(recorded), Ok(())) => {
                assert_eq!(recorded.sheet, model.sheet, "operation {number}: {operation:?}");
                model.assert_entry(&recorded.entry, &key, &operation);
            }
            (Err(LedgerError::Refused(refusal)), Err(expected)) => {
                assert_eq!(refusal, expected, "operation {number}: {operation:?}");
            }
            (outcome, expected) => {
                panic!("operation {number}, {operation:?}: {outcome:?} where the rules say {expected:?}")
            }
        }
        if let Some(hold) = operation.hold() {
            assert_eq!(without_deadline(stored_hold(subject, hold).await), model.holds.get(&hold).copied());
        }
        assert_eq!(sheet(subject, ACCOUNT).await, model.sheet, "after operation {number}");
    }
    assert_eq!(history(subject, ACCOUNT).await.len(), model.entries.len());
}

/// An operation MUST be decided under a lock on the account's balance: while a unit of work that changed a balance is
/// open, nobody decides by what was before.
pub async fn an_operation_must_be_decided_under_a_lock_on_the_accounts_balance(subject: &DatabaseSubject) {
    grant(subject, ACCOUNT, 1, 10).await;
    let mut first = subject.balance_units.begin().await.expect("begin");
    first
        .ledger()
        .record(ACCOUNT, entry_id(2), &key("first"), &hold(1, 8), "")
        .await
        .expect("there is enough");
    let (second_key, second_operation) = (key("second"), hold(2, 8));
    let second = record(subject, ACCOUNT, entry_id(3), &second_key, &second_operation);
    futures::pin_mut!(second);
    assert!(timeout(A_MOMENT, &mut second).await.is_err(), "the balance is locked");
    first.commit().await.expect("commit");
    match second.await {
        Err(LedgerError::Refused(Refusal::Insufficient { missing })) => assert_eq!(missing, Credits::of(6)),
        outcome => panic!("2 credits were left, and another hold of 8 gave {outcome:?}"),
    }
}

/// The same key with the same arguments MUST give the first entry and change nothing, also when both come at once.
pub async fn the_same_key_with_the_same_arguments_must_give_the_first_entry_and_change_nothing(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    let release = Operation::Release { hold: hold_id(3) };
    let operations = [
        ("bonus", Operation::GrantBonus { amount: credits(5) }),
        ("paid", Operation::GrantPaid { amount: credits(6) }),
        ("hold:2", hold(2, 20)),
        ("capture:2", Operation::Capture { hold: hold_id(2), amount: credits(15) }),
        ("refund:2", Operation::Refund { hold: hold_id(2), amount: credits(4) }),
        ("hold:3", hold(3, 7)),
        ("release:3", release),
        ("hold:4", hold(4, 9)),
        ("capture:4", Operation::Capture { hold: hold_id(4), amount: Credits::ZERO }),
        ("claw-back", Operation::ClawBack { amount: credits(6) }),
    ];
    let mut firsts = Vec::new();
    for (number, (text, operation)) in (10..).zip(&operations) {
        let first = record(subject, ACCOUNT, entry_id(number), &key(text), operation).await.expect(text);
        firsts.push(first);
    }
    let before = sheet(subject, ACCOUNT).await;
    for (number, (first, (text, operation))) in (100..).zip(firsts.iter().zip(&operations)) {
        let again = record(subject, ACCOUNT, entry_id(number), &key(text), operation).await.expect(text);
        assert_eq!(again.entry, first.entry, "the first outcome of {text}");
        assert_eq!(again.sheet, before, "the balance as it is now");
    }
    // Another time to live is no other argument.
    let longer = Operation::Hold { hold: hold_id(2), amount: credits(20), time_to_live: LONG * 2 };
    let again = record(subject, ACCOUNT, entry_id(150), &key("hold:2"), &longer).await.expect("a repeat");
    assert_eq!(again.entry, firsts[2].entry);
    assert_eq!(sheet(subject, ACCOUNT).await, before, "repeats change nothing");

    // Keys are an account's own.
    let theirs = Operation::GrantBonus { amount: credits(50) };
    let other =
        record(subject, OTHER_ACCOUNT, entry_id(160), &key("bonus"), &theirs).await.expect("another account");
    assert_eq!(other.sheet.available.bonus, credits(50));

    let same = key("at-once");
    let amount = Operation::GrantBonus { amount: credits(11) };
    let outcomes =
        join_all((200..208).map(|number| record(subject, ACCOUNT, entry_id(number), &same, &amount))).await;
    let entries: Vec<LedgerEntry> =
        outcomes.into_iter().map(|outcome| outcome.expect("a grant").entry).collect();
    assert!(entries.iter().all(|entry| *entry == entries[0]), "eight at once are one: {entries:?}");
    assert_eq!(sheet(subject, ACCOUNT).await.version, before.version + 1);
}

/// The same key with other arguments MUST be `KeyConflict` and change nothing; the unit of work goes on.
pub async fn the_same_key_with_other_arguments_must_be_key_conflict_and_change_nothing(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    for (number, (text, operation)) in (10..).zip([
        ("hold:2", hold(2, 20)),
        ("hold:3", hold(3, 20)),
        ("capture:2", Operation::Capture { hold: hold_id(2), amount: credits(15) }),
        ("grant", Operation::GrantBonus { amount: credits(5) }),
    ]) {
        record(subject, ACCOUNT, entry_id(number), &key(text), &operation).await.expect(text);
    }
    let before = (sheet(subject, ACCOUNT).await, history(subject, ACCOUNT).await);
    let others = [
        ("grant", Operation::GrantBonus { amount: credits(6) }),
        ("grant", Operation::GrantPaid { amount: credits(5) }),
        ("grant", Operation::ClawBack { amount: credits(5) }),
        ("hold:2", hold(2, 21)),
        ("hold:2", hold(5, 20)),
        ("hold:2", Operation::Capture { hold: hold_id(2), amount: credits(20) }),
        ("capture:2", Operation::Capture { hold: hold_id(2), amount: credits(14) }),
        ("capture:2", Operation::Capture { hold: hold_id(3), amount: credits(15) }),
        ("capture:2", Operation::Capture { hold: hold_id(2), amount: Credits::ZERO }),
        ("capture:2", Operation::Release { hold: hold_id(2) }),
    ];
    for (number, (text, operation)) in (100..).zip(&others) {
        let mut unit = subject.balance_units.begin().await.expect("begin");
        let outcome = unit.ledger().record(ACCOUNT, entry_id(number), &key(text), operation, "").await;
        assert!(
            matches!(&outcome, Err(LedgerError::KeyConflict(conflict)) if *conflict == key(text)),
            "{text} as {operation:?}: {outcome:?}"
        );
        let held = unit.ledger().hold(ACCOUNT, hold_id(3)).await.expect("the unit of work goes on");
        assert_eq!(held.map(|hold| hold.state), Some(HoldState::Open));
        unit.commit().await.expect("the unit of work goes on");
    }
    assert_eq!((sheet(subject, ACCOUNT).await, history(subject, ACCOUNT).await), before);
}

/// A refusal MUST write nothing, and the same key MUST succeed once the cause is gone.
pub async fn a_refusal_must_write_nothing_and_the_same_key_must_succeed_once_the_cause_is_gone(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 5).await;
    let before = (sheet(subject, ACCOUNT).await, history(subject, ACCOUNT).await);
    let mut unit = subject.balance_units.begin().await.expect("begin");
    let refused = unit.ledger().record(ACCOUNT, entry_id(2), &key("hold"), &hold(1, 8), "").await;
    assert!(
        matches!(refused, Err(LedgerError::Refused(Refusal::Insufficient { missing })) if missing == credits(3)),
        "{refused:?}"
    );
    let missing = unit.ledger().hold(ACCOUNT, hold_id(1)).await.expect("the unit of work goes on");
    assert_eq!(missing, None, "a refused hold is not there");
    let refused = unit
        .ledger()
        .record(ACCOUNT, entry_id(3), &key("end"), &Operation::Release { hold: hold_id(1) }, "")
        .await;
    assert!(matches!(refused, Err(LedgerError::Refused(Refusal::NoSuchHold))), "{refused:?}");
    unit.commit().await.expect("the unit of work goes on");
    assert_eq!((sheet(subject, ACCOUNT).await, history(subject, ACCOUNT).await), before);

    grant(subject, ACCOUNT, 4, 3).await;
    let mut unit = subject.balance_units.begin().await.expect("begin");
    unit.ledger()
        .record(ACCOUNT, entry_id(5), &key("hold"), &hold(1, 8), "")
        .await
        .expect("there is enough now");
    let end = Operation::Release { hold: hold_id(1) };
    unit.ledger()
        .record(ACCOUNT, entry_id(6), &key("end"), &end, "")
        .await
        .expect("there is such a hold now");
    unit.commit().await.expect("commit");
    assert_eq!(sheet(subject, ACCOUNT).await.available.bonus, credits(8));

    // A hold is its account's alone.
    let foreign = record(subject, OTHER_ACCOUNT, entry_id(7), &key("end"), &end).await;
    assert!(matches!(foreign, Err(LedgerError::Refused(Refusal::NoSuchHold))), "{foreign:?}");
}

/// Of any number of concurrent operations none MUST take what another has taken.
pub async fn of_any_number_of_concurrent_operations_none_must_take_what_another_has_taken(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 60).await;
    let paid = Operation::GrantPaid { amount: credits(40) };
    record(subject, ACCOUNT, entry_id(2), &key("paid"), &paid).await.expect("a grant");
    let outcomes = join_all((0..32).map(|number| async move {
        let key = OperationKey::hold(Uuid::from_u128(number));
        record(subject, ACCOUNT, entry_id(10 + number), &key, &hold(number, 7)).await
    }))
    .await;
    let mut held = 0;
    for outcome in outcomes {
        match outcome {
            Ok(_) => held += 1,
            Err(LedgerError::Refused(Refusal::Insufficient { .. })) => {}
            Err(error) => panic!("neither held nor refused: {error}"),
        }
    }
    assert_eq!(held, 14, "100 credits are enough for 14 holds of 7");
    let sheet = sheet(subject, ACCOUNT).await;
    assert_eq!(sheet.held, Split { bonus: credits(60), paid: credits(38) });
    assert_eq!(sheet.available, Split { bonus: Credits::ZERO, paid: credits(2) });
    assert_eq!(sheet.version, 16);
}

/// A hold is ended once: of captures and releases at once, under different keys, one succeeds.
pub async fn a_hold_must_be_ended_once(subject: &DatabaseSubject) {
    grant(subject, ACCOUNT, 1, 30).await;
    record(subject, ACCOUNT, entry_id(2), &key("hold"), &hold(1, 30)).await.expect("a hold");
    let outcomes = join_all((0..10).map(|number: u128| async move {
        let end = if number.is_multiple_of(2) {
            Operation::Capture { hold: hold_id(1), amount: credits(20) }
        } else {
            Operation::Release { hold: hold_id(1) }
        };
        record(subject, ACCOUNT, entry_id(10 + number), &key(&format!("end:{number}")), &end).await
    }))
    .await;
    let mut ends: Vec<Recorded> = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(recorded) => ends.push(recorded),
            Err(LedgerError::Refused(Refusal::AlreadyCaptured | Refusal::AlreadyReleased)) => {}
            Err(error) => panic!("neither ended nor refused: {error}"),
        }
    }
    assert_eq!(ends.len(), 1, "{ends:?}");
    let (state, spendable) = match ends[0].entry.kind {
        EntryKind::Capture => (HoldState::Captured, 10),
        _ => (HoldState::Released, 30),
    };
    assert_eq!(stored_hold(subject, hold_id(1)).await.expect("the hold").state, state);
    assert_eq!(sheet(subject, ACCOUNT).await.spendable(), credits(spendable));
}

/// An account without entries MUST have an empty balance.
pub async fn an_account_without_entries_must_have_an_empty_balance(subject: &DatabaseSubject) {
    grant(subject, OTHER_ACCOUNT, 1, 30).await;
    assert_eq!(sheet(subject, ACCOUNT).await, BalanceSheet::default());
    assert!(history(subject, ACCOUNT).await.is_empty());
    let refused = record(subject, ACCOUNT, entry_id(2), &key("hold"), &hold(1, 4)).await;
    assert!(
        matches!(refused, Err(LedgerError::Refused(Refusal::Insufficient { missing })) if missing == credits(4)),
        "{refused:?}"
    );
    assert_eq!(sheet(subject, ACCOUNT).await, BalanceSheet::default());
}

/// A hold's deadline MUST be counted by the database's clock.
pub async fn a_holds_deadline_must_be_counted_by_the_databases_clock(subject: &DatabaseSubject) {
    grant(subject, ACCOUNT, 1, 30).await;
    let time_to_live = Duration::from_secs(90);
    let operation = Operation::Hold { hold: hold_id(1), amount: credits(3), time_to_live };
    let before = database_now(subject).await;
    let recorded = record(subject, ACCOUNT, entry_id(2), &key("hold"), &operation).await.expect("a hold");
    let expires_at = stored_hold(subject, hold_id(1)).await.expect("the hold").expires_at;
    let after = database_now(subject).await;
    assert!(
        before <= recorded.entry.created_at && recorded.entry.created_at <= after,
        "{:?}",
        recorded.entry
    );
    assert!(
        before + time_to_live <= expires_at && expires_at <= after + time_to_live,
        "{expires_at:?} is not {time_to_live:?} after a moment from {before:?} to {after:?}"
    );
}

/// `history` MUST list the newest entry first, and a next page MUST start right after the last row of this one.
pub async fn history_must_list_the_newest_entry_first_and_a_next_page_must_start_right_after_the_last_row(
    subject: &DatabaseSubject,
) {
    for number in 1..=7_u128 {
        grant(subject, ACCOUNT, 2 * number, 1).await;
        grant(subject, OTHER_ACCOUNT, 2 * number + 1, 1).await;
    }
    let mut seen = Vec::new();
    let mut pages = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = subject.balances.history(ACCOUNT, after, PageSize::new(3)).await.expect("a page");
        pages.push(page.items.len());
        seen.extend(page.items.into_iter().map(|entry| entry.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [3, 3, 1]);
    assert_eq!(seen, (1..=7).rev().map(|number| entry_id(2 * number)).collect::<Vec<_>>());

    // What is written meanwhile moves no later page.
    let first = subject.balances.history(ACCOUNT, None, PageSize::new(3)).await.expect("a page");
    grant(subject, ACCOUNT, 100, 1).await;
    let second = subject.balances.history(ACCOUNT, first.next, PageSize::new(3)).await.expect("a page");
    assert_eq!(second.items[0].id, entry_id(8));
    let exact = subject.balances.history(ACCOUNT, None, PageSize::new(8)).await.expect("a page");
    assert_eq!((exact.items.len(), exact.next), (8, None), "a full last page has no next one");
    assert_eq!(exact.items[0].memo, "a memo");
}

/// What a balance and its holds should be, by the rules alone.
#[derive(Default)]
struct Model {
    sheet: BalanceSheet,
    before: BalanceSheet,
    holds: BTreeMap<HoldId, Hold>,
    entries: BTreeMap<OperationKey, EntryKind>,
}

impl Model {
    /// An operation that is possible more often than not.
    fn any_operation(&self, chance: &mut ChaCha8Rng) -> Operation {
        let amount = credits(chance.random_range(0..30));
        let known: Vec<HoldId> = self.holds.keys().copied().collect();
        let hold = if known.is_empty() || chance.random_range(0..20) == 0 {
            hold_id(999_999)
        } else {
            known[chance.random_range(0..known.len())]
        };
        match chance.random_range(0..12) {
            0 => Operation::GrantBonus { amount },
            1 => Operation::GrantPaid { amount },
            2..=4 => Operation::Hold {
                hold: hold_id(u128::try_from(self.holds.len()).expect("few")),
                amount,
                time_to_live: LONG,
            },
            5..=7 => Operation::Capture { hold, amount },
            8 => Operation::Release { hold },
            9..=10 => Operation::Refund { hold, amount },
            _ => Operation::ClawBack { amount },
        }
    }

    fn apply(&mut self, key: &OperationKey, operation: &Operation) -> Result<(), Refusal> {
        let named = operation.hold().and_then(|hold| self.holds.get(&hold).copied());
        let change = decide(&self.sheet, operation, named.as_ref())?;
        self.before = self.sheet;
        self.sheet = change.sheet;
        self.entries.insert(key.clone(), change.kind);
        if let (Some(id), Some(change)) = (operation.hold(), change.hold) {
            let hold = match (change, named) {
                (HoldChange::Opened(held), _) => Hold {
                    id,
                    held,
                    captured: Split::ZERO,
                    refunded: Split::ZERO,
                    state: HoldState::Open,
                    expires_at: kernel::Timestamp::EPOCH,
                },
                (HoldChange::Captured(captured), Some(hold)) => {
                    Hold { captured, state: HoldState::Captured, ..hold }
                }
                (HoldChange::Released, Some(hold)) => Hold { state: HoldState::Released, ..hold },
                (HoldChange::Refunded(back), Some(hold)) => {
                    Hold { refunded: hold.refunded.plus(back).expect("in range"), ..hold }
                }
                (change, None) => panic!("{change:?} of a hold that is not there"),
            };
            self.holds.insert(id, hold);
        }
        Ok(())
    }

    fn assert_entry(&self, entry: &LedgerEntry, key: &OperationKey, operation: &Operation) {
        let (before, after) = (&self.before, &self.sheet);
        let delta = |part: fn(&BalanceSheet) -> Credits| part(after).get() - part(before).get();
        assert_eq!(entry.key, *key);
        assert_eq!(Some(&entry.kind), self.entries.get(key));
        assert_eq!(entry.bonus_delta, delta(|sheet| sheet.available.bonus), "{entry:?}");
        assert_eq!(entry.paid_delta, delta(|sheet| sheet.available.paid), "{entry:?}");
        assert_eq!(entry.held_bonus_delta, delta(|sheet| sheet.held.bonus), "{entry:?}");
        assert_eq!(entry.held_paid_delta, delta(|sheet| sheet.held.paid), "{entry:?}");
        assert_eq!(entry.hold, operation.hold());
        assert_eq!(entry.version, after.version);
        assert_eq!(entry.memo, "a memo");
    }
}

fn hold(number: u128, amount: i64) -> Operation {
    Operation::Hold { hold: hold_id(number), amount: credits(amount), time_to_live: LONG }
}

async fn sheet(subject: &DatabaseSubject, account: AccountId) -> BalanceSheet {
    subject.balances.sheet(account).await.expect("a balance")
}

async fn history(subject: &DatabaseSubject, account: AccountId) -> Vec<LedgerEntry> {
    subject.balances.history(account, None, PageSize::new(100)).await.expect("a history").items
}

async fn stored_hold(subject: &DatabaseSubject, hold: HoldId) -> Option<Hold> {
    let mut unit = subject.balance_units.begin().await.expect("begin");
    unit.ledger().hold(ACCOUNT, hold).await.expect("a hold")
}

/// The deadline is the database's to count.
fn without_deadline(hold: Option<Hold>) -> Option<Hold> {
    hold.map(|hold| Hold { expires_at: kernel::Timestamp::EPOCH, ..hold })
}
