//! What the suite cannot ask of every queue: several processes, and what becomes of what one of them dropped.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kernel::{AccountId, JobId, JobQueue as _, Urgency, WakeUp};
use redis_adapter::RedisJobQueue;
use uuid::Uuid;

use crate::room::room;

const PATIENT: Duration = Duration::from_secs(20);
const IMPATIENT: Duration = Duration::from_millis(100);

fn wake_up(number: u128) -> WakeUp {
    WakeUp {
        account: AccountId::new(Uuid::from_u128(number % 50)),
        job: JobId::new(Uuid::from_u128(number)),
        urgency: Urgency::PersonWaits,
    }
}

#[tokio::test]
async fn a_wake_up_that_still_waits_is_not_kept_twice() {
    let queue = RedisJobQueue::new(room());
    for _ in 0..3 {
        queue.push(wake_up(1)).await.unwrap();
    }
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(1)));
    assert_eq!(queue.pop(IMPATIENT).await.unwrap(), None);
    queue.push(wake_up(1)).await.unwrap();
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(wake_up(1)), "taken once, it may come again");
}

#[tokio::test]
async fn many_processes_share_the_work_and_each_wake_up_reaches_one() {
    let server = room();
    let processes: Vec<_> = (0..4).map(|_| Arc::new(RedisJobQueue::new(server.clone()))).collect();
    let workers = processes.iter().map(|queue| {
        let queue = Arc::clone(queue);
        tokio::spawn(async move {
            let mut received = Vec::new();
            while let Some(wake_up) = queue.pop(Duration::from_secs(2)).await.unwrap() {
                received.push(wake_up);
            }
            received
        })
    });
    let workers: Vec<_> = workers.collect();
    let pushes = processes.iter().enumerate().map(|(process, queue)| async move {
        for number in 0..250 {
            let number = u128::try_from(process * 250 + number).unwrap();
            queue.push(wake_up(number)).await.unwrap();
        }
    });
    join_all(pushes).await;
    let mut received = Vec::new();
    for worker in workers {
        received.extend(worker.await.unwrap());
    }
    assert_eq!(received.len(), 1_000, "none came twice");
    assert_eq!(received.into_iter().collect::<BTreeSet<_>>(), (0..1_000).map(wake_up).collect());
}

#[tokio::test]
async fn a_process_that_does_not_wait_leaves_wake_ups_to_those_that_do() {
    let server = room();
    let (busy, idle) = (RedisJobQueue::new(server.clone()), RedisJobQueue::new(server));
    // Its listener still waits at the server, before the other one.
    assert_eq!(busy.pop(IMPATIENT).await.unwrap(), None);
    let waiting = idle.pop(PATIENT);
    let push = async {
        tokio::time::sleep(IMPATIENT).await;
        busy.push(wake_up(1)).await.unwrap();
    };
    let (received, ()) = futures::future::join(waiting, push).await;
    assert_eq!(received.unwrap(), Some(wake_up(1)));
}

#[tokio::test]
async fn what_a_process_no_longer_wants_reaches_another() {
    let server = room();
    let (first, second) = (RedisJobQueue::new(server.clone()), RedisJobQueue::new(server));
    for number in 0..20 {
        let mut abandoned = first.pop(PATIENT);
        assert!(futures::poll!(&mut abandoned).is_pending());
        second.push(wake_up(number)).await.unwrap();
        drop(abandoned);
        assert_eq!(second.pop(PATIENT).await.unwrap(), Some(wake_up(number)));
    }
}
