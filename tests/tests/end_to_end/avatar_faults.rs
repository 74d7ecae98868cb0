//! Trainings that go wrong: credits come back, the person is told why, and the second try is free.

use serde_json::{Value, json};
use tests::{Fault, Studio, portraits};

use crate::world::{PORTRAIT, balance, person_with_trainings, quick_studio};

/// Lets a training fail, and tries it again when everything is well.
async fn fails_and_is_tried_again(fault: Fault, reason: &str) {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    studio.let_fail(fault).await;
    person.press(&confirmation, "Train").await;
    let failure =
        person.hear("that it failed", |message| message.words.contains("couldn't be trained")).await;
    for part in [reason, "200 credits are back", "the second try is free"] {
        assert!(failure.words.contains(part), "{part} is missing in {}", failure.words);
    }
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0));
    assert_eq!(studio.objects("photos/").len(), 10, "the photos are kept");
    assert!(studio.objects("weights/").is_empty(), "never ready without verified weights");

    studio.let_all_be_well().await;
    person.press(&failure, "Try again").await;
    let collected = person.hear("the photos", |message| message.button("Continue").is_some()).await;
    let confirmation = person.choose_preset(&collected, "Standard").await;
    assert!(confirmation.button("free").is_some(), "{:?}", confirmation.buttons);
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0));
    assert_eq!(studio.status_of("Anna").await.as_deref(), Some("ready"));
    studio.close().await;
}

/// Trains with faults that are no reason to fail: the avatar is ready and paid once, and FAL got `submissions`.
async fn is_trained_all_the_same(faults: impl IntoIterator<Item = Fault>, submissions: usize) {
    let studio = quick_studio(&[]).await;
    is_trained_in(&studio, faults, submissions).await;
    studio.close().await;
}

async fn is_trained_in(studio: &Studio, faults: impl IntoIterator<Item = Fault>, submissions: usize) {
    let person = person_with_trainings(studio, 1).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    for fault in faults {
        studio.let_fail(fault).await;
    }
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(studio, &person).await, (40, 0, 0));
    assert_eq!(submitted(studio).await, submissions);
}

/// How many trainings FAL was asked for.
async fn submitted(studio: &Studio) -> usize {
    let calls = studio.calls("fal", "portrait-trainer").await;
    calls.iter().filter(|call| call["method"] == "POST").count()
}

fn fault(kind: &str) -> Fault {
    Fault::once("fal", json!({ "kind": kind }))
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_that_the_trainer_refuses() {
    let few: Value = json!({ "kind": "training_failed", "error": "archive_file_count_below_minimum" });
    fails_and_is_tried_again(Fault::once("fal", few), "couldn't learn from these photos").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainer_that_breaks_down_each_time() {
    fails_and_is_tried_again(fault("training_failed").always(), "didn't manage in time").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_without_weights() {
    fails_and_is_tried_again(fault("no_weights"), "without a usable result").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_that_are_not_there() {
    fails_and_is_tried_again(fault("lost_weights"), "without a usable result").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_that_end_in_the_middle() {
    fails_and_is_tried_again(fault("truncated_weights"), "without a usable result").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainer_that_breaks_down_once_is_asked_again() {
    is_trained_all_the_same([fault("training_failed")], 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_whose_download_breaks_are_fetched_again() {
    is_trained_all_the_same([fault("broken_download").of("GET /files/")], 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_locked_while_a_training_is_looked_at() {
    let locked = json!({ "kind": "status", "code": 403, "body": { "detail": "User is locked. Reason: Exhausted balance." } });
    // Without a webhook everything hangs on the answers to questions.
    let faults = [Fault::once("fal", locked).of("/status").times(2), fault("no_webhook")];
    is_trained_all_the_same(faults, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_expired_is_made_again() {
    // A webhook would bring the result itself.
    is_trained_all_the_same([fault("no_webhook").always(), fault("expired_result")], 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_alone_is_enough() {
    let studio = quick_studio(&[("AISHA_AVATAR__POLL_SECONDS", "600")]).await;
    is_trained_in(&studio, [], 1).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_webhook_polling_is_enough() {
    is_trained_all_the_same([fault("no_webhook")], 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_twice_trains_once() {
    is_trained_all_the_same([fault("double_webhook")], 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_late_changes_nothing() {
    let late = Fault::once("fal", json!({ "kind": "late_webhook", "ms": 4_000 }));
    is_trained_all_the_same([late], 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_webhook_changes_nothing() {
    is_trained_all_the_same([fault("forged_webhook")], 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_by_its_webhook() {
    is_trained_all_the_same([fault("drop_after_effect").of("POST /fal-ai/flux-lora-portrait")], 1).await;
}
