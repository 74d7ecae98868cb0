//! What every [`Refusals`](account::Refusals) must do.

use std::time::Duration;

use account::{REFUSAL_MEMORY, RefusalRecord, pause_after};
use futures::future::join_all;
use kernel::{AccountId, Timestamp};

use super::DatabaseSubject;
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now};

database_suite! { $ refusals as refusals_tests:
    record_of_a_key_that_was_recorded_before_must_change_nothing_and_answer_as_things_stand,
    record_must_count_and_pause_until_now_plus_the_pause_after_the_count,
    record_must_count_within_the_memory_alone,
    record_must_never_shorten_a_pause,
    record_by_many_at_once_must_count_each,
    standing_must_give_no_pause_that_is_over,
}

/// `record` of a key that was recorded before MUST change nothing and answer as things stand.
pub async fn record_of_a_key_that_was_recorded_before_must_change_nothing_and_answer_as_things_stand(
    subject: &DatabaseSubject,
) {
    assert_eq!(standing(subject, ACCOUNT).await, RefusalRecord::default(), "nothing is known");
    for _ in 0..3 {
        let record = record(subject, ACCOUNT, "help:1").await;
        assert_eq!(record, RefusalRecord { count: 1, paused_until: None });
        assert_eq!(standing(subject, ACCOUNT).await, record);
    }
    record(subject, ACCOUNT, "help:2").await;
    let third = record(subject, ACCOUNT, "help:3").await;
    let paused_until = third.paused_until.expect("a pause");
    subject.time.elapse(Duration::from_mins(5)).await;
    let again = record(subject, ACCOUNT, "help:3").await;
    assert_eq!(again.count, 3);
    let left = again.paused_until.expect("a pause").since(database_now(subject).await);
    assert!(left <= Duration::from_mins(5), "no new pause has begun: {left:?} of {paused_until:?}");
    // A key is an account's own.
    assert_eq!(record(subject, OTHER_ACCOUNT, "help:1").await.count, 1);
}

/// `record` MUST count and pause until now plus [`pause_after`] the count, by the database's clock.
pub async fn record_must_count_and_pause_until_now_plus_the_pause_after_the_count(subject: &DatabaseSubject) {
    for count in 1..=8 {
        let before = database_now(subject).await;
        let record = record(subject, ACCOUNT, &format!("generation:{count}")).await;
        let after = database_now(subject).await;
        assert_eq!(record.count, count);
        let pause = pause_after(count);
        match record.paused_until {
            None => assert_eq!(pause, Duration::ZERO, "after {count}"),
            Some(until) => {
                assert!(before + pause <= until && until <= after + pause, "after {count}: {until:?}");
            }
        }
        assert_eq!(standing(subject, ACCOUNT).await, record);
        assert_eq!(standing(subject, OTHER_ACCOUNT).await, RefusalRecord::default());
    }
}

/// `record` MUST count within [`REFUSAL_MEMORY`].
pub async fn record_must_count_within_the_memory_alone(subject: &DatabaseSubject) {
    for number in 1..=4 {
        record(subject, ACCOUNT, &format!("first:{number}")).await;
    }
    subject.time.elapse(REFUSAL_MEMORY / 2).await;
    assert_eq!(record(subject, ACCOUNT, "second").await.count, 5);
    subject.time.elapse(REFUSAL_MEMORY / 2).await;
    assert_eq!(standing(subject, ACCOUNT).await.count, 1, "the first ones are forgotten");
    let next = record(subject, ACCOUNT, "third").await;
    assert_eq!(next, RefusalRecord { count: 2, paused_until: None });
    // What was recorded is not counted again, however long ago it was.
    assert_eq!(record(subject, ACCOUNT, "first:1").await, next);
}

/// `record` MUST never shorten a pause.
pub async fn record_must_never_shorten_a_pause(subject: &DatabaseSubject) {
    let days = |days: u64| Duration::from_hours(24 * days);
    for number in 1..=6 {
        record(subject, ACCOUNT, &format!("first:{number}")).await;
    }
    subject.time.elapse(REFUSAL_MEMORY.saturating_sub(days(6))).await;
    let seventh = record(subject, ACCOUNT, "second").await;
    assert!(seventh.paused_until.is_some(), "for a week: {seventh:?}");
    // The first six are forgotten, the week is not over.
    subject.time.elapse(days(6) + Duration::from_mins(1)).await;
    let present = standing(subject, ACCOUNT).await;
    assert_eq!(present.count, 1);
    for (count, key) in [(2, "third"), (3, "fourth")] {
        let record = record(subject, ACCOUNT, key).await;
        assert_eq!(record, RefusalRecord { count, ..present }, "ten minutes would be over sooner");
    }
}

/// `record` MUST count each of those that come at once.
pub async fn record_by_many_at_once_must_count_each(subject: &DatabaseSubject) {
    let keys: Vec<String> = (1..=8).map(|number| format!("help:{number}")).collect();
    let before = database_now(subject).await;
    let mut counts: Vec<u32> = join_all(keys.iter().map(|key| record(subject, ACCOUNT, key)))
        .await
        .into_iter()
        .map(|record| record.count)
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=8).collect::<Vec<u32>>());
    let until: Timestamp = standing(subject, ACCOUNT).await.paused_until.expect("a pause");
    assert!(until >= before + pause_after(8), "the longest pause is in force: {until:?}");
}

/// `standing` MUST give no pause that is over.
pub async fn standing_must_give_no_pause_that_is_over(subject: &DatabaseSubject) {
    for number in 1..=3 {
        record(subject, ACCOUNT, &format!("help:{number}")).await;
    }
    subject.time.elapse(pause_after(3).saturating_sub(Duration::from_mins(1))).await;
    assert!(standing(subject, ACCOUNT).await.paused_until.is_some());
    subject.time.elapse(Duration::from_mins(2)).await;
    let over = RefusalRecord { count: 3, paused_until: None };
    assert_eq!(standing(subject, ACCOUNT).await, over);
    assert_eq!(record(subject, ACCOUNT, "help:3").await, over);
}

async fn record(subject: &DatabaseSubject, account: AccountId, key: &str) -> RefusalRecord {
    subject.refusals.record(account, key).await.expect("record")
}

async fn standing(subject: &DatabaseSubject, account: AccountId) -> RefusalRecord {
    subject.refusals.standing(account).await.expect("standing")
}
