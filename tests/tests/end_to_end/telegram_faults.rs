//! Telegram that misbehaves.

use serde_json::json;
use tests::{Fault, Studio};

use crate::world::{balance, photos, states};

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_is_honoured_and_nothing_is_lost() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    let fault = json!({ "kind": "status", "code": 429, "retry_after_seconds": 2 });
    studio.let_fail(Fault::once("telegram", fault).of("editMessageMedia").times(2)).await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(photos(&person).await.len(), 1);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_gateway_while_the_image_is_shown_shows_it_once() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    studio
        .let_fail(Fault::once("telegram", json!({ "kind": "status", "code": 502 })).of("editMessageMedia"))
        .await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(photos(&person).await.len(), 1);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_while_an_album_is_sent_leads_to_no_second_album() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    studio
        .let_fail(Fault::once("telegram", json!({ "kind": "drop_after_effect" })).of("sendMediaGroup"))
        .await;
    person.say("/imagine a harbour at night").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press(&card, "2").await;
    let card = person.hear("the price of two", |message| message.button("10").is_some()).await;
    person.press(&card, "Draw").await;
    person.hear("a way to the gallery", |message| message.words.contains("gallery")).await;
    studio.wait_until_quiet().await;
    assert_eq!(photos(&person).await.len(), 2);
    assert_eq!(balance(&studio, &person).await, (30, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_blocks_the_bot_meanwhile_keeps_the_image_in_the_gallery() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    studio.let_fail(Fault::once("google", json!({ "kind": "hold" })).of("generateContent")).await;
    person.draw("a red fox in snow").await;
    studio.wait_for_held(1).await;
    person.block().await;
    studio.release().await;
    studio.wait_until_quiet().await;
    assert_eq!(states(&studio).await, ["delivered"]);
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_update_delivered_twice_and_shuffled_acts_once() {
    let studio = Studio::open().await;
    studio.driving().put("/telegram/delivery", json!({ "twice": true, "shuffled": true })).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(studio.person().await);
    }
    for person in &people {
        person.draw("a red fox in snow").await;
    }
    for person in &people {
        person.hear("the image", |message| message.file.is_some()).await;
    }
    studio.wait_until_quiet().await;
    for person in &people {
        assert_eq!(photos(person).await.len(), 1);
        assert_eq!(balance(&studio, person).await, (35, 0, 0));
    }
    studio.close().await;
}
