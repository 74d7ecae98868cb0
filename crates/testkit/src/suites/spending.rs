//! What every [`SpendCounter`](kernel::SpendCounter) and [`SpendBook`](kernel::SpendBook) must do.

use std::time::Duration;

use futures::future::join_all;
use kernel::{AccountId, CapNews, CapOf, CapReached, Day, MicroUsd, SpendCaps, SpendOutcome};

use super::DatabaseSubject;
use super::samples::{ACCOUNT, OTHER_ACCOUNT, database_now, job, schedule};

database_suite! { $ spending as spending_tests:
    count_within_both_caps_must_add_the_amount_to_the_persons_count_and_to_everybodys,
    count_beyond_a_cap_must_be_refused_naming_it_and_must_change_nothing,
    however_many_count_at_once_the_counts_must_never_exceed_the_caps,
    a_new_day_must_begin_with_nothing_counted,
    give_back_must_take_the_amount_off_the_counts_of_that_day_and_leave_those_of_other_days_alone,
    nothing_must_be_counted_without_a_cap_or_without_a_commit,
    cap_reached_must_answer_tell_once_a_day,
}

const DAY: Duration = Duration::from_hours(24);

/// `count` within both caps MUST add the amount to the person's count and to everybody's.
pub async fn count_within_both_caps_must_add_the_amount_to_the_persons_count_and_to_everybodys(
    subject: &DatabaseSubject,
) {
    let today = today(subject).await;
    assert_eq!(counted(subject, ACCOUNT, today).await, (0, 0));
    for _ in 0..2 {
        assert_eq!(count(subject, ACCOUNT, 30, caps(100, 1_000)).await, SpendOutcome::Counted);
    }
    // As much as the cap is within it.
    assert_eq!(count(subject, OTHER_ACCOUNT, 100, caps(100, 1_000)).await, SpendOutcome::Counted);
    assert_eq!(counted(subject, ACCOUNT, today).await, (60, 160));
    assert_eq!(counted(subject, OTHER_ACCOUNT, today).await, (100, 160));
    // What was promised exceeds every cap.
    let promised = caps(100, 160).counted_only();
    assert_eq!(count(subject, OTHER_ACCOUNT, 5, promised).await, SpendOutcome::Counted);
    assert_eq!(counted(subject, OTHER_ACCOUNT, today).await, (105, 165));
}

/// `count` beyond a cap MUST be `Refused`, naming it (the person's first), and MUST change nothing.
pub async fn count_beyond_a_cap_must_be_refused_naming_it_and_must_change_nothing(subject: &DatabaseSubject) {
    let day = today(subject).await;
    let refused = |cap| SpendOutcome::Refused(CapReached { cap, day });
    assert_eq!(count(subject, ACCOUNT, 101, caps(100, 100)).await, refused(CapOf::Person), "the very first");
    assert_eq!(count(subject, ACCOUNT, 101, caps(200, 100)).await, refused(CapOf::Everybody));
    assert_eq!(counted(subject, ACCOUNT, day).await, (0, 0));

    count(subject, ACCOUNT, 60, caps(100, 150)).await;
    assert_eq!(count(subject, ACCOUNT, 41, caps(100, 150)).await, refused(CapOf::Person));
    assert_eq!(count(subject, OTHER_ACCOUNT, 91, caps(100, 150)).await, refused(CapOf::Everybody));
    assert_eq!(counted(subject, ACCOUNT, day).await, (60, 60));
    assert_eq!(counted(subject, OTHER_ACCOUNT, day).await, (0, 60));

    // The unit of work goes on.
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let outcome = unit.spending().count(ACCOUNT, MicroUsd::new(41), caps(100, 150)).await.expect("count");
    assert_eq!(outcome, refused(CapOf::Person));
    unit.jobs().schedule(&job(1)).await.expect("schedule");
    unit.commit().await.expect("commit");
}

/// However many count at once, the counts MUST never exceed the caps.
pub async fn however_many_count_at_once_the_counts_must_never_exceed_the_caps(subject: &DatabaseSubject) {
    let day = today(subject).await;
    let own = join_all((0..24).map(|_| count(subject, ACCOUNT, 7, caps(70, 10_000)))).await;
    assert_eq!(own.iter().filter(|outcome| **outcome == SpendOutcome::Counted).count(), 10, "{own:?}");
    let many = (1..=24).map(|number| AccountId::new(uuid::Uuid::from_u128(0xBB00 + number)));
    let all = join_all(many.map(|account| count(subject, account, 10, caps(100, 170)))).await;
    assert_eq!(all.iter().filter(|outcome| **outcome == SpendOutcome::Counted).count(), 10, "{all:?}");
    assert_eq!(counted(subject, ACCOUNT, day).await, (70, 170));
}

/// A new day MUST begin with nothing counted.
pub async fn a_new_day_must_begin_with_nothing_counted(subject: &DatabaseSubject) {
    count(subject, ACCOUNT, 100, caps(100, 100)).await;
    let refused = count(subject, ACCOUNT, 1, caps(100, 100)).await;
    assert!(matches!(refused, SpendOutcome::Refused(_)), "{refused:?}");
    subject.time.elapse(DAY).await;
    let day = today(subject).await;
    assert_eq!(counted(subject, ACCOUNT, day).await, (0, 0));
    assert_eq!(count(subject, ACCOUNT, 100, caps(100, 100)).await, SpendOutcome::Counted);
    assert_eq!(counted(subject, ACCOUNT, day).await, (100, 100));
}

/// `give_back` MUST take the amount off the counts of that day, down to nothing at the least, and MUST leave those of other
/// days alone.
pub async fn give_back_must_take_the_amount_off_the_counts_of_that_day_and_leave_those_of_other_days_alone(
    subject: &DatabaseSubject,
) {
    let day = today(subject).await;
    count(subject, ACCOUNT, 60, caps(100, 100)).await;
    count(subject, OTHER_ACCOUNT, 30, caps(100, 100)).await;
    give_back(subject, ACCOUNT, day, 20).await;
    assert_eq!(counted(subject, ACCOUNT, day).await, (40, 70));
    give_back(subject, ACCOUNT, Day::new(day.number() - 1), 20).await;
    assert_eq!(counted(subject, ACCOUNT, day).await, (40, 70), "yesterday is over");
    give_back(subject, ACCOUNT, day, 50).await;
    assert_eq!(counted(subject, ACCOUNT, day).await, (0, 20));
    give_back(subject, OTHER_ACCOUNT, day, 50).await;
    assert_eq!(counted(subject, OTHER_ACCOUNT, day).await, (0, 0));
    assert_eq!(count(subject, ACCOUNT, 100, caps(100, 100)).await, SpendOutcome::Counted);
}

/// Nothing MUST be counted without a cap, and nothing without a commit.
pub async fn nothing_must_be_counted_without_a_cap_or_without_a_commit(subject: &DatabaseSubject) {
    let day = today(subject).await;
    assert_eq!(count(subject, ACCOUNT, 500, SpendCaps::NONE).await, SpendOutcome::Counted);
    assert_eq!(counted(subject, ACCOUNT, day).await, (0, 0));
    let own = SpendCaps { per_person: Some(MicroUsd::new(100)), in_all: None };
    assert_eq!(count(subject, ACCOUNT, 60, own).await, SpendOutcome::Counted);
    assert_eq!(counted(subject, ACCOUNT, day).await, (60, 0));

    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.spending().count(ACCOUNT, MicroUsd::new(10), caps(100, 100)).await.expect("count");
    drop(unit);
    assert_eq!(counted(subject, ACCOUNT, day).await, (60, 0));
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.spending().count(ACCOUNT, MicroUsd::new(10), caps(100, 100)).await.expect("count");
    unit.commit().await.expect("commit");
    assert_eq!(counted(subject, ACCOUNT, day).await, (70, 10));
    schedule(subject, &job(2)).await;
}

/// `cap_reached` MUST answer `Tell` once a day, however many processes call it.
pub async fn cap_reached_must_answer_tell_once_a_day(subject: &DatabaseSubject) {
    let day = today(subject).await;
    for round in 0..2 {
        let day = Day::new(day.number() + round);
        let answers = join_all((0..8).map(|_| subject.spend_book.cap_reached(day))).await;
        let answers: Vec<CapNews> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
        assert_eq!(answers.iter().filter(|answer| **answer == CapNews::Tell).count(), 1, "{answers:?}");
    }
    // It counts nothing.
    assert_eq!(counted(subject, ACCOUNT, day).await, (0, 0));
    count(subject, ACCOUNT, 10, caps(100, 100)).await;
    assert_eq!(subject.spend_book.cap_reached(day).await.expect("an answer"), CapNews::Known);
    assert_eq!(counted(subject, ACCOUNT, day).await, (10, 10));
}

const fn caps(per_person: u64, in_all: u64) -> SpendCaps {
    SpendCaps { per_person: Some(MicroUsd::new(per_person)), in_all: Some(MicroUsd::new(in_all)) }
}

/// Today, by the database's clock. A day that ends in the middle of a test would end it badly, once in a long time.
async fn today(subject: &DatabaseSubject) -> Day {
    Day::of(database_now(subject).await)
}

async fn count(subject: &DatabaseSubject, account: AccountId, amount: u64, caps: SpendCaps) -> SpendOutcome {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    let outcome = unit.spending().count(account, MicroUsd::new(amount), caps).await.expect("count");
    unit.commit().await.expect("commit");
    outcome
}

async fn give_back(subject: &DatabaseSubject, account: AccountId, day: Day, amount: u64) {
    let mut unit = subject.generation_units.begin().await.expect("begin");
    unit.spending().give_back(account, day, MicroUsd::new(amount), caps(100, 100)).await.expect("given back");
    unit.commit().await.expect("commit");
}

/// What the person and what everybody has spent.
async fn counted(subject: &DatabaseSubject, account: AccountId, day: Day) -> (u64, u64) {
    let own = subject.spend_book.spent_by(account, day).await.expect("an amount");
    let all = subject.spend_book.spent(day).await.expect("an amount");
    (own.get(), all.get())
}
