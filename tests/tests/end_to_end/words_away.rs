//! OpenAI is away: what needs no help goes on, a real person is not drawn unchecked, and everybody is told once.

use serde_json::{Value, json};
use tests::{Fault, Studio, portraits};

use crate::world::{balance, quick_studio};

/// Asks for better words while the helper fails like this; the person is told once and draws their own.
async fn own_words_go_on(fault: Value) {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    studio.let_fail(Fault::once("openai", fault).of("chat/completions").always()).await;
    person.say("/imagine a red fox").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Improve").await;
    let away = person.hear("that there is no help", |message| message.words.contains("away")).await;
    assert!(away.words.contains("a red fox"), "nothing is lost: {}", away.words);
    person.press(&away, "Go on with my words").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(card.words.contains("a red fox"));
    person.press(&card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    let saw = person.saw().await;
    let told = saw
        .iter()
        .filter(|sight| sight["words"].as_str().is_some_and(|text| text.contains("helper is away")));
    assert_eq!(told.count(), 1, "{saw:#?}");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn during_an_outage() {
    own_words_go_on(json!({ "kind": "status", "code": 503 })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_quota() {
    let body = json!({ "error": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota", "param": null, "code": "insufficient_quota",
    }});
    own_words_go_on(json!({ "kind": "status", "code": 429, "body": body })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_garbage_for_an_answer() {
    own_words_go_on(json!({ "kind": "garbage" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_answer_in_another_form() {
    own_words_go_on(json!({ "kind": "broken_answer" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_heard_can_be_tried_again() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    studio
        .let_fail(Fault::once("openai", json!({ "kind": "status", "code": 500 })).of("/audio").always())
        .await;
    person.speak("a red fox", 2).await;
    let deaf = person.hear("that it cannot be heard", |message| message.words.contains("can't listen")).await;
    studio.let_all_be_well().await;
    person.press(&deaf, "Try again").await;
    person.hear("what was heard", |message| message.words.contains("a red fox")).await;
    studio.close().await;
}

async fn with_an_instant_avatar(studio: &Studio) -> tests::Person {
    let person = studio.person().await;
    person.begin_avatar("Anna", "Instant").await;
    person.send_album(&portraits(0, 2)).await;
    let collected = person.hear_accepted(2).await;
    studio.wait_until_quiet().await;
    person.press(&collected, "Done").await;
    person.hear("that it is ready", |message| message.words.contains("is ready")).await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_safety_check_words_are_drawn_and_a_real_person_is_not() {
    let studio = quick_studio(&[("AISHA_GENERATION__SAFETY_PATIENCE_SECONDS", "2")]).await;
    let person = with_an_instant_avatar(&studio).await;
    studio
        .let_fail(Fault::once("openai", json!({ "kind": "status", "code": 503 })).of("moderations").always())
        .await;
    person.draw("a red fox").await;
    person.hear("the image", |message| message.file.is_some()).await;
    person.say("/draw in a red coat").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Draw 1").await;
    let end = person
        .hear("that it was not checked", |message| message.words.contains("couldn't check this safely"))
        .await;
    assert!(end.words.contains("cost nothing"), "{}", end.words);
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_person_is_drawn_as_soon_as_the_safety_check_is_back() {
    let studio = quick_studio(&[]).await;
    let person = with_an_instant_avatar(&studio).await;
    studio
        .let_fail(Fault::once("openai", json!({ "kind": "status", "code": 503 })).of("moderations").always())
        .await;
    let before = studio.calls("google", "generateContent").await.len();
    person.say("/draw in a red coat").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Draw 1").await;
    studio.wait_for("the request", |system| system["generations"][0]["state"] == "held").await;
    assert_eq!(studio.calls("google", "generateContent").await.len(), before);
    studio.let_all_be_well().await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}
