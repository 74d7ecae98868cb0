//! What every [`JobQueue`] must do.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::{join, join_all};
use kernel::{AccountId, JobId, JobQueue, Urgency, WakeUp};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// How long a worker waits for something that is sure to come.
const PATIENT: Duration = Duration::from_secs(10);
/// How long a worker waits for something that never comes.
const IMPATIENT: Duration = Duration::from_millis(50);

/// Runs every test, each on an empty queue of its own.
pub async fn all(factory: impl AsyncFn() -> Arc<dyn JobQueue>) {
    push_must_not_block_on_slow_workers(&*factory().await).await;
    a_wake_up_that_is_not_dropped_must_reach_one_waiting_worker(&*factory().await).await;
    waiting_wake_ups_of_a_person_who_waits_must_come_before_those_of_the_background(&*factory().await).await;
    waiting_wake_ups_of_different_accounts_must_take_turns_so_that_one_person_with_a_thousand_jobs_delays_nobody_by_more_than_one(
        &*factory().await,
    )
    .await;
    pop_must_return_none_after_patience_when_nothing_came(&*factory().await).await;
    dropping_the_future_of_pop_must_not_lose_a_wake_up_for_the_other_workers(&*factory().await).await;
}

/// `push` MUST NOT block on slow workers.
pub async fn push_must_not_block_on_slow_workers(queue: &dyn JobQueue) {
    let pushes = async {
        for number in 0..5_000 {
            queue.push(wake_up(number)).await.expect("push");
        }
    };
    timeout(Duration::from_mins(1), pushes).await.expect("without any worker, 5,000 pushes still return");
}

/// A wake-up that is not dropped MUST reach one waiting worker.
pub async fn a_wake_up_that_is_not_dropped_must_reach_one_waiting_worker(queue: &dyn JobQueue) {
    let workers = join_all((0..3).map(|_| queue.pop(PATIENT)));
    let pushes = async {
        for number in 0..3 {
            queue.push(wake_up(number)).await.expect("push");
        }
    };
    let (received, ()) = join(workers, pushes).await;
    let received: BTreeSet<WakeUp> = received
        .into_iter()
        .map(|popped| popped.expect("pop").expect("every waiting worker is told of a job"))
        .collect();
    assert_eq!(received, (0..3).map(wake_up).collect(), "each wake-up reached one worker");
    assert_eq!(queue.pop(IMPATIENT).await.expect("pop"), None, "no wake-up reached a second worker");

    queue.push(wake_up(7)).await.expect("push");
    assert_eq!(
        queue.pop(PATIENT).await.expect("pop"),
        Some(wake_up(7)),
        "a worker that comes later is told as well"
    );
}

/// Waiting wake-ups of a person who waits MUST come before those of the background.
pub async fn waiting_wake_ups_of_a_person_who_waits_must_come_before_those_of_the_background(
    queue: &dyn JobQueue,
) {
    let background = |number| WakeUp { urgency: Urgency::Background, ..wake_up(number) };
    for number in 0..3 {
        queue.push(background(number)).await.expect("push");
    }
    for number in 3..6 {
        queue.push(wake_up(number)).await.expect("push");
    }
    let first = taken(queue, 1).await;
    queue.push(wake_up(6)).await.expect("push");
    let urgent: BTreeSet<WakeUp> = first.into_iter().chain(taken(queue, 3).await).collect();
    assert_eq!(urgent, (3..7).map(wake_up).collect(), "the urgent come first, whenever they came in");
    let rest: BTreeSet<WakeUp> = taken(queue, 3).await.into_iter().collect();
    assert_eq!(rest, (0..3).map(background).collect(), "and then the others");
}

/// Waiting wake-ups of different accounts MUST take turns, so that one person with a thousand jobs delays nobody by more
/// than one.
pub async fn waiting_wake_ups_of_different_accounts_must_take_turns_so_that_one_person_with_a_thousand_jobs_delays_nobody_by_more_than_one(
    queue: &dyn JobQueue,
) {
    let job_of = |account, number| WakeUp { account: wake_up(account).account, ..wake_up(number) };
    let (busy, patient, late) = (1, 2, 3);
    for number in 0..1_000 {
        queue.push(job_of(busy, number)).await.expect("push");
    }
    for number in 1_000..1_003 {
        queue.push(job_of(patient, number)).await.expect("push");
    }
    let of = |account: u128, wake_ups: &[WakeUp]| {
        wake_ups.iter().filter(|wake_up| wake_up.account == job_of(account, 0).account).count()
    };
    let taken_first = taken(queue, 2).await;
    assert_eq!((of(busy, &taken_first), of(patient, &taken_first)), (1, 1), "each has had one turn");
    queue.push(job_of(late, 2_000)).await.expect("push");
    let taken_then = taken(queue, 3).await;
    assert_eq!(of(late, &taken_then), 1, "whoever comes later waits for one turn of each: {taken_then:?}");
    assert_eq!((of(busy, &taken_then), of(patient, &taken_then)), (1, 1), "{taken_then:?}");
    let taken_last = taken(queue, 2).await;
    assert_eq!((of(busy, &taken_last), of(patient, &taken_last)), (1, 1), "{taken_last:?}");
    let rest: BTreeSet<WakeUp> = taken(queue, 997).await.into_iter().collect();
    assert_eq!(rest.len(), 997, "the busy one has every wake-up");
}

async fn taken(queue: &dyn JobQueue, count: usize) -> Vec<WakeUp> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(queue.pop(PATIENT).await.expect("pop").expect("a wake-up waits"));
    }
    taken
}

/// `pop` MUST return `None` after `patience` when nothing came.
pub async fn pop_must_return_none_after_patience_when_nothing_came(queue: &dyn JobQueue) {
    let started = Instant::now();
    assert_eq!(queue.pop(IMPATIENT).await.expect("pop"), None);
    let waited = started.elapsed();
    assert!(waited >= IMPATIENT, "gave up after {waited:?}, too early");
    assert!(waited < PATIENT, "gave up after {waited:?}, too late");
}

/// Dropping the future of `pop` MUST NOT lose a wake-up for the other workers: neither when it waited without avail, nor
/// when it was about to receive one.
pub async fn dropping_the_future_of_pop_must_not_lose_a_wake_up_for_the_other_workers(queue: &dyn JobQueue) {
    for number in 0..200 {
        let mut abandoned = queue.pop(PATIENT);
        let mut loyal = queue.pop(PATIENT);
        assert!(futures::poll!(&mut abandoned).is_pending(), "the queue is empty");
        assert!(futures::poll!(&mut loyal).is_pending(), "the queue is empty");
        queue.push(wake_up(number)).await.expect("push");
        let goes_on_once_more = number % 2 == 0;
        if goes_on_once_more && let Poll::Ready(received) = futures::poll!(&mut abandoned) {
            assert_eq!(
                received.expect("pop"),
                Some(wake_up(number)),
                "it was quick enough to be told itself"
            );
            continue;
        }
        drop(abandoned);
        assert_eq!(loyal.await.expect("pop"), Some(wake_up(number)), "the worker that stayed is told");
    }
}

fn wake_up(number: u128) -> WakeUp {
    WakeUp {
        account: AccountId::new(Uuid::from_u128(number + 1)),
        job: JobId::new(Uuid::from_u128((number + 1) << 64)),
        urgency: Urgency::PersonWaits,
    }
}
