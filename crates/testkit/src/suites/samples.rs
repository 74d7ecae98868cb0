//! Things to test with, the same in every suite.

use std::time::Duration;

use balance::{LedgerError, Operation, OperationKey, Recorded};
use gallery::{NewGalleryItem, Origin};
use generation::{
    Audience, Delivery, Generation, ImageRequest, Inserted, Intent, Likeness, ModelId, Plan, Prompt, Slot,
    State,
};
use kernel::{
    AccountId, AspectRatio, ChatId, ClaimedJob, Credits, GalleryItemId, GenerationId, HoldId, ImageCount,
    ImageFormat, ImageInfo, JobId, JobKind, LedgerEntryId, MessageId, NewJob, ObjectKey, Timestamp, UpdateId,
};
use uuid::Uuid;

use super::DatabaseSubject;

/// An account.
pub(super) const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(0xA1));
/// Another account.
pub(super) const OTHER_ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(0xA2));
/// Longer than any test takes.
pub(super) const LONG: Duration = Duration::from_hours(1);
/// Long enough for what must wait to show that it does not.
pub(super) const A_MOMENT: Duration = Duration::from_millis(50);
/// The price of one image of [`generation`].
pub(super) const UNIT_PRICE: Credits = Credits::of(10);

/// A ledger entry's id; later ones have higher numbers.
pub(super) fn entry_id(number: u128) -> LedgerEntryId {
    LedgerEntryId::new(Uuid::from_u128(0xE0_0000 + number))
}

/// A key.
pub(super) fn key(text: &str) -> OperationKey {
    text.parse().expect("an operation key")
}

/// A hold's id.
pub(super) fn hold_id(number: u128) -> HoldId {
    HoldId::new(Uuid::from_u128(0xD0_0000 + number))
}

/// Any amount of credits.
pub(super) fn credits(amount: i64) -> Credits {
    Credits::new(amount).expect("an amount of credits")
}

/// Now, by the database's clock.
pub(super) async fn database_now(subject: &DatabaseSubject) -> Timestamp {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    unit.now().await.expect("now")
}

/// Records an operation in a unit of work of its own, which is committed whatever the rules say.
pub(super) async fn record(
    subject: &DatabaseSubject,
    account: AccountId,
    entry: LedgerEntryId,
    key: &OperationKey,
    operation: &Operation,
) -> Result<Recorded, LedgerError> {
    let mut unit = subject.balance_units.begin().await.expect("begin");
    let outcome = unit.ledger().record(account, entry, key, operation, "a memo").await;
    if !matches!(outcome, Err(LedgerError::Store(_))) {
        unit.commit().await.expect("commit");
    }
    outcome
}

/// Gives bonus credits.
pub(super) async fn grant(subject: &DatabaseSubject, account: AccountId, number: u128, amount: i64) {
    let operation = Operation::GrantBonus { amount: credits(amount) };
    record(subject, account, entry_id(number), &key(&format!("grant:{number}")), &operation)
        .await
        .expect("a grant");
}

/// A job about subject `number`, for now.
pub(super) fn job(number: u128) -> NewJob {
    NewJob::now(ACCOUNT, JobKind::AdvanceGeneration, Uuid::from_u128(0xB0_0000 + number))
}

/// Schedules a job in a unit of work of its own.
pub(super) async fn schedule(subject: &DatabaseSubject, job: &NewJob) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().schedule(job).await.expect("schedule");
    unit.commit().await.expect("commit");
}

/// Claims a job that can be claimed.
pub(super) async fn claim(subject: &DatabaseSubject, job: &NewJob, lease: Duration) -> ClaimedJob {
    try_claim(subject, job, lease).await.expect("the job can be claimed")
}

/// Claims a job if it can be claimed.
pub(super) async fn try_claim(
    subject: &DatabaseSubject,
    job: &NewJob,
    lease: Duration,
) -> Option<ClaimedJob> {
    claim_by_id(subject, job.account, job.id(), lease).await
}

/// Claims a job by its id if it can be claimed.
pub(super) async fn claim_by_id(
    subject: &DatabaseSubject,
    account: AccountId,
    job: JobId,
    lease: Duration,
) -> Option<ClaimedJob> {
    subject.jobs.claim(account, job, lease).await.expect("claim")
}

/// Completes a claimed job in a unit of work of its own.
pub(super) async fn complete(subject: &DatabaseSubject, job: &ClaimedJob) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().complete(&job.claim).await.expect("complete");
    unit.commit().await.expect("commit");
}

/// A generation's id; later ones have higher numbers.
pub(super) fn generation_id(number: u128) -> GenerationId {
    GenerationId::new(Uuid::from_u128(0xC0_0000 + number))
}

/// The id of the image in a slot of a generation; later ones have higher numbers.
pub(super) fn item_id(generation: u128, slot: u8) -> GalleryItemId {
    GalleryItemId::new(Uuid::from_u128(0xF0_0000 + generation * 16 + u128::from(slot)))
}

/// A generation of two images that waits to be submitted, with something in every field.
pub(super) fn generation(account: AccountId, number: u128) -> Generation {
    let id = generation_id(number);
    Generation {
        id,
        account,
        intent: Intent::message(UpdateId::new(i64::try_from(number).expect("a small number"))),
        request: ImageRequest {
            prompt: Prompt::new("a red fox, \u{1f98a} 'in' \"snow\" <&> лиса").expect("a description"),
            aspect_ratio: AspectRatio::Wide,
            count: ImageCount::new(2).expect("a count"),
            seed: 0x7fff_ffff,
            likeness: Likeness::Nobody,
        },
        unit_price: UNIT_PRICE,
        hold: HoldId::new(id.uuid()),
        plan: Plan {
            model: ModelId::new("sample-model"),
            attempt: 0,
            attempts_at_model: 0,
            unknown_outcomes: 0,
            last_failure: None,
        },
        slots: vec![Slot::open(item_id(number, 0)), Slot::open(item_id(number, 1))],
        state: State::Held { not_before: Timestamp::EPOCH },
        audience: Audience { chat: ChatId::new(-77), progress_message: Some(MessageId::new(5)) },
        delivery: Delivery::NotStarted,
        created_at: Timestamp::EPOCH,
        deadline: Timestamp::EPOCH,
        version: 0,
    }
}

/// Keeps a new generation, and nothing beside it, in a unit of work of its own; it is given up after [`LONG`].
pub(super) async fn insert(subject: &DatabaseSubject, generation: &Generation) -> Generation {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let inserted = unit.generations().insert(generation, LONG).await.expect("insert");
    unit.commit().await.expect("commit");
    match inserted {
        Inserted::New(generation) => generation,
        Inserted::Existing(earlier) => panic!("the wish has a generation already: {earlier:?}"),
    }
}

/// Stores a changed generation in a unit of work of its own.
pub(super) async fn update(subject: &DatabaseSubject, generation: &Generation) -> Generation {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let updated = unit.generations().update(generation).await.expect("update");
    unit.commit().await.expect("commit");
    updated
}

/// The image in a slot of a generation.
pub(super) fn item(account: AccountId, generation: u128, slot: u8, price: Credits) -> NewGalleryItem {
    let id = generation_id(generation);
    NewGalleryItem {
        id: item_id(generation, slot),
        account,
        generation: id,
        slot,
        origin: Origin::Description,
        avatar: None,
        seed: u64::MAX - 1,
        prompt: "a red fox, \u{1f98a} 'in' \"snow\" лиса".to_owned(),
        model: "sample-model".to_owned(),
        aspect_ratio: AspectRatio::Wide,
        price,
        image: ObjectKey::image(account, id, slot),
        preview: ObjectKey::preview(account, id, slot),
        info: ImageInfo { format: ImageFormat::Png, width: 1_344, height: 768 },
        bytes: 1_234_567,
    }
}

/// Keeps an image in a unit of work of its own.
pub(super) async fn keep(subject: &DatabaseSubject, item: &NewGalleryItem) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.gallery().keep(item).await.expect("keep");
    unit.commit().await.expect("commit");
}

/// Turns an image into a tombstone in a unit of work of its own.
pub(super) async fn bury(subject: &DatabaseSubject, account: AccountId, item: GalleryItemId) -> bool {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    let buried = unit.gallery().bury(account, item).await.expect("bury");
    unit.commit().await.expect("commit");
    buried
}
