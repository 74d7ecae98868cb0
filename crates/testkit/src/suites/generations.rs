//! What every [`GenerationWriter`](generation::GenerationWriter) and
//! [`GenerationReader`](generation::GenerationReader) must do.

use std::time::Duration;

use futures::future::join_all;
use generation::{
    Accepted, DeliveredAs, Delivery, FailureReason, Generation, Inserted, Intent, ModelId, Parked,
    ParkedCallback, ProviderHandle, ProviderName, SlotEnd, State,
};
use kernel::{AccountId, GenerationId, PageSize, ProviderEvent, StoreError, Timestamp};
use tokio::time::timeout;

use super::DatabaseSubject;
use super::samples::{
    A_MOMENT, ACCOUNT, LONG, OTHER_ACCOUNT, database_now, generation, generation_id, insert, update,
};

database_suite! { $ generations as generations_tests:
    insert_must_set_created_at_to_now_and_deadline_to_now_plus_its_delay_by_the_databases_clock,
    insert_of_a_wish_that_has_a_generation_must_give_that_one_and_write_nothing,
    insert_of_one_wish_by_many_at_once_must_keep_one,
    load_must_keep_others_from_changing_the_generation_or_update_must_find_out_that_they_did,
    update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one,
    update_must_store_everything_and_the_version_plus_one,
    find_must_give_a_generation_of_that_account_only,
    find_by_intent_must_give_the_generation_that_answers_the_wish,
    under_way_must_list_generations_whose_credits_are_still_set_aside_the_newest_first,
    under_way_in_a_unit_must_count_those_of_the_unit_too,
    count_must_count_every_generation_of_that_account_ended_ones_included,
    page_must_list_every_generation_of_that_account_the_newest_first_and_the_next_page_right_after_it,
    erase_all_must_remove_every_generation_and_callback_of_the_account_and_no_other_and_must_be_repeatable,
}

/// `insert` MUST set `created_at` to now and `deadline` to now plus its delay by the database's clock.
pub async fn insert_must_set_created_at_to_now_and_deadline_to_now_plus_its_delay_by_the_databases_clock(
    subject: &DatabaseSubject,
) {
    let wanted = generation(ACCOUNT, 1);
    let before = database_now(subject).await;
    let inserted = insert(subject, &wanted).await;
    let (found, now) = find(subject, ACCOUNT, wanted.id).await.expect("it is there");
    let after = database_now(subject).await;
    assert!(before <= inserted.created_at && inserted.created_at <= now && now <= after, "{inserted:?}");
    assert_eq!(inserted.deadline, inserted.created_at + LONG);
    let expected = Generation {
        created_at: inserted.created_at,
        deadline: inserted.deadline,
        version: inserted.version,
        ..wanted
    };
    assert_eq!(inserted, expected);
    assert_eq!(found, expected);

    subject.time.elapse(LONG / 2).await;
    let (found, now) = find(subject, ACCOUNT, expected.id).await.expect("it is there");
    let left = found.deadline.since(now);
    assert!(left <= LONG / 2 && left > LONG / 3, "half of its time has passed, and {left:?} are left");
}

/// `insert` of a wish that has a generation MUST give that one and write nothing.
pub async fn insert_of_a_wish_that_has_a_generation_must_give_that_one_and_write_nothing(
    subject: &DatabaseSubject,
) {
    let first = insert(subject, &generation(ACCOUNT, 1)).await;
    let again = Generation { intent: first.intent.clone(), ..generation(ACCOUNT, 2) };
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let outcome = unit.generations().insert(&again, LONG).await.expect("insert");
    assert_eq!(outcome, Inserted::Existing(first.clone()));
    // The unit of work goes on.
    let other = unit.generations().insert(&generation(ACCOUNT, 3), LONG).await.expect("insert");
    assert!(matches!(other, Inserted::New(_)), "{other:?}");
    unit.commit().await.expect("commit");
    assert_eq!(find(subject, ACCOUNT, again.id).await, None, "nothing was written");
    assert_eq!(find(subject, ACCOUNT, first.id).await.map(|(found, _)| found), Some(first.clone()));

    // Within one unit of work too.
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let new = unit.generations().insert(&generation(ACCOUNT, 4), LONG).await.expect("insert");
    let same = Generation { intent: generation(ACCOUNT, 4).intent, ..generation(ACCOUNT, 5) };
    let repeated = unit.generations().insert(&same, LONG).await.expect("insert");
    match (new, repeated) {
        (Inserted::New(new), Inserted::Existing(existing)) => assert_eq!(new, existing),
        other => panic!("{other:?}"),
    }
    drop(unit);

    // A wish is an account's own.
    let theirs = Generation { account: OTHER_ACCOUNT, intent: first.intent, ..generation(ACCOUNT, 6) };
    insert(subject, &theirs).await;
}

/// `insert` of a wish MUST give one generation, also when both come at once.
pub async fn insert_of_one_wish_by_many_at_once_must_keep_one(subject: &DatabaseSubject) {
    let intent = Intent::button(7);
    let outcomes = join_all((1..=8).map(|number| {
        let wanted = Generation { intent: intent.clone(), ..generation(ACCOUNT, number) };
        async move {
            let mut unit = subject.generation_units.begin().await.expect("begin");
            let inserted = unit.generations().insert(&wanted, LONG).await.expect("insert");
            unit.commit().await.expect("commit");
            inserted
        }
    }))
    .await;
    let new = outcomes.iter().filter(|outcome| matches!(outcome, Inserted::New(_))).count();
    assert_eq!(new, 1, "{outcomes:?}");
    let kept: Vec<Generation> = outcomes
        .into_iter()
        .map(|outcome| match outcome {
            Inserted::New(generation) | Inserted::Existing(generation) => generation,
        })
        .collect();
    assert!(kept.iter().all(|one| *one == kept[0]), "{kept:?}");
    assert_eq!(under_way(subject, ACCOUNT, 100).await, [kept[0].id]);
}

/// `load` MUST keep others from changing the generation until the unit ends, or `update` MUST find out that they did: no
/// change is lost.
pub async fn load_must_keep_others_from_changing_the_generation_or_update_must_find_out_that_they_did(
    subject: &DatabaseSubject,
) {
    let inserted = insert(subject, &generation(ACCOUNT, 1)).await;
    let mut first = subject.generation_units.begin().await.expect("begin");
    let mut mine = first.generations().load(ACCOUNT, inserted.id).await.expect("load").expect("it is there");
    assert_eq!(mine, inserted);

    let rival = count_an_attempt(subject, inserted.id);
    futures::pin_mut!(rival);
    let rival_was_first = timeout(A_MOMENT, &mut rival).await.is_ok();
    mine.plan.attempt += 1;
    let updated = first.generations().update(&mine).await;
    let expected = if rival_was_first {
        assert!(matches!(updated, Err(StoreError::Conflict { .. })), "a rival's change: {updated:?}");
        1
    } else {
        updated.expect("nobody changed it");
        first.commit().await.expect("commit");
        rival.await;
        2
    };
    let (found, _) = find(subject, ACCOUNT, inserted.id).await.expect("it is there");
    assert_eq!(found.plan.attempt, expected);
}

async fn count_an_attempt(subject: &DatabaseSubject, id: GenerationId) {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let mut loaded = unit.generations().load(ACCOUNT, id).await.expect("load").expect("it is there");
    loaded.plan.attempt += 1;
    unit.generations().update(&loaded).await.expect("what was loaded in the unit can be changed in it");
    unit.commit().await.expect("commit");
}

/// `update` MUST fail with `Conflict` when the stored version is not the given one.
pub async fn update_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one(
    subject: &DatabaseSubject,
) {
    let first = insert(subject, &generation(ACCOUNT, 1)).await;
    let second = update(subject, &first).await;
    let foreign = Generation { account: OTHER_ACCOUNT, ..second.clone() };
    let future = Generation { version: second.version + 1, ..second.clone() };
    for stale in [&first, &foreign, &future] {
        let mut unit = subject.generation_units.begin().await.expect("begin");
        let outcome = unit.generations().update(stale).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{stale:?}: {outcome:?}");
        drop(unit);
        assert_eq!(find(subject, ACCOUNT, first.id).await.map(|(found, _)| found), Some(second.clone()));
    }
}

/// `update` MUST store everything with version + 1 and answer the generation with it.
pub async fn update_must_store_everything_and_the_version_plus_one(subject: &DatabaseSubject) {
    let mut present = insert(subject, &generation(ACCOUNT, 1)).await;
    let at = Timestamp::from_micros(1_800_000_000_123_456);
    let accepted = vec![
        Accepted { slots: vec![0], handle: ProviderHandle::new("{\"id\": \"0\"}") },
        Accepted { slots: vec![1], handle: ProviderHandle::new("1") },
    ];
    let internal = FailureReason::Internal { reference: "K7QM-2F9X".to_owned() };
    for state in [
        State::Submitting { since: at },
        State::Submitted { since: at, accepted },
        State::Held { not_before: at },
        State::Stored,
        State::Delivered,
        State::Failed(FailureReason::Refused),
        State::Failed(FailureReason::Invalid),
        State::Failed(FailureReason::Unavailable),
        State::Failed(FailureReason::NoModel),
        State::Failed(internal),
        State::Cancelled,
        State::Expired,
    ] {
        present = assert_stored(subject, Generation { state, ..present }).await;
    }
    for delivery in [
        Delivery::Placing,
        Delivery::Sending,
        Delivery::Shown,
        Delivery::NotStarted,
        Delivery::Done { by: DeliveredAs::Edited },
        Delivery::Done { by: DeliveredAs::Sent },
        Delivery::Done { by: DeliveredAs::GalleryMessage },
        Delivery::Done { by: DeliveredAs::Told },
        Delivery::Done { by: DeliveredAs::Unreachable },
    ] {
        present = assert_stored(subject, Generation { delivery, ..present }).await;
    }
    let mut all_else = present;
    all_else.plan.model = ModelId::new("another/model");
    all_else.plan.attempt = 3;
    all_else.plan.attempts_at_model = 2;
    all_else.plan.unknown_outcomes = 1;
    all_else.plan.last_failure = Some("RESOURCE_EXHAUSTED".to_owned());
    all_else.slots[0].arrived = Some(3);
    all_else.slots[1].end = Some(SlotEnd::Refused);
    all_else.audience.progress_message = None;
    assert_stored(subject, all_else).await;
}

async fn assert_stored(subject: &DatabaseSubject, changed: Generation) -> Generation {
    let updated = update(subject, &changed).await;
    let expected = Generation { version: changed.version + 1, ..changed };
    assert_eq!(updated, expected);
    let (found, _) = find(subject, ACCOUNT, expected.id).await.expect("it is there");
    assert_eq!(found, expected);
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let loaded = unit.generations().load(ACCOUNT, expected.id).await.expect("load");
    assert_eq!(loaded.as_ref(), Some(&expected));
    expected
}

/// `find` (and `load`) MUST give a generation of that account only.
pub async fn find_must_give_a_generation_of_that_account_only(subject: &DatabaseSubject) {
    let inserted = insert(subject, &generation(ACCOUNT, 1)).await;
    assert_eq!(find(subject, OTHER_ACCOUNT, inserted.id).await, None);
    assert_eq!(find(subject, ACCOUNT, generation_id(2)).await, None);
    let mut unit = subject.generation_units.begin().await.expect("begin");
    assert_eq!(unit.generations().load(OTHER_ACCOUNT, inserted.id).await.expect("load"), None);
    assert_eq!(unit.generations().load(ACCOUNT, generation_id(2)).await.expect("load"), None);
    unit.commit().await.expect("commit");
}

/// `find_by_intent` gives the generation that answers the wish.
pub async fn find_by_intent_must_give_the_generation_that_answers_the_wish(subject: &DatabaseSubject) {
    let first = insert(subject, &generation(ACCOUNT, 1)).await;
    let second = insert(subject, &generation(ACCOUNT, 2)).await;
    for (account, intent, expected) in [
        (ACCOUNT, &first.intent, Some(&first)),
        (ACCOUNT, &second.intent, Some(&second)),
        (OTHER_ACCOUNT, &first.intent, None),
        (ACCOUNT, &Intent::button(1), None),
    ] {
        let found = subject.generations.find_by_intent(account, intent).await.expect("find by intent");
        assert_eq!(found.as_ref(), expected, "{account} {intent}");
    }
}

/// `under_way` MUST list generations whose credits are still set aside, the newest first.
pub async fn under_way_must_list_generations_whose_credits_are_still_set_aside_the_newest_first(
    subject: &DatabaseSubject,
) {
    let at = Timestamp::from_seconds(1_800_000_000);
    let states = [
        State::Held { not_before: at },
        State::Stored,
        State::Submitting { since: at },
        State::Delivered,
        State::Submitted { since: at, accepted: Vec::new() },
        State::Failed(FailureReason::Refused),
        State::Cancelled,
        State::Expired,
    ];
    for (number, state) in (1..).zip(states) {
        let inserted = insert(subject, &generation(ACCOUNT, number)).await;
        update(subject, &Generation { state, ..inserted }).await;
        subject.time.elapse(Duration::from_secs(1)).await;
    }
    insert(subject, &generation(OTHER_ACCOUNT, 20)).await;
    let expected = [generation_id(5), generation_id(3), generation_id(1)];
    assert_eq!(under_way(subject, ACCOUNT, 100).await, expected);
    assert_eq!(under_way(subject, ACCOUNT, 2).await, expected[..2]);
    assert_eq!(under_way(subject, OTHER_ACCOUNT, 100).await, [generation_id(20)]);
}

/// `under_way` in a unit MUST count the generations of that account whose credits are still set aside, those of the unit
/// included.
pub async fn under_way_in_a_unit_must_count_those_of_the_unit_too(subject: &DatabaseSubject) {
    let at = Timestamp::from_seconds(1_800_000_000);
    for (number, state) in (1..).zip([State::Submitting { since: at }, State::Stored, State::Cancelled]) {
        let inserted = insert(subject, &generation(ACCOUNT, number)).await;
        update(subject, &Generation { state, ..inserted }).await;
    }
    insert(subject, &generation(OTHER_ACCOUNT, 20)).await;
    let mut unit = subject.generation_units.begin().await.expect("begin");
    assert_eq!(unit.generations().under_way(ACCOUNT).await.expect("count"), 1);
    unit.generations().insert(&generation(ACCOUNT, 30), LONG).await.expect("insert");
    assert_eq!(unit.generations().under_way(ACCOUNT).await.expect("count"), 2);
}

/// `count` MUST count every generation of that account, ended ones included.
pub async fn count_must_count_every_generation_of_that_account_ended_ones_included(
    subject: &DatabaseSubject,
) {
    assert_eq!(subject.generations.count(ACCOUNT).await.expect("count"), 0);
    for (number, state) in (1..).zip([State::Stored, State::Delivered, State::Cancelled, State::Expired]) {
        let inserted = insert(subject, &generation(ACCOUNT, number)).await;
        update(subject, &Generation { state, ..inserted }).await;
        assert_eq!(u128::from(subject.generations.count(ACCOUNT).await.expect("count")), number);
    }
    assert_eq!(subject.generations.count(OTHER_ACCOUNT).await.expect("count"), 0);
}

/// `page` MUST list every generation of that account, the newest first, and a next page MUST start right after the last
/// row of this one.
pub async fn page_must_list_every_generation_of_that_account_the_newest_first_and_the_next_page_right_after_it(
    subject: &DatabaseSubject,
) {
    let mut kept = Vec::new();
    for number in [3, 1, 5, 2, 4] {
        let inserted = insert(subject, &generation(ACCOUNT, number)).await;
        kept.push(update(subject, &Generation { state: State::Cancelled, ..inserted }).await);
        insert(subject, &generation(OTHER_ACCOUNT, 100 + number)).await;
    }
    kept.sort_by_key(|generation| std::cmp::Reverse(generation.id));
    let mut after = None;
    for expected in kept.chunks(2) {
        let page = subject.generations.page(ACCOUNT, after, PageSize::new(2)).await.expect("a page");
        assert_eq!(page.items, expected);
        after = page.next;
    }
    assert_eq!(after, None, "the last page has no next one");
}

/// `erase_all` MUST remove every generation and callback of the account, and no other; it MUST be repeatable.
pub async fn erase_all_must_remove_every_generation_and_callback_of_the_account_and_no_other_and_must_be_repeatable(
    subject: &DatabaseSubject,
) {
    let callbacks = [(ACCOUNT, 1, "used"), (ACCOUNT, 2, "unused"), (OTHER_ACCOUNT, 3, "theirs")]
        .map(|(account, number, request)| callback(account, generation_id(number), request));
    for (number, callback) in (1..).zip(&callbacks) {
        insert(subject, &generation(callback.account, number)).await;
        park(subject, callback).await;
    }
    let mut unit = subject.generation_units.begin().await.expect("begin");
    unit.callbacks().settle(&callbacks[0]).await.expect("settle");
    unit.commit().await.expect("commit");

    for removed in [2, 0] {
        assert_eq!(subject.generation_units.erase_all(ACCOUNT).await.expect("erase"), removed);
        assert_eq!(subject.generations.count(ACCOUNT).await.expect("count"), 0);
        for number in 1..=2 {
            assert_eq!(find(subject, ACCOUNT, generation_id(number)).await, None);
            let parked = subject.generations.parked(ACCOUNT, generation_id(number)).await.expect("parked");
            assert_eq!(parked, []);
        }
    }
    assert!(find(subject, OTHER_ACCOUNT, generation_id(3)).await.is_some());
    let theirs = subject.generations.parked(OTHER_ACCOUNT, generation_id(3)).await.expect("parked");
    assert_eq!(theirs, callbacks[2..]);
    // Nothing remembers what was erased, used callbacks included.
    for gone in &callbacks[..2] {
        assert_eq!(park(subject, gone).await, Parked::New, "{gone:?}");
    }
}

async fn park(subject: &DatabaseSubject, callback: &ParkedCallback) -> Parked {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let parked = unit.callbacks().park(callback).await.expect("park");
    unit.commit().await.expect("commit");
    parked
}

fn callback(account: AccountId, generation: GenerationId, request: &str) -> ParkedCallback {
    ParkedCallback {
        provider: ProviderName::new("sample-provider"),
        account,
        generation,
        attempt: 1,
        event: ProviderEvent { request_id: request.to_owned(), body: "{}".to_owned() },
    }
}

async fn find(
    subject: &DatabaseSubject,
    account: AccountId,
    id: GenerationId,
) -> Option<(Generation, Timestamp)> {
    subject.generations.find(account, id).await.expect("find")
}

async fn under_way(subject: &DatabaseSubject, account: AccountId, limit: u16) -> Vec<GenerationId> {
    subject.generations.under_way(account, limit).await.expect("under way")
}
