//! What every unit of work on avatars must do: all of it or nothing, and nothing after an error.

use avatar::{Avatar, ParkedTraining, Photo, PhotoAdded, PhotoProblem, PhotoState, TrainingCallback};
use balance::{LedgerError, Operation};
use kernel::{Credits, FencingToken, HoldId, JobClaim, ProviderEvent, ProviderName, StoreError};
use uuid::Uuid;

use super::DatabaseSubject;
use super::avatars_samples::{
    add_photo, avatar, avatar_id, find_avatar, insert_avatar, new_photo, photo_id, photos, trained,
    update_avatar,
};
use super::samples::{ACCOUNT, LONG, credits, database_now, entry_id, grant, job, key};

database_suite! { $ avatars_units as avatars_units_tests:
    nothing_must_be_visible_to_others_before_commit_and_nothing_at_all_after_a_drop,
    now_must_be_the_present_moment_by_the_databases_clock,
    after_any_store_error_every_later_call_and_commit_must_fail_with_poisoned,
}

/// Nothing MUST be visible to others before `commit`, and nothing at all after a drop; all of it together afterwards.
pub async fn nothing_must_be_visible_to_others_before_commit_and_nothing_at_all_after_a_drop(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    let before = everything(subject).await;
    for commits in [false, true] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let inserted = unit.avatars().insert(&avatar(ACCOUNT, 1)).await.expect("insert");
        let added = unit.avatars().add_photo(ACCOUNT, inserted.id, &new_photo(1), 20).await;
        assert_eq!(added.expect("add a photo"), PhotoAdded::New);
        let rejected = PhotoState::Rejected { problem: PhotoProblem::Blurred };
        assert!(unit.avatars().set_photo(ACCOUNT, photo_id(1), &rejected).await.expect("set a photo"));
        let updated = unit.avatars().update(&trained(inserted)).await.expect("update");
        unit.avatars().make_main(ACCOUNT, updated.id).await.expect("make main");
        let hold = Operation::Hold { hold: hold_id(), amount: credits(10), time_to_live: LONG };
        unit.ledger().record(ACCOUNT, entry_id(2), &key("hold"), &hold, "").await.expect("a hold");
        unit.jobs().schedule(&job(1)).await.expect("schedule");
        assert_eq!(unit.callbacks().park(&callback()).await.expect("park"), ParkedTraining::New);
        let loaded = unit.avatars().load(ACCOUNT, updated.id).await.expect("load");
        assert_eq!(loaded.as_ref(), Some(&updated), "a unit sees its own writes");
        let within = unit.avatars().photos(ACCOUNT, updated.id).await.expect("photos");
        assert_eq!(within.len(), 1, "a unit sees its own writes");

        assert_eq!(everything(subject).await, before, "not committed");
        if commits {
            unit.commit().await.expect("commit");
            let after = everything(subject).await;
            assert_eq!(after.avatar.as_ref(), Some(&updated));
            assert_eq!(after.main, Some(updated));
            assert_eq!(after.photos, within);
            assert_eq!(after.spendable, credits(90));
            assert_eq!((after.jobs, after.callbacks), (1, 1));
        } else {
            drop(unit);
            assert_eq!(everything(subject).await, before, "dropped");
        }
    }
}

/// `now` is the present moment by the database's clock.
pub async fn now_must_be_the_present_moment_by_the_databases_clock(subject: &DatabaseSubject) {
    let before = database_now(subject).await;
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let (first, second) = (unit.now().await.expect("now"), unit.now().await.expect("now"));
    drop(unit);
    let after = database_now(subject).await;
    assert!(before <= first && first <= second && second <= after, "{before:?}, {first:?}, {second:?}");
}

/// After any [`StoreError`] every later call and `commit` MUST fail with `Poisoned`, whichever call it was.
pub async fn after_any_store_error_every_later_call_and_commit_must_fail_with_poisoned(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    let stale = insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    update_avatar(subject, &stale).await;
    add_photo(subject, stale.id, &new_photo(1), 20).await;
    let before = everything(subject).await;
    for mishap in Mishap::ALL {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        unit.avatars().insert(&avatar(ACCOUNT, 2)).await.expect("insert");
        unit.jobs().schedule(&job(2)).await.expect("schedule");
        mishap.provoke(unit.as_mut(), &stale).await;
        assert_all_calls_are_poisoned(unit.as_mut(), &stale).await;
        let committed = unit.commit().await;
        assert!(matches!(committed, Err(StoreError::Poisoned)), "commit after {mishap:?}: {committed:?}");
        assert_eq!(everything(subject).await, before, "after {mishap:?}");
        assert_eq!(find_avatar(subject, ACCOUNT, avatar_id(2)).await, None, "after {mishap:?}");
    }
    // Neither are those harmed that come after.
    let present = before.avatar.expect("it is there");
    update_avatar(subject, &present).await;
}

/// The ways in which a call of a unit of work on avatars can fail by itself.
#[derive(Debug, Clone, Copy)]
enum Mishap {
    /// The avatar was changed meanwhile.
    Conflict,
    /// An avatar that is not there is made the main one.
    NoSuchMain,
    /// A photo for an avatar that is not there.
    NoSuchAvatar,
    /// The claim was lost.
    Superseded,
    /// The database refuses a statement: an avatar's id is there already.
    Refused,
    /// The database refuses a statement: an entry's id is there already.
    RefusedEntry,
}

impl Mishap {
    const ALL: [Self; 6] = [
        Self::Conflict,
        Self::NoSuchMain,
        Self::NoSuchAvatar,
        Self::Superseded,
        Self::Refused,
        Self::RefusedEntry,
    ];

    async fn provoke(self, unit: &mut dyn avatar::UnitOfWork, stale: &Avatar) {
        let error = match self {
            Self::Conflict => unit.avatars().update(stale).await.err(),
            Self::NoSuchMain => unit.avatars().make_main(ACCOUNT, avatar_id(9)).await.err(),
            Self::NoSuchAvatar => {
                unit.avatars().add_photo(ACCOUNT, avatar_id(9), &new_photo(9), 20).await.err()
            }
            Self::Superseded => unit.jobs().complete(&lost_claim()).await.err(),
            Self::Refused => unit.avatars().insert(stale).await.err(),
            Self::RefusedEntry => {
                let gift = Operation::GrantBonus { amount: Credits::of(1) };
                match unit.ledger().record(ACCOUNT, entry_id(1), &key("x"), &gift, "").await {
                    Err(LedgerError::Store(error)) => Some(error),
                    other => panic!("{other:?}"),
                }
            }
        };
        let is_as_expected = match self {
            Self::Conflict | Self::NoSuchMain | Self::NoSuchAvatar => {
                matches!(error, Some(StoreError::Conflict { .. }))
            }
            Self::Superseded => matches!(error, Some(StoreError::Superseded { .. })),
            Self::Refused | Self::RefusedEntry => matches!(error, Some(StoreError::Bug(_))),
        };
        assert!(is_as_expected, "{self:?}: {error:?}");
    }
}

async fn assert_all_calls_are_poisoned(unit: &mut dyn avatar::UnitOfWork, stale: &Avatar) {
    let gift = Operation::GrantBonus { amount: Credits::of(1) };
    let recorded = unit.ledger().record(ACCOUNT, entry_id(9), &key("gift"), &gift, "").await;
    assert!(matches!(recorded, Err(LedgerError::Store(StoreError::Poisoned))), "{recorded:?}");
    let rejected = PhotoState::Rejected { problem: PhotoProblem::Blurred };
    for (call, outcome) in [
        ("insert", unit.avatars().insert(&avatar(ACCOUNT, 8)).await.err()),
        ("load", unit.avatars().load(ACCOUNT, stale.id).await.err()),
        ("update", unit.avatars().update(stale).await.err()),
        ("make main", unit.avatars().make_main(ACCOUNT, stale.id).await.err()),
        ("clear main", unit.avatars().clear_main(ACCOUNT, stale.id).await.err()),
        ("add a photo", unit.avatars().add_photo(ACCOUNT, stale.id, &new_photo(8), 20).await.err()),
        ("photos", unit.avatars().photos(ACCOUNT, stale.id).await.err()),
        ("set a photo", unit.avatars().set_photo(ACCOUNT, photo_id(1), &rejected).await.err()),
        ("remove a photo", unit.avatars().remove_photo(ACCOUNT, photo_id(1)).await.err()),
        ("erase", unit.avatars().erase(ACCOUNT, stale.id).await.err()),
        ("hold", unit.ledger().hold(ACCOUNT, hold_id()).await.err()),
        ("schedule", unit.jobs().schedule(&job(9)).await.err()),
        ("park", unit.callbacks().park(&callback()).await.err()),
        ("settle", unit.callbacks().settle(&callback()).await.err()),
        ("now", unit.now().await.err()),
    ] {
        assert!(matches!(outcome, Some(StoreError::Poisoned)), "{call}: {outcome:?}");
    }
}

/// What others can see.
#[derive(Debug, PartialEq)]
struct Everything {
    avatar: Option<Avatar>,
    main: Option<Avatar>,
    photos: Vec<Photo>,
    spendable: Credits,
    jobs: usize,
    callbacks: usize,
}

async fn everything(subject: &DatabaseSubject) -> Everything {
    let id = avatar_id(1);
    Everything {
        avatar: find_avatar(subject, ACCOUNT, id).await,
        main: subject.avatars.main(ACCOUNT).await.expect("main"),
        photos: photos(subject, id).await,
        spendable: subject.balances.sheet(ACCOUNT).await.expect("a balance").spendable(),
        jobs: subject.jobs.due(100).await.expect("due").len(),
        callbacks: subject.avatars.parked(ACCOUNT, id).await.expect("parked").len(),
    }
}

fn hold_id() -> HoldId {
    HoldId::new(Uuid::from_u128(0xD7))
}

fn callback() -> TrainingCallback {
    TrainingCallback {
        provider: ProviderName::new("sample-provider"),
        account: ACCOUNT,
        avatar: avatar_id(1),
        attempt: 1,
        event: ProviderEvent { request_id: "request".to_owned(), body: "{}".to_owned() },
    }
}

fn lost_claim() -> JobClaim {
    JobClaim { account: ACCOUNT, job: job(7).id(), token: FencingToken::new(Uuid::from_u128(1)) }
}
