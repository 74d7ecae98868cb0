//! The sweeper.

use std::time::Duration;

use balance::OperationKey;
use kernel::{
    ChatId, Credits, FencingToken, InboundUpdate, Inbox as _, JobKind, JobQueue as _, JobState, LeaseName,
    Leases as _, OperatorNotice, Pausable, PauseCause, Pauses as _, UpdateId, Urgency, WakeUp,
};
use uuid::Uuid;
use worker::WorkerSettings;

use crate::world::World;

fn holder(world: &World) -> Option<FencingToken> {
    world.database.committed().leases.get(&LeaseName::Sweeper).map(|row| row.token)
}

#[tokio::test(start_paused = true)]
async fn a_lost_wake_up_costs_a_second_or_two() {
    let world = World::new([]);
    let (worker, sweeper) = world.start();
    let job = world.schedule(JobKind::EraseGalleryItem).await;
    world.until(Duration::from_secs(2), |world| world.job(job).state == JobState::Done).await;
    worker.stop().await;
    sweeper.stop().await;
}

#[tokio::test(start_paused = true)]
async fn only_what_is_due_is_fed() {
    let world = World::new([]);
    let job = world.schedule(JobKind::EraseGalleryItem).await;
    let sweeper = world.start_sweeper();
    let fed = world.queue.pop(Duration::from_secs(2)).await.unwrap();
    assert_eq!(fed, Some(WakeUp { account: world.account, job, urgency: Urgency::Background }));
    let worker = world.start_worker(WorkerSettings::default());
    world.until(Duration::from_secs(2), |world| world.job(job).state == JobState::Done).await;
    worker.stop().await;
    while world.queue.pop(Duration::from_millis(1)).await.unwrap().is_some() {}
    assert_eq!(world.queue.pop(Duration::from_secs(5)).await.unwrap(), None);
    sweeper.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_hold_that_nobody_ends_is_released() {
    let world = World::new([]);
    let balances = &world.balances;
    balances.grant_bonus(world.account, &OperationKey::welcome(), Credits::of(40), "").await.unwrap();
    balances.hold(world.account, Uuid::nil(), Credits::of(15), Duration::from_secs(30)).await.unwrap();
    let sweeper = world.start_sweeper();
    world.pass(Duration::from_secs(29)).await;
    let held = |world: &World| world.database.committed().sheets[&world.account].set_aside();
    assert_eq!(held(&world), Credits::of(15));
    world.until(Duration::from_secs(3), |world| held(world).is_zero()).await;
    sweeper.stop().await;
    assert_eq!(world.database.committed().sheets[&world.account].spendable(), Credits::of(40));
}

#[tokio::test(start_paused = true)]
async fn one_sweeps_and_another_takes_over_when_it_dies() {
    let world = World::new([]);
    let first = world.start_sweeper();
    world.until(Duration::from_secs(1), |world| holder(world).is_some()).await;
    let token = holder(&world);
    let second = world.start_sweeper();
    world.pass(Duration::from_mins(5)).await;
    assert_eq!(holder(&world), token, "the first keeps its lease");
    first.kill().await;
    world.until(Duration::from_secs(17), |world| holder(world) != token).await;
    let job = world.schedule(JobKind::EraseGalleryItem).await;
    let fed = world.queue.pop(Duration::from_secs(3)).await.unwrap();
    assert_eq!(fed, Some(WakeUp { account: world.account, job, urgency: Urgency::Background }));
    second.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_sweeper_that_stops_frees_its_lease() {
    let world = World::new([]);
    let sweeper = world.start_sweeper();
    world.until(Duration::from_secs(1), |world| holder(world).is_some()).await;
    assert_eq!(sweeper.stop().await, Duration::ZERO);
    let taken = world.database.acquire(LeaseName::Sweeper, Duration::from_secs(1)).await.unwrap();
    assert!(taken.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_sweeper_whose_lease_is_lost_stops_sweeping_until_it_has_one_again() {
    let world = World::new([]);
    let sweeper = world.start_sweeper();
    world.until(Duration::from_secs(1), |world| holder(world).is_some()).await;
    let token = FencingToken::new(Uuid::nil());
    world.database.tamper(|tables| {
        let row = tables.leases.get_mut(&LeaseName::Sweeper).unwrap();
        row.token = token;
        row.until = world.now() + Duration::from_mins(1);
    });
    world.pass(Duration::from_secs(6)).await;
    world.schedule(JobKind::EraseGalleryItem).await;
    assert_eq!(world.queue.pop(Duration::from_secs(30)).await.unwrap(), None, "somebody else sweeps");
    world.until(Duration::from_secs(30), |world| holder(world) != Some(token)).await;
    assert!(world.queue.pop(Duration::from_secs(3)).await.unwrap().is_some());
    sweeper.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_lifted_when_the_probe_succeeds() {
    let world = World::new([]);
    let sweeper = world.start_sweeper();
    world.pass(Duration::from_secs(5)).await;
    let subject = Pausable::Provider("google".to_owned());
    let cause = PauseCause { code: "bad-key".to_owned(), detail: String::new() };
    world.database.pause(&subject, &cause).await.unwrap();
    world.until(Duration::from_mins(2), |world| world.database.committed().pauses.is_empty()).await;
    sweeper.stop().await;
    assert_eq!(world.operators.notices(), [OperatorNotice::Resumed { subject }]);
}

#[tokio::test(start_paused = true)]
async fn what_is_old_and_done_is_forgotten() {
    let world = World::new([]);
    let worker = world.start_worker(WorkerSettings::default());
    let done = world.wake(JobKind::EraseGalleryItem).await;
    world.until(Duration::from_secs(2), |world| world.job(done).state == JobState::Done).await;
    worker.stop().await;
    let waiting = world.schedule(JobKind::AdvanceGeneration).await;
    let chat = ChatId::new(1);
    let update = |number| InboundUpdate { chat, update: UpdateId::new(number), body: "{}".to_owned() };
    world.database.accept(&[update(1), update(2)]).await.unwrap();
    let lease = world.database.acquire(LeaseName::Chat(chat), Duration::from_mins(1)).await.unwrap().unwrap();
    world.database.mark_handled(&lease, chat, UpdateId::new(1)).await.unwrap();
    let rows = |world: &World| {
        let tables = world.database.committed();
        (tables.jobs.len(), tables.updates.len())
    };
    let make_older = |age: Duration| {
        world.database.tamper(|tables| {
            tables.jobs.values_mut().for_each(|row| row.changed_at = row.changed_at.before(age));
            tables.updates.values_mut().for_each(|row| row.received_at = row.received_at.before(age));
        });
    };

    make_older(Duration::from_hours(6 * 24));
    let sweeper = world.start_sweeper();
    world.pass(Duration::from_mins(2)).await;
    assert_eq!(rows(&world), (2, 2), "six days are not old");
    make_older(Duration::from_hours(24));
    world.until(Duration::from_mins(2), |world| rows(world) == (1, 1)).await;
    sweeper.stop().await;
    let tables = world.database.committed();
    assert!(tables.jobs.keys().all(|(_, job)| *job == waiting));
    assert!(tables.updates.keys().all(|(_, update)| *update == UpdateId::new(2)));
}
