//! What comes after the end: late results, erased people, credits that were given back too early.

use std::sync::Arc;
use std::time::Duration;

use balance::{BalanceService, EntryKind};
use generation::{GenerationUnits as _, Parked, ProviderName, StateName};
use kernel::{
    CallbackRoute, CallbackSubject, FailureReference, GenerationId, JobId, JobKind, JobState, NewJob,
    ProviderEvent,
};
use testkit::fakes::{
    FakeCallbackUrls, FakeGenerator, Heard, MemoryBalanceCache, MemoryObjects, MemoryQueue, SeededIds, Style,
};
use testkit::weather::Fate;
use uuid::Uuid;

use crate::failing::Failing;
use crate::scripted_notifier::{Call, ScriptedNotifier};
use crate::workshop::{Workshop, both, generators, parked};

/// A generation at FAL that has expired, and the callback that still comes.
async fn expired(
    notifier: Option<ScriptedNotifier>,
) -> (Workshop, GenerationId, CallbackRoute, ProviderEvent) {
    let queued = FakeGenerator::new(Style::Queued { polls: 100_000 });
    let both = generators(FakeGenerator::new(Style::Inline), queued.clone());
    let workshop = Workshop::open_with(both, |ports| {
        ports.generators.remove(&ProviderName::new("google"));
        if let Some(notifier) = notifier {
            ports.notifier = Arc::new(notifier);
        }
    })
    .await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    let (address, event) = queued.take_callback().unwrap();
    workshop.clock.advance(Duration::from_mins(16));
    assert_eq!(workshop.work(id).await.state.name(), StateName::Expired);
    (workshop, id, FakeCallbackUrls::route(&address).unwrap(), event)
}

#[tokio::test]
async fn nobody_hears_of_late_images_whom_the_messenger_does_not_reach_and_they_are_kept() {
    let notifier = ScriptedNotifier::default();
    notifier.fail_next(Call::TellLate, generation::NotifyError::Unreachable);
    let (workshop, id, route, event) = expired(Some(notifier.clone())).await;
    workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap();
    workshop.work(id).await;
    assert_eq!(workshop.items(id).await.len(), 1);
    assert!(!notifier.recorder.heard().iter().any(|heard| matches!(heard, Heard::Late(_))));
    workshop.audit().await;
}

#[tokio::test]
async fn a_late_callback_that_brings_nothing_is_settled() {
    let (workshop, id, route, event) = expired(None).await;
    let senseless = ProviderEvent { body: "a riddle".to_owned(), ..event.clone() };
    workshop.service.park_callback(&parked("fal", &route, senseless)).await.unwrap();
    workshop.service.park_callback(&parked("nobody", &route, event)).await.unwrap();
    assert_eq!(workshop.work(id).await.state.name(), StateName::Expired);
    assert_eq!(workshop.items(id).await.len(), 0);
    let committed = workshop.database.committed();
    assert_eq!(committed.callbacks.len(), 2);
    assert!(committed.callbacks.values().all(|row| row.settled), "nobody looks at them for ever");
}

#[tokio::test]
async fn a_callback_after_the_delivery_changes_nothing() {
    let queued = FakeGenerator::new(Style::Queued { polls: 0 });
    let both = generators(FakeGenerator::new(Style::Inline), queued.clone());
    let workshop =
        Workshop::open_with(both, |ports| drop(ports.generators.remove(&ProviderName::new("google")))).await;
    let id = workshop.begin("a fox", 1).await;
    let delivered = workshop.work(id).await;
    let (address, event) = queued.take_callback().unwrap();
    let route = FakeCallbackUrls::route(&address).unwrap();
    assert_eq!(workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap(), Parked::New);
    assert_eq!(workshop.work(id).await, delivered);
    assert_eq!(workshop.items(id).await.len(), 1);
    workshop.audit().await;
}

async fn workshop() -> Workshop {
    Workshop::open(both()).await
}

#[tokio::test]
async fn of_a_person_who_was_erased_nothing_is_left_to_do() {
    let workshop = workshop().await;
    let gone = GenerationId::new(Uuid::from_u128(77));
    let subject = CallbackSubject::Generation(gone);
    let route = CallbackRoute { account: workshop.account, subject, attempt: 1 };
    let event = ProviderEvent { request_id: "work".to_owned(), body: "finished".to_owned() };
    assert_eq!(workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap(), Parked::Repeat);
    assert!(workshop.database.committed().callbacks.is_empty());

    let job = NewJob::now(workshop.account, JobKind::AdvanceGeneration, gone.uuid());
    let mut unit = workshop.database.begin().await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    workshop.advance(gone).await;
    let key = (workshop.account, JobId::of(JobKind::AdvanceGeneration, gone.uuid()));
    assert_eq!(workshop.database.committed().jobs[&key].state, JobState::Done);

    let mut unit = workshop.database.begin().await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    let claimed = workshop.claim(gone).await.unwrap();
    workshop.service.give_up(&claimed, "tried too often", &FailureReference::from_random(1)).await.unwrap();
    assert_eq!(workshop.database.committed().jobs[&key].state, JobState::Buried);
}

#[tokio::test]
async fn whoever_gives_up_on_telling_of_an_end_says_how_it_ended() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 1).await;
    workshop.service.cancel(workshop.account, id).await.unwrap();
    let job = workshop.claim(id).await.unwrap();
    workshop.service.give_up(&job, "tried too often", &FailureReference::from_random(1)).await.unwrap();
    assert_eq!(workshop.look(id).await.state.name(), StateName::Cancelled);
    assert_eq!(workshop.notifier.heard(), [Heard::Ending(id, generation::Ending::Cancelled)]);
    workshop.audit().await;
}

/// Gives the held credits back, as the sweeper does at the deadline of a hold.
async fn give_back(workshop: &Workshop, id: GenerationId) {
    let balances = BalanceService::new(
        Arc::new(workshop.database.clone()),
        Arc::new(workshop.database.clone()),
        Arc::new(MemoryBalanceCache::default()),
        Arc::new(SeededIds::new(99)),
    );
    let hold = workshop.look(id).await.hold;
    let released = balances.release(workshop.account, hold).await.unwrap();
    assert_eq!(released.entry.kind, EntryKind::Release);
}

#[tokio::test]
async fn images_that_come_after_their_credits_were_given_back_are_free() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 2).await;
    give_back(&workshop, id).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    let prices: Vec<i64> = workshop.items(id).await.iter().map(|item| item.kept.price.get()).collect();
    assert_eq!(prices, [0, 0]);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn an_end_after_the_credits_were_given_back_gives_nothing_twice() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 2).await;
    give_back(&workshop, id).await;
    workshop.service.cancel(workshop.account, id).await.unwrap();
    assert_eq!(workshop.work(id).await.state.name(), StateName::Cancelled);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn what_is_only_tidying_or_haste_may_fail() {
    let objects = MemoryObjects::under(Failing::first(9, "objects.delete", Fate::FailsBefore));
    let kept = objects.clone();
    let queue = MemoryQueue::under(Failing::first(9, "queue.push", Fate::FailsBefore));
    let workshop = Workshop::open_with(both(), |ports| {
        ports.objects = Arc::new(kept);
        ports.queue = Arc::new(queue);
    })
    .await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    let keys: Vec<String> = objects.keys().iter().map(ToString::to_string).collect();
    assert_eq!(keys.len(), 3, "image, preview, and what the sweeper clears away: {keys:?}");
}
