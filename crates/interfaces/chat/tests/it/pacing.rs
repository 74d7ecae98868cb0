//! Telegram at its pace: who waits for whom, what is waited out, and what is not made again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chat::{Html, PacedTelegram, Pacing, TelegramApi as _, TelegramError, TextMessage};
use kernel::{
    BoxError, ChatId, Clock, FailureClass, Lane, Limit, ProviderError, Timestamp, Turns, TurnsError,
};
use testkit::fakes::MemoryTurns;
use tokio::time::Instant;

use crate::fake_telegram::FakeTelegram;

const CHAT: ChatId = ChatId::new(42);

fn limited(seconds: u64) -> TelegramError {
    let class = FailureClass::Limited { retry_after: Some(Duration::from_secs(seconds)) };
    ProviderError::new(class, "limited", "too many requests").into()
}

fn message() -> TextMessage {
    TextMessage::plain(Html::escaped("hi"))
}

/// The time of the test's runtime.
struct RuntimeClock(Instant);

impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH + self.0.elapsed()
    }
}

fn turns() -> Arc<dyn Turns> {
    Arc::new(MemoryTurns::new(Arc::new(RuntimeClock(Instant::now()))))
}

fn paced(telegram: &FakeTelegram, pacing: Pacing) -> PacedTelegram {
    PacedTelegram::new(Arc::new(telegram.clone()), turns(), pacing)
}

async fn seconds_for(paced: &PacedTelegram, sends: i64, chat: impl Fn(i64) -> ChatId) -> u64 {
    let start = Instant::now();
    for number in 0..sends {
        paced.send_message(chat(number), &message()).await.unwrap();
    }
    start.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn all_conversations_together_keep_the_pace() {
    let paced = paced(&FakeTelegram::default(), Pacing::PerSecond(30));
    assert_eq!(seconds_for(&paced, 301, ChatId::new).await, 9);
}

#[tokio::test(start_paused = true)]
async fn one_conversation_gets_a_burst_and_then_one_a_second() {
    let paced = paced(&FakeTelegram::default(), Pacing::PerSecond(30));
    assert_eq!(seconds_for(&paced, 5, |_| CHAT).await, 0);
    assert_eq!(seconds_for(&paced, 3, |_| CHAT).await, 3);
}

#[tokio::test(start_paused = true)]
async fn two_processes_that_share_their_turns_keep_the_pace_together() {
    let (telegram, turns) = (FakeTelegram::default(), turns());
    let [one, other] = [(), ()]
        .map(|()| PacedTelegram::new(Arc::new(telegram.clone()), Arc::clone(&turns), Pacing::PerSecond(30)));
    let (one, other) = tokio::join!(
        seconds_for(&one, 151, ChatId::new),
        seconds_for(&other, 150, |number| ChatId::new(-number))
    );
    assert_eq!(one.max(other), 9);
}

#[tokio::test(start_paused = true)]
async fn a_talkative_conversation_takes_no_room_from_others() {
    let paced = paced(&FakeTelegram::default(), Pacing::PerSecond(30));
    let other = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let start = Instant::now();
        paced.send_message(ChatId::new(2), &message()).await.unwrap();
        start.elapsed()
    };
    let (_, waited) = tokio::join!(seconds_for(&paced, 100, |_| CHAT), other);
    assert!(waited < Duration::from_millis(100), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_left_alone_as_long_as_telegram_asks() {
    let telegram = FakeTelegram::default();
    let paced = paced(&telegram, Pacing::PerSecond(30));
    telegram.fail_next("send_message", limited(7));
    assert_eq!(seconds_for(&paced, 1, |_| CHAT).await, 7);
    assert_eq!(seconds_for(&paced, 1, |_| ChatId::new(2)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_waits() {
    let paced = paced(&FakeTelegram::default(), Pacing::Unlimited);
    assert_eq!(seconds_for(&paced, 1_000, |_| CHAT).await, 0);
}

/// A keeper of turns that is away.
struct NoTurns;

#[async_trait]
impl Turns for NoTurns {
    async fn take(&self, _: Lane, _: u32, _: Limit) -> Result<Duration, TurnsError> {
        Err(TurnsError(BoxError::from("away")))
    }

    async fn hold_back(&self, _: Lane, _: Duration, _: Limit) -> Result<(), TurnsError> {
        Err(TurnsError(BoxError::from("away")))
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_keeper_of_turns_messages_still_go_out() {
    let telegram = FakeTelegram::default();
    telegram.fail_next("send_message", limited(2));
    let paced = PacedTelegram::new(Arc::new(telegram.clone()), Arc::new(NoTurns), Pacing::PerSecond(30));
    assert_eq!(seconds_for(&paced, 2, |_| CHAT).await, 2);
    assert_eq!(telegram.messages(CHAT).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_short_wait_is_waited_out_and_the_message_goes() {
    for pacing in [Pacing::PerSecond(30), Pacing::Unlimited] {
        let telegram = FakeTelegram::default();
        telegram.fail_next("send_message", limited(2));
        telegram.fail_next("send_message", limited(3));
        let begin = Instant::now();
        paced(&telegram, pacing).send_message(CHAT, &message()).await.unwrap();
        assert!(begin.elapsed() >= Duration::from_secs(5), "{:?}", begin.elapsed());
        assert_eq!(telegram.messages(CHAT).len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_wait_is_for_the_caller_to_plan() {
    let telegram = FakeTelegram::default();
    telegram.fail_next("send_message", limited(60));
    let begin = Instant::now();
    let error = paced(&telegram, Pacing::PerSecond(30)).send_message(CHAT, &message()).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Limited { retry_after: Some(Duration::from_mins(1)) });
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_for_ever() {
    let telegram = FakeTelegram::default();
    for _ in 0..10 {
        telegram.fail_next("send_message", limited(1));
    }
    let outcome = paced(&telegram, Pacing::PerSecond(30)).send_message(CHAT, &message()).await;
    assert!(outcome.is_err());
    assert_eq!(telegram.calls().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_send_of_unknown_fate_is_not_made_again() {
    let telegram = FakeTelegram::default();
    let unknown =
        ProviderError::new(FailureClass::Unavailable, "timeout", "no answer").with_unknown_outcome();
    telegram.fail_next("send_message", unknown.into());
    assert!(paced(&telegram, Pacing::PerSecond(30)).send_message(CHAT, &message()).await.is_err());
    assert_eq!(telegram.calls().len(), 1);
}
