//! FAL's webhooks: twice, late, forged, early, never.

use serde_json::json;
use tests::Fault;

use crate::world::{balance, fal_studio, fal_studio_with, photos};

async fn one_image_with(fault: Option<serde_json::Value>) {
    let (studio, _directory) = fal_studio().await;
    let person = studio.person().await;
    if let Some(fault) = fault {
        studio.let_fail(Fault::once("fal", fault)).await;
    }
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(photos(&person).await.len(), 1);
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_brings_the_image() {
    one_image_with(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_twice_brings_it_once() {
    one_image_with(Some(json!({ "kind": "double_webhook" }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_webhook_polling_is_enough() {
    one_image_with(Some(json!({ "kind": "no_webhook" }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_webhook_changes_nothing() {
    one_image_with(Some(json!({ "kind": "forged_webhook" }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_before_the_answer_to_the_submission_finds_its_owner() {
    one_image_with(Some(json!({ "kind": "webhook_before_answer" }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_alone_is_enough() {
    // Polling would come far too late.
    let (studio, _directory) = fal_studio_with(&[("AISHA_GENERATION__POLL_SECONDS", "600")]).await;
    let person = studio.person().await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_found_by_its_webhook_and_nothing_is_submitted_twice() {
    let (studio, _directory) = fal_studio().await;
    let person = studio.person().await;
    studio.let_fail(Fault::once("fal", json!({ "kind": "drop_after_effect" })).of("POST /fal-ai")).await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    let submissions = studio.calls("fal", "/fal-ai/flux-lora").await;
    let submissions = submissions.iter().filter(|call| call["method"] == "POST").count();
    assert_eq!(submissions, 1);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_webhook_after_the_end_brings_a_free_image() {
    let (studio, _directory) = fal_studio_with(&[
        ("AISHA_GENERATION__LIFETIME_SECONDS", "6"),
        ("AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS", "4"),
        ("AISHA_GENERATION__HOLD_SECONDS", "30"),
    ])
    .await;
    let person = studio.person().await;
    studio.let_fail(Fault::once("fal", json!({ "kind": "late_webhook", "ms": 9_000 }))).await;
    studio
        .let_fail(Fault::once("fal", json!({ "kind": "status", "code": 503 })).of("/status").always())
        .await;
    person.draw("a red fox in snow").await;
    person
        .hear("that it took too long", |message| {
            message.file.is_none() && message.words.contains("cost nothing")
        })
        .await;
    person.hear("that it came late", |message| message.words.contains("gallery")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    person.say("/gallery").await;
    person.hear("the image in the gallery", |message| message.file.is_some()).await;
    studio.close().await;
}
