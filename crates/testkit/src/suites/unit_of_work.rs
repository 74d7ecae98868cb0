//! What every unit of work must do: all of it or nothing, and nothing after an error.

use balance::{LedgerError, Operation};
use generation::{Delivery, Generation, Inserted, Parked, ParkedCallback, ProviderName, State};
use kernel::{ClaimedJob, Credits, FencingToken, JobClaim, ProviderEvent, StoreError};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{
    ACCOUNT, LONG, UNIT_PRICE, claim, credits, database_now, entry_id, generation, generation_id, grant,
    insert, item, item_id, job, key, schedule, try_claim, update,
};

database_suite! { $ unit_of_work as unit_of_work_tests:
    nothing_must_be_visible_to_others_before_commit_and_nothing_at_all_after_a_drop,
    now_must_be_the_present_moment_by_the_databases_clock,
    after_any_store_error_every_later_call_and_commit_must_fail_with_poisoned,
    after_a_store_error_nothing_of_a_unit_on_balances_must_be_committed,
    after_a_store_error_nothing_of_a_unit_on_the_gallery_must_be_committed,
}

/// Nothing MUST be visible to others before `commit`, and nothing at all after a drop; all of it together afterwards.
pub async fn nothing_must_be_visible_to_others_before_commit_and_nothing_at_all_after_a_drop(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    let before = everything(subject).await;
    for commits in [false, true] {
        let mut unit = subject.generation_units.begin().await.expect("begin");
        let wanted = generation(ACCOUNT, 1);
        let inserted = match unit.generations().insert(&wanted, LONG).await.expect("insert") {
            Inserted::New(generation) => generation,
            Inserted::Existing(earlier) => panic!("{earlier:?}"),
        };
        let hold = Operation::Hold { hold: wanted.hold, amount: UNIT_PRICE, time_to_live: LONG };
        unit.ledger().record(ACCOUNT, entry_id(2), &key("hold"), &hold, "").await.expect("a hold");
        let found = unit.ledger().hold(ACCOUNT, wanted.hold).await.expect("hold");
        assert!(found.is_some(), "a unit sees its own writes");
        let capture = Operation::Capture { hold: wanted.hold, amount: UNIT_PRICE };
        unit.ledger().record(ACCOUNT, entry_id(3), &key("capture"), &capture, "").await.expect("a capture");
        unit.gallery().keep(&item(ACCOUNT, 1, 0, UNIT_PRICE)).await.expect("keep");
        unit.jobs().schedule(&job(1)).await.expect("schedule");
        assert_eq!(unit.callbacks().park(&callback()).await.expect("park"), Parked::New);
        let stored = Generation { state: State::Stored, ..inserted };
        let stored = unit.generations().update(&stored).await.expect("update");
        let loaded = unit.generations().load(ACCOUNT, wanted.id).await.expect("load");
        assert_eq!(loaded.as_ref(), Some(&stored), "a unit sees its own writes");

        assert_eq!(everything(subject).await, before, "not committed");
        if commits {
            unit.commit().await.expect("commit");
            let after = everything(subject).await;
            assert_eq!(after.generation, Some(stored));
            assert_eq!(after.spendable, credits(90));
            assert_eq!((after.items, after.jobs, after.callbacks), (1, 1, 1));
        } else {
            drop(unit);
            assert_eq!(everything(subject).await, before, "dropped");
        }
    }
}

/// `now` is the present moment by the database's clock, also in a unit of work that has been open for a while.
pub async fn now_must_be_the_present_moment_by_the_databases_clock(subject: &DatabaseSubject) {
    insert(subject, &generation(ACCOUNT, 1)).await;
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let first = unit.now().await.expect("now");
    let found = subject.generations.find(ACCOUNT, generation_id(1)).await.expect("find");
    let (_, outside) = found.expect("it is there");
    let last = unit.now().await.expect("now");
    assert!(first <= outside && outside <= last, "{first:?}, {outside:?}, {last:?}");
    drop(unit);
    assert!(database_now(subject).await >= last);
}

/// After any [`StoreError`] every later call and `commit` MUST fail with `Poisoned`, whichever call it was.
pub async fn after_any_store_error_every_later_call_and_commit_must_fail_with_poisoned(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    let stale = insert(subject, &generation(ACCOUNT, 1)).await;
    update(subject, &stale).await;
    schedule(subject, &job(1)).await;
    let claimed = claim(subject, &job(1), LONG).await;
    let before = everything(subject).await;
    for error in Mishap::ALL {
        let mut unit = subject.generation_units.begin().await.expect("begin");
        unit.gallery().keep(&item(ACCOUNT, 1, 0, UNIT_PRICE)).await.expect("keep");
        unit.jobs().schedule(&job(2)).await.expect("schedule");
        error.provoke(unit.as_mut(), &stale, &claimed.claim).await;
        assert_all_calls_are_poisoned(unit.as_mut(), &stale, &claimed).await;
        let committed = unit.commit().await;
        assert!(matches!(committed, Err(StoreError::Poisoned)), "commit after {error:?}: {committed:?}");
        assert_eq!(everything(subject).await, before, "after {error:?}");
    }
    // Neither are those harmed that come after.
    assert_eq!(try_claim(subject, &job(1), LONG).await, None, "the claim is still held");
    grant(subject, ACCOUNT, 5, 1).await;
}

/// The same for units on balances alone: the ledger's first error poisons them.
pub async fn after_a_store_error_nothing_of_a_unit_on_balances_must_be_committed(subject: &DatabaseSubject) {
    grant(subject, ACCOUNT, 1, 100).await;
    let mut unit = subject.balance_units.begin().await.expect("begin");
    let gift = Operation::GrantBonus { amount: credits(7) };
    unit.ledger().record(ACCOUNT, entry_id(2), &key("gift"), &gift, "").await.expect("a grant");
    let same_id = unit.ledger().record(ACCOUNT, entry_id(1), &key("same-id"), &gift, "").await;
    assert_is_store_error(&same_id);
    let later = unit.ledger().record(ACCOUNT, entry_id(3), &key("later"), &gift, "").await;
    assert!(matches!(later, Err(LedgerError::Store(StoreError::Poisoned))), "{later:?}");
    let hold = unit.ledger().hold(ACCOUNT, generation(ACCOUNT, 1).hold).await;
    assert!(matches!(hold, Err(StoreError::Poisoned)), "{hold:?}");
    let committed = unit.commit().await;
    assert!(matches!(committed, Err(StoreError::Poisoned)), "{committed:?}");
    assert_eq!(everything(subject).await.spendable, credits(100));
}

/// The same for units on the gallery: the first error, of whichever part, poisons all of it.
pub async fn after_a_store_error_nothing_of_a_unit_on_the_gallery_must_be_committed(
    subject: &DatabaseSubject,
) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.gallery().keep(&item(ACCOUNT, 1, 0, UNIT_PRICE)).await.expect("keep");
    let superseded = unit.jobs().complete(&unknown_claim()).await;
    assert!(matches!(superseded, Err(StoreError::Superseded { .. })), "{superseded:?}");
    let kept = unit.gallery().keep(&item(ACCOUNT, 1, 1, UNIT_PRICE)).await;
    assert!(matches!(kept, Err(StoreError::Poisoned)), "{kept:?}");
    let buried = unit.gallery().bury(ACCOUNT, item_id(1, 0)).await;
    assert!(matches!(buried, Err(StoreError::Poisoned)), "{buried:?}");
    let scheduled = unit.jobs().schedule(&job(1)).await;
    assert!(matches!(scheduled, Err(StoreError::Poisoned)), "{scheduled:?}");
    let committed = unit.commit().await;
    assert!(matches!(committed, Err(StoreError::Poisoned)), "{committed:?}");
    assert_eq!(everything(subject).await.items, 0);
}

/// The ways in which a call of a unit of work on generations can fail by itself.
#[derive(Debug, Clone, Copy)]
enum Mishap {
    /// The generation was changed meanwhile.
    Conflict,
    /// The claim was lost before a change was to be confirmed.
    Superseded,
    /// The claim was lost before the job was to be completed.
    SupersededCompletion,
    /// The database refuses a statement: an entry's id is there already.
    Refused,
}

impl Mishap {
    const ALL: [Self; 4] = [Self::Conflict, Self::Superseded, Self::SupersededCompletion, Self::Refused];

    async fn provoke(self, unit: &mut dyn generation::UnitOfWork, stale: &Generation, claim: &JobClaim) {
        let lost = JobClaim { token: FencingToken::new(Uuid::from_u128(1)), ..*claim };
        match self {
            Self::Conflict => {
                let outcome = unit.generations().update(stale).await;
                assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{outcome:?}");
            }
            Self::Superseded => {
                let outcome = unit.jobs().confirm(&lost).await;
                assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "{outcome:?}");
            }
            Self::SupersededCompletion => {
                let outcome = unit.jobs().complete(&lost).await;
                assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "{outcome:?}");
            }
            Self::Refused => {
                let gift = Operation::GrantBonus { amount: Credits::of(1) };
                assert_is_store_error(
                    &unit.ledger().record(ACCOUNT, entry_id(1), &key("x"), &gift, "").await,
                );
            }
        }
    }
}

async fn assert_all_calls_are_poisoned(
    unit: &mut dyn generation::UnitOfWork,
    stale: &Generation,
    claimed: &ClaimedJob,
) {
    let new = generation(ACCOUNT, 9);
    let gift = Operation::GrantBonus { amount: Credits::of(1) };
    let recorded = unit.ledger().record(ACCOUNT, entry_id(9), &key("gift"), &gift, "").await;
    assert!(matches!(recorded, Err(LedgerError::Store(StoreError::Poisoned))), "{recorded:?}");
    for (call, outcome) in [
        ("insert", unit.generations().insert(&new, LONG).await.err()),
        ("load", unit.generations().load(ACCOUNT, stale.id).await.err()),
        ("update", unit.generations().update(stale).await.err()),
        ("hold", unit.ledger().hold(ACCOUNT, stale.hold).await.err()),
        ("keep", unit.gallery().keep(&item(ACCOUNT, 9, 0, UNIT_PRICE)).await.err()),
        ("bury an item", unit.gallery().bury(ACCOUNT, item_id(1, 0)).await.err()),
        ("schedule", unit.jobs().schedule(&job(9)).await.err()),
        ("confirm", unit.jobs().confirm(&claimed.claim).await.err()),
        ("complete", unit.jobs().complete(&claimed.claim).await.err()),
        ("bury a job", unit.jobs().bury(&claimed.claim, "hopeless").await.err()),
        ("park", unit.callbacks().park(&callback()).await.err()),
        ("settle", unit.callbacks().settle(&callback()).await.err()),
        ("now", unit.now().await.err()),
    ] {
        assert!(matches!(outcome, Some(StoreError::Poisoned)), "{call}: {outcome:?}");
    }
}

fn assert_is_store_error<T: std::fmt::Debug>(outcome: &Result<T, LedgerError>) {
    assert!(
        matches!(outcome, Err(LedgerError::Store(error)) if !matches!(error, StoreError::Poisoned)),
        "{outcome:?}"
    );
}

/// What others can see.
#[derive(Debug, PartialEq)]
struct Everything {
    generation: Option<Generation>,
    delivery: Option<Delivery>,
    spendable: Credits,
    items: usize,
    jobs: usize,
    callbacks: usize,
}

async fn everything(subject: &DatabaseSubject) -> Everything {
    let id = generation_id(1);
    let found = subject.generations.find(ACCOUNT, id).await.expect("find").map(|(found, _)| found);
    Everything {
        delivery: found.as_ref().map(|found| found.delivery.clone()),
        generation: found,
        spendable: subject.balances.sheet(ACCOUNT).await.expect("a balance").spendable(),
        items: subject.gallery.of_generation(ACCOUNT, id).await.expect("items").len(),
        jobs: subject.jobs.due(100).await.expect("due").len(),
        callbacks: subject.generations.parked(ACCOUNT, id).await.expect("parked").len(),
    }
}

fn callback() -> ParkedCallback {
    ParkedCallback {
        provider: ProviderName::new("sample-provider"),
        account: ACCOUNT,
        generation: generation_id(1),
        attempt: 1,
        event: ProviderEvent { request_id: "request".to_owned(), body: "{}".to_owned() },
    }
}

fn unknown_claim() -> JobClaim {
    JobClaim { account: ACCOUNT, job: job(7).id(), token: FencingToken::new(Uuid::from_u128(1)) }
}
