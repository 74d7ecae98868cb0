//! What every [`Auditor`](kernel::Auditor) must do.

use std::time::Duration;

use balance::{HoldState, Operation, OperationKey};
use generation::{DeliveredAs, Delivery, FailureReason, Generation, Inserted, State};
use kernel::{
    AccountId, ClaimedJob, Credits, HoldId, Invariant, JobKind, JobState, LedgerEntryId, NewJob, Timestamp,
};
use uuid::Uuid;

use super::samples::{
    LONG, UNIT_PRICE, bury, claim, complete, credits, entry_id, generation, item, item_id, keep, key, record,
    schedule, update,
};
use super::{DatabaseSubject, Tampering};

database_suite! { $ auditor as auditor_tests:
    data_in_order_work_under_way_included_must_give_a_clean_report,
    an_audit_must_change_nothing,
    a_violation_of_balance_equals_entries_must_be_found,
    a_violation_of_balance_not_negative_must_be_found,
    a_violation_of_held_equals_open_holds_must_be_found,
    a_violation_of_hold_ended_once_must_be_found,
    a_violation_of_failed_costs_nothing_must_be_found,
    a_violation_of_stored_is_paid_must_be_found,
    a_violation_of_capture_equals_prices_must_be_found,
    a_violation_of_under_way_is_held_must_be_found,
    a_violation_of_unfinished_has_job_must_be_found,
    a_violation_of_nothing_overdue_must_be_found,
    a_violation_of_exhausted_is_buried_must_be_found,
    a_violation_of_buried_has_reason_must_be_found,
    a_violation_of_one_generation_per_intent_must_be_found,
    a_violation_of_one_item_per_slot_must_be_found,
    a_violation_of_welcome_once_must_be_found,
}

/// Longer than the credits of a request are set aside, so that nothing else is out of order.
const HOLD: Duration = Duration::from_hours(1_000);
const TOLD: Delivery = Delivery::Done { by: DeliveredAs::Told };
const SHOWN: Delivery = Delivery::Done { by: DeliveredAs::Sent };

/// Data in order, work under way included, MUST give a clean report.
pub async fn data_in_order_work_under_way_included_must_give_a_clean_report(subject: &DatabaseSubject) {
    assert_clean(subject, "an empty database").await;
    fill_in_order(subject).await;
    assert_clean(subject, "data in order").await;
    // What is a little late is not out of order yet.
    subject.time.elapse(Duration::from_mins(30)).await;
    assert_clean(subject, "data in order, half an hour later").await;
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

/// Something of everything that can be there when all is well.
async fn fill_in_order(subject: &DatabaseSubject) {
    let at = Timestamp::from_seconds(1_800_000_000);
    let scene = Scene::new(subject, 1);
    scene.record("welcome", &Operation::GrantBonus { amount: credits(80) }).await;

    scene.request(1).await;
    let submitting = scene.request(2).await;
    scene.claim(&submitting).await;
    update(subject, &Generation { state: State::Submitting { since: at }, ..submitting }).await;
    let submitted = scene.request(3).await;
    update(subject, &Generation { state: State::Submitted { since: at, accepted: Vec::new() }, ..submitted })
        .await;
    scene.stored(4, 2).await;
    let both = scene.stored(5, 2).await;
    scene.finish(both, State::Delivered, SHOWN).await;
    let one_of_two = scene.stored(6, 1).await;
    scene.finish(one_of_two, State::Delivered, SHOWN).await;
    bury(subject, scene.account, item_id(scene.base + 5, 0)).await;

    scene.ended(7, State::Failed(FailureReason::Refused)).await;
    for (number, end) in (8..).zip([State::Failed(FailureReason::NoModel), State::Cancelled, State::Expired])
    {
        let ended = scene.ended(number, end.clone()).await;
        scene.finish(ended, end, TOLD).await;
    }
    // Images that came after the end are free.
    keep(subject, &item(scene.account, scene.base + 8, 0, Credits::ZERO)).await;
    // So are those that came after their hold was released at its deadline.
    let late = scene.request(11).await;
    scene.release(&late).await;
    keep(subject, &item(scene.account, scene.base + 11, 0, Credits::ZERO)).await;
    scene.set_stored(late).await;

    let given_up = scene.ended(12, State::Failed(FailureReason::Unavailable)).await;
    let job = scene.claim(&given_up).await;
    update(subject, &Generation { delivery: TOLD, ..given_up }).await;
    bury_job(subject, &job).await;
    scene.bury_an_erasure(1).await;

    // Credits that have nothing to do with generations.
    let other = Scene::new(subject, 2);
    other.record("purchase", &Operation::GrantPaid { amount: credits(50) }).await;
    let hold = HoldId::new(Uuid::from_u128(0xD1));
    other.record("hold", &Operation::Hold { hold, amount: credits(20), time_to_live: LONG }).await;
    other.record("capture", &Operation::Capture { hold, amount: credits(15) }).await;
    other.record("refund", &Operation::Refund { hold, amount: credits(5) }).await;
    other.record("claw-back", &Operation::ClawBack { amount: credits(5) }).await;
    let hold = HoldId::new(Uuid::from_u128(0xD2));
    other.record("hold:2", &Operation::Hold { hold, amount: credits(7), time_to_live: LONG }).await;
}

/// What a request may be made without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Its held credits.
    Hold,
    /// Its job.
    Job,
}

/// One account and what happens to it.
struct Scene<'subject> {
    subject: &'subject DatabaseSubject,
    account: AccountId,
    /// Generations of different accounts have different numbers.
    base: u128,
}

impl<'subject> Scene<'subject> {
    fn new(subject: &'subject DatabaseSubject, number: u128) -> Self {
        let account = AccountId::new(Uuid::from_u128(0xAA00 + number));
        Self { subject, account, base: number * 100 }
    }

    /// An account with a gift, beside another one where all is well.
    async fn among_others(subject: &'subject DatabaseSubject) -> Self {
        fill_in_order(subject).await;
        let scene = Self::new(subject, 100);
        scene.gift(90, 10).await;
        assert_clean(subject, "before the damage").await;
        scene
    }

    async fn tamper(&self, tampering: Tampering) {
        self.subject.plant.tamper(&tampering).await;
    }

    /// The auditor finds it here, and nowhere else.
    async fn assert_found(&self, invariant: Invariant) {
        let report = self.subject.auditor.audit().await.expect("audit");
        let found = report
            .violations
            .iter()
            .any(|violation| violation.invariant == invariant && violation.account == self.account);
        assert!(found, "{invariant} of {} is not in:\n{report}", self.account);
        let in_order = Scene::new(self.subject, 1).account;
        assert!(
            report.violations.iter().all(|violation| violation.account != in_order),
            "where all is well, something was found:\n{report}"
        );
    }

    async fn gift(&self, number: u128, amount: i64) {
        self.record(&format!("gift:{number}"), &Operation::GrantBonus { amount: credits(amount) }).await;
    }

    /// Records an operation under a key of its own.
    async fn record(&self, name: &str, operation: &Operation) -> LedgerEntryId {
        let history = self.subject.balances.sheet(self.account).await.expect("a balance").version;
        let entry = entry_id(self.base * 100 + u128::from(history));
        record(self.subject, self.account, entry, &key(name), operation).await.expect(name);
        entry
    }

    /// A request for two images of 10 credits each, which were given before.
    async fn request(&self, number: u128) -> Generation {
        self.gift(number, 20).await;
        let wanted = generation(self.account, self.base + number);
        let history = self.subject.balances.sheet(self.account).await.expect("a balance").version;
        let entry = entry_id(self.base * 100 + u128::from(history));
        let mut unit = self.subject.generation_units.begin().await.expect("begin");
        let inserted = unit.generations().insert(&wanted, LONG).await.expect("insert");
        let hold = Operation::Hold { hold: wanted.hold, amount: credits(20), time_to_live: HOLD };
        let key = OperationKey::hold(wanted.id.uuid());
        unit.ledger().record(self.account, entry, &key, &hold, "").await.expect("a hold");
        unit.jobs().schedule(&self.job(&wanted)).await.expect("schedule");
        unit.commit().await.expect("commit");
        new(inserted)
    }

    /// The same, but for one part.
    async fn request_without(&self, number: u128, part: Part) -> Generation {
        let wanted = generation(self.account, self.base + number);
        let mut unit = self.subject.generation_units.begin().await.expect("begin");
        let inserted = unit.generations().insert(&wanted, LONG).await.expect("insert");
        unit.commit().await.expect("commit");
        match part {
            Part::Hold => schedule(self.subject, &self.job(&wanted)).await,
            Part::Job => {
                self.gift(number, 20).await;
                let hold = Operation::Hold { hold: wanted.hold, amount: credits(20), time_to_live: HOLD };
                self.record("hold", &hold).await;
            }
        }
        new(inserted)
    }

    /// A request of which `images` images arrived and are paid.
    async fn stored(&self, number: u128, images: u8) -> Generation {
        let requested = self.request(number).await;
        self.capture(&requested, credits(i64::from(images) * 10)).await;
        for slot in 0..images {
            keep(self.subject, &item(self.account, self.base + number, slot, UNIT_PRICE)).await;
        }
        self.set_stored(requested).await
    }

    async fn set_stored(&self, generation: Generation) -> Generation {
        update(self.subject, &Generation { state: State::Stored, ..generation }).await
    }

    /// A request that came to nothing; nobody has told the person yet.
    async fn ended(&self, number: u128, end: State) -> Generation {
        let requested = self.request(number).await;
        self.release(&requested).await;
        update(self.subject, &Generation { state: end, ..requested }).await
    }

    /// The person was reached, and the job is done.
    async fn finish(&self, generation: Generation, state: State, delivery: Delivery) {
        let job = self.claim(&generation).await;
        update(self.subject, &Generation { state, delivery, ..generation }).await;
        complete(self.subject, &job).await;
    }

    async fn release(&self, generation: &Generation) {
        let release = Operation::Release { hold: generation.hold };
        self.record(OperationKey::release(generation.hold).as_str(), &release).await;
    }

    async fn capture(&self, generation: &Generation, amount: Credits) -> LedgerEntryId {
        let capture = Operation::Capture { hold: generation.hold, amount };
        self.record(OperationKey::capture(generation.hold).as_str(), &capture).await
    }

    async fn set_state(&self, generation: &Generation, state: State) {
        let (account, generation) = (generation.account, generation.id);
        self.tamper(Tampering::GenerationState { account, generation, state }).await;
    }

    fn job(&self, generation: &Generation) -> NewJob {
        NewJob::now(self.account, JobKind::AdvanceGeneration, generation.id.uuid())
    }

    async fn claim(&self, generation: &Generation) -> ClaimedJob {
        claim(self.subject, &self.job(generation), LONG).await
    }

    async fn bury_an_erasure(&self, number: u128) -> NewJob {
        let subject = Uuid::from_u128(0xB000 + self.base + number);
        let job = NewJob::now(self.account, JobKind::EraseGalleryItem, subject);
        schedule(self.subject, &job).await;
        bury_job(self.subject, &claim(self.subject, &job, LONG).await).await;
        job
    }
}

async fn bury_job(subject: &DatabaseSubject, job: &ClaimedJob) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().bury(&job.claim, "hopeless").await.expect("bury");
    unit.commit().await.expect("commit");
}

fn new(inserted: Inserted) -> Generation {
    match inserted {
        Inserted::New(generation) => generation,
        Inserted::Existing(earlier) => panic!("{earlier:?} was there"),
    }
}

async fn assert_clean(subject: &DatabaseSubject, when: &str) {
    let report = subject.auditor.audit().await.expect("audit");
    assert!(report.is_clean(), "{when}:\n{report}");
}
