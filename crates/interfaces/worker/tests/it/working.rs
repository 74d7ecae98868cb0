//! Taking wake-ups and running their jobs.

use std::time::Duration;

use kernel::{JobKind, JobQueue as _, JobState, Urgency, WakeUp};
use worker::WorkerSettings;

use crate::script::Act;
use crate::world::World;

const SOON: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_woken_job_is_run_once_and_completed() {
    let world = World::new([]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.job(job).state == JobState::Done).await;
    worker.stop().await;
    assert_eq!(world.script.runs().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wake_up_for_what_is_done_or_unknown_does_nothing() {
    let world = World::new([]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.job(job).state == JobState::Done).await;
    let unknown = kernel::JobId::of(JobKind::EraseGalleryItem, uuid::Uuid::nil());
    for job in [job, unknown] {
        world.queue.push(WakeUp { account: world.account, job, urgency: Urgency::Background }).await.unwrap();
    }
    let next = world.wake(JobKind::EraseGalleryItem).await;
    world.until(SOON, |world| world.job(next).state == JobState::Done).await;
    worker.stop().await;
    assert_eq!(world.script.runs().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn while_the_queue_is_away_workers_find_due_jobs_themselves() {
    let world = World::without_queue([]);
    let first = world.schedule(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(Duration::from_secs(2), |world| world.job(first).state == JobState::Done).await;
    let second = world.schedule(JobKind::AdvanceGeneration).await;
    world.until(Duration::from_secs(2), |world| world.job(second).state == JobState::Done).await;
    worker.stop().await;
}

#[tokio::test(start_paused = true)]
async fn no_more_jobs_run_at_once_than_allowed() {
    let world = World::new([Act::CompleteAfter(Duration::from_secs(10)); 10]);
    let mut jobs = Vec::new();
    for _ in 0..10 {
        jobs.push(world.wake(JobKind::EraseGalleryItem).await);
    }
    let worker = world.start_worker(WorkerSettings { concurrency: 3, ..WorkerSettings::default() });
    world
        .until(Duration::from_secs(41), |world| {
            jobs.iter().all(|job| world.job(*job).state == JobState::Done)
        })
        .await;
    worker.stop().await;
    assert_eq!(world.script.most_under_way(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_wake_up_beyond_the_room_stays_for_another_worker() {
    let world = World::new([Act::CompleteAfter(Duration::from_secs(30)), Act::Complete]);
    let slow = world.wake(JobKind::EraseGalleryItem).await;
    let settings = WorkerSettings { concurrency: 1, ..WorkerSettings::default() };
    let busy = world.start_worker(settings);
    world.until(SOON, |world| world.script.under_way() == 1).await;
    let quick = world.wake(JobKind::EraseGalleryItem).await;
    world.pass(SOON).await;
    let idle = world.start_worker(settings);
    world.until(SOON, |world| world.job(quick).state == JobState::Done).await;
    assert_eq!(world.job(slow).state, JobState::Running);
    idle.stop().await;
    busy.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_long_job_keeps_its_claim() {
    let world = World::new([Act::CompleteAfter(Duration::from_secs(200))]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    let other = world.start_worker(WorkerSettings::default());
    world.until(Duration::from_secs(201), |world| world.job(job).state == JobState::Done).await;
    for running in [worker, other, sweeper] {
        running.stop().await;
    }
    assert_eq!(world.script.runs().len(), 1);
}
