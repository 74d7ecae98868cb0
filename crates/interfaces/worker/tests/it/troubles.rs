//! Jobs that fail, panic, hang, or are taken over.

use std::time::Duration;

use kernel::{FailureClass, FailureLog as _, FencingToken, JobId, JobKind, JobState, OperatorNotice};
use uuid::Uuid;
use worker::WorkerSettings;

use crate::script::Act;
use crate::world::World;

const SOON: Duration = Duration::from_secs(2);
/// As often as a generation's job may be claimed without completing.
const MOST_CLAIMS: u32 = JobKind::AdvanceGeneration.max_attempts();
/// Longer than all of its claims with the waits between them.
const ALL_CLAIMS: Duration = Duration::from_hours(1);

async fn fingerprints(world: &World) -> Vec<(String, u64)> {
    let failures = world.database.latest(100).await.unwrap();
    failures.into_iter().map(|failure| (failure.fingerprint, failure.count)).collect()
}

fn is_done(job: JobId) -> impl Fn(&World) -> bool {
    move |world| world.job(job).state == JobState::Done
}

#[tokio::test(start_paused = true)]
async fn a_failed_job_is_tried_again_after_growing_waits() {
    let world = World::new([Act::Fail(FailureClass::Unavailable); 4]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    world.until(Duration::from_mins(1), is_done(job)).await;
    worker.stop().await;
    sweeper.stop().await;
    let runs = world.script.runs();
    let waits: Vec<Duration> = runs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (wait, at_least) in waits.iter().zip([1, 2, 4, 8]) {
        let at_least = Duration::from_secs(at_least);
        // The sweeper comes by once a second.
        assert!(*wait >= at_least && *wait <= at_least + SOON, "{waits:?}");
    }
    assert_eq!(fingerprints(&world).await, [], "what may pass is nothing unexpected");
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_the_other_side_asked_for_is_kept() {
    let limited = FailureClass::Limited { retry_after: Some(Duration::from_secs(20)) };
    let world = World::new([Act::Fail(limited)]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    world.until(Duration::from_secs(25), is_done(job)).await;
    worker.stop().await;
    sweeper.stop().await;
    let runs = world.script.runs();
    assert!(runs[1] - runs[0] >= Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_ours_is_recorded_and_the_operators_hear_of_each_kind_once() {
    let world = World::new([Act::Fail(FailureClass::Bug), Act::Fail(FailureClass::Bug)]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    world.until(Duration::from_secs(20), is_done(job)).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(fingerprints(&world).await, [("job.erase-gallery-item.scripted".to_owned(), 2)]);
    let notices = world.operators.notices();
    assert!(matches!(&notices[..], [OperatorNotice::NewFailure { .. }]), "{notices:?}");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_caught_recorded_and_the_job_tried_again() {
    let world = World::new([Act::Panic]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    world.until(Duration::from_secs(10), is_done(job)).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(fingerprints(&world).await, [("job.erase-gallery-item.panicked".to_owned(), 1)]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_always_fails_is_given_up_once_under_a_reference() {
    let world = World::new([Act::Fail(FailureClass::Unavailable); 50]);
    let job = world.wake(JobKind::AdvanceGeneration).await;
    let (worker, sweeper) = world.start();
    world.until(ALL_CLAIMS, |world| world.job(job).state == JobState::Buried).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(world.script.runs().len(), usize::try_from(MOST_CLAIMS).unwrap());
    let given_up = world.script.given_up();
    let [(reason, reference)] = &given_up[..] else {
        panic!("given up {} times", given_up.len());
    };
    assert!(reason.contains("the script says so") && reason.contains(&reference.to_string()), "{reason}");
    let failure = world.database.find(reference).await.unwrap().unwrap();
    assert_eq!(failure.fingerprint, "job.advance-generation.scripted");
    assert_eq!(world.job(job).reason.as_ref(), Some(reason));
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_workers_all_died_is_given_up_without_another_run() {
    let world = World::new([]);
    let job = world.schedule(JobKind::AdvanceGeneration).await;
    world.database.tamper(|tables| {
        tables.jobs.get_mut(&(world.account, job)).unwrap().attempt = MOST_CLAIMS;
    });
    let (worker, sweeper) = world.start();
    world.until(SOON, |world| world.job(job).state == JobState::Buried).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(world.script.runs().len(), 0);
    let expected = format!("claimed {MOST_CLAIMS} times without completing");
    assert!(world.script.given_up()[0].0.contains(&expected));
}

#[tokio::test(start_paused = true)]
async fn giving_up_is_repeated_until_it_works() {
    let world = World::new([]);
    world.script.fail_give_ups(2);
    let job = world.schedule(JobKind::AdvanceGeneration).await;
    world.database.tamper(|tables| {
        tables.jobs.get_mut(&(world.account, job)).unwrap().attempt = MOST_CLAIMS;
    });
    let (worker, sweeper) = world.start();
    world.until(Duration::from_mins(2), |world| world.job(job).state == JobState::Buried).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(world.script.given_up().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_under_a_claim_that_was_lost_is_no_news() {
    let world = World::new([Act::FailAfter(SOON, FailureClass::Bug)]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.under_way() == 1).await;
    let other = Some(FencingToken::new(Uuid::from_u128(1)));
    world.database.tamper(|tables| {
        tables.jobs.get_mut(&(world.account, job)).unwrap().token = other;
    });
    world.until(SOON * 2, |world| world.script.under_way() == 0).await;
    world.pass(SOON).await;
    worker.stop().await;
    let row = world.job(job);
    assert_eq!((row.state, row.token, row.reason), (JobState::Running, other, None));
    assert_eq!(fingerprints(&world).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_taken_over_is_dropped_without_a_word() {
    let world = World::new([Act::Superseded]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.runs().len() == 1 && world.script.under_way() == 0).await;
    world.pass(SOON).await;
    worker.stop().await;
    let row = world.job(job);
    assert_eq!((row.state, row.attempt, row.reason), (JobState::Running, 1, None));
    assert_eq!(fingerprints(&world).await, []);
}

#[tokio::test(start_paused = true)]
async fn work_whose_claim_is_lost_is_stopped() {
    let world = World::new([Act::Hang]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let worker = world.start_worker(WorkerSettings::default());
    world.until(SOON, |world| world.script.under_way() == 1).await;
    world.database.tamper(|tables| {
        let row = tables.jobs.get_mut(&(world.account, job)).unwrap();
        row.token = Some(FencingToken::new(Uuid::nil()));
    });
    world.until(Duration::from_secs(21), |world| world.script.under_way() == 0).await;
    worker.stop().await;
    assert_eq!(world.job(job).token, Some(FencingToken::new(Uuid::nil())), "the new holder keeps the claim");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_never_ends_is_cut_off_and_tried_again() {
    let world = World::new([Act::Hang]);
    let job = world.wake(JobKind::EraseGalleryItem).await;
    let (worker, sweeper) = world.start();
    world.until(Duration::from_secs(305), is_done(job)).await;
    worker.stop().await;
    sweeper.stop().await;
    assert_eq!(fingerprints(&world).await, [("job.erase-gallery-item.too-slow".to_owned(), 1)]);
}
