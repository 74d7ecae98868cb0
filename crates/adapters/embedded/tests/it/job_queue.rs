//! What a full queue and a repeated wake-up do.

use std::time::Duration;

use embedded_adapter::LocalJobQueue;
use kernel::{AccountId, JobId, JobQueue, Urgency, WakeUp};
use uuid::Uuid;

const PATIENT: Duration = Duration::from_secs(10);

fn wake_up(number: u128) -> WakeUp {
    WakeUp {
        account: AccountId::new(Uuid::from_u128(number)),
        job: JobId::new(Uuid::from_u128(number)),
        urgency: Urgency::PersonWaits,
    }
}

#[tokio::test]
async fn a_full_queue_keeps_the_oldest_and_drops_the_rest() {
    let queue = LocalJobQueue::with_capacity(2);
    for number in 1..=4 {
        queue.push(wake_up(number)).await.unwrap();
    }
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(1)));
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(2)));
    assert_eq!(queue.pop(Duration::ZERO).await.unwrap(), None);

    queue.push(wake_up(4)).await.unwrap();
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(4)), "room again");
}

#[tokio::test]
async fn a_wake_up_that_still_waits_is_not_kept_twice() {
    let queue = LocalJobQueue::new();
    for _ in 0..3 {
        queue.push(wake_up(1)).await.unwrap();
    }
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(1)));
    assert_eq!(queue.pop(Duration::ZERO).await.unwrap(), None);
    queue.push(wake_up(1)).await.unwrap();
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(1)), "taken once, it may come again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_load_from_all_sides_each_wake_up_reaches_one_worker() {
    let queue = std::sync::Arc::new(LocalJobQueue::new());
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let queue = queue.clone();
            tokio::spawn(async move {
                let mut received = Vec::new();
                while let Some(wake_up) = queue.pop(Duration::from_secs(1)).await.unwrap() {
                    received.push(wake_up);
                }
                received
            })
        })
        .collect();
    let pushers: Vec<_> = (0..4_u128)
        .map(|pusher| {
            let queue = queue.clone();
            tokio::spawn(async move {
                for number in 0..500 {
                    queue.push(wake_up(pusher * 1_000 + number)).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for pusher in pushers {
        pusher.await.unwrap();
    }
    let mut received = Vec::new();
    for worker in workers {
        received.extend(worker.await.unwrap());
    }
    received.sort_unstable();
    let expected: Vec<WakeUp> =
        (0..4_u128).flat_map(|pusher| (0..500).map(move |number| wake_up(pusher * 1_000 + number))).collect();
    assert_eq!(received, expected);
}
