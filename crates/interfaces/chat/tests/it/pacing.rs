//! Telegram at its pace: what is waited out, and what is not made again.

use std::sync::Arc;
use std::time::Duration;

use chat::{Html, PacedTelegram, Pacing, TelegramApi as _, TelegramError, TextMessage};
use kernel::{ChatId, FailureClass, ProviderError};
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

fn paced(telegram: &FakeTelegram, pacing: Pacing) -> PacedTelegram {
    PacedTelegram::new(Arc::new(telegram.clone()), pacing)
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
