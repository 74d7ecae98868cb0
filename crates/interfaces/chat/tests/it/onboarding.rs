//! The first visit.

use chat::{ChatSettings, PressAnswer};
use kernel::{Credits, Language};
use testkit::weather::Fate;

use crate::studio::Studio;

#[tokio::test]
async fn a_person_is_greeted_in_the_language_of_their_telegram() {
    let studio = Studio::new();
    studio.ann().writes("/start").await;
    let terms = studio.ann().sees();
    assert!(terms.words.starts_with("Hi, I'm Aisha."), "{}", terms.words);
    assert!(terms.words.contains("40 credits: enough for 8 images"), "{}", terms.words);
    assert_eq!(terms.labels(), ["✅ Accept", "Русский"]);
    studio.boris().writes("/start").await;
    let terms = studio.boris().sees();
    assert!(terms.words.starts_with("Привет, я Аиша."), "{}", terms.words);
    assert!(terms.words.contains("40 кредитов — этого хватит на 8 картинок"), "{}", terms.words);
}

#[tokio::test]
async fn accepting_gives_the_welcome_credits_once_and_shows_the_menu() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.writes("/start").await;
    let accept = ann.press_of("✅");
    assert_eq!(ann.gives(&accept).await.unwrap(), PressAnswer::Silent);
    assert_eq!(ann.credits().await, 40);
    let welcome = ann.sees();
    assert!(welcome.words.contains("40 credits are yours"), "{}", welcome.words);
    assert_eq!(
        welcome.labels(),
        ["🎨 New image", "🧑‍🎨 Draw me", "🧑 Avatars", "🖼 Gallery", "💳 Balance", "⚙️ Settings", "❓ Help"]
    );
    assert!(ann.account().await.has_accepted_terms());

    let again = ann.gives(&accept).await.unwrap();
    assert_eq!(again, PressAnswer::Toast("You've accepted these already.".to_owned()));
    assert_eq!(ann.credits().await, 40, "the gift is given once");
    studio.assert_in_order().await;
}

#[tokio::test]
async fn the_language_can_be_chosen_before_anything_is_accepted() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.writes("/start").await;
    ann.presses("Русский").await;
    assert!(ann.sees().words.starts_with("Привет, я Аиша."));
    assert_eq!(ann.account().await.language, Language::Russian);
    assert_eq!(ann.sees_all().len(), 1, "the terms were edited");
}

#[tokio::test]
async fn what_was_written_before_the_terms_is_offered_after_them() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.writes("a red fox & a <hare>").await;
    assert!(ann.sees().words.contains("I've kept what you wrote"), "{}", ann.sees().words);
    ann.presses("✅").await;
    let offer = ann.sees();
    assert!(offer.words.contains("a red fox & a <hare>"), "{}", offer.words);
    assert!(offer.labels().contains(&"Draw 1 · 5 credits"), "{:?}", offer.labels());
}

#[tokio::test]
async fn nothing_else_works_before_the_terms_are_accepted() {
    let studio = Studio::new();
    let ann = studio.ann();
    for text in ["/gallery", "/balance", "/settings", "/cancel", "/imagine a fox", "a fox", "/nonsense"] {
        ann.writes(text).await;
        assert!(ann.sees().labels().contains(&"✅ Accept"), "{text}");
    }
    ann.writes("/privacy").await;
    assert!(ann.sees().words.starts_with("What I keep"));
    let menu = chat::CallbackData::Settings.encode();
    let press = ann.press_update(&ann.sees().wire(ann.room()), &menu);
    assert_eq!(
        ann.gives(&press).await.unwrap(),
        PressAnswer::Toast("Please accept the terms first.".to_owned())
    );
}

#[tokio::test]
async fn a_known_person_gets_the_menu() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/start").await;
    assert!(ann.sees().labels().contains(&"🎨 New image"));
    assert_eq!(ann.credits().await, 40);
}

#[tokio::test]
async fn without_a_gift_none_is_promised() {
    let settings = ChatSettings { welcome_credits: Credits::ZERO, ..ChatSettings::default() };
    let studio = Studio::with(settings, Credits::of(5));
    let ann = studio.ann();
    ann.writes("/start").await;
    assert!(!ann.sees().words.contains("credits:"), "{}", ann.sees().words);
    ann.presses("✅").await;
    assert!(ann.sees().words.starts_with("Thank you, all set."));
    assert_eq!(ann.credits().await, 0);
}

#[tokio::test]
async fn an_interrupted_acceptance_gives_the_gift_once() {
    for (port, fate) in [
        ("units.commit", Fate::FailsBefore),
        ("units.commit", Fate::FailsAfter),
        ("accounts.change", Fate::FailsBefore),
        ("accounts.change", Fate::FailsAfter),
    ] {
        let studio = Studio::new();
        let ann = studio.ann();
        ann.writes("/start").await;
        let accept = ann.press_of("✅");
        studio.storm.strike(port, fate, 1);
        ann.gives(&accept).await.unwrap_err();
        ann.gives(&accept).await.unwrap();
        assert!(ann.account().await.has_accepted_terms(), "{port} {fate:?}");
        assert_eq!(ann.credits().await, 40, "{port} {fate:?}");
        studio.assert_in_order().await;
    }
}
