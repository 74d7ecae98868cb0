//! What every [`FailureLog`](kernel::FailureLog) must do.

use std::time::Duration;

use futures::future::join_all;
use kernel::{FailureRecord, FailureReference, NewFailure};

use super::DatabaseSubject;
use super::samples::database_now;

database_suite! { $ failure_log as failure_log_tests:
    record_must_count_equal_fingerprints_in_one_row_and_answer_whether_this_one_is_the_first,
    of_any_number_of_equal_failures_at_once_one_must_be_the_first,
    latest_must_list_the_most_recent_failure_first,
    find_must_find_a_failure_by_any_reference_of_the_last_thousand_of_its_fingerprint,
}

const SECOND: Duration = Duration::from_secs(1);

/// `record` MUST count equal fingerprints in one row and answer whether this one is the first.
pub async fn record_must_count_equal_fingerprints_in_one_row_and_answer_whether_this_one_is_the_first(
    subject: &DatabaseSubject,
) {
    let before = database_now(subject).await;
    assert!(record(subject, "chat: timeout", 1).await);
    let after = database_now(subject).await;
    let only = latest(subject).await;
    assert_eq!(only.len(), 1);
    assert!(before <= only[0].first_at && only[0].first_at <= after, "{only:?}");
    assert_eq!(only[0].last_at, only[0].first_at);

    assert!(record(subject, "another", 2).await);
    subject.time.elapse(SECOND).await;
    let before = database_now(subject).await;
    assert!(!record(subject, "chat: timeout", 3).await);
    assert!(!record(subject, "chat: timeout", 4).await);
    let after = database_now(subject).await;
    let found = find(subject, 1).await.expect("it was recorded");
    assert_eq!(found.fingerprint, "chat: timeout");
    assert_eq!(found.count, 3);
    assert_eq!((found.last_reference, found.sample), (reference(4), sample(4)));
    assert!(before <= found.last_at && found.last_at <= after, "{before:?} {:?} {after:?}", found.last_at);
    assert!(found.last_at.since(found.first_at) >= SECOND, "the first moment stays");
    assert_eq!(find(subject, 2).await.expect("it was recorded").count, 1);
}

/// Of any number of equal failures at once one MUST be the first, and all MUST be counted.
pub async fn of_any_number_of_equal_failures_at_once_one_must_be_the_first(subject: &DatabaseSubject) {
    let firsts = join_all((1..=12).map(|number| record(subject, "at once", number))).await;
    assert_eq!(firsts.into_iter().filter(|first| *first).count(), 1);
    let records = latest(subject).await;
    assert_eq!((records.len(), records[0].count), (1, 12));
    for number in 1..=12 {
        assert!(find(subject, number).await.is_some(), "reference {number}");
    }
}

/// `latest` MUST list the most recent failure first.
pub async fn latest_must_list_the_most_recent_failure_first(subject: &DatabaseSubject) {
    assert_eq!(latest(subject).await, []);
    for (number, fingerprint) in (1..).zip(["a", "b", "c", "a"]) {
        record(subject, fingerprint, number).await;
        subject.time.elapse(SECOND).await;
    }
    let records = latest(subject).await;
    let fingerprints: Vec<&str> = records.iter().map(|record| record.fingerprint.as_str()).collect();
    assert_eq!(fingerprints, ["a", "c", "b"]);
    let two = subject.failure_log.latest(2).await.expect("latest");
    assert_eq!(two, records[..2]);
}

/// `find` MUST find a failure by any reference of the last 1,000 of its fingerprint.
pub async fn find_must_find_a_failure_by_any_reference_of_the_last_thousand_of_its_fingerprint(
    subject: &DatabaseSubject,
) {
    record(subject, "a rare one", 5_000).await;
    for number in 1..=1_003 {
        record(subject, "a frequent one", number).await;
    }
    for number in [4, 5, 500, 1_002, 1_003] {
        let found =
            find(subject, number).await.unwrap_or_else(|| panic!("reference {number} was told lately"));
        assert_eq!((found.fingerprint.as_str(), found.count), ("a frequent one", 1_003));
    }
    let rare = find(subject, 5_000).await.expect("no other fingerprint pushes it out");
    assert_eq!(rare.fingerprint, "a rare one");
    assert_eq!(find(subject, 9_999).await, None, "nobody was told that");
}

async fn record(subject: &DatabaseSubject, fingerprint: &str, number: u64) -> bool {
    let failure = NewFailure {
        fingerprint: fingerprint.to_owned(),
        reference: reference(number),
        sample: sample(number),
    };
    subject.failure_log.record(&failure).await.expect("record")
}

async fn latest(subject: &DatabaseSubject) -> Vec<FailureRecord> {
    subject.failure_log.latest(100).await.expect("latest")
}

async fn find(subject: &DatabaseSubject, number: u64) -> Option<FailureRecord> {
    subject.failure_log.find(&reference(number)).await.expect("find")
}

fn reference(number: u64) -> FailureReference {
    FailureReference::from_random(number)
}

fn sample(number: u64) -> String {
    format!("error {number}: \u{1f98a} it's broken")
}
