//! Operators stay in control: maintenance, paused features, and who may come in.

use std::time::Duration;

use tokio::time::Instant;

use serde_json::json;
use tests::{Fault, Person, Studio};

use crate::world::{balance, states};

/// Within this every process obeys.
const OBEYED_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_answers_everybody_within_5_seconds_and_lets_work_under_way_go_on() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    let slow = Fault::once("google", json!({ "kind": "hold" }));
    studio.let_fail(slow.of("generateContent")).await;
    person.draw("a red fox").await;
    studio.wait_for_held(1).await;

    assert_eq!(studio.command(&["maintenance", "on", "--reason", "a test"]).await.0, 0);
    until_answered(&person, "worked on").await;
    let (_, paused) = studio.command(&["pauses"]).await;
    assert!(paused.contains("maintenance") && paused.contains("a test"), "{paused}");
    studio.release().await;
    person.hear("the image", |message| message.file.is_some()).await;

    assert_eq!(studio.command(&["maintenance", "off"]).await.0, 0);
    until_answered(&person, "/imagine").await;
    studio.close().await;
}

/// Asks for help again and again, until the answer contains these words.
async fn until_answered(person: &Person, words: &str) {
    let begun = Instant::now();
    loop {
        person.say("/help").await;
        let answer = person.hear("an answer", |message| message.file.is_none()).await;
        if answer.words.contains(words) {
            return;
        }
        assert!(begun.elapsed() < OBEYED_WITHIN, "still answered with {:?}", answer.words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_feature_is_declined_politely_and_holds_nothing() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine a red fox").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    for _ in 0..2 {
        let (code, words) = studio.command(&["pause", "images"]).await;
        assert_eq!(code, 0, "{words}");
    }
    let draw = card.button("Draw").unwrap().to_owned();
    person.press(&card, &draw).await;
    person.hear_answer("that it cannot be now", |words| words.contains("can't draw right now")).await;
    assert!(states(&studio).await.is_empty(), "nothing was taken on");
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));

    let (code, words) = studio.command(&["resume", "images"]).await;
    assert_eq!(code, 0, "{words}");
    person.draw("a blue fox").await;
    person.hear("the image", |message| message.file.is_some()).await;
    let (code, words) = studio.command(&["pause", "pictures"]).await;
    assert_ne!(code, 0);
    assert!(words.contains("images, trainings, help"), "it says what there is: {words}");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_invitation_comes_in_and_nobody_else() {
    let studio = Studio::open_with(&[("AISHA_ACCESS__MODE", "invite")]).await;
    let (code, words) = studio.command(&["invite", "create", "--code", "friends-1", "--note", "Anna"]).await;
    assert_eq!(code, 0, "{words}");
    let (first, second) = (studio.stranger("en").await, studio.stranger("ru").await);
    first.say("/start").await;
    first.hear("that it is by invitation", |message| message.words.contains("by invitation")).await;
    assert_eq!(studio.system().await["accounts"], json!([]), "nobody is known who was not let in");

    first.say("/start friends-1").await;
    let terms = first.hear("the terms", |message| message.button("Accept").is_some()).await;
    first.press(&terms, "Accept").await;
    first.hear("the menu", |message| message.words.contains("40")).await;
    second.say("/start friends-1").await;
    second.hear("that it was used up", |message| message.words.contains("уже использовано")).await;

    let (_, listed) = studio.command(&["invite", "list"]).await;
    assert!(listed.contains("friends-1") && listed.contains("1 of 1 used"), "{listed}");
    assert_eq!(studio.command(&["invite", "revoke", "friends-1"]).await.0, 0);
    first.draw("a red fox").await;
    first.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_circle_says_what_to_ask_for() {
    let studio = Studio::open_with(&[("AISHA_ACCESS__MODE", "allow-list")]).await;
    let person = studio.stranger("en").await;
    person.say("/imagine a red fox").await;
    let id = person.id.to_string();
    person.hear("that it is closed", |message| message.words.contains(&id)).await;
    assert_eq!(studio.system().await["accounts"], json!([]));
    studio.close().await;
}
