//! Polling, the inbox, and one conversation at a time. The loops run on one thread with paused time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chat::{
    Dispatcher, DispatcherPorts, DispatcherSettings, InboxBell, Poller, PollerPorts, PollerSettings,
    TelegramError,
};
use kernel::{
    ChatId, FailureClass, FailureLog as _, Inbox as _, LeaseName, Leases as _, OperatorNotice, ProviderError,
};
use serde_json::{Value, json};
use testkit::weather::Fate;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::studio::Studio;

/// The loops of one process.
struct Process {
    poller: Poller,
    dispatcher: Dispatcher,
}

impl Process {
    fn of(studio: &Studio) -> Self {
        let bell = InboxBell::new();
        let store = Arc::new(studio.database.clone());
        let poller = PollerPorts {
            telegram: Arc::new(studio.telegram.clone()),
            inbox: store.clone(),
            leases: store.clone(),
            bell: bell.clone(),
        };
        let dispatcher = DispatcherPorts {
            inbox: store.clone(),
            leases: store.clone(),
            bell,
            failures: store,
            operators: Arc::new(studio.operators.clone()),
            ids: studio.ids.clone(),
        };
        Self {
            poller: Poller::new(poller, studio.chat.clone(), PollerSettings::default()),
            dispatcher: Dispatcher::new(dispatcher, studio.chat.clone(), DispatcherSettings::default()),
        }
    }

    async fn run(&self, stop: &CancellationToken) {
        tokio::join!(self.poller.run(stop), self.dispatcher.run(stop));
    }
}

/// Runs the loops while `story` goes on, then stops them.
async fn while_running<T>(process: &Process, story: impl Future<Output = T>) -> T {
    let stop = CancellationToken::new();
    let story = async {
        let told = story.await;
        stop.cancel();
        told
    };
    let (told, ()) = timeout(Duration::from_hours(1), async { tokio::join!(story, process.run(&stop)) })
        .await
        .expect("the loops stop when they are told to");
    told
}

/// Waits until something is so.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_mins(30), "it never came to be that {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

fn text(person: i64, update: i64, words: &str) -> Value {
    json!({"update_id": update, "message": {"message_id": update, "date": 1, "chat": {"id": person, "type": "private"},
        "from": {"id": person, "is_bot": false, "first_name": "X", "language_code": "en"}, "text": words}})
}

fn away() -> TelegramError {
    let class = FailureClass::Unavailable;
    TelegramError::Failed(ProviderError::new(class, "timeout", "no answer").with_unknown_outcome())
}

#[tokio::test(start_paused = true)]
async fn what_a_person_writes_is_kept_confirmed_and_answered() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    let begin = Instant::now();
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
        assert!(
            begin.elapsed() < Duration::from_millis(500),
            "the bell wakes the dispatcher: {:?}",
            begin.elapsed()
        );
        until("the update is confirmed", || studio.telegram.unconfirmed() == 0).await;
    })
    .await;
    assert_eq!(studio.database.depth().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn every_update_twice_and_shuffled_is_handled_once_and_in_order() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    let mut inbound: Vec<_> = (1..=20)
        .map(|number| chat::inbound_update(&text(42, 1000 + number, &format!("/imagine {number}"))).unwrap())
        .collect();
    inbound.extend(inbound.clone());
    inbound.reverse();
    inbound.swap(3, 30);
    studio.ann().comes_in().await;
    studio.clock.advance(Duration::from_mins(5));
    let before = studio.ann().sees_all().len();
    studio.database.accept(&inbound).await.unwrap();
    while_running(&process, async {
        until("all are answered", || studio.ann().sees_all().len() >= before + 20).await;
        sleep(Duration::from_secs(5)).await;
    })
    .await;
    let offers = studio.ann().sees_all().split_off(before);
    assert_eq!(offers.len(), 20);
    for (number, offer) in (1..).zip(&offers) {
        assert!(offer.words.contains(&format!("\n{number}\n")), "{number}: {}", offer.words);
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_is_confirmed_to_telegram_only_after_it_is_kept() {
    for fate in [Fate::FailsBefore, Fate::FailsAfter] {
        let studio = Studio::new();
        studio.storm.strike("inbox.accept", fate, 3);
        let process = Process::of(&studio);
        while_running(&process, async {
            studio.telegram.push_update(text(42, 1, "/start"));
            sleep(Duration::from_millis(300)).await;
            assert_eq!(studio.telegram.unconfirmed(), 1, "not before it is kept");
            until("it is confirmed", || studio.telegram.unconfirmed() == 0).await;
            until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
            sleep(Duration::from_secs(5)).await;
        })
        .await;
        assert_eq!(studio.ann().sees_all().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_that_nobody_can_read_is_kept_aside_and_the_conversation_goes_on() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    while_running(&process, async {
        studio
            .telegram
            .push_update(json!({"update_id": 1, "message": {"chat": {"id": 42}, "message_id": "no number"}}));
        studio.telegram.push_update(text(42, 2, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    let failures = studio.database.latest(10).await.unwrap();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].fingerprint, "chat.unreadable");
    assert!(!failures[0].sample.contains("no number"), "{}", failures[0].sample);
}

#[tokio::test(start_paused = true)]
async fn a_stuck_conversation_and_a_flooding_one_stall_nobody() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    studio.telegram.stall(ChatId::new(66));
    while_running(&process, async {
        studio.telegram.push_update(text(66, 1, "/start"));
        for number in 2..500 {
            studio.telegram.push_update(text(77, number, "flood"));
        }
        studio.telegram.push_update(text(42, 500, "/start"));
        let begin = Instant::now();
        until("Ann is answered", || !studio.ann().sees_all().is_empty()).await;
        assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
        studio.telegram.release(ChatId::new(66));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn when_telegram_is_away_the_update_is_tried_again_until_it_is_back() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    for _ in 0..5 {
        studio.telegram.fail_next("send_message", away());
    }
    let begin = Instant::now();
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    assert!(begin.elapsed() >= Duration::from_secs(1 + 2 + 4 + 8 + 16), "{:?}", begin.elapsed());
    assert_eq!(studio.database.latest(10).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_ours_is_recorded_and_told_with_a_reference() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    let broken =
        || TelegramError::Failed(ProviderError::new(FailureClass::Bug, "unsendable", "it cannot be read"));
    for update in [1, 2] {
        studio.telegram.fail_next("send_message", broken());
        studio.telegram.fail_next("send_message", broken());
        while_running(&process, async {
            studio.telegram.push_update(text(42, update, "/start"));
            until("there is an answer", || studio.ann().sees_all().len() == usize::try_from(update).unwrap())
                .await;
        })
        .await;
        let words = studio.ann().sees().words;
        assert!(words.contains("Something of mine went wrong"), "{words}");
        let failures = studio.database.latest(10).await.unwrap();
        assert_eq!(failures.len(), 1, "equal ones are counted");
        assert_eq!(failures[0].fingerprint, "chat.telegram-unsendable");
        assert_eq!(i64::try_from(failures[0].count).unwrap(), update);
        assert!(words.contains(&failures[0].last_reference.to_string()), "{words}");
    }
    let notices = studio.operators.notices();
    assert_eq!(notices.len(), 1, "a kind is new once: {notices:?}");
    assert!(
        matches!(&notices[0], OperatorNotice::NewFailure { fingerprint, .. } if fingerprint == "chat.telegram-unsendable")
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_of_one_update() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    while_running(&process, async {
        studio.telegram.panic_next("send_message");
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
        studio.telegram.push_update(text(43, 2, "/start"));
        until("the others are answered", || !studio.boris().sees_all().is_empty()).await;
    })
    .await;
    assert!(studio.ann().sees().words.starts_with("Hi, I'm Aisha."), "the second try went well");
}

#[tokio::test(start_paused = true)]
async fn an_update_of_somebody_who_is_gone_is_done_with() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    while_running(&process, async {
        studio.telegram.fail_next("send_message", TelegramError::Unreachable);
        studio.telegram.push_update(text(42, 1, "/start"));
        until("it is confirmed", || studio.telegram.unconfirmed() == 0).await;
        sleep(Duration::from_secs(3)).await;
    })
    .await;
    assert_eq!(studio.database.depth().await.unwrap(), 0);
    assert_eq!(studio.database.latest(10).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_another_process_handles_is_left_to_it() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    let name = LeaseName::Chat(ChatId::new(42));
    let lease = studio.database.acquire(name, Duration::from_mins(1)).await.unwrap().unwrap();
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        sleep(Duration::from_secs(10)).await;
        assert_eq!(studio.ann().sees_all(), []);
        studio.database.release(&lease).await.unwrap();
        let begin = Instant::now();
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
        assert!(begin.elapsed() <= Duration::from_millis(1100), "the scan is the net: {:?}", begin.elapsed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_lost_meanwhile_stops_the_work_under_it() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    studio.telegram.stall(ChatId::new(42));
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        sleep(Duration::from_secs(1)).await;
        studio.database.tamper(|tables| {
            tables.leases.remove(&LeaseName::Chat(ChatId::new(42)));
        });
        let taken = studio.database.acquire(LeaseName::Chat(ChatId::new(42)), Duration::from_mins(1)).await;
        assert!(taken.unwrap().is_some());
        sleep(Duration::from_secs(30)).await;
        studio.telegram.release(ChatId::new(42));
        sleep(Duration::from_secs(1)).await;
        assert_eq!(studio.ann().sees_all(), [], "whoever holds the lease answers");
    })
    .await;
    assert_eq!(studio.database.depth().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn stopping_gives_every_lease_up_at_once() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    for name in [LeaseName::Poller, LeaseName::Chat(ChatId::new(42))] {
        let taken = studio.database.acquire(name, Duration::from_mins(1)).await.unwrap();
        assert!(taken.is_some(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_process_polls_and_another_takes_over() {
    let studio = Studio::new();
    let (first, second) = (Process::of(&studio), Process::of(&studio));
    let prepared =
        || studio.telegram.calls().iter().filter(|(method, _)| *method == "remove_webhook").count();
    let stop = CancellationToken::new();
    while_running(&second, async {
        tokio::join!(first.run(&stop), async {
            sleep(Duration::from_secs(10)).await;
            assert_eq!(prepared(), 1);
            stop.cancel();
        });
        until("the other one polls", || prepared() == 2).await;
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    assert_eq!(studio.telegram.commands().len(), 6, "each lists the commands");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_in_the_way_is_removed() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    studio.telegram.fail_next("updates", TelegramError::WebhookActive);
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    let removals = studio.telegram.calls().iter().filter(|(method, _)| *method == "remove_webhook").count();
    assert_eq!(removals, 2);
}

#[tokio::test(start_paused = true)]
async fn telegrams_wait_is_kept_when_it_gives_no_updates() {
    let studio = Studio::new();
    let process = Process::of(&studio);
    let class = FailureClass::Limited { retry_after: Some(Duration::from_secs(40)) };
    studio.telegram.fail_next("updates", ProviderError::new(class, "limited", "too many requests").into());
    let begin = Instant::now();
    while_running(&process, async {
        studio.telegram.push_update(text(42, 1, "/start"));
        until("there is an answer", || !studio.ann().sees_all().is_empty()).await;
    })
    .await;
    assert!(begin.elapsed() >= Duration::from_secs(40));
}
