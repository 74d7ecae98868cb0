//! `kill -9` at ten moments of a generation, then a start: it comes to its end, nobody pays for what did not arrive, and
//! nobody gets anything twice. The moments are made from outside: the sandbox holds a call, the test kills the bot.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Fault, Studio};

use crate::world::{balance, fal_studio_with, photos};

/// Leases short enough to wait for.
const SHORT_LEASES: [(&str, &str); 1] = [("AISHA_WORKER__LEASE_SECONDS", "3")];

/// Asks for `images` images with a call held as `fault` says, kills the bot there, starts it, and checks the end.
async fn killed_at(service: &'static str, operation: &'static str, kind: &str, images: u8) {
    let studio = Studio::open_with(&SHORT_LEASES).await;
    killed_in(&studio, service, operation, kind, images).await;
    studio.close().await;
}

async fn killed_in(studio: &Studio, service: &'static str, operation: &'static str, kind: &str, images: u8) {
    let person = studio.person().await;
    studio.let_fail(Fault::once(service, json!({ "kind": kind })).of(operation)).await;
    person.say("/imagine a red fox in snow").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    let card = if images == 1 {
        card
    } else {
        person.press(&card, &images.to_string()).await;
        let price = (i64::from(images) * 5).to_string();
        person.hear("the price", |message| message.button(&price).is_some()).await
    };
    person.press(&card, "Draw").await;
    studio.wait_for_held(1).await;
    studio.kill_bot().await;
    studio.let_all_be_well().await;
    studio.start_bot().await;
    let system = studio
        .wait_for("the generation's end", |system| {
            let state = system["generations"][0]["state"].as_str();
            matches!(state, Some("delivered" | "failed" | "expired"))
        })
        .await;
    studio.wait_until_quiet().await;

    let (bonus, paid, held) = balance(studio, &person).await;
    let delivered = system["generations"][0]["state"] == "delivered";
    let price = if delivered { 5 * i64::from(images) } else { 0 };
    assert_eq!((bonus, paid, held), (40 - price, 0, 0));
    let seen = photos(&person).await;
    // Editing a message into the same image again is no second image.
    let shown: BTreeSet<(i64, &str)> = seen
        .iter()
        .map(|sight| (sight["message_id"].as_i64().unwrap(), sight["content_sha256"].as_str().unwrap()))
        .collect();
    let pictures: BTreeSet<&str> = shown.iter().map(|(_, picture)| *picture).collect();
    assert_eq!(shown.len(), pictures.len(), "something was shown twice: {seen:#?}");
    assert!(shown.len() <= usize::from(images));
    studio.audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_words_are_checked() {
    killed_at("openai", "moderations", "hold", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_provider_works() {
    killed_at("google", "generateContent", "hold", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_provider_worked_and_before_its_answer() {
    killed_at("google", "generateContent", "hold_after_effect", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_some_of_four_images_there() {
    killed_at("google", "generateContent", "hold_after_effect", 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_image_is_shown() {
    killed_at("telegram", "editMessageMedia", "hold", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_image_was_shown() {
    killed_at("telegram", "editMessageMedia", "hold_after_effect", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_album_is_sent() {
    killed_at("telegram", "sendMediaGroup", "hold", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_album_was_sent() {
    killed_at("telegram", "sendMediaGroup", "hold_after_effect", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_work_is_submitted_to_fal() {
    let (studio, _directory) = fal_studio_with(&SHORT_LEASES).await;
    killed_in(&studio, "fal", "POST /fal-ai", "hold_after_effect", 2).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_fal_is_asked() {
    let (studio, _directory) = fal_studio_with(&SHORT_LEASES).await;
    studio.let_fail(Fault::once("fal", json!({ "kind": "no_webhook" })).always()).await;
    killed_in(&studio, "fal", "/status", "hold", 1).await;
    studio.close().await;
}
