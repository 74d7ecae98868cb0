//! Taking requests: once, within the day's number, and not from those who are paused.

use std::sync::Arc;
use std::time::Duration;

use account::Refusals as _;
use generation::{HelpOutcome, HelpState, HelpTask};
use kernel::{AccountId, ArchiveContent, ArchiveEntry, DataKind, Jobs as _, PersonalData as _};
use testkit::fakes::{MemoryQueue, fake_recording};
use testkit::weather::{Fate, Weather};
use uuid::Uuid;

use crate::desk::{ACCOUNT, Desk, improve};

#[tokio::test]
async fn the_same_wish_is_taken_once() {
    let desk = Desk::open();
    let id = desk.ask(1, improve("a fox")).await;
    let HelpOutcome::Repeated(again) =
        desk.service.ask(&Desk::new_help(1, improve("another fox"))).await.unwrap()
    else {
        panic!("taken twice")
    };
    assert_eq!((again.id, again.state), (id, HelpState::Waiting));
    assert_eq!(desk.service.find(ACCOUNT, id).await.unwrap().map(|request| request.id), Some(id));
    let nobody = AccountId::new(Uuid::nil());
    assert_eq!(desk.service.find(nobody, id).await.unwrap(), None);
}

#[tokio::test]
async fn a_day_has_so_much_free_help_and_voice_does_not_count() {
    let desk = Desk::open();
    let cap = desk.service.policy().daily_cap;
    for nonce in 0..u64::from(cap) {
        desk.ask(nonce, improve("a fox")).await;
    }
    let refused = desk.service.ask(&Desk::new_help(1_000, improve("one more"))).await.unwrap();
    assert_eq!(refused, HelpOutcome::CapReached(cap));
    let voice = desk.send(fake_recording("a fox"));
    desk.ask(1_001, HelpTask::Transcribe { file: voice }).await;
    desk.clock.advance(Duration::from_hours(24) + Duration::from_secs(1));
    desk.ask(1_002, improve("the next day")).await;
}

#[tokio::test]
async fn whoever_is_paused_is_told_until_when() {
    let desk = Desk::open();
    for number in 0..3 {
        desk.database.record(ACCOUNT, &format!("generation:{number}")).await.unwrap();
    }
    let until = desk.database.standing(ACCOUNT).await.unwrap().paused_until.unwrap();
    let refused = desk.service.ask(&Desk::new_help(1, improve("a fox"))).await.unwrap();
    assert_eq!(refused, HelpOutcome::Paused { until });
}

/// Wake-ups are lost.
struct NoQueue;

impl Weather for NoQueue {
    fn fate(&self, _port: &'static str) -> Fate {
        Fate::FailsBefore
    }

    fn die(&self) {}
}

#[tokio::test]
async fn a_lost_wake_up_loses_no_request() {
    let desk = Desk::open().with_ports(|ports| ports.queue = Arc::new(MemoryQueue::under(Arc::new(NoQueue))));
    desk.ask(1, improve("a fox")).await;
    assert_eq!(desk.database.due(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn requests_are_forgotten_after_their_time_and_erased_with_their_person() {
    let desk = Desk::open();
    desk.ask(1, improve("a fox")).await;
    desk.clock.advance(desk.service.policy().retention + Duration::from_secs(1));
    let kept = desk.ask(2, improve("a hare")).await;
    assert_eq!(desk.service.forget_old(10).await.unwrap(), 1);
    let inventory = desk.service.inventory(ACCOUNT).await.unwrap();
    assert_eq!(inventory.get(&DataKind::HelpRequests), Some(&1));
    let exported = desk.service.export(ACCOUNT).await.unwrap();
    let [ArchiveEntry { path, content: ArchiveContent::Inline(list) }] = &exported[..] else {
        panic!("one list: {exported:?}")
    };
    assert_eq!(path, "requests/help.csv");
    let list = std::str::from_utf8(list).unwrap();
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.ends_with(",improve,a hare,\r\n"), "{list}");
    desk.service.erase(ACCOUNT).await.unwrap();
    assert!(desk.service.inventory(ACCOUNT).await.unwrap().is_empty());
    assert!(desk.service.export(ACCOUNT).await.unwrap().is_empty());
    desk.try_answer(kept).await.unwrap();
    assert!(desk.notifier.news().is_empty(), "nobody waits for it");
}
