//! What every [`JobQueue`] must do.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures::future::{join, join_all};
use kernel::{AccountId, JobId, JobQueue, WakeUp};
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
    }
}
