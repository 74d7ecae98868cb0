//! Accounts that the auditor looks at: in order, and damaged.

use std::time::Duration;

use account::{Erasure, ErasureState};
use balance::{Operation, OperationKey};
use generation::{DeliveredAs, Delivery, FailureReason, Generation, Inserted, State};
use kernel::{
    AccountId, ClaimedJob, Credits, HoldId, Intent, Invariant, Inventory, JobKind, Language, LedgerEntryId,
    NewJob, Timestamp,
};
use uuid::Uuid;

use super::avatars_auditor::fill_avatars_in_order;
use super::samples::{
    LONG, UNIT_PRICE, bury, claim, complete, credits, entry_id, generation, insert, item, item_id, keep, key,
    record, schedule, update,
};
use super::{DatabaseSubject, Tampering};

/// Longer than the credits of a request are set aside, so that nothing else is out of order.
const HOLD: Duration = Duration::from_hours(1_000);
const TOLD: Delivery = Delivery::Done { by: DeliveredAs::Told };
/// The person has the images.
pub(super) const SHOWN: Delivery = Delivery::Done { by: DeliveredAs::Sent };

/// Something of everything that can be there when all is well.
pub(super) async fn fill_in_order(subject: &DatabaseSubject) {
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
    fill_avatars_in_order(&scene).await;

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
pub(super) enum Part {
    /// Its held credits.
    Hold,
    /// Its job.
    Job,
}

/// One account and what happens to it.
pub(super) struct Scene<'subject> {
    /// The database.
    pub(super) subject: &'subject DatabaseSubject,
    /// Whose.
    pub(super) account: AccountId,
    /// Generations of different accounts have different numbers.
    pub(super) base: u128,
}

impl<'subject> Scene<'subject> {
    pub(super) fn new(subject: &'subject DatabaseSubject, number: u128) -> Self {
        let account = AccountId::new(Uuid::from_u128(0xAA00 + number));
        Self { subject, account, base: number * 100 }
    }

    /// An account with a gift, beside another one where all is well.
    pub(super) async fn among_others(subject: &'subject DatabaseSubject) -> Self {
        fill_in_order(subject).await;
        let scene = Self::new(subject, 100);
        scene.gift(90, 10).await;
        assert_clean(subject, "before the damage").await;
        scene
    }

    pub(super) async fn tamper(&self, tampering: Tampering) {
        self.subject.plant.tamper(&tampering).await;
    }

    /// The auditor finds it here, and nowhere else.
    pub(super) async fn assert_found(&self, invariant: Invariant) {
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

    pub(super) async fn gift(&self, number: u128, amount: i64) {
        self.record(&format!("gift:{number}"), &Operation::GrantBonus { amount: credits(amount) }).await;
    }

    /// Records an operation under a key of its own.
    pub(super) async fn record(&self, name: &str, operation: &Operation) -> LedgerEntryId {
        let history = self.subject.balances.sheet(self.account).await.expect("a balance").version;
        let entry = entry_id(self.base * 100 + u128::from(history));
        record(self.subject, self.account, entry, &key(name), operation).await.expect(name);
        entry
    }

    /// A request for two images of 10 credits each, which were given before.
    pub(super) async fn request(&self, number: u128) -> Generation {
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
    pub(super) async fn request_without(&self, number: u128, part: Part) -> Generation {
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

    /// A request at this price for which nothing is held.
    pub(super) async fn request_without_hold(&self, number: u128, intent: Intent, unit_price: Credits) {
        let wanted = Generation { intent, unit_price, ..generation(self.account, self.base + number) };
        insert(self.subject, &wanted).await;
        schedule(self.subject, &self.job(&wanted)).await;
    }

    /// A request of which `images` images arrived and are paid.
    pub(super) async fn stored(&self, number: u128, images: u8) -> Generation {
        let requested = self.request(number).await;
        self.capture(&requested, credits(i64::from(images) * 10)).await;
        for slot in 0..images {
            keep(self.subject, &item(self.account, self.base + number, slot, UNIT_PRICE)).await;
        }
        self.set_stored(requested).await
    }

    pub(super) async fn set_stored(&self, generation: Generation) -> Generation {
        update(self.subject, &Generation { state: State::Stored, ..generation }).await
    }

    /// A request that came to nothing; nobody has told the person yet.
    pub(super) async fn ended(&self, number: u128, end: State) -> Generation {
        let requested = self.request(number).await;
        self.release(&requested).await;
        update(self.subject, &Generation { state: end, ..requested }).await
    }

    /// The person was reached, and the job is done.
    pub(super) async fn finish(&self, generation: Generation, state: State, delivery: Delivery) {
        let job = self.claim(&generation).await;
        update(self.subject, &Generation { state, delivery, ..generation }).await;
        complete(self.subject, &job).await;
    }

    pub(super) async fn release(&self, generation: &Generation) {
        let release = Operation::Release { hold: generation.hold };
        self.record(OperationKey::release(generation.hold).as_str(), &release).await;
    }

    pub(super) async fn capture(&self, generation: &Generation, amount: Credits) -> LedgerEntryId {
        let capture = Operation::Capture { hold: generation.hold, amount };
        self.record(OperationKey::capture(generation.hold).as_str(), &capture).await
    }

    pub(super) async fn set_state(&self, generation: &Generation, state: State) {
        let (account, generation) = (generation.account, generation.id);
        self.tamper(Tampering::GenerationState { account, generation, state }).await;
    }

    pub(super) fn job(&self, generation: &Generation) -> NewJob {
        NewJob::now(self.account, JobKind::AdvanceGeneration, generation.id.uuid())
    }

    pub(super) async fn claim(&self, generation: &Generation) -> ClaimedJob {
        claim(self.subject, &self.job(generation), LONG).await
    }

    pub(super) async fn begin_erasure(&self) {
        let erasure = Erasure {
            account: self.account,
            state: ErasureState::Erasing,
            chat: None,
            language: Language::English,
            inventory: Inventory::new(),
            requested_at: Timestamp::EPOCH,
            version: 0,
        };
        let mut unit = self.subject.privacy.begin().await.expect("begin");
        unit.privacy().begin_erasure(&erasure).await.expect("begin an erasure");
        unit.commit().await.expect("commit");
    }

    pub(super) async fn forget_person(&self) {
        let mut unit = self.subject.privacy.begin().await.expect("begin");
        unit.privacy().forget_person(self.account).await.expect("forget");
        unit.commit().await.expect("commit");
    }

    pub(super) async fn bury_an_erasure(&self, number: u128) -> NewJob {
        let subject = Uuid::from_u128(0xB000 + self.base + number);
        let job = NewJob::now(self.account, JobKind::EraseGalleryItem, subject);
        schedule(self.subject, &job).await;
        bury_job(self.subject, &claim(self.subject, &job, LONG).await).await;
        job
    }
}

pub(super) async fn bury_job(subject: &DatabaseSubject, job: &ClaimedJob) {
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

pub(super) async fn assert_clean(subject: &DatabaseSubject, when: &str) {
    let report = subject.auditor.audit().await.expect("audit");
    assert!(report.is_clean(), "{when}:\n{report}");
}
