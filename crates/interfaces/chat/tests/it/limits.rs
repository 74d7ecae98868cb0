//! How often a person may do things.

use std::time::Duration;

use chat::{ActionLimits, ChatSettings, PressAnswer};
use kernel::Credits;

use crate::studio::Studio;

#[tokio::test]
async fn who_writes_too_much_is_told_when_to_try_again_and_not_with_every_message() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for _ in 0..40 {
        ann.writes("/help").await;
    }
    let told =
        ann.sees_all().iter().filter(|message| message.words.starts_with("That was a lot at once.")).count();
    assert_eq!(told, 1);
    assert!(
        ann.sees().words.ends_with("second.") || ann.sees().words.ends_with("seconds."),
        "{}",
        ann.sees().words
    );
    studio.clock.advance(Duration::from_secs(3));
    ann.writes("/help").await;
    assert!(ann.sees().words.starts_with("How it works"));
    // The others notice nothing.
    studio.boris().writes("/start").await;
    assert!(studio.boris().sees().words.starts_with("Привет"));
}

#[tokio::test]
async fn presses_are_limited_too() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let mut last = PressAnswer::Silent;
    for _ in 0..35 {
        let press = ann.press_update(&ann.sees().wire(ann.room()), &chat::CallbackData::Menu.encode());
        last = ann.gives(&press).await.unwrap();
    }
    assert!(
        matches!(&last, PressAnswer::Toast(words) if words.starts_with("That was a lot at once.")),
        "{last:?}"
    );
}

#[tokio::test]
async fn six_requests_a_minute_are_enough() {
    let settings = ChatSettings { welcome_credits: Credits::of(400), ..ChatSettings::default() };
    let studio = Studio::with(settings, Credits::of(5));
    let ann = studio.ann();
    ann.comes_in().await;
    for _ in 0..6 {
        ann.has_drawn("a fox").await;
    }
    ann.writes("a fox").await;
    let answer = ann.presses("Draw").await;
    assert!(
        matches!(&answer, PressAnswer::Alert(words) if words.starts_with("That was a lot at once.")),
        "{answer:?}"
    );
    assert!(ann.sees().labels().contains(&"Draw 1 · 5 credits"), "the offer stays");
    studio.clock.advance(Duration::from_secs(10));
    assert_eq!(ann.presses("Draw").await, PressAnswer::Silent);
}

#[tokio::test]
async fn limits_can_be_lifted() {
    let settings = ChatSettings { limits: ActionLimits::NONE, ..ChatSettings::default() };
    let studio = Studio::with(settings, Credits::of(5));
    let ann = studio.ann();
    ann.comes_in().await;
    for _ in 0..200 {
        ann.writes("/help").await;
    }
    assert!(ann.sees_all().iter().all(|message| !message.words.starts_with("That was a lot")));
}
