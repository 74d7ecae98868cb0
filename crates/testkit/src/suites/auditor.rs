//! What every [`Auditor`](kernel::Auditor) must do.

use std::time::Duration;

use balance::{HoldState, Operation, OperationKey};
use generation::{FailureReason, State};
use kernel::{Credits, Intent, Invariant, JobKind, JobState, LedgerEntryId, NewJob};
use uuid::Uuid;

use super::auditor_scene::{Part, SHOWN, Scene, assert_clean, bury_job, fill_in_order};
use super::samples::{LONG, UNIT_PRICE, bury, claim, complete, credits, item, item_id, keep, key, schedule};
use super::{DatabaseSubject, Tampering};

database_suite! { $ auditor as auditor_tests:
    data_in_order_work_under_way_included_must_give_a_clean_report,
    data_of_a_person_who_is_being_erased_must_give_a_clean_report,
    an_audit_must_change_nothing,
    a_violation_of_balance_equals_entries_must_be_found,
    a_violation_of_balance_not_negative_must_be_found,
    a_violation_of_held_equals_open_holds_must_be_found,
    a_violation_of_hold_ended_once_must_be_found,
    a_violation_of_failed_costs_nothing_must_be_found,
    a_violation_of_stored_is_paid_must_be_found,
    a_violation_of_capture_equals_prices_must_be_found,
    a_violation_of_under_way_is_held_must_be_found,
    what_is_free_must_need_no_hold,
    a_violation_of_unfinished_has_job_must_be_found,
    a_violation_of_nothing_overdue_must_be_found,
    a_violation_of_exhausted_is_buried_must_be_found,
    a_violation_of_buried_has_reason_must_be_found,
    a_violation_of_one_generation_per_intent_must_be_found,
    a_violation_of_one_item_per_slot_must_be_found,
    a_violation_of_welcome_once_must_be_found,
}

/// Data in order, work under way included, MUST give a clean report.
pub async fn data_in_order_work_under_way_included_must_give_a_clean_report(subject: &DatabaseSubject) {
    assert_clean(subject, "an empty database").await;
    fill_in_order(subject).await;
    assert_clean(subject, "data in order").await;
    // What is a little late is not out of order yet.
    subject.time.elapse(Duration::from_mins(30)).await;
    assert_clean(subject, "data in order, half an hour later").await;
}

/// Captures without images MUST be a violation, unless an erasure says that the person's images are gone: then neither the
/// generations that are left nor their absence is out of order.
pub async fn data_of_a_person_who_is_being_erased_must_give_a_clean_report(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let shown = scene.stored(1, 2).await;
    scene.finish(shown, State::Delivered, SHOWN).await;
    assert_clean(subject, "a delivered generation").await;
    assert_eq!(subject.gallery.erase_all(scene.account).await.expect("erase"), 2);
    scene.assert_found(Invariant::StoredIsPaid).await;
    scene.assert_found(Invariant::CaptureEqualsPrices).await;

    scene.begin_erasure().await;
    assert_clean(subject, "the images are gone").await;
    assert_eq!(subject.generation_units.erase_all(scene.account).await.expect("erase"), 1);
    assert_clean(subject, "the generations are gone").await;
    scene.forget_person().await;
    assert_clean(subject, "the person is gone").await;
}

/// An audit MUST change nothing.
pub async fn an_audit_must_change_nothing(subject: &DatabaseSubject) {
    fill_in_order(subject).await;
    let damaged = Scene::new(subject, 100);
    let requested = damaged.request(1).await;
    damaged.release(&requested).await;
    let snapshot = async || {
        let mut jobs = Vec::new();
        for state in [JobState::Ready, JobState::Running, JobState::Done, JobState::Buried] {
            jobs.extend(subject.jobs.list(state, 100).await.expect("list"));
        }
        let sheet = subject.balances.sheet(damaged.account).await.expect("a balance");
        let found = subject.generations.find(damaged.account, requested.id).await.expect("find");
        (jobs, sheet, found.map(|(found, _)| found))
    };
    let before = snapshot().await;
    let first = subject.auditor.audit().await.expect("audit");
    let second = subject.auditor.audit().await.expect("audit");
    assert!(!first.is_clean());
    assert_eq!(first, second, "it repairs nothing and breaks nothing");
    assert_eq!(snapshot().await, before);
}

/// A balance row equals the sum of the account's ledger entries, and its version their number.
pub async fn a_violation_of_balance_equals_entries_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    scene.tamper(Tampering::AddToBonus { account: scene.account, credits: 1 }).await;
    scene.assert_found(Invariant::BalanceEqualsEntries).await;

    let scene = Scene::new(subject, 101);
    scene.gift(1, 10).await;
    scene.tamper(Tampering::BalanceVersion { account: scene.account, version: 2 }).await;
    scene.assert_found(Invariant::BalanceEqualsEntries).await;
}

/// No part of a balance is negative.
pub async fn a_violation_of_balance_not_negative_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    scene.tamper(Tampering::AddToBonus { account: scene.account, credits: -1_000 }).await;
    scene.assert_found(Invariant::BalanceNotNegative).await;

    let scene = Scene::new(subject, 101);
    scene.gift(1, 10).await;
    scene.tamper(Tampering::AddToHeldBonus { account: scene.account, credits: -1 }).await;
    scene.assert_found(Invariant::BalanceNotNegative).await;
}

/// What is held equals the sum of the open holds.
pub async fn a_violation_of_held_equals_open_holds_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    scene.tamper(Tampering::AddToHeldBonus { account: scene.account, credits: 1 }).await;
    scene.assert_found(Invariant::HeldEqualsOpenHolds).await;

    let scene = Scene::new(subject, 101);
    let hold = scene.request(1).await.hold;
    let account = scene.account;
    scene.tamper(Tampering::HoldState { account, hold, state: HoldState::Released }).await;
    scene.assert_found(Invariant::HeldEqualsOpenHolds).await;
}

/// A hold is ended at most once, and an ended hold has exactly one entry that ends it.
pub async fn a_violation_of_hold_ended_once_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let requested = scene.request(1).await;
    let entry = scene.capture(&requested, credits(20)).await;
    let (again, key) = (LedgerEntryId::new(Uuid::from_u128(0xEEEE)), key("again"));
    scene.tamper(Tampering::RepeatEntry { account: scene.account, entry, again, key }).await;
    scene.assert_found(Invariant::HoldEndedOnce).await;

    let scene = Scene::new(subject, 101);
    let hold = scene.request(1).await.hold;
    let account = scene.account;
    scene.tamper(Tampering::HoldState { account, hold, state: HoldState::Released }).await;
    scene.assert_found(Invariant::HoldEndedOnce).await;
}

/// A failed, cancelled or expired generation has no open and no captured hold.
pub async fn a_violation_of_failed_costs_nothing_must_be_found(subject: &DatabaseSubject) {
    let mut scene = Scene::among_others(subject).await;
    let ends = [State::Failed(FailureReason::Refused), State::Cancelled, State::Expired];
    for (number, end) in (1..).zip(ends) {
        let requested = scene.request(1).await;
        scene.set_state(&requested, end.clone()).await;
        scene.assert_found(Invariant::FailedCostsNothing).await;

        scene = Scene::new(subject, 100 + 2 * number);
        let requested = scene.request(1).await;
        scene.capture(&requested, credits(20)).await;
        scene.set_state(&requested, end).await;
        scene.assert_found(Invariant::FailedCostsNothing).await;
        scene = Scene::new(subject, 101 + 2 * number);
    }
}

/// A stored or delivered generation has a captured hold and at least one gallery item.
pub async fn a_violation_of_stored_is_paid_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let requested = scene.request(1).await;
    keep(subject, &item(scene.account, scene.base + 1, 0, UNIT_PRICE)).await;
    scene.set_state(&requested, State::Stored).await;
    scene.assert_found(Invariant::StoredIsPaid).await;

    let scene = Scene::new(subject, 101);
    let requested = scene.request(1).await;
    scene.capture(&requested, credits(20)).await;
    scene.set_state(&requested, State::Delivered).await;
    scene.assert_found(Invariant::StoredIsPaid).await;
}

/// What was captured for a generation, less refunds of it, equals the sum of its items' prices, tombstones included.
pub async fn a_violation_of_capture_equals_prices_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let stored = scene.stored(1, 2).await;
    bury(subject, scene.account, item_id(scene.base + 1, 0)).await;
    let account = scene.account;
    let dearer = Tampering::ItemPrice { account, item: item_id(scene.base + 1, 0), price: Credits::of(11) };
    assert_clean(subject, "a tombstone keeps its price").await;
    scene.tamper(dearer).await;
    scene.assert_found(Invariant::CaptureEqualsPrices).await;
    assert_eq!(stored.state, State::Stored);

    let scene = Scene::new(subject, 101);
    let stored = scene.stored(1, 2).await;
    let refund = Operation::Refund { hold: stored.hold, amount: credits(5) };
    scene.record("refund", &refund).await;
    scene.assert_found(Invariant::CaptureEqualsPrices).await;
}

/// A generation under way has an open hold.
pub async fn a_violation_of_under_way_is_held_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let requested = scene.request(1).await;
    scene.release(&requested).await;
    scene.assert_found(Invariant::UnderWayIsHeld).await;

    let scene = Scene::new(subject, 101);
    scene.request_without(1, Part::Hold).await;
    scene.assert_found(Invariant::UnderWayIsHeld).await;

    // Whatever its wish is called: its price decides.
    let scene = Scene::new(subject, 102);
    scene.request_without_hold(1, Intent::of_work("preview-1-1", Uuid::from_u128(0xAF)), UNIT_PRICE).await;
    scene.assert_found(Invariant::UnderWayIsHeld).await;
}

/// What is free MUST NOT need a hold, whatever its wish is called.
pub async fn what_is_free_must_need_no_hold(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    for (number, intent) in
        (1..).zip([Intent::button(7), Intent::of_work("preview-1-1", Uuid::from_u128(0xAF))])
    {
        scene.request_without_hold(number, intent, Credits::ZERO).await;
    }
    assert_clean(subject, "free generations under way").await;
}

/// A generation that is not finished, or whose end was not yet told, has a job that will look at it.
pub async fn a_violation_of_unfinished_has_job_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    scene.request_without(1, Part::Job).await;
    scene.assert_found(Invariant::UnfinishedHasJob).await;

    let scene = Scene::new(subject, 101);
    let requested = scene.request(1).await;
    complete(subject, &scene.claim(&requested).await).await;
    scene.assert_found(Invariant::UnfinishedHasJob).await;

    let scene = Scene::new(subject, 102);
    let failed = scene.ended(1, State::Failed(FailureReason::Unavailable)).await;
    complete(subject, &scene.claim(&failed).await).await;
    scene.assert_found(Invariant::UnfinishedHasJob).await;

    let scene = Scene::new(subject, 103);
    let stored = scene.stored(1, 2).await;
    bury_job(subject, &scene.claim(&stored).await).await;
    scene.assert_found(Invariant::UnfinishedHasJob).await;
}

/// A generation past its deadline by more than an hour is finished.
pub async fn a_violation_of_nothing_overdue_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::new(subject, 100);
    scene.request(1).await;
    subject.time.elapse(LONG + Duration::from_mins(59)).await;
    assert_clean(subject, "overdue by less than an hour").await;
    subject.time.elapse(Duration::from_mins(2)).await;
    scene.assert_found(Invariant::NothingOverdue).await;
}

/// No job has been claimed more often than its kind allows without being buried within the hour.
pub async fn a_violation_of_exhausted_is_buried_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::new(subject, 100);
    let job = NewJob::now(scene.account, JobKind::EraseGalleryItem, Uuid::from_u128(0xB1));
    schedule(subject, &job).await;
    for _ in 0..=job.kind.max_attempts() {
        claim(subject, &job, Duration::from_secs(1)).await;
        subject.time.elapse(Duration::from_secs(1)).await;
    }
    subject.time.elapse(Duration::from_mins(58)).await;
    assert_clean(subject, "exhausted for less than an hour").await;
    subject.time.elapse(Duration::from_mins(3)).await;
    scene.assert_found(Invariant::ExhaustedIsBuried).await;
}

/// A buried job has a reason.
pub async fn a_violation_of_buried_has_reason_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let job = scene.bury_an_erasure(1).await;
    assert_clean(subject, "a buried job with its reason").await;
    scene.tamper(Tampering::NoReason { account: scene.account, job: job.id() }).await;
    scene.assert_found(Invariant::BuriedHasReason).await;
}

/// An account has at most one generation for one intent.
pub async fn a_violation_of_one_generation_per_intent_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let (first, second) = (scene.request(1).await, scene.request(2).await);
    let (account, generation) = (scene.account, second.id);
    scene.tamper(Tampering::GenerationIntent { account, generation, intent: first.intent }).await;
    scene.assert_found(Invariant::OneGenerationPerIntent).await;
}

/// No two gallery items of a generation fill the same slot.
pub async fn a_violation_of_one_item_per_slot_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    scene.stored(1, 2).await;
    let (account, item) = (scene.account, item_id(scene.base + 1, 1));
    scene.tamper(Tampering::ItemSlot { account, item, slot: 0 }).await;
    scene.assert_found(Invariant::OneItemPerSlot).await;
}

/// The welcome grant was given at most once per account.
pub async fn a_violation_of_welcome_once_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let welcome = Operation::GrantBonus { amount: credits(80) };
    scene.record("welcome", &welcome).await;
    let entry = scene.record("another", &welcome).await;
    assert_clean(subject, "one welcome and another gift").await;
    scene.tamper(Tampering::EntryKey { account: scene.account, entry, key: OperationKey::welcome() }).await;
    scene.assert_found(Invariant::WelcomeOnce).await;
}
