//! What every [`AvatarWriter`](avatar::AvatarWriter) must do with avatars; photos have a suite of their own.

use std::collections::BTreeSet;

use account::{NewAccount, TelegramUserId, ZoneName};
use avatar::{
    Avatar, AvatarKind, AvatarName, AvatarState, KindName, News, NextTraining, ParkedTraining, PresetName,
    TrainedFiles, TrainingCallback, TrainingFailure, TrainingProgress, WizardStep,
};
use futures::future::join_all;
use kernel::{
    AccountId, AvatarId, Language, MessageId, Percent, ProviderEvent, ProviderHandle, ProviderName,
    StoreError, Timestamp,
};
use tokio::time::timeout;

use super::DatabaseSubject;
use super::avatars_samples::{
    add_photo, avatar, avatar_id, begun, find_avatar, insert_avatar, make_main, new_photo, photos, trained,
    training, update_avatar,
};
use super::samples::{A_MOMENT, ACCOUNT, OTHER_ACCOUNT, database_now};

database_suite! { $ avatars as avatars_tests:
    insert_must_set_the_times_and_that_of_the_consent_to_now_and_version_1,
    load_must_keep_others_from_changing_the_avatar_until_the_unit_ends,
    load_must_keep_others_from_changing_its_photos_until_the_unit_ends,
    update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one,
    update_must_store_everything_with_version_plus_1_and_updated_at_now,
    under_way_must_count_the_avatars_that_are_being_trained_those_of_the_unit_included,
    make_main_must_leave_exactly_one_main_avatar_this_one,
    make_main_of_many_at_once_must_leave_one,
    make_main_of_one_that_is_not_there_must_fail_with_conflict,
    clear_main_must_leave_the_avatar_not_main,
    a_deleted_avatar_must_be_nobodys_main_one,
    erase_must_remove_photos_and_callbacks_and_keep_consent_and_prices_without_name_traits_and_files,
}

/// `insert` MUST set `created_at` and `updated_at` to now by the database's clock, `consent.given_at` too, and version 1.
pub async fn insert_must_set_the_times_and_that_of_the_consent_to_now_and_version_1(
    subject: &DatabaseSubject,
) {
    for wanted in [begun(ACCOUNT, 1), avatar(ACCOUNT, 2), trained(avatar(ACCOUNT, 3))] {
        let before = database_now(subject).await;
        let inserted = insert_avatar(subject, &wanted).await;
        let found = subject.avatars.find(ACCOUNT, wanted.id).await.expect("find");
        let (found, now) = found.expect("it is there");
        let created_at = inserted.created_at;
        assert!(before <= created_at && created_at <= now, "{before:?}, {created_at:?}, {now:?}");
        let mut expected = Avatar { created_at, updated_at: created_at, version: 1, ..wanted };
        expected.consent.given_at = created_at;
        assert_eq!(inserted, expected);
        assert_eq!(found, expected);
    }
}

/// `under_way` MUST count the avatars of that account that are being trained, those of the unit included.
pub async fn under_way_must_count_the_avatars_that_are_being_trained_those_of_the_unit_included(
    subject: &DatabaseSubject,
) {
    let queued = || AvatarState::Queued { not_before: Timestamp::EPOCH };
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    insert_avatar(subject, &trained(avatar(ACCOUNT, 2))).await;
    insert_avatar(subject, &Avatar { state: queued(), ..avatar(ACCOUNT, 3) }).await;
    insert_avatar(subject, &Avatar { state: queued(), ..avatar(OTHER_ACCOUNT, 4) }).await;
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    assert_eq!(unit.avatars().under_way(ACCOUNT).await.expect("count"), 1);
    unit.avatars().insert(&Avatar { state: queued(), ..avatar(ACCOUNT, 5) }).await.expect("insert");
    assert_eq!(unit.avatars().under_way(ACCOUNT).await.expect("count"), 2);
}

/// `load` MUST keep others from changing the avatar until the unit ends.
pub async fn load_must_keep_others_from_changing_the_avatar_until_the_unit_ends(subject: &DatabaseSubject) {
    let inserted = insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let mut first = subject.avatar_units.begin().await.expect("begin");
    let loaded = first.avatars().load(ACCOUNT, inserted.id).await.expect("load").expect("it is there");
    assert_eq!(loaded, inserted);

    let rival = async {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let loaded = unit.avatars().load(ACCOUNT, inserted.id).await.expect("load").expect("it is there");
        assert_eq!(loaded.news, News::Due, "what the first wrote is seen by the second");
        unit.avatars().update(&Avatar { news: News::Told, ..loaded }).await.expect("update");
        unit.commit().await.expect("commit");
    };
    futures::pin_mut!(rival);
    assert!(timeout(A_MOMENT, &mut rival).await.is_err(), "the rival must wait");
    first.avatars().update(&Avatar { news: News::Due, ..loaded }).await.expect("nobody changed it");
    first.commit().await.expect("commit");
    rival.await;
    let found = find_avatar(subject, ACCOUNT, inserted.id).await.expect("it is there");
    assert_eq!((found.news, found.version), (News::Told, 3));
}

/// `load` MUST keep others from changing the avatar's photos until the unit ends.
pub async fn load_must_keep_others_from_changing_its_photos_until_the_unit_ends(subject: &DatabaseSubject) {
    let inserted = insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    add_photo(subject, inserted.id, &new_photo(1), 20).await;
    add_photo(subject, inserted.id, &new_photo(2), 20).await;
    let before = photos(subject, inserted.id).await;

    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().load(ACCOUNT, inserted.id).await.expect("load").expect("it is there");
    let third = new_photo(3);
    let adding = add_photo(subject, inserted.id, &third, 20);
    let removing = async {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        assert!(unit.avatars().remove_photo(ACCOUNT, before[0].id).await.expect("remove a photo"));
        unit.commit().await.expect("commit");
    };
    let state = avatar::PhotoState::Rejected { problem: avatar::PhotoProblem::TooDark };
    let setting = super::avatars_samples::set_photo(subject, before[1].id, &state);
    let rivals = futures::future::join3(adding, removing, setting);
    futures::pin_mut!(rivals);
    assert!(timeout(A_MOMENT, &mut rivals).await.is_err(), "the rivals must wait");
    assert_eq!(unit.avatars().photos(ACCOUNT, inserted.id).await.expect("photos"), before);
    unit.commit().await.expect("commit");
    rivals.await;
    let after = photos(subject, inserted.id).await;
    assert_eq!(after.len(), 2);
    assert_eq!(after[0].state, state);
}

/// `update` MUST fail with `Conflict` when the stored version is not the given one.
pub async fn update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one(
    subject: &DatabaseSubject,
) {
    let first = insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let second = update_avatar(subject, &first).await;
    let foreign = Avatar { account: OTHER_ACCOUNT, ..second.clone() };
    let unknown = Avatar { id: avatar_id(2), ..second.clone() };
    let future = Avatar { version: second.version + 1, ..second.clone() };
    for stale in [&first, &foreign, &unknown, &future] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let outcome = unit.avatars().update(stale).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{stale:?}: {outcome:?}");
        drop(unit);
        assert_eq!(find_avatar(subject, ACCOUNT, first.id).await, Some(second.clone()));
    }
}

/// `update` MUST store version + 1 with `updated_at` now, and answer the avatar with it; and everything else as given.
pub async fn update_must_store_everything_with_version_plus_1_and_updated_at_now(subject: &DatabaseSubject) {
    let mut present = insert_avatar(subject, &begun(ACCOUNT, 1)).await;
    let full = avatar(ACCOUNT, 1);
    for changed in [
        Avatar { name: full.name.clone(), step: WizardStep::Kind, ..present.clone() },
        Avatar { kind: Some(AvatarKind::Style), ..full.clone() },
        Avatar { kind: Some(AvatarKind::new(KindName::Instant)), ..full.clone() },
        full.clone(),
        Avatar { preset: Some(PresetName::Thorough), step: WizardStep::Confirm, ..full.clone() },
        Avatar {
            training: Some(training(&full)),
            next_training: NextTraining::FreeSecondTry,
            ..full.clone()
        },
        Avatar { news: News::Due, next_training: NextTraining::FreeRetraining, ..trained(full.clone()) },
        Avatar { leafing_message: None, compared: BTreeSet::new(), ..full.clone() },
        Avatar { leafing_message: Some(MessageId::new(i64::MAX)), ..full.clone() },
    ] {
        present = assert_stored(subject, &present, changed).await;
    }
    for state in states() {
        // Nobody's weights are in the way of any state.
        let changed = Avatar { state, ..trained(full.clone()) };
        present = assert_stored(subject, &present, changed).await;
    }
}

/// Every state, with every kind of what belongs to it.
fn states() -> Vec<AvatarState> {
    let at = Timestamp::from_micros(1_800_000_000_123_456);
    let handle = || ProviderHandle::new("{\"id\": \"0\"}");
    let some = TrainingProgress { position: Some(3), done: Some(Percent::new(42)) };
    let files = |config: Option<&str>| TrainedFiles {
        weights: "https://files.example/weights.safetensors".to_owned(),
        weights_size: config.map(|_| 171_000_000),
        config: config.map(str::to_owned),
    };
    let internal = TrainingFailure::Internal { reference: "K7QM-2F9X".to_owned() };
    vec![
        AvatarState::Draft,
        AvatarState::Collecting,
        AvatarState::Queued { not_before: at },
        AvatarState::Submitting { since: at },
        AvatarState::Training { since: at, handle: handle(), progress: TrainingProgress::default() },
        AvatarState::Training { since: at, handle: handle(), progress: some },
        AvatarState::Copying { since: at, files: files(None), tries: 0 },
        AvatarState::Copying { since: at, files: files(Some("https://files.example/config.json")), tries: 3 },
        AvatarState::Ready,
        AvatarState::Failed(TrainingFailure::PhotosRefused),
        AvatarState::Failed(TrainingFailure::Refused),
        AvatarState::Failed(TrainingFailure::Unavailable),
        AvatarState::Failed(TrainingFailure::NoWeights),
        AvatarState::Failed(TrainingFailure::NoTrainer),
        AvatarState::Failed(internal),
        AvatarState::Cancelled,
        AvatarState::Deleted,
    ]
}

async fn assert_stored(subject: &DatabaseSubject, present: &Avatar, changed: Avatar) -> Avatar {
    let before = database_now(subject).await;
    let given = Avatar {
        consent: present.consent.clone(),
        created_at: present.created_at,
        updated_at: present.updated_at,
        version: present.version,
        ..changed
    };
    let updated = update_avatar(subject, &given).await;
    let after = database_now(subject).await;
    assert!(before <= updated.updated_at && updated.updated_at <= after, "{updated:?}");
    let expected = Avatar { version: present.version + 1, updated_at: updated.updated_at, ..given };
    assert_eq!(updated, expected);
    assert_eq!(find_avatar(subject, ACCOUNT, expected.id).await.as_ref(), Some(&expected));
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let loaded = unit.avatars().load(ACCOUNT, expected.id).await.expect("load");
    assert_eq!(loaded.as_ref(), Some(&expected));
    expected
}

/// `make_main` MUST leave exactly one main avatar of the account: this one.
pub async fn make_main_must_leave_exactly_one_main_avatar_this_one(subject: &DatabaseSubject) {
    for number in 1..=3 {
        insert_avatar(subject, &trained(avatar(ACCOUNT, number))).await;
    }
    let theirs = insert_avatar(subject, &trained(avatar(OTHER_ACCOUNT, 4))).await;
    make_main(subject, OTHER_ACCOUNT, theirs.id).await;
    for number in [2, 1, 3, 3] {
        make_main(subject, ACCOUNT, avatar_id(number)).await;
        assert_eq!(main(subject, ACCOUNT).await, Some(avatar_id(number)));
        assert_eq!(main(subject, OTHER_ACCOUNT).await, Some(theirs.id), "each account has its own");
    }
    // Within one unit too, of which the last word counts.
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().make_main(ACCOUNT, avatar_id(1)).await.expect("make main");
    unit.avatars().make_main(ACCOUNT, avatar_id(2)).await.expect("make main");
    assert_eq!(main(subject, ACCOUNT).await, Some(avatar_id(3)), "not committed");
    unit.commit().await.expect("commit");
    assert_eq!(main(subject, ACCOUNT).await, Some(avatar_id(2)));
    assert!(
        subject
            .auditor
            .audit()
            .await
            .expect("audit")
            .violations
            .iter()
            .all(|violation| { violation.invariant != kernel::Invariant::OneMainAvatar })
    );
}

/// `make_main` of many at once, when there is none, MUST leave one, and none of the units fails.
pub async fn make_main_of_many_at_once_must_leave_one(subject: &DatabaseSubject) {
    let new = NewAccount {
        id: ACCOUNT,
        telegram_user: TelegramUserId::new(7),
        identity_digest: "digest".to_owned(),
        language: Language::English,
        zone: ZoneName::utc(),
    };
    subject.accounts.register(&new).await.expect("registered");
    for number in 1..=8 {
        insert_avatar(subject, &trained(avatar(ACCOUNT, number))).await;
    }
    join_all((1..=8).map(|number| async move {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        // As when each becomes ready.
        unit.avatars().load(ACCOUNT, avatar_id(number)).await.expect("load").expect("it is there");
        unit.avatars().make_main(ACCOUNT, avatar_id(number)).await.expect("make main");
        unit.commit().await.expect("commit");
    }))
    .await;
    assert!(main(subject, ACCOUNT).await.is_some());
    let report = subject.auditor.audit().await.expect("audit");
    let several = |violation: &kernel::Violation| violation.invariant == kernel::Invariant::OneMainAvatar;
    assert!(!report.violations.iter().any(several), "{report}");
}

/// `make_main` of an avatar that is not there, or deleted, MUST fail with `Conflict` and leave the main one.
pub async fn make_main_of_one_that_is_not_there_must_fail_with_conflict(subject: &DatabaseSubject) {
    insert_avatar(subject, &trained(avatar(ACCOUNT, 1))).await;
    let deleted = Avatar { state: AvatarState::Deleted, ..avatar(ACCOUNT, 2) };
    insert_avatar(subject, &deleted).await;
    insert_avatar(subject, &trained(avatar(OTHER_ACCOUNT, 3))).await;
    make_main(subject, ACCOUNT, avatar_id(1)).await;
    for number in [2, 3, 4] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        let outcome = unit.avatars().make_main(ACCOUNT, avatar_id(number)).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{number}: {outcome:?}");
        drop(unit);
        assert_eq!(main(subject, ACCOUNT).await, Some(avatar_id(1)));
    }
}

/// `clear_main` MUST leave the avatar not main; and another one as it is.
pub async fn clear_main_must_leave_the_avatar_not_main(subject: &DatabaseSubject) {
    for number in 1..=2 {
        insert_avatar(subject, &trained(avatar(ACCOUNT, number))).await;
    }
    make_main(subject, ACCOUNT, avatar_id(1)).await;
    for (number, left) in [(2, Some(avatar_id(1))), (1, None), (1, None)] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        unit.avatars().clear_main(ACCOUNT, avatar_id(number)).await.expect("clear main");
        unit.commit().await.expect("commit");
        assert_eq!(main(subject, ACCOUNT).await, left, "after {number}");
    }
}

/// A deleted avatar MUST be nobody's main one.
pub async fn a_deleted_avatar_must_be_nobodys_main_one(subject: &DatabaseSubject) {
    let inserted = insert_avatar(subject, &trained(avatar(ACCOUNT, 1))).await;
    make_main(subject, ACCOUNT, inserted.id).await;
    update_avatar(subject, &Avatar { state: AvatarState::Deleted, ..inserted }).await;
    assert_eq!(main(subject, ACCOUNT).await, None);
}

/// `erase` MUST remove the avatar's photos and callbacks, and keep the avatar's row with its consent and its prices,
/// without name, traits and files.
pub async fn erase_must_remove_photos_and_callbacks_and_keep_consent_and_prices_without_name_traits_and_files(
    subject: &DatabaseSubject,
) {
    let deleted = |number| Avatar { state: AvatarState::Deleted, ..trained(avatar(ACCOUNT, number)) };
    for number in 1..=2 {
        insert_avatar(subject, &deleted(number)).await;
        add_photo(subject, avatar_id(number), &new_photo(number), 20).await;
        park(subject, avatar_id(number), &format!("request-{number}")).await;
    }
    let before = find_avatar(subject, ACCOUNT, avatar_id(1)).await.expect("it is there");
    for _ in 0..2 {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        unit.avatars().erase(ACCOUNT, avatar_id(1)).await.expect("erase");
        unit.commit().await.expect("commit");
        let after = find_avatar(subject, ACCOUNT, avatar_id(1)).await.expect("its row is kept");
        assert_eq!(after.state, AvatarState::Deleted);
        assert_eq!(after.consent, before.consent);
        assert_eq!(after.training, before.training, "its price is kept");
        assert_eq!((after.name, after.weights, after.leafing_message), (None, None, None));
        assert_eq!(after.kind, Some(AvatarKind::new(KindName::Portrait)), "without traits");
        assert!(after.version > before.version, "a writer that loaded it before loses");
        assert_eq!(photos(subject, avatar_id(1)).await, []);
        assert_eq!(parked(subject, avatar_id(1)).await, 0);
    }
    let other = find_avatar(subject, ACCOUNT, avatar_id(2)).await.expect("it is there");
    assert_eq!(other.name, Some(AvatarName::new("Анна <&> 'O'").expect("a name")));
    assert_eq!((photos(subject, avatar_id(2)).await.len(), parked(subject, avatar_id(2)).await), (1, 1));

    // Nothing to erase is no failure.
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().erase(OTHER_ACCOUNT, avatar_id(2)).await.expect("erase");
    unit.commit().await.expect("commit");
    assert_eq!(photos(subject, avatar_id(2)).await.len(), 1, "another account's is left alone");
}

async fn park(subject: &DatabaseSubject, avatar: AvatarId, request_id: &str) {
    let callback = TrainingCallback {
        provider: ProviderName::new("sample-provider"),
        account: ACCOUNT,
        avatar,
        attempt: 1,
        event: ProviderEvent { request_id: request_id.to_owned(), body: "{}".to_owned() },
    };
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    assert_eq!(unit.callbacks().park(&callback).await.expect("park"), ParkedTraining::New);
    unit.commit().await.expect("commit");
}

async fn parked(subject: &DatabaseSubject, avatar: AvatarId) -> usize {
    subject.avatars.parked(ACCOUNT, avatar).await.expect("parked").len()
}

async fn main(subject: &DatabaseSubject, account: AccountId) -> Option<AvatarId> {
    subject.avatars.main(account).await.expect("main").map(|avatar| avatar.id)
}
