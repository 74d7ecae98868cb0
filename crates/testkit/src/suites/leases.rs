//! What every [`Leases`](kernel::Leases) must do.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use kernel::{ChatId, FencingToken, Lease, LeaseName, StoreError};
use uuid::Uuid;

use super::DatabaseSubject;

database_suite! { $ leases as leases_tests:
    acquire_must_succeed_when_nobody_holds_the_lease_or_it_has_expired_and_must_draw_a_new_token,
    of_any_number_of_concurrent_calls_at_most_one_must_succeed,
    extend_must_hold_on_to_the_lease_for_another_span_from_now,
    extend_and_release_under_a_stale_token_must_fail_with_superseded_and_change_nothing,
    a_released_lease_must_be_free_at_once,
    leases_must_not_influence_each_other,
}

const MINUTE: Duration = Duration::from_mins(1);
const NAMES: [LeaseName; 4] = [
    LeaseName::Poller,
    LeaseName::Sweeper,
    LeaseName::Chat(ChatId::new(5)),
    LeaseName::Chat(ChatId::new(-1_000_000_000_005)),
];

/// `acquire` MUST succeed when nobody holds the lease or it has expired, and MUST draw a new token.
pub async fn acquire_must_succeed_when_nobody_holds_the_lease_or_it_has_expired_and_must_draw_a_new_token(
    subject: &DatabaseSubject,
) {
    let mut tokens = BTreeSet::new();
    for _ in 0..3 {
        let lease = acquired(subject, LeaseName::Sweeper).await;
        assert_eq!(lease.name, LeaseName::Sweeper);
        assert!(tokens.insert(lease.token), "a token came twice");
        assert_eq!(acquire(subject, LeaseName::Sweeper).await, None, "it is held");
        subject.time.elapse(MINUTE / 2).await;
        assert_eq!(acquire(subject, LeaseName::Sweeper).await, None, "it is still held");
        subject.time.elapse(MINUTE / 2).await;
    }
    let lease = acquired(subject, LeaseName::Sweeper).await;
    subject.leases.release(&lease).await.expect("release");
    assert!(tokens.insert(acquired(subject, LeaseName::Sweeper).await.token), "a token came twice");
}

/// Of any number of concurrent calls at most one MUST succeed.
pub async fn of_any_number_of_concurrent_calls_at_most_one_must_succeed(subject: &DatabaseSubject) {
    for round in 0..3 {
        let outcomes = join_all((0..16).map(|_| acquire(subject, LeaseName::Poller))).await;
        let holders: Vec<Lease> = outcomes.into_iter().flatten().collect();
        assert_eq!(holders.len(), 1, "round {round}: {holders:?}");
        subject.time.elapse(MINUTE).await;
    }
}

/// `extend` holds on to the lease for another span from now.
pub async fn extend_must_hold_on_to_the_lease_for_another_span_from_now(subject: &DatabaseSubject) {
    let lease = acquired(subject, LeaseName::Poller).await;
    subject.time.elapse(MINUTE / 2).await;
    subject.leases.extend(&lease, MINUTE).await.expect("extend");
    subject.time.elapse(MINUTE / 2 + MINUTE / 4).await;
    assert_eq!(acquire(subject, LeaseName::Poller).await, None, "it was extended");
    subject.time.elapse(MINUTE / 4).await;
    acquired(subject, LeaseName::Poller).await;
}

/// `extend` and `release` under a stale token MUST fail with `Superseded` and change nothing.
pub async fn extend_and_release_under_a_stale_token_must_fail_with_superseded_and_change_nothing(
    subject: &DatabaseSubject,
) {
    let stale = acquired(subject, LeaseName::Poller).await;
    subject.time.elapse(MINUTE).await;
    let present = acquired(subject, LeaseName::Poller).await;
    let never = Lease { token: FencingToken::new(Uuid::from_u128(1)), ..present };
    for lease in [stale, never] {
        assert_superseded(subject, &lease).await;
    }
    assert_eq!(acquire(subject, LeaseName::Poller).await, None, "it is still held");
    subject.leases.extend(&present, MINUTE).await.expect("by whom it was");
    subject.time.elapse(MINUTE).await;
    let last = acquired(subject, LeaseName::Poller).await;
    assert_superseded(subject, &present).await;
    subject.leases.release(&last).await.expect("release");
    assert_superseded(subject, &last).await;
}

/// A released lease MUST be free at once.
pub async fn a_released_lease_must_be_free_at_once(subject: &DatabaseSubject) {
    for name in NAMES {
        for _ in 0..2 {
            let lease = acquired(subject, name).await;
            subject.leases.release(&lease).await.expect("release");
        }
    }
}

/// Leases are about one thing each.
pub async fn leases_must_not_influence_each_other(subject: &DatabaseSubject) {
    let mut held = Vec::new();
    for name in NAMES {
        held.push(acquired(subject, name).await);
    }
    subject.leases.release(&held[2]).await.expect("release");
    for (index, name) in NAMES.into_iter().enumerate() {
        assert_eq!(acquire(subject, name).await.is_some(), index == 2, "{name}");
    }
    let swapped = Lease { name: LeaseName::Poller, ..held[1] };
    assert_superseded(subject, &swapped).await;
}

async fn acquire(subject: &DatabaseSubject, name: LeaseName) -> Option<Lease> {
    subject.leases.acquire(name, MINUTE).await.expect("acquire")
}

async fn acquired(subject: &DatabaseSubject, name: LeaseName) -> Lease {
    acquire(subject, name).await.expect("the lease is free")
}

async fn assert_superseded(subject: &DatabaseSubject, lease: &Lease) {
    for outcome in [subject.leases.extend(lease, 10 * MINUTE).await, subject.leases.release(lease).await] {
        assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "{lease:?}: {outcome:?}");
    }
}
