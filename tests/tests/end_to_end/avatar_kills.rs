//! `kill -9` at ten moments on the way to an avatar, then a start: it comes to its end, and is paid only when it is ready.
//! The moments are made from outside: the sandbox holds a call, the test kills the bot.

use serde_json::json;
use tests::{Fault, Message, Person, Studio, portraits};

use crate::world::{PORTRAIT, balance, person_with_trainings, photos, quick_studio};

/// Leases short enough to wait for.
const SHORT_LEASES: [(&str, &str); 1] = [("AISHA_WORKER__LEASE_SECONDS", "3")];

fn held(service: &'static str, kind: &str, operation: &'static str) -> Fault {
    Fault::once(service, json!({ "kind": kind })).of(operation)
}

/// Kills the bot as soon as a call is held, and starts it when everything is well.
async fn kill_when_held(studio: &Studio) {
    studio.wait_for_held(1).await;
    studio.kill_bot().await;
    studio.let_all_be_well().await;
    studio.start_bot().await;
}

async fn about_to_train(studio: &Studio) -> (Person, Message) {
    let person = person_with_trainings(studio, 1).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    (person, confirmation)
}

/// The training ends, and costs its price if there is an avatar, and nothing otherwise.
async fn comes_to_its_end(studio: Studio, person: Person) {
    studio
        .wait_for("the end of the training", |system| {
            let status = system["avatars"][0]["status"].as_str();
            matches!(status, Some("ready" | "failed"))
        })
        .await;
    studio.wait_until_quiet().await;
    let is_ready = studio.status_of("Anna").await.as_deref() == Some("ready");
    let price = if is_ready { PORTRAIT } else { 0 };
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT - price, 0, 0));
    let chat = person.chat().await;
    let ending = if is_ready { "is ready!" } else { "couldn't be trained" };
    let told = chat.iter().filter(|message| message.words.contains(ending)).count();
    assert_eq!(told, 1, "the end is told once: {chat:#?}");
    if is_ready {
        assert_eq!(studio.objects("weights/").len(), 2);
        // Whether an album that was just being sent has arrived is unknown: the gallery is shown instead of a second one.
        let is_instead = chat.iter().any(|message| message.words.contains("They're in your gallery"));
        let expected = if is_instead { 0..=2 } else { 2..=2 };
        assert!(expected.contains(&photos(&person).await.len()), "two previews: {chat:#?}");
    }
    studio.close().await;
}

/// Orders a training with a call held, kills the bot there, and expects the end.
async fn killed_at(service: &'static str, kind: &str, operation: &'static str) {
    let studio = quick_studio(&SHORT_LEASES).await;
    let (person, confirmation) = about_to_train(&studio).await;
    studio.let_fail(held(service, kind, operation)).await;
    person.press(&confirmation, "Train").await;
    kill_when_held(&studio).await;
    comes_to_its_end(studio, person).await;
}

/// Sends photos with a call held, kills the bot there, and expects that they are all accepted and can be trained.
async fn killed_while_collecting(service: &'static str, operation: &'static str) {
    let studio = quick_studio(&SHORT_LEASES).await;
    let person = person_with_trainings(&studio, 1).await;
    person.begin_avatar("Anna", "Portrait").await;
    studio.let_fail(held(service, "hold", operation)).await;
    person.send_album(&portraits(0, 10)).await;
    kill_when_held(&studio).await;
    person.hear_accepted(10).await;
    studio.wait_until_quiet().await;
    let chat = person.chat().await;
    let collected = chat.iter().rev().find(|message| message.button("Continue").is_some()).unwrap();
    let confirmation = person.choose_preset(collected, "Standard").await;
    person.press(&confirmation, "Train").await;
    comes_to_its_end(studio, person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_photo_is_fetched() {
    killed_while_collecting("telegram", "getFile").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_photo_is_looked_at() {
    killed_while_collecting("openai", "chat/completions").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_training_is_submitted() {
    killed_at("fal", "hold", "POST /fal-ai/flux-lora-portrait").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_training_was_submitted_and_before_the_answer() {
    killed_at("fal", "hold_after_effect", "POST /fal-ai/flux-lora-portrait").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_trainer_is_asked() {
    let studio = quick_studio(&SHORT_LEASES).await;
    let (person, confirmation) = about_to_train(&studio).await;
    studio.let_fail(Fault::once("fal", json!({ "kind": "no_webhook" })).always()).await;
    studio.let_fail(held("fal", "hold", "/status")).await;
    person.press(&confirmation, "Train").await;
    kill_when_held(&studio).await;
    comes_to_its_end(studio, person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_weights_are_fetched() {
    killed_at("fal", "hold", "GET /files/").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_second_file_is_fetched() {
    let studio = quick_studio(&SHORT_LEASES).await;
    let (person, confirmation) = about_to_train(&studio).await;
    studio.let_fail(held("fal", "hold", "GET /files/")).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_held(1).await;
    studio.let_fail(held("fal", "hold", "GET /files/")).await;
    studio.release().await;
    kill_when_held(&studio).await;
    comes_to_its_end(studio, person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_person_is_told() {
    killed_before_telling("hold").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_person_was_told() {
    killed_before_telling("hold_after_effect").await;
}

async fn killed_before_telling(kind: &str) {
    let studio = quick_studio(&SHORT_LEASES).await;
    let (person, confirmation) = about_to_train(&studio).await;
    studio.let_fail(held("fal", "hold", "GET /files/")).await;
    person.press(&confirmation, "Train").await;
    // The message that says that weights are copied is there; the next edit tells the end.
    studio.wait_for_held(1).await;
    studio.let_fail(held("telegram", kind, "editMessageText")).await;
    studio.release().await;
    kill_when_held(&studio).await;
    comes_to_its_end(studio, person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_previews_are_drawn() {
    let studio = quick_studio(&SHORT_LEASES).await;
    let (person, confirmation) = about_to_train(&studio).await;
    studio.let_fail(held("fal", "hold", "GET /files/")).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_held(1).await;
    studio.let_fail(held("fal", "hold_after_effect", "POST /fal-ai/flux-lora?")).await;
    studio.release().await;
    kill_when_held(&studio).await;
    comes_to_its_end(studio, person).await;
}
