//! What every [`BalanceReader`](balance::BalanceReader) must give of holds, and of the length of a history.

use std::time::Duration;

use balance::Operation;
use kernel::{AccountId, HoldId};

use super::DatabaseSubject;
use super::samples::{ACCOUNT, LONG, OTHER_ACCOUNT, credits, entry_id, grant, hold_id, key, record};

database_suite! { $ balances as balances_tests:
    expired_holds_must_list_only_open_holds_past_their_deadline_the_longest_past_first,
    open_holds_must_list_every_hold_of_that_account_that_has_not_ended_in_the_order_of_their_ids,
    count_entries_must_count_every_entry_of_that_account,
}

/// `expired_holds` MUST list only open holds past their deadline by the database's clock, the longest past first.
pub async fn expired_holds_must_list_only_open_holds_past_their_deadline_the_longest_past_first(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    grant(subject, OTHER_ACCOUNT, 2, 100).await;
    let minutes = |minutes| Duration::from_mins(minutes);
    for (number, account, time_to_live) in [
        (1, ACCOUNT, minutes(30)),
        (2, OTHER_ACCOUNT, minutes(20)),
        (3, ACCOUNT, minutes(10)),
        (4, ACCOUNT, minutes(10) + minutes(1)),
        (5, ACCOUNT, minutes(12)),
        (6, ACCOUNT, minutes(40)),
    ] {
        let operation = Operation::Hold { hold: hold_id(number), amount: credits(5), time_to_live };
        record(subject, account, entry_id(10 + number), &key(&format!("hold:{number}")), &operation)
            .await
            .expect("a hold");
    }
    let end = Operation::Release { hold: hold_id(4) };
    record(subject, ACCOUNT, entry_id(20), &key("end:4"), &end).await.expect("a release");
    let end = Operation::Capture { hold: hold_id(5), amount: credits(2) };
    record(subject, ACCOUNT, entry_id(21), &key("end:5"), &end).await.expect("a capture");

    subject.time.elapse(minutes(9)).await;
    assert_eq!(expired(subject, 100).await, []);
    subject.time.elapse(minutes(2)).await;
    assert_eq!(expired(subject, 100).await, [(ACCOUNT, hold_id(3))]);
    subject.time.elapse(minutes(20)).await;
    let all = [(ACCOUNT, hold_id(3)), (OTHER_ACCOUNT, hold_id(2)), (ACCOUNT, hold_id(1))];
    assert_eq!(expired(subject, 100).await, all);
    assert_eq!(expired(subject, 2).await, all[..2]);
}

/// `open_holds` MUST list every hold of that account that has not ended, in the order of their ids.
pub async fn open_holds_must_list_every_hold_of_that_account_that_has_not_ended_in_the_order_of_their_ids(
    subject: &DatabaseSubject,
) {
    grant(subject, ACCOUNT, 1, 100).await;
    grant(subject, OTHER_ACCOUNT, 2, 100).await;
    assert_eq!(open_holds(subject, ACCOUNT).await, []);
    for (number, account) in [(4, ACCOUNT), (1, ACCOUNT), (3, ACCOUNT), (5, OTHER_ACCOUNT), (2, ACCOUNT)] {
        record(subject, account, entry_id(10 + number), &key(&format!("hold:{number}")), &hold(number, 5))
            .await
            .expect("a hold");
    }
    let end = Operation::Release { hold: hold_id(1) };
    record(subject, ACCOUNT, entry_id(20), &key("end:1"), &end).await.expect("a release");
    let end = Operation::Capture { hold: hold_id(3), amount: credits(2) };
    record(subject, ACCOUNT, entry_id(21), &key("end:3"), &end).await.expect("a capture");
    assert_eq!(open_holds(subject, ACCOUNT).await, [hold_id(2), hold_id(4)]);
    subject.time.elapse(2 * LONG).await;
    assert_eq!(open_holds(subject, ACCOUNT).await, [hold_id(2), hold_id(4)], "whatever their deadline");
    assert_eq!(open_holds(subject, OTHER_ACCOUNT).await, [hold_id(5)]);
}

/// `count_entries` MUST count every entry of that account.
pub async fn count_entries_must_count_every_entry_of_that_account(subject: &DatabaseSubject) {
    let count = async |account| subject.balances.count_entries(account).await.expect("count");
    assert_eq!(count(ACCOUNT).await, 0);
    grant(subject, ACCOUNT, 1, 100).await;
    grant(subject, OTHER_ACCOUNT, 2, 100).await;
    record(subject, ACCOUNT, entry_id(3), &key("hold"), &hold(1, 5)).await.expect("a hold");
    let end = Operation::Release { hold: hold_id(1) };
    for _ in 0..2 {
        record(subject, ACCOUNT, entry_id(4), &key("end"), &end).await.expect("a release");
    }
    assert_eq!((count(ACCOUNT).await, count(OTHER_ACCOUNT).await), (3, 1));
}

async fn open_holds(subject: &DatabaseSubject, account: AccountId) -> Vec<HoldId> {
    subject.balances.open_holds(account).await.expect("open holds")
}

async fn expired(subject: &DatabaseSubject, limit: u16) -> Vec<(AccountId, HoldId)> {
    let expired = subject.balances.expired_holds(limit).await.expect("expired holds");
    expired.into_iter().map(|expired| (expired.account, expired.hold)).collect()
}

fn hold(number: u128, amount: i64) -> Operation {
    Operation::Hold { hold: hold_id(number), amount: credits(amount), time_to_live: LONG }
}
