//! Trainings that their person ends, orders twice, or cannot pay.

use serde_json::json;
use tests::{Message, Person, Studio, portraits};

use crate::world::{PORTRAIT, balance, person_with_trainings, quick_studio};

/// A training that will take a while, under way at FAL; the message that tells how it goes.
async fn long_training(studio: &Studio, person: &Person, name: &str) -> Message {
    studio.providers(json!({ "training_ms": 60_000 })).await;
    let confirmation = studio.about_to_train(person, name, &portraits(0, 10)).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_status(name, "training").await;
    person.hear("progress", |message| message.words.contains('%')).await
}

async fn was_cancelled_at_fal(studio: &Studio) {
    let calls = studio.calls("fal", "/cancel").await;
    assert!(calls.iter().any(|call| call["status"] == 202), "{calls:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_is_taken_back_while_it_goes_on() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    let progress = long_training(&studio, &person, "Anna").await;
    person.press(&progress, "Cancel the training").await;
    let question = person.hear("what would be lost", |message| message.words.contains("would be lost")).await;
    person.press(&question, "Yes, cancel").await;
    let end = person.hear("that it is cancelled", |message| message.words.contains("was cancelled")).await;
    assert!(end.words.contains("200 credits are back"), "{}", end.words);
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0));
    assert_eq!(studio.status_of("Anna").await.as_deref(), Some("cancelled"));
    assert_eq!(studio.objects("photos/").len(), 10, "the photos are kept for now");
    was_cancelled_at_fal(&studio).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_avatar_is_deleted_while_it_is_trained() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    long_training(&studio, &person, "Anna").await;
    person.say("/avatars").await;
    let card = person.hear("the card", |message| message.button("Delete").is_some()).await;
    person.press(&card, "Delete").await;
    let question = person.hear("a question", |message| message.button("Yes, delete").is_some()).await;
    assert!(question.words.contains("its credits come back"), "{}", question.words);
    person.press(&question, "Yes, delete").await;
    person.hear("the receipt", |message| message.words.contains("10 photos were deleted")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0));
    assert_eq!(studio.status_of("Anna").await, None);
    for prefix in ["photo", "trainings/", "weights/"] {
        assert!(studio.objects(prefix).is_empty(), "{:?}", studio.objects(prefix));
    }
    was_cancelled_at_fal(&studio).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paid_button_pressed_twice_trains_once() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 2).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    person.press_times(&confirmation, "Train", 2).await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_trainings_at_once_and_credits_for_both() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 2).await;
    studio.providers(json!({ "training_ms": 3_000 })).await;
    for (name, first) in [("Anna", 0), ("Bea", 20)] {
        let confirmation = begin_beside(&studio, &person, name, first).await;
        person.press(&confirmation, "Train").await;
        studio.wait_for_status(name, "training").await;
    }
    for name in ["Anna", "Bea"] {
        studio.wait_for_status(name, "ready").await;
    }
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_trainings_at_once_and_credits_for_one() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    studio.providers(json!({ "training_ms": 60_000 })).await;
    let confirmation = begin_beside(&studio, &person, "Anna", 0).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_status("Anna", "training").await;
    let confirmation = begin_beside(&studio, &person, "Bea", 20).await;
    person.press(&confirmation, "Train").await;
    let alert = person.hear_answer("what is missing", |text| text.contains("160 more credits")).await;
    assert!(alert.contains("Nothing was taken"), "{alert}");
    assert_eq!(studio.status_of("Bea").await.as_deref(), Some("collecting"));
    assert_eq!(balance(&studio, &person).await, (40, 0, PORTRAIT));

    // What the first one set aside and got back is enough for the second.
    person.say("/avatars").await;
    let card = person.hear("a card", |message| message.button("New avatar").is_some()).await;
    assert!(card.words.contains("Bea"), "the draft is first: {}", card.words);
    person.press(&card, "▶").await;
    let card = person.hear("the other card", |message| message.button("Cancel the training").is_some()).await;
    person.press(&card, "Cancel the training").await;
    let question = person.hear("a question", |message| message.button("Yes, cancel").is_some()).await;
    person.press(&question, "Yes, cancel").await;
    person.hear("that it is cancelled", |message| message.words.contains("was cancelled")).await;
    studio.providers(json!({ "training_ms": 300 })).await;
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    studio.close().await;
}

/// The confirmation of a further avatar, while others may be trained.
async fn begin_beside(studio: &Studio, person: &Person, name: &str, first: u32) -> Message {
    person.begin_avatar(name, "Portrait").await;
    person.send_album(&portraits(first, 10)).await;
    let collected = person.hear_accepted(10).await;
    studio.wait_for_compared().await;
    person.choose_preset(&collected, "Standard").await
}
