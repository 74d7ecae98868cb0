//! Updates that Telegram brings: keeping the webhook set, and keeping what comes. The loops run in paused time.

use std::sync::Arc;
use std::time::Duration;

use chat::{
    Dispatcher, DispatcherPorts, DispatcherSettings, InboxBell, InboxIntake, IntakeError, TelegramError,
    Webhook, WebhookKeeper, WebhookKeeperPorts,
};
use kernel::{
    ChatId, FailureClass, InboundUpdate, Inbox as _, LeaseName, Leases as _, ProviderError, UpdateId,
};
use serde_json::json;
use testkit::weather::Fate;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::studio::Studio;

const ADDRESS: &str = "https://aisha.example.com/telegram/webhook";

fn keeper(studio: &Studio) -> WebhookKeeper {
    let ports = WebhookKeeperPorts {
        telegram: Arc::new(studio.telegram.clone()),
        leases: Arc::new(studio.database.clone()),
    };
    let webhook =
        Webhook { url: ADDRESS.parse().unwrap(), secret: "open-sesame_2026".into(), connections: 40 };
    WebhookKeeper::new(ports, studio.chat.clone(), webhook)
}

fn intake(studio: &Studio, most_waiting: u64) -> InboxIntake {
    InboxIntake::new(Arc::new(studio.database.clone()), InboxBell::new(), most_waiting)
}

fn text(update: i64) -> Vec<u8> {
    let message = json!({"message_id": update, "date": 1, "chat": {"id": 42, "type": "private"},
        "from": {"id": 42, "is_bot": false, "first_name": "X", "language_code": "en"}, "text": "/start"});
    json!({"update_id": update, "message": message}).to_string().into_bytes()
}

#[tokio::test(start_paused = true)]
async fn one_process_keeps_the_webhook_set_and_another_takes_over() {
    let studio = Studio::new();
    let (first, second) = (keeper(&studio), keeper(&studio));
    let (stop_first, stop_second) = (CancellationToken::new(), CancellationToken::new());
    let story = async {
        sleep(Duration::from_secs(30)).await;
        assert_eq!(studio.telegram.webhooks(), [ADDRESS], "by one of them");
        sleep(Duration::from_mins(10)).await;
        assert_eq!(studio.telegram.webhooks().len(), 2, "once more, should somebody have removed it");
        stop_first.cancel();
        sleep(Duration::from_secs(3)).await;
        assert_eq!(studio.telegram.webhooks().len(), 3, "the other one has taken over");
        stop_second.cancel();
    };
    tokio::join!(first.run(&stop_first), second.run(&stop_second), story);
    let removals = studio.telegram.calls().iter().filter(|(method, _)| *method == "remove_webhook").count();
    assert_eq!(removals, 0, "telegram goes on delivering");
    assert!(studio.database.acquire(LeaseName::Poller, Duration::from_secs(1)).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_telegram_does_not_take_is_set_again() {
    let studio = Studio::new();
    let limited = FailureClass::Limited { retry_after: Some(Duration::from_secs(20)) };
    studio
        .telegram
        .fail_next("set_webhook", ProviderError::new(limited, "limited", "too many requests").into());
    let away: TelegramError = ProviderError::new(FailureClass::Unavailable, "timeout", "no answer").into();
    studio.telegram.fail_next("set_webhook", away);
    let keeper = keeper(&studio);
    let stop = CancellationToken::new();
    let begin = Instant::now();
    let story = async {
        while studio.telegram.webhooks().is_empty() {
            assert!(begin.elapsed() < Duration::from_mins(1));
            sleep(Duration::from_millis(100)).await;
        }
        assert!(begin.elapsed() >= Duration::from_secs(20), "its own wait is kept: {:?}", begin.elapsed());
        stop.cancel();
    };
    tokio::join!(keeper.run(&stop), story);
}

#[tokio::test(start_paused = true)]
async fn what_is_brought_is_kept_once_and_wakes_the_dispatcher() {
    let studio = Studio::new();
    let bell = InboxBell::new();
    let database = Arc::new(studio.database.clone());
    let intake = InboxIntake::new(database.clone(), bell.clone(), 10);
    let ports = DispatcherPorts {
        inbox: database.clone(),
        leases: database.clone(),
        bell,
        failures: database,
        operators: Arc::new(studio.operators.clone()),
        ids: studio.ids.clone(),
    };
    let dispatcher = Dispatcher::new(ports, studio.chat.clone(), DispatcherSettings::default());
    let stop = CancellationToken::new();
    let story = async {
        // Past the first look, so that only the bell can be what wakes it.
        sleep(Duration::from_millis(1_100)).await;
        let begin = Instant::now();
        for _ in 0..3 {
            intake.take_in(&text(7)).await.unwrap();
        }
        while studio.ann().sees_all().is_empty() {
            assert!(begin.elapsed() < Duration::from_millis(500), "{:?}", begin.elapsed());
            sleep(Duration::from_millis(10)).await;
        }
        sleep(Duration::from_secs(5)).await;
        stop.cancel();
    };
    tokio::join!(dispatcher.run(&stop), story);
    assert_eq!(studio.ann().sees_all().len(), 1, "one answer");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_is_not_acknowledged() {
    for fate in [Fate::FailsBefore, Fate::FailsAfter] {
        let studio = Studio::new();
        studio.storm.strike("inbox.accept", fate, 1);
        let intake = intake(&studio, 10);
        assert!(matches!(intake.take_in(&text(7)).await, Err(IntakeError::Store(_))));
        intake.take_in(&text(7)).await.unwrap();
        assert_eq!(studio.database.depth().await.unwrap(), 1, "brought again, it is kept once");
    }
}

#[tokio::test(start_paused = true)]
async fn json_without_a_number_is_passed_over_and_no_json_is_refused() {
    let studio = Studio::new();
    let intake = intake(&studio, 10);
    intake.take_in(b"{\"message\": {}}").await.unwrap();
    assert!(matches!(intake.take_in(b"{\"update_id\": 7").await, Err(IntakeError::NotJson(_))));
    assert_eq!(studio.database.depth().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn no_more_may_wait_than_are_allowed_to() {
    let studio = Studio::new();
    let intake = intake(&studio, 3);
    for number in 1..=3 {
        intake.take_in(&text(number)).await.unwrap();
    }
    assert!(matches!(intake.take_in(&text(4)).await, Err(IntakeError::Full { waiting: 3 })));
    let other = InboundUpdate { chat: ChatId::new(9), update: UpdateId::new(1), body: "{}".to_owned() };
    studio.database.accept(&[other]).await.unwrap();
    sleep(Duration::from_secs(2)).await;
    let full = intake.take_in(&text(4)).await;
    assert!(matches!(full, Err(IntakeError::Full { waiting: 4 })), "others' updates count: {full:?}");

    let lease =
        studio.database.acquire(LeaseName::Chat(ChatId::new(42)), Duration::from_mins(1)).await.unwrap();
    let lease = lease.unwrap();
    for number in 1..=3 {
        studio.database.mark_handled(&lease, ChatId::new(42), UpdateId::new(number)).await.unwrap();
    }
    sleep(Duration::from_secs(2)).await;
    intake.take_in(&text(4)).await.unwrap();
}
