//! What every [`Inbox`](kernel::Inbox) must do.

use std::time::Duration;

use futures::future::join_all;
use kernel::{ChatId, InboundUpdate, Lease, LeaseName, StoreError, UpdateId, WaitingUpdate};

use super::DatabaseSubject;
use super::samples::{LONG, database_now};

database_suite! { $ inbox as inbox_tests:
    accept_must_keep_updates_as_they_came,
    accept_must_ignore_an_update_that_is_already_there_handled_or_not,
    next_must_give_the_unhandled_update_with_the_lowest_number,
    mark_failed_must_count_and_give_the_update_again,
    marks_must_fail_with_superseded_when_the_lease_is_no_longer_held_and_change_nothing,
    waiting_chats_must_list_every_conversation_with_an_unhandled_update_the_longest_waiting_first,
    an_update_that_is_set_aside_must_never_be_given_again,
    last_received_must_give_when_the_conversations_latest_update_was_accepted_handled_or_not,
    depth_must_count_the_updates_that_wait,
    forget_handled_must_remove_only_handled_updates_older_than_the_age,
}

const CHAT: ChatId = ChatId::new(71);
const OTHER_CHAT: ChatId = ChatId::new(-1_000_000_000_072);
const SECOND: Duration = Duration::from_secs(1);

/// `accept` keeps updates as they came, to be seen by everybody when it returns.
pub async fn accept_must_keep_updates_as_they_came(subject: &DatabaseSubject) {
    let before = database_now(subject).await;
    let body = "{\"text\": \"it's \\\"quoted\\\" \u{1f98a}\\u0000\"}";
    let update = InboundUpdate { body: body.to_owned(), ..update(CHAT, 1) };
    assert_eq!(accept(subject, std::slice::from_ref(&update)).await, 1);
    let after = database_now(subject).await;
    let waiting = next(subject, CHAT).await.expect("it waits");
    assert!(before <= waiting.received_at && waiting.received_at <= after, "{waiting:?}");
    let expected = WaitingUpdate {
        update: UpdateId::new(1),
        body: body.to_owned(),
        failures: 0,
        received_at: waiting.received_at,
    };
    assert_eq!(waiting, expected);
    assert_eq!(accept(subject, &[]).await, 0, "an empty batch");
}

/// `accept` MUST ignore an update that is already there, handled or not.
pub async fn accept_must_ignore_an_update_that_is_already_there_handled_or_not(subject: &DatabaseSubject) {
    let lease = lease(subject, CHAT).await;
    let batch = [update(CHAT, 1), update(CHAT, 2), update(CHAT, 1), update(OTHER_CHAT, 1)];
    assert_eq!(accept(subject, &batch).await, 3, "a number is a conversation's own");
    handle(subject, &lease, CHAT, 1).await;
    let changed = InboundUpdate { body: "{\"changed\": true}".to_owned(), ..update(CHAT, 2) };
    assert_eq!(accept(subject, &[update(CHAT, 1), changed, update(CHAT, 3)]).await, 1);
    let waiting = next(subject, CHAT).await.expect("it waits");
    assert_eq!((waiting.update, waiting.body), (UpdateId::new(2), update(CHAT, 2).body));

    let batches = join_all((0..6).map(|_| async { accept(subject, &[update(CHAT, 8)]).await })).await;
    assert_eq!(batches.into_iter().sum::<u64>(), 1, "six at once are one");
}

/// `next` MUST give the unhandled update with the lowest number.
pub async fn next_must_give_the_unhandled_update_with_the_lowest_number(subject: &DatabaseSubject) {
    let lease = lease(subject, CHAT).await;
    assert_eq!(next(subject, CHAT).await, None);
    accept(subject, &[update(CHAT, 30), update(CHAT, 10)]).await;
    accept(subject, &[update(CHAT, 20), update(OTHER_CHAT, 1)]).await;
    for number in [10, 20] {
        // Looking takes nothing away.
        for _ in 0..2 {
            assert_eq!(next_number(subject, CHAT).await, Some(number));
        }
        handle(subject, &lease, CHAT, number).await;
    }
    // After a quiet week the messenger may begin anew with any number.
    accept(subject, &[update(CHAT, 5)]).await;
    for number in [5, 30] {
        assert_eq!(next_number(subject, CHAT).await, Some(number));
        handle(subject, &lease, CHAT, number).await;
    }
    assert_eq!(next(subject, CHAT).await, None);
    assert_eq!(next_number(subject, OTHER_CHAT).await, Some(1));
}

/// `mark_failed` counts, and the update is given again.
pub async fn mark_failed_must_count_and_give_the_update_again(subject: &DatabaseSubject) {
    let lease = lease(subject, CHAT).await;
    accept(subject, &[update(CHAT, 1), update(CHAT, 2)]).await;
    for failures in 1..=3 {
        subject.inbox.mark_failed(&lease, CHAT, UpdateId::new(1), "it broke").await.expect("mark failed");
        let waiting = next(subject, CHAT).await.expect("it waits");
        assert_eq!((waiting.update, waiting.failures), (UpdateId::new(1), failures));
    }
    handle(subject, &lease, CHAT, 1).await;
    assert_eq!(next(subject, CHAT).await.map(|waiting| waiting.failures), Some(0));
}

/// `mark_handled`, `mark_failed` and `set_aside` MUST fail with `Superseded` when the lease is no longer held, and change
/// nothing.
pub async fn marks_must_fail_with_superseded_when_the_lease_is_no_longer_held_and_change_nothing(
    subject: &DatabaseSubject,
) {
    accept(subject, &[update(CHAT, 1)]).await;
    let stale = lease(subject, CHAT).await;
    subject.time.elapse(LONG).await;
    let present = lease(subject, CHAT).await;
    assert_marks_are_superseded(subject, &stale).await;
    subject.leases.release(&present).await.expect("release");
    assert_marks_are_superseded(subject, &present).await;

    let last = lease(subject, CHAT).await;
    assert_marks_are_superseded(subject, &present).await;
    handle(subject, &last, CHAT, 1).await;
    assert_eq!(next(subject, CHAT).await, None);
}

async fn assert_marks_are_superseded(subject: &DatabaseSubject, lease: &Lease) {
    let before = next(subject, CHAT).await;
    let number = UpdateId::new(1);
    for outcome in [
        subject.inbox.mark_handled(lease, CHAT, number).await,
        subject.inbox.mark_failed(lease, CHAT, number, "it broke").await,
        subject.inbox.set_aside(lease, CHAT, number, "hopeless").await,
    ] {
        assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "{outcome:?}");
    }
    assert_eq!(next(subject, CHAT).await, before);
    assert!(before.is_some(), "it still waits");
}

/// `waiting_chats` MUST list every conversation with an unhandled update, the longest waiting first.
pub async fn waiting_chats_must_list_every_conversation_with_an_unhandled_update_the_longest_waiting_first(
    subject: &DatabaseSubject,
) {
    let chat = |number: i64| ChatId::new(number);
    assert_eq!(waiting_chats(subject, 100).await, []);
    for (number, update_id) in [(3, 1), (1, 9), (2, 4), (3, 2), (1, 10)] {
        accept(subject, &[update(chat(number), update_id)]).await;
        subject.time.elapse(SECOND).await;
    }
    assert_eq!(waiting_chats(subject, 100).await, [chat(3), chat(1), chat(2)]);
    assert_eq!(waiting_chats(subject, 2).await, [chat(3), chat(1)]);

    let lease = lease(subject, chat(3)).await;
    handle(subject, &lease, chat(3), 1).await;
    assert_eq!(waiting_chats(subject, 100).await, [chat(1), chat(2), chat(3)]);
    subject.inbox.mark_failed(&lease, chat(3), UpdateId::new(2), "it broke").await.expect("mark failed");
    assert_eq!(waiting_chats(subject, 100).await, [chat(1), chat(2), chat(3)], "a failed one still waits");
    subject.inbox.set_aside(&lease, chat(3), UpdateId::new(2), "hopeless").await.expect("set aside");
    assert_eq!(waiting_chats(subject, 100).await, [chat(1), chat(2)]);
}

/// An update that is set aside MUST never be given again.
pub async fn an_update_that_is_set_aside_must_never_be_given_again(subject: &DatabaseSubject) {
    let lease = lease(subject, CHAT).await;
    accept(subject, &[update(CHAT, 1), update(CHAT, 2)]).await;
    subject.inbox.set_aside(&lease, CHAT, UpdateId::new(1), "hopeless 'case'").await.expect("set aside");
    assert_eq!(next_number(subject, CHAT).await, Some(2), "the conversation goes on");
    assert_eq!(accept(subject, &[update(CHAT, 1)]).await, 0, "it is kept");
    subject.time.elapse(LONG).await;
    subject.inbox.forget_handled(SECOND, 100).await.expect("forget");
    assert_eq!(accept(subject, &[update(CHAT, 1)]).await, 0, "it is kept");
    assert_eq!(next_number(subject, CHAT).await, Some(2));
}

/// `last_received` MUST give when the conversation's latest update was accepted, by the database's clock, handled or not;
/// `None` when there is none.
pub async fn last_received_must_give_when_the_conversations_latest_update_was_accepted_handled_or_not(
    subject: &DatabaseSubject,
) {
    let last_received = async || subject.inbox.last_received(CHAT).await.expect("last received");
    accept(subject, &[update(OTHER_CHAT, 1)]).await;
    assert_eq!(last_received().await, None);
    accept(subject, &[update(CHAT, 5)]).await;
    subject.time.elapse(SECOND).await;
    let before = database_now(subject).await;
    // The latest is not the one with the highest number.
    accept(subject, &[update(CHAT, 4)]).await;
    let after = database_now(subject).await;
    let at = last_received().await.expect("a moment");
    assert!(before <= at && at <= after, "{at:?} is not from {before:?} to {after:?}");
    accept(subject, &[update(CHAT, 4), update(OTHER_CHAT, 6)]).await;
    assert_eq!(last_received().await, Some(at), "a repeat is not received");

    let lease = lease(subject, CHAT).await;
    handle(subject, &lease, CHAT, 4).await;
    assert_eq!(last_received().await, Some(at), "handled or not");
    handle(subject, &lease, CHAT, 5).await;
    assert_eq!(last_received().await, Some(at), "handled or not");
}

/// `depth` counts the updates that wait.
pub async fn depth_must_count_the_updates_that_wait(subject: &DatabaseSubject) {
    let depth = async || subject.inbox.depth().await.expect("depth");
    assert_eq!(depth().await, 0);
    accept(subject, &[update(CHAT, 1), update(CHAT, 2), update(OTHER_CHAT, 1)]).await;
    assert_eq!(depth().await, 3);
    let lease = lease(subject, CHAT).await;
    handle(subject, &lease, CHAT, 1).await;
    assert_eq!(depth().await, 2);
    subject.inbox.set_aside(&lease, CHAT, UpdateId::new(2), "hopeless").await.expect("set aside");
    assert_eq!(depth().await, 1);
}

/// `forget_handled` removes only handled updates accepted longer ago than the age, and no more than the limit.
pub async fn forget_handled_must_remove_only_handled_updates_older_than_the_age(subject: &DatabaseSubject) {
    let lease = lease(subject, CHAT).await;
    let forget = async |age, limit| subject.inbox.forget_handled(age, limit).await.expect("forget");
    for number in 1..=4 {
        accept(subject, &[update(CHAT, number)]).await;
        subject.time.elapse(SECOND * 10).await;
    }
    accept(subject, &[update(OTHER_CHAT, 1)]).await;
    for number in [1, 2, 4] {
        handle(subject, &lease, CHAT, number).await;
    }
    // They are 40, 30, (20: unhandled) and 10 seconds old.
    assert_eq!(forget(SECOND * 100, 100).await, 0);
    assert_eq!(forget(SECOND * 25, 1).await, 1);
    assert_eq!(forget(SECOND * 25, 100).await, 1);
    assert_eq!(forget(SECOND * 25, 100).await, 0);
    assert_eq!(next_number(subject, CHAT).await, Some(3), "what waits is kept");
    assert_eq!(accept(subject, &[update(CHAT, 4)]).await, 0, "it is not old enough");
}

fn update(chat: ChatId, number: i64) -> InboundUpdate {
    InboundUpdate { chat, update: UpdateId::new(number), body: format!("{{\"update_id\": {number}}}") }
}

async fn accept(subject: &DatabaseSubject, updates: &[InboundUpdate]) -> u64 {
    subject.inbox.accept(updates).await.expect("accept")
}

async fn next(subject: &DatabaseSubject, chat: ChatId) -> Option<WaitingUpdate> {
    subject.inbox.next(chat).await.expect("next")
}

async fn next_number(subject: &DatabaseSubject, chat: ChatId) -> Option<i64> {
    next(subject, chat).await.map(|waiting| waiting.update.get())
}

async fn waiting_chats(subject: &DatabaseSubject, limit: u16) -> Vec<ChatId> {
    subject.inbox.waiting_chats(limit).await.expect("waiting chats")
}

async fn lease(subject: &DatabaseSubject, chat: ChatId) -> Lease {
    let lease = subject.leases.acquire(LeaseName::Chat(chat), LONG).await.expect("acquire");
    lease.expect("the lease is free")
}

async fn handle(subject: &DatabaseSubject, lease: &Lease, chat: ChatId, number: i64) {
    subject.inbox.mark_handled(lease, chat, UpdateId::new(number)).await.expect("mark handled");
}
