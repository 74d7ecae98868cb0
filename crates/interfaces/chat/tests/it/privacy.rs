//! What is kept: shown, handed out, erased. And the profile.

use std::time::Duration;

use chat::PressAnswer;

use crate::fake_telegram::Body;
use crate::studio::Studio;

#[tokio::test]
async fn what_is_kept_is_told_with_counts() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    ann.writes("/privacy").await;
    let page = ann.sees();
    assert!(page.words.starts_with("What I keep of you"), "{}", page.words);
    assert!(page.words.contains("Images: 1;"), "{}", page.words);
    assert_eq!(page.labels(), ["📦 Export everything", "🔥 Erase everything", "☰ Menu"]);
}

#[tokio::test]
async fn what_is_kept_can_be_seen_before_the_terms_are_accepted() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.writes("/privacy").await;
    assert!(ann.sees().words.starts_with("What I keep of you"));
    ann.presses("🔥 Erase everything").await;
    assert!(ann.sees().words.starts_with("🔥 Shall I erase everything"), "{}", ann.sees().words);
}

#[tokio::test]
async fn everything_is_handed_out_as_one_file() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    ann.writes("/privacy").await;
    let export = ann.press_of("📦 Export everything");
    ann.gives(&export).await.unwrap();
    ann.gives(&export).await.unwrap();
    studio.work().await;
    let files =
        ann.sees_all().into_iter().filter(|message| matches!(message.body, Body::Document(_))).count();
    assert_eq!(files, 1, "pressed twice, it is one file");
    assert!(ann.sees_all().iter().any(|message| message.words.starts_with("✅ That's everything I keep")));
}

#[tokio::test]
async fn an_erasure_is_asked_twice_says_what_is_lost_and_ends_with_a_receipt() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let before = ann.account().await.id;
    ann.writes("/privacy").await;
    ann.presses("🔥 Erase everything").await;
    let question = ann.sees().words;
    assert!(question.contains("• 1 image\n"), "{question}");
    assert!(question.contains("35 unspent credits will be lost."), "{question}");
    assert!(question.contains("Google and OpenAI"), "{question}");
    ann.presses("🔥 Erase everything…").await;
    assert!(ann.sees().words.starts_with("⚠️ Really everything?"), "{}", ann.sees().words);
    ann.presses("🔥 Yes, erase everything for good").await;
    assert!(ann.sees().words.starts_with("🔥 I'm erasing everything."), "{}", ann.sees().words);

    ann.writes("a hare").await;
    assert!(ann.sees().words.starts_with("I'm erasing what I keep of you"), "{}", ann.sees().words);
    for _ in 0..10 {
        studio.work().await;
        studio.clock.advance(Duration::from_mins(5));
    }
    let receipt = ann.sees().words;
    assert!(receipt.starts_with("✅ Everything is erased."), "{receipt}");
    assert!(receipt.contains("• 1 image\n"), "{receipt}");
    assert_eq!(studio.objects.keys(), []);

    ann.writes("/start").await;
    assert!(ann.sees().words.contains("Welcome back."), "{}", ann.sees().words);
    ann.presses("✅").await;
    assert_ne!(ann.account().await.id, before);
    assert_eq!(ann.credits().await, 0, "the welcome credits were given once");
}

#[tokio::test]
async fn a_button_that_was_left_lying_erases_nothing() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/privacy").await;
    ann.presses("🔥 Erase everything").await;
    ann.presses("🔥 Erase everything…").await;
    studio.clock.advance(Duration::from_mins(16));
    let answer = ann.presses("🔥 Yes, erase everything for good").await;
    assert!(matches!(answer, PressAnswer::Alert(words) if words.starts_with("It's been a while")));
    assert!(ann.sees().words.starts_with("🔥 Shall I erase everything"));
    ann.presses("↩ Keep everything").await;
    assert!(ann.sees().words.starts_with("What I keep of you"));
    assert!(!studio.privacy.is_being_erased(ann.account().await.id).await.unwrap());
}

#[tokio::test]
async fn the_profile_is_counted() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    ann.presses("☆").await;
    ann.writes("/settings").await;
    ann.presses("👤 Profile").await;
    let profile = ann.sees().words;
    for line in [
        "Here since 24 November 2026",
        "Language: English",
        "1 image in your gallery",
        "From words: 1 · With an avatar: 0 · With an instant avatar: 0",
        "Favourites: 1",
        "35 credits to spend",
        "Spent so far: 5 credits, 5 of them on images",
    ] {
        assert!(profile.contains(line), "{line}: {profile}");
    }
}
