//! From a description to a request.

use std::time::Duration;

use chat::PressAnswer;
use kernel::DialogueStore as _;
use serde_json::json;
use testkit::weather::Fate;

use crate::fake_telegram::Body;
use crate::studio::Studio;

const OFFER: [&str; 12] = [
    "✓ 1:1",
    "3:4",
    "4:3",
    "9:16",
    "16:9",
    "✓ 1",
    "2",
    "3",
    "4",
    "Draw 1 · 5 credits",
    "✨ Improve",
    "✖ Not now",
];

#[tokio::test]
async fn a_text_out_of_the_blue_is_offered_with_its_price() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a red fox in snow").await;
    let offer = ann.sees();
    assert!(offer.words.contains("a red fox in snow"), "{}", offer.words);
    assert_eq!(offer.labels(), OFFER);
    ann.writes("/imagine a blue fox").await;
    assert!(ann.sees().words.contains("a blue fox"));
    ann.writes("/imagine").await;
    assert!(ann.sees().words.starts_with("What would you like to see?"));
    ann.writes("/start").await;
    ann.presses("🎨").await;
    assert!(ann.sees().words.starts_with("What would you like to see?"));
}

#[tokio::test]
async fn choices_change_the_price_and_are_drawn() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a red fox").await;
    assert_eq!(ann.presses("3").await, PressAnswer::Silent);
    // The first button with a 3 is 3:4.
    assert!(ann.sees().labels().contains(&"✓ 3:4"));
    let three = ann.sees().labels().iter().position(|label| *label == "3").unwrap();
    assert_eq!(three, 7);
    let press = {
        let offer = ann.sees();
        let button = offer.keyboard.buttons().nth(three).unwrap().clone();
        let chat::ButtonAction::Press(data) = button.action else { panic!("not a press") };
        ann.press_update(&offer.wire(ann.room()), &data.encode())
    };
    ann.gives(&press).await.unwrap();
    assert!(ann.sees().labels().contains(&"Draw 3 · 15 credits"), "{:?}", ann.sees().labels());
    ann.presses("Draw").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 25);
    let generation = studio.generation.under_way(ann.account().await.id).await.unwrap();
    assert!(generation.is_empty());
    studio.assert_in_order().await;
}

#[tokio::test]
async fn pressing_the_paid_button_turns_the_offer_into_progress_and_then_into_the_image() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a red fox").await;
    let before = ann.sees_all().len();
    assert_eq!(ann.presses("Draw").await, PressAnswer::Silent);
    assert!(ann.sees().words.contains("Accepted."), "{}", ann.sees().words);
    assert_eq!(ann.sees().labels(), ["✖ Cancel"]);
    studio.work().await;
    let image = ann.sees();
    assert!(matches!(image.body, Body::Photo(_)));
    assert_eq!(ann.sees_all().len(), before, "one message was edited");
    assert!(image.words.contains("a red fox") && image.words.contains("Made by AI · Gemini <Test>"));
    assert_eq!(ann.credits().await, 35);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn one_paid_button_pressed_twice_is_one_request() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a red fox").await;
    let first = ann.press_of("Draw");
    let second = ann.press_of("Draw");
    assert_eq!(ann.gives(&first).await.unwrap(), PressAnswer::Silent);
    assert_eq!(ann.gives(&second).await.unwrap(), PressAnswer::Toast("I'm on it already.".to_owned()));
    // The same update once more, as after a crash.
    assert_eq!(ann.gives(&first).await.unwrap(), PressAnswer::Toast("I'm on it already.".to_owned()));
    studio.work().await;
    assert_eq!(ann.credits().await, 35);
    assert_eq!(studio.generator.submissions(), 1);
    assert_eq!(ann.gives(&second).await.unwrap(), PressAnswer::Toast("I'm on it already.".to_owned()));
    assert!(matches!(ann.sees().body, Body::Photo(_)), "the image is not overwritten");
}

#[tokio::test]
async fn an_offer_outlives_what_is_remembered() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let description = "🦊 <fox> & co\nsecond line with *stars*";
    ann.writes(description).await;
    studio.dialogues.clear(ann.room()).await.unwrap();
    ann.presses("Draw").await;
    studio.work().await;
    assert!(ann.sees().words.contains(description), "{}", ann.sees().words);
}

#[tokio::test]
async fn an_offer_whose_description_is_lost_asks_for_it_again() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    // Too long to be quoted as a whole, so that it is in memory only.
    ann.writes(&"🦊".repeat(2000)).await;
    let draw = ann.press_of("Draw");
    let keyboard = ann.sees().keyboard;
    studio.dialogues.clear(ann.room()).await.unwrap();
    let lost =
        PressAnswer::Alert("I no longer have this description. Please send it to me again.".to_owned());
    assert_eq!(ann.gives(&draw).await.unwrap(), lost);
    assert_eq!(ann.sees().keyboard, keyboard, "the offer stays");
    assert_eq!(ann.credits().await, 40);
}

#[tokio::test]
async fn too_few_credits_are_told_and_the_offer_stays() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for _ in 0..7 {
        ann.has_drawn("a fox").await;
        studio.clock.advance(Duration::from_mins(1));
    }
    assert_eq!(ann.credits().await, 5);
    ann.writes("a hare").await;
    let offer = ann.sees();
    let chat::ButtonAction::Press(two) = &offer.keyboard.buttons().nth(6).unwrap().action else { panic!() };
    ann.gives(&ann.press_update(&offer.wire(ann.room()), &two.encode())).await.unwrap();
    let answer = ann.presses("Draw 2").await;
    let PressAnswer::Alert(words) = answer else { panic!("{answer:?}") };
    assert!(words.starts_with("5 more credits are needed: this costs 10, and you have 5."), "{words}");
    assert!(ann.sees().labels().contains(&"Draw 2 · 10 credits"), "{:?}", ann.sees().labels());
    assert_eq!(ann.credits().await, 5);
    // After a top-up the same button works.
    let account = ann.account().await.id;
    let key = "operator:1".parse().unwrap();
    studio.balance.grant_bonus(account, &key, kernel::Credits::of(5), "sorry").await.unwrap();
    assert_eq!(ann.presses("Draw 2").await, PressAnswer::Silent);
    studio.work().await;
    assert_eq!(ann.credits().await, 0);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn a_changed_price_is_shown_before_it_is_paid() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    let offer = ann.sees();
    let draw = offer.keyboard.buttons().nth(9).unwrap().action.clone();
    let chat::ButtonAction::Press(chat::CallbackData::Draw(choice)) = draw else {
        panic!("not the paid button")
    };
    let cheap = chat::CallbackData::Draw(chat::OfferChoice { unit_price: kernel::Credits::of(1), ..choice });
    let answer = ann.gives(&ann.press_update(&offer.wire(ann.room()), &cheap.encode())).await.unwrap();
    let PressAnswer::Alert(words) = answer else { panic!("{answer:?}") };
    assert!(words.contains("one image now costs 5 credits"), "{words}");
    assert_eq!(ann.credits().await, 40);
    assert!(ann.sees().labels().contains(&"Draw 1 · 5 credits"));
    assert_eq!(ann.presses("Draw").await, PressAnswer::Silent);
}

#[tokio::test]
async fn an_offer_can_be_dropped() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    let draw = ann.press_of("Draw");
    ann.presses("✖ Not now").await;
    assert!(ann.sees().words.starts_with("All right, not this one."));
    // The paid button of the same offer, pressed before, still counts: that is what the person did first or last.
    ann.gives(&draw).await.unwrap();
    assert!(ann.sees().words.contains("Accepted."));
}

#[tokio::test]
async fn a_request_can_be_taken_back_until_somebody_works_on_it() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    ann.presses("Draw").await;
    assert_eq!(ann.credits().await, 35);
    let cancel = ann.press_of("✖ Cancel");
    assert_eq!(
        ann.gives(&cancel).await.unwrap(),
        PressAnswer::Toast("Cancelled. It cost nothing.".to_owned())
    );
    assert_eq!(ann.credits().await, 40);
    studio.work().await;
    assert!(ann.sees().words.starts_with("✖ Cancelled."), "{}", ann.sees().words);
    let answer = ann.gives(&cancel).await.unwrap();
    assert!(matches!(answer, PressAnswer::Alert(_)), "{answer:?}");
    assert_eq!(studio.generator.submissions(), 0);

    ann.presses("🔁 Again").await;
    ann.writes("/cancel").await;
    assert!(ann.sees().words.contains("Cancelled."), "{}", ann.sees().words);
    studio.work().await;
    ann.writes("/cancel").await;
    assert_eq!(ann.sees().words, "There is nothing to cancel.");
    assert_eq!(ann.credits().await, 40);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn no_more_requests_at_once_than_allowed() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for number in 0..3 {
        ann.writes(&format!("fox {number}")).await;
        assert_eq!(ann.presses("Draw").await, PressAnswer::Silent);
    }
    ann.writes("one fox too many").await;
    let answer = ann.presses("Draw").await;
    let PressAnswer::Alert(words) = answer else { panic!("{answer:?}") };
    assert!(words.starts_with("3 requests are still being drawn."), "{words}");
    assert!(ann.sees().labels().contains(&"Draw 1 · 5 credits"), "the offer is back");
    assert!(ann.sees().words.contains("one fox too many"));
    studio.work().await;
    assert_eq!(ann.presses("Draw").await, PressAnswer::Silent);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn a_refused_description_costs_nothing_and_says_why() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("something forbidden").await;
    assert!(ann.sees().words.starts_with("🚫 This one isn't possible."), "{}", ann.sees().words);
    assert!(!ann.sees().labels().iter().any(|label| label.contains("Again")));
    assert_eq!(ann.credits().await, 40);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn a_caption_below_a_photo_is_drawn_from() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.sends(json!({"photo": [{"file_id": "x"}], "caption": "make it a fox"})).await;
    ann.presses("✍️ Draw my words").await;
    assert!(ann.sees().words.contains("make it a fox"));
    assert!(ann.sees().labels().contains(&"Draw 1 · 5 credits"));
}

#[tokio::test]
async fn operators_are_not_told_of_everyday_things() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    assert_eq!(studio.operators.notices(), []);
}

#[tokio::test]
async fn an_interrupted_press_is_finished_by_the_next_try() {
    for (port, fate) in [
        ("generations.find_by_intent", Fate::FailsBefore),
        ("pauses.active", Fate::FailsBefore),
        ("balances.sheet", Fate::FailsBefore),
        ("units.begin", Fate::FailsBefore),
        ("generations.insert", Fate::FailsBefore),
        ("units.commit", Fate::FailsBefore),
        ("units.commit", Fate::FailsAfter),
    ] {
        let studio = Studio::new();
        let ann = studio.ann();
        ann.comes_in().await;
        ann.writes("a red fox").await;
        let draw = ann.press_of("Draw");
        studio.storm.strike(port, fate, 1);
        let error = ann.gives(&draw).await.unwrap_err();
        assert!(studio.storm.is_over() && error.is_passing(), "{port}: {error}");
        ann.gives(&draw).await.unwrap();
        studio.work().await;
        assert!(matches!(ann.sees().body, Body::Photo(_)), "{port} {fate:?}");
        assert_eq!(ann.credits().await, 35, "{port} {fate:?}");
        assert_eq!(studio.generator.submissions(), 1, "{port} {fate:?}");
        studio.assert_in_order().await;
    }
}

#[tokio::test]
async fn after_an_interruption_the_offer_comes_back_when_it_cannot_be_paid_any_more() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a red fox").await;
    let draw = ann.press_of("Draw");
    studio.storm.strike("units.commit", Fate::FailsBefore, 1);
    ann.gives(&draw).await.unwrap_err();
    assert!(ann.sees().words.contains("Accepted."));
    let account = ann.account().await.id;
    let everything = kernel::Credits::of(40);
    studio.balance.hold(account, uuid::Uuid::from_u128(1), everything, Duration::from_mins(5)).await.unwrap();
    assert!(matches!(ann.gives(&draw).await.unwrap(), PressAnswer::Alert(_)));
    assert!(ann.sees().words.contains("a red fox"));
    assert!(ann.sees().labels().contains(&"Draw 1 · 5 credits"));
}
