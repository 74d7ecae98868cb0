//! What every [`HelpRequests`](generation::HelpRequests) and [`HelpWriter`](generation::HelpWriter) must do.

use std::time::Duration;

use futures::future::join_all;
use generation::{HelpFailure, HelpInserted, HelpRequest, HelpState, HelpTask, Intent, Prompt};
use kernel::{
    AccountId, Audience, AvatarId, ChatId, HelpId, IncomingFileId, Language, MessageId, PageSize, StoreError,
    Timestamp, UpdateId,
};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now, job, try_claim};

const DAY: Duration = Duration::from_hours(24);
/// More than any test asks for.
const MANY: u32 = 1_000;

database_suite! { $ help_requests as help_requests_tests:
    insert_must_set_created_at_to_now_by_the_databases_clock_and_version_1,
    insert_of_a_wish_that_has_a_request_must_give_that_one_and_write_nothing,
    insert_of_one_wish_by_many_at_once_must_keep_one,
    insert_of_a_capped_task_must_be_cap_reached_when_as_many_were_asked_for_within_the_last_24_hours,
    insert_of_capped_tasks_by_many_at_once_must_never_pass_the_cap,
    update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one,
    update_must_store_everything_and_the_version_plus_one,
    find_must_give_a_request_of_that_account_only,
    forget_old_must_remove_requests_older_than_age_at_most_limit,
    count_must_count_every_request_of_that_account,
    page_must_list_every_request_of_that_account_the_newest_first_and_the_next_page_right_after_it,
    erase_all_must_remove_every_request_of_the_account_and_no_other_and_must_be_repeatable,
    nothing_must_be_visible_before_the_unit_commits_and_all_of_it_afterwards,
    after_a_store_error_nothing_of_a_unit_on_help_must_be_committed,
}

/// `insert` MUST set `created_at` to now by the database's clock, and version 1.
pub async fn insert_must_set_created_at_to_now_by_the_databases_clock_and_version_1(
    subject: &DatabaseSubject,
) {
    for (number, task) in (1..).zip(tasks()) {
        let wanted = HelpRequest { task, ..request(ACCOUNT, number) };
        let before = database_now(subject).await;
        let new = insert_new(subject, &wanted).await;
        let after = database_now(subject).await;
        assert!(before <= new.created_at && new.created_at <= after, "{new:?}");
        assert_eq!(new, HelpRequest { created_at: new.created_at, version: 1, ..wanted });
        assert_eq!(find(subject, ACCOUNT, new.id).await, Some(new));
    }
}

/// `insert` of a wish that has a request MUST give that one and write nothing, also when the cap is reached.
pub async fn insert_of_a_wish_that_has_a_request_must_give_that_one_and_write_nothing(
    subject: &DatabaseSubject,
) {
    let first = insert_new(subject, &request(ACCOUNT, 1)).await;
    let again = HelpRequest { intent: first.intent.clone(), ..request(ACCOUNT, 2) };
    let heard = HelpRequest { task: transcription(), ..again.clone() };
    for repeat in [&again, &heard] {
        for cap in [MANY, 1, 0] {
            let outcome = insert(subject, repeat, cap).await;
            assert_eq!(outcome, HelpInserted::Existing(first.clone()), "with a cap of {cap}");
        }
    }
    assert_eq!(find(subject, ACCOUNT, again.id).await, None, "nothing was written");
    assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 1);

    // Within one unit of work too, which goes on.
    let mut unit = subject.helps.begin().await.expect("begin");
    let new = unit.helps().insert(&request(ACCOUNT, 3), MANY).await.expect("insert");
    let same = HelpRequest { intent: request(ACCOUNT, 3).intent, ..request(ACCOUNT, 4) };
    let repeated = unit.helps().insert(&same, MANY).await.expect("insert");
    match (new, repeated) {
        (HelpInserted::New(new), HelpInserted::Existing(existing)) => assert_eq!(new, existing),
        other => panic!("{other:?}"),
    }
    drop(unit);

    // A wish is an account's own.
    let theirs = HelpRequest { account: OTHER_ACCOUNT, intent: first.intent, ..request(ACCOUNT, 5) };
    insert_new(subject, &theirs).await;
}

/// `insert` of a wish MUST give one request, also when both come at once, whether or not the task is capped.
pub async fn insert_of_one_wish_by_many_at_once_must_keep_one(subject: &DatabaseSubject) {
    for (base, task) in [(100, improvement()), (200, transcription())] {
        let wanted: Vec<HelpRequest> = (1..=8)
            .map(|number| HelpRequest {
                intent: Intent::button(base),
                task: task.clone(),
                ..request(ACCOUNT, u128::from(base) + number)
            })
            .collect();
        let outcomes = join_all(wanted.iter().map(|wanted| insert(subject, wanted, MANY))).await;
        let new = outcomes.iter().filter(|outcome| matches!(outcome, HelpInserted::New(_))).count();
        assert_eq!(new, 1, "{outcomes:?}");
        let kept: Vec<HelpRequest> = outcomes.into_iter().filter_map(kept).collect();
        assert_eq!(kept.len(), 8);
        assert!(kept.iter().all(|one| *one == kept[0]), "{kept:?}");
    }
    assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 2);
}

/// `insert` of a capped task MUST be `CapReached` when capped tasks of this account within the last 24 hours are as many as
/// `daily_cap`.
pub async fn insert_of_a_capped_task_must_be_cap_reached_when_as_many_were_asked_for_within_the_last_24_hours(
    subject: &DatabaseSubject,
) {
    assert_eq!(insert(subject, &request(ACCOUNT, 1), 0).await, HelpInserted::CapReached, "nothing is free");
    insert_new(subject, &request(OTHER_ACCOUNT, 50)).await;
    for number in 1..=3 {
        assert!(matches!(insert(subject, &request(ACCOUNT, number), 3).await, HelpInserted::New(_)));
        subject.time.elapse(Duration::from_hours(1)).await;
    }
    let one_more = request(ACCOUNT, 4);
    assert_eq!(insert(subject, &one_more, 3).await, HelpInserted::CapReached);
    assert_eq!(find(subject, ACCOUNT, one_more.id).await, None, "nothing was written");
    // Within one unit of work too, which goes on.
    let mut unit = subject.helps.begin().await.expect("begin");
    let refused = unit.helps().insert(&one_more, 3).await.expect("insert");
    assert_eq!(refused, HelpInserted::CapReached);
    // What is not capped is neither counted nor refused.
    let heard = HelpRequest { task: transcription(), ..request(ACCOUNT, 5) };
    let accepted = unit.helps().insert(&heard, 3).await.expect("insert");
    assert!(matches!(accepted, HelpInserted::New(_)), "{accepted:?}");
    unit.commit().await.expect("commit");
    assert!(matches!(insert(subject, &request(ACCOUNT, 6), 4).await, HelpInserted::New(_)));

    // The first is a day old, the others are not.
    subject.time.elapse(DAY.checked_sub(Duration::from_hours(3)).expect("hours")).await;
    assert!(matches!(insert(subject, &one_more, 4).await, HelpInserted::New(_)));
    assert_eq!(insert(subject, &request(ACCOUNT, 7), 4).await, HelpInserted::CapReached);
}

/// `insert` of capped tasks MUST never pass the cap, also when many come at once.
pub async fn insert_of_capped_tasks_by_many_at_once_must_never_pass_the_cap(subject: &DatabaseSubject) {
    let wanted: Vec<HelpRequest> = (1..=12).map(|number| request(ACCOUNT, number)).collect();
    let outcomes = join_all(wanted.iter().map(|wanted| insert(subject, wanted, 5))).await;
    let refused = outcomes.iter().filter(|outcome| **outcome == HelpInserted::CapReached).count();
    assert_eq!(refused, 7, "{outcomes:?}");
    assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 5);
}

/// `update` MUST fail with `Conflict` when the stored version is not the given one.
pub async fn update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one(
    subject: &DatabaseSubject,
) {
    let first = insert_new(subject, &request(ACCOUNT, 1)).await;
    let second = update(subject, &first).await;
    let foreign = HelpRequest { account: OTHER_ACCOUNT, ..second.clone() };
    let future = HelpRequest { version: second.version + 1, ..second.clone() };
    let unknown = HelpRequest { id: request(ACCOUNT, 2).id, ..second.clone() };
    for stale in [&first, &foreign, &future, &unknown] {
        let mut unit = subject.helps.begin().await.expect("begin");
        let outcome = unit.helps().update(stale).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{stale:?}: {outcome:?}");
        drop(unit);
        assert_eq!(find(subject, ACCOUNT, first.id).await.as_ref(), Some(&second));
    }
}

/// `update` MUST store everything with version + 1 and answer the request with it.
pub async fn update_must_store_everything_and_the_version_plus_one(subject: &DatabaseSubject) {
    let mut present = insert_new(subject, &request(ACCOUNT, 1)).await;
    let text = || "a red fox, \u{1f98a} 'in' \"snow\" <&> лиса".to_owned();
    let internal = HelpFailure::Internal { reference: "K7QM-2F9X".to_owned() };
    for state in [
        HelpState::Answered { text: text() },
        HelpState::Shown { text: text() },
        HelpState::Failed(HelpFailure::Unavailable),
        HelpState::Failed(HelpFailure::Refused),
        HelpState::Failed(HelpFailure::UnreadableFile),
        HelpState::Closed(HelpFailure::Nothing),
        HelpState::Closed(internal),
        HelpState::Waiting,
    ] {
        present = assert_stored(subject, HelpRequest { state, ..present }).await;
    }
    let audience = Audience { progress_message: None, ..present.audience };
    assert_stored(subject, HelpRequest { audience, ..present }).await;
}

async fn assert_stored(subject: &DatabaseSubject, changed: HelpRequest) -> HelpRequest {
    let updated = update(subject, &changed).await;
    let expected = HelpRequest { version: changed.version + 1, ..changed };
    assert_eq!(updated, expected);
    assert_eq!(find(subject, ACCOUNT, expected.id).await.as_ref(), Some(&expected));
    expected
}

/// `find` MUST give a request of that account only.
pub async fn find_must_give_a_request_of_that_account_only(subject: &DatabaseSubject) {
    let new = insert_new(subject, &request(ACCOUNT, 1)).await;
    assert_eq!(find(subject, OTHER_ACCOUNT, new.id).await, None);
    assert_eq!(find(subject, ACCOUNT, request(ACCOUNT, 2).id).await, None);
    assert_eq!(find(subject, ACCOUNT, new.id).await, Some(new));
}

/// `forget_old` MUST remove requests older than `age` by the database's clock, at most `limit`; how many it removed.
pub async fn forget_old_must_remove_requests_older_than_age_at_most_limit(subject: &DatabaseSubject) {
    let hour = Duration::from_hours(1);
    for (number, account) in [(1, ACCOUNT), (2, OTHER_ACCOUNT), (3, ACCOUNT), (4, ACCOUNT)] {
        insert_new(subject, &request(account, number)).await;
        subject.time.elapse(hour).await;
    }
    let forget = async |age: Duration, limit| subject.helps.forget_old(age, limit).await.expect("forget");
    assert_eq!(forget(5 * hour, 100).await, 0);
    assert_eq!(forget(hour + hour / 2, 2).await, 2, "the oldest first");
    assert_eq!(find(subject, ACCOUNT, request(ACCOUNT, 1).id).await, None);
    assert_eq!(find(subject, OTHER_ACCOUNT, request(OTHER_ACCOUNT, 2).id).await, None);
    assert_eq!(forget(hour + hour / 2, 2).await, 1);
    assert_eq!(forget(hour + hour / 2, 2).await, 0);
    assert!(find(subject, ACCOUNT, request(ACCOUNT, 4).id).await.is_some());
}

/// `count` MUST count every request of that account.
pub async fn count_must_count_every_request_of_that_account(subject: &DatabaseSubject) {
    assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 0);
    for (number, task) in (1..).zip(tasks()) {
        let new = insert_new(subject, &HelpRequest { task, ..request(ACCOUNT, number) }).await;
        update(subject, &HelpRequest { state: HelpState::Closed(HelpFailure::Nothing), ..new }).await;
        assert_eq!(u128::from(subject.helps.count(ACCOUNT).await.expect("count")), number);
    }
    assert_eq!(subject.helps.count(OTHER_ACCOUNT).await.expect("count"), 0);
}

/// `page` MUST list every request of that account, the newest first, and a next page MUST start right after the last row
/// of this one.
pub async fn page_must_list_every_request_of_that_account_the_newest_first_and_the_next_page_right_after_it(
    subject: &DatabaseSubject,
) {
    let mut kept = Vec::new();
    for (number, task) in [4, 1, 5, 3, 2].into_iter().zip(tasks()) {
        kept.push(insert_new(subject, &HelpRequest { task, ..request(ACCOUNT, number) }).await);
        insert_new(subject, &request(OTHER_ACCOUNT, 100 + number)).await;
    }
    kept.sort_by_key(|request| std::cmp::Reverse(request.id));
    let mut after = None;
    for expected in kept.chunks(2) {
        let page = subject.helps.page(ACCOUNT, after, PageSize::new(2)).await.expect("a page");
        assert_eq!(page.items, expected);
        after = page.next;
    }
    assert_eq!(after, None, "the last page has no next one");
}

/// `erase_all` MUST remove every request of the account, and no other; it MUST be repeatable.
pub async fn erase_all_must_remove_every_request_of_the_account_and_no_other_and_must_be_repeatable(
    subject: &DatabaseSubject,
) {
    for (number, task) in (1..).zip(tasks()) {
        insert_new(subject, &HelpRequest { task, ..request(ACCOUNT, number) }).await;
    }
    let theirs = insert_new(subject, &request(OTHER_ACCOUNT, 50)).await;
    for removed in [u64::try_from(tasks().len()).expect("a few"), 0] {
        assert_eq!(subject.helps.erase_all(ACCOUNT).await.expect("erase"), removed);
        assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 0);
    }
    assert_eq!(find(subject, OTHER_ACCOUNT, theirs.id).await, Some(theirs));
}

/// Nothing of a unit is visible before it commits, and nothing at all after a drop; requests and jobs together afterwards.
pub async fn nothing_must_be_visible_before_the_unit_commits_and_all_of_it_afterwards(
    subject: &DatabaseSubject,
) {
    let wanted = request(ACCOUNT, 1);
    for commits in [false, true] {
        let mut unit = subject.helps.begin().await.expect("begin");
        unit.helps().insert(&wanted, MANY).await.expect("insert");
        unit.jobs().schedule(&job(1)).await.expect("schedule");
        assert_eq!(find(subject, ACCOUNT, wanted.id).await, None, "not committed");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
        }
        assert_eq!(find(subject, ACCOUNT, wanted.id).await.is_some(), commits);
        assert_eq!(try_claim(subject, &job(1), DAY).await.is_some(), commits);
    }
}

/// After any `StoreError` every later call of a unit and its commit MUST fail with `Poisoned`.
pub async fn after_a_store_error_nothing_of_a_unit_on_help_must_be_committed(subject: &DatabaseSubject) {
    let new = insert_new(subject, &request(ACCOUNT, 1)).await;
    let mut unit = subject.helps.begin().await.expect("begin");
    unit.helps().insert(&request(ACCOUNT, 2), MANY).await.expect("insert");
    let stale = HelpRequest { version: 9, ..new.clone() };
    assert!(matches!(unit.helps().update(&stale).await, Err(StoreError::Conflict { .. })));
    assert!(matches!(unit.helps().update(&new).await, Err(StoreError::Poisoned)));
    let inserted = unit.helps().insert(&request(ACCOUNT, 3), MANY).await;
    assert!(matches!(inserted, Err(StoreError::Poisoned)), "{inserted:?}");
    assert!(matches!(unit.jobs().schedule(&job(1)).await, Err(StoreError::Poisoned)));
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));
    assert_eq!(subject.helps.count(ACCOUNT).await.expect("count"), 1);
}

async fn insert(subject: &DatabaseSubject, request: &HelpRequest, cap: u32) -> HelpInserted {
    let mut unit = subject.helps.begin().await.expect("begin");
    let outcome = unit.helps().insert(request, cap).await.expect("insert");
    unit.commit().await.expect("commit");
    outcome
}

async fn insert_new(subject: &DatabaseSubject, request: &HelpRequest) -> HelpRequest {
    match insert(subject, request, MANY).await {
        HelpInserted::New(new) => new,
        other => panic!("{other:?}"),
    }
}

async fn update(subject: &DatabaseSubject, request: &HelpRequest) -> HelpRequest {
    let mut unit = subject.helps.begin().await.expect("begin");
    let updated = unit.helps().update(request).await.expect("update");
    unit.commit().await.expect("commit");
    updated
}

async fn find(subject: &DatabaseSubject, account: AccountId, id: HelpId) -> Option<HelpRequest> {
    subject.helps.find(account, id).await.expect("find")
}

fn kept(inserted: HelpInserted) -> Option<HelpRequest> {
    match inserted {
        HelpInserted::New(request) | HelpInserted::Existing(request) => Some(request),
        HelpInserted::CapReached => None,
    }
}

/// A request for better words, with something in every field.
fn request(account: AccountId, number: u128) -> HelpRequest {
    HelpRequest {
        id: HelpId::new(Uuid::from_u128(0x4E_0000 + number)),
        account,
        intent: Intent::message(UpdateId::new(i64::try_from(number).expect("a small number"))),
        task: improvement(),
        language: Language::Russian,
        state: HelpState::Waiting,
        audience: Audience { chat: ChatId::new(-77), progress_message: Some(MessageId::new(5)) },
        created_at: Timestamp::EPOCH,
        version: 0,
    }
}

fn prompt() -> Prompt {
    Prompt::new("a red fox, \u{1f98a} 'in' \"snow\" <&> лиса").expect("a description")
}

fn improvement() -> HelpTask {
    HelpTask::Improve { prompt: prompt(), avatar: Some(AvatarId::new(Uuid::from_u128(7))), variation: 2 }
}

fn transcription() -> HelpTask {
    HelpTask::Transcribe { file: IncomingFileId::new("AwACAgIAAxk-_") }
}

/// One of every kind.
fn tasks() -> [HelpTask; 5] {
    let file = || IncomingFileId::new("AgACAgIAAxk-_");
    [
        improvement(),
        HelpTask::Translate { prompt: prompt(), avatar: None, variation: 0 },
        transcription(),
        HelpTask::DescribePhoto { file: file() },
        HelpTask::PromptFromPhoto { file: file(), avatar: None },
    ]
}
