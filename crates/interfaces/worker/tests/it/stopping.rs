//! Stopping: nothing is taken any more, and what runs is finished or handed back.

use std::time::Duration;

use kernel::{JobKind, JobState};
use worker::WorkerSettings;

use crate::script::Act;
use crate::world::World;

const SOON: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn an_idle_worker_stops_at_once_and_takes_nothing_more() {
    let world = World::new([]);
    let worker = world.start_worker(WorkerSettings::default());
    world.pass(SOON).await;
    assert_eq!(worker.stop().await, Duration::ZERO);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    world.pass(SOON).await;
    assert_eq!(world.job(job).state, JobState::Ready);
}

#[tokio::test(start_paused = true)]
async fn what_runs_is_waited_for() {
    let world = World::new([Act::CompleteAfter(Duration::from_secs(6))]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.under_way() == 1).await;
    let took = worker.stop().await;
    assert!(took <= Duration::from_secs(6), "{took:?}");
    assert_eq!(world.job(job).state, JobState::Done);
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_handed_back_without_a_burnt_attempt() {
    let world = World::new([Act::Hang, Act::CompleteAfter(Duration::from_secs(1))]);
    let hanging = world.wake(JobKind::AdvanceGeneration).await;
    let quick = world.wake(JobKind::AdvanceGeneration).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.under_way() == 2).await;
    let took = worker.stop().await;
    assert!(took < Duration::from_secs(20), "{took:?}");
    let row = world.job(hanging);
    assert_eq!((row.state, row.attempt, row.token), (JobState::Ready, 0, None));
    assert_eq!(world.job(quick).state, JobState::Done);
    assert_eq!(world.script.under_way(), 0);

    let next = world.start_worker(WorkerSettings::default());
    let sweeper = world.start_sweeper();
    world.until(SOON * 2, |world| world.job(hanging).state == JobState::Done).await;
    next.stop().await;
    sweeper.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_killed_workers_job_is_run_again_when_its_lease_has_run_out() {
    let world = World::new([Act::Hang]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.under_way() == 1).await;
    worker.kill().await;
    assert_eq!(world.script.under_way(), 0, "dropping a worker drops its jobs");
    let (next, sweeper) = world.start();
    world.pass(Duration::from_secs(50)).await;
    assert_eq!(world.script.runs().len(), 1, "the lease still holds");
    world.until(Duration::from_secs(15), |world| world.job(job).state == JobState::Done).await;
    next.stop().await;
    sweeper.stop().await;
}
