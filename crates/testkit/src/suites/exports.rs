//! What every [`PrivacyRequests`](account::PrivacyRequests) and [`PrivacyWriter`](account::PrivacyWriter) must do with
//! requests for files.

use std::time::Duration;

use account::{ExportInserted, ExportRequest, ExportScope, ExportState};
use futures::future::join_all;
use kernel::{
    AccountId, Audience, ChatId, ExportId, GalleryItemId, Intent, Language, MessageId, ObjectKey, StoreError,
    Timestamp, UpdateId,
};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now};

database_suite! { $ exports as exports_tests:
    insert_export_must_set_created_at_to_now_by_the_databases_clock_and_version_1,
    insert_export_of_a_wish_that_has_a_request_must_give_that_one_and_write_nothing,
    insert_export_of_one_wish_by_many_at_once_must_keep_one,
    update_export_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one,
    update_export_must_store_everything_and_the_version_plus_one,
    export_must_give_a_request_of_that_account_only,
    expired_exports_must_list_requests_that_ended_more_than_age_ago_the_longest_ago_first,
    forget_export_must_remove_a_request_that_has_ended_and_must_answer_false_otherwise,
}

/// `insert_export` MUST set `created_at` to now by the database's clock, and version 1.
pub async fn insert_export_must_set_created_at_to_now_by_the_databases_clock_and_version_1(
    subject: &DatabaseSubject,
) {
    let images = ExportScope::Images { items: (1..=3).rev().map(item).collect() };
    for (number, scope) in [(1, ExportScope::Everything), (2, images)] {
        let wanted = ExportRequest { scope, ..request(ACCOUNT, number) };
        let before = database_now(subject).await;
        let new = insert_new(subject, &wanted).await;
        let after = database_now(subject).await;
        assert!(before <= new.created_at && new.created_at <= after, "{new:?}");
        assert_eq!(new, ExportRequest { created_at: new.created_at, version: 1, ..wanted });
        assert_eq!(export(subject, ACCOUNT, new.id).await, Some(new));
    }
}

/// `insert_export` of a wish that has a request MUST give that one and write nothing.
pub async fn insert_export_of_a_wish_that_has_a_request_must_give_that_one_and_write_nothing(
    subject: &DatabaseSubject,
) {
    let first = insert_new(subject, &request(ACCOUNT, 1)).await;
    let again = ExportRequest { intent: first.intent.clone(), ..request(ACCOUNT, 2) };
    assert_eq!(insert(subject, &again).await, ExportInserted::Existing(first.clone()));
    assert_eq!(export(subject, ACCOUNT, again.id).await, None, "nothing was written");
    // A wish is an account's own.
    let theirs = ExportRequest { account: OTHER_ACCOUNT, ..again };
    insert_new(subject, &theirs).await;
}

/// `insert_export` of a wish MUST give one request, also when many come at once.
pub async fn insert_export_of_one_wish_by_many_at_once_must_keep_one(subject: &DatabaseSubject) {
    let wanted: Vec<ExportRequest> = (1..=8)
        .map(|number| ExportRequest { intent: Intent::button(7), ..request(ACCOUNT, number) })
        .collect();
    let outcomes = join_all(wanted.iter().map(|wanted| insert(subject, wanted))).await;
    let new = outcomes.iter().filter(|outcome| matches!(outcome, ExportInserted::New(_))).count();
    assert_eq!(new, 1, "{outcomes:?}");
    let kept: Vec<ExportRequest> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            ExportInserted::New(request) | ExportInserted::Existing(request) => request,
        })
        .collect();
    assert!(kept.iter().all(|one| *one == kept[0]), "{kept:?}");
}

/// `update_export` MUST fail with `Conflict` when the stored version is not the given one.
pub async fn update_export_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one(
    subject: &DatabaseSubject,
) {
    let first = insert_new(subject, &request(ACCOUNT, 1)).await;
    let second = update(subject, &first).await;
    let foreign = ExportRequest { account: OTHER_ACCOUNT, ..second.clone() };
    let unknown = ExportRequest { id: request(ACCOUNT, 2).id, ..second.clone() };
    for stale in [&first, &foreign, &unknown] {
        let mut unit = subject.privacy.begin().await.expect("begin");
        let outcome = unit.privacy().update_export(stale).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{stale:?}: {outcome:?}");
        drop(unit);
        assert_eq!(export(subject, ACCOUNT, first.id).await.as_ref(), Some(&second));
    }
}

/// `update_export` MUST store everything with version + 1 and answer the request with it.
pub async fn update_export_must_store_everything_and_the_version_plus_one(subject: &DatabaseSubject) {
    let mut present = insert_new(subject, &request(ACCOUNT, 1)).await;
    for state in [
        packed(0),
        packed(2),
        ExportState::Failed { reference: "K7QM-2F9X".to_owned() },
        ExportState::Done,
        ExportState::Waiting,
    ] {
        let changed = ExportRequest { state, ..present };
        let updated = update(subject, &changed).await;
        present = ExportRequest { version: changed.version + 1, ..changed };
        assert_eq!(updated, present);
        assert_eq!(export(subject, ACCOUNT, present.id).await.as_ref(), Some(&present));
    }
    let audience = Audience { progress_message: None, ..present.audience };
    let moved = update(subject, &ExportRequest { audience, ..present }).await;
    assert_eq!(export(subject, ACCOUNT, moved.id).await.expect("it is there").audience, audience);
}

/// `export` MUST give a request of that account only.
pub async fn export_must_give_a_request_of_that_account_only(subject: &DatabaseSubject) {
    let new = insert_new(subject, &request(ACCOUNT, 1)).await;
    assert_eq!(export(subject, OTHER_ACCOUNT, new.id).await, None);
    assert_eq!(export(subject, ACCOUNT, request(ACCOUNT, 2).id).await, None);
    assert_eq!(export(subject, ACCOUNT, new.id).await, Some(new));
}

/// `expired_exports` MUST list requests that ended more than `age` ago by the database's clock, the longest ago first.
pub async fn expired_exports_must_list_requests_that_ended_more_than_age_ago_the_longest_ago_first(
    subject: &DatabaseSubject,
) {
    let failed = || ExportState::Failed { reference: "K7QM-2F9X".to_owned() };
    let hour = Duration::from_hours(1);
    for (number, account, state) in [
        (4, ACCOUNT, ExportState::Done),
        (3, OTHER_ACCOUNT, failed()),
        (2, ACCOUNT, packed(1)),
        (1, ACCOUNT, ExportState::Done),
    ] {
        let new = insert_new(subject, &request(account, number)).await;
        update(subject, &ExportRequest { state, ..new }).await;
        subject.time.elapse(hour).await;
    }
    insert_new(subject, &request(ACCOUNT, 5)).await;
    let expired = async |age, limit| subject.privacy.expired_exports(age, limit).await.expect("expired");
    let all = [(ACCOUNT, 4), (OTHER_ACCOUNT, 3), (ACCOUNT, 1)]
        .map(|(account, number)| (account, request(account, number).id));
    assert_eq!(expired(hour / 2, 100).await, all);
    assert_eq!(expired(hour / 2, 2).await, all[..2]);
    assert_eq!(expired(hour + hour / 2, 100).await, all[..2]);
    assert_eq!(expired(5 * hour, 100).await, []);
    // A change after the end does not make it later.
    let first = export(subject, ACCOUNT, all[0].1).await.expect("it is there");
    update(subject, &first).await;
    assert_eq!(expired(hour / 2, 1).await, all[..1]);
}

/// `forget_export` MUST remove a request that has ended, and MUST answer `false` and change nothing otherwise.
pub async fn forget_export_must_remove_a_request_that_has_ended_and_must_answer_false_otherwise(
    subject: &DatabaseSubject,
) {
    let forget = async |account, id| subject.privacy.forget_export(account, id).await.expect("forget");
    let new = insert_new(subject, &request(ACCOUNT, 1)).await;
    assert!(!forget(ACCOUNT, new.id).await, "it has not ended");
    assert_eq!(export(subject, ACCOUNT, new.id).await.as_ref(), Some(&new));
    update(subject, &ExportRequest { state: ExportState::Done, ..new.clone() }).await;
    assert!(!forget(OTHER_ACCOUNT, new.id).await, "it is somebody else's");
    assert!(forget(ACCOUNT, new.id).await);
    assert_eq!(export(subject, ACCOUNT, new.id).await, None);
    assert!(!forget(ACCOUNT, new.id).await, "it is gone");
    let expired = subject.privacy.expired_exports(Duration::ZERO, 100).await.expect("expired");
    assert_eq!(expired, []);
}

async fn insert(subject: &DatabaseSubject, request: &ExportRequest) -> ExportInserted {
    let mut unit = subject.privacy.begin().await.expect("begin");
    let outcome = unit.privacy().insert_export(request).await.expect("insert");
    unit.commit().await.expect("commit");
    outcome
}

/// Keeps a new request in a unit of work of its own.
pub(super) async fn insert_new(subject: &DatabaseSubject, request: &ExportRequest) -> ExportRequest {
    match insert(subject, request).await {
        ExportInserted::New(new) => new,
        ExportInserted::Existing(earlier) => panic!("{earlier:?} was there"),
    }
}

async fn update(subject: &DatabaseSubject, request: &ExportRequest) -> ExportRequest {
    let mut unit = subject.privacy.begin().await.expect("begin");
    let updated = unit.privacy().update_export(request).await.expect("update");
    unit.commit().await.expect("commit");
    updated
}

/// A request as it stands.
pub(super) async fn export(
    subject: &DatabaseSubject,
    account: AccountId,
    id: ExportId,
) -> Option<ExportRequest> {
    subject.privacy.export(account, id).await.expect("export")
}

fn packed(sent: u32) -> ExportState {
    let archive = ObjectKey::export(ACCOUNT, Uuid::from_u128(1));
    ExportState::Packed { archive, bytes: 123_456_789, sent }
}

fn item(number: u128) -> GalleryItemId {
    GalleryItemId::new(Uuid::from_u128(0xF0_0000 + number))
}

/// A request for everything.
pub(super) fn request(account: AccountId, number: u128) -> ExportRequest {
    ExportRequest {
        id: ExportId::new(Uuid::from_u128(0xE4_0000 + number)),
        account,
        intent: Intent::message(UpdateId::new(i64::try_from(number).expect("a small number"))),
        scope: ExportScope::Everything,
        language: Language::Russian,
        state: ExportState::Waiting,
        audience: Audience { chat: ChatId::new(77), progress_message: Some(MessageId::new(5)) },
        created_at: Timestamp::EPOCH,
        version: 0,
    }
}
