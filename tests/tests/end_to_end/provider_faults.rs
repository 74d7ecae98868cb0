//! Providers that misbehave in every way that is known.

use serde_json::{Value, json};
use tests::{Fault, Person, Studio};

use crate::world::{balance, states};

/// One image is asked for while `fault` is in force; it arrives all the same.
async fn arrives_despite(fault: Fault) -> (Studio, Person) {
    let studio = Studio::open_with(&[
        ("AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS", "4"),
        ("AISHA_GENERATION__CALLBACK_GRACE_SECONDS", "2"),
    ])
    .await;
    let person = studio.person().await;
    studio.let_fail(fault).await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    (studio, person)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_is_tried_again() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "status", "code": 500 }))).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_is_waited_out() {
    let fault = json!({ "kind": "status", "code": 429, "retry_after_seconds": 2 });
    let (studio, _) = arrives_despite(Fault::once("google", fault).of("generateContent")).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn html_instead_of_json_is_tried_again() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "garbage" }))).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_connection_is_tried_again_once() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "drop_after_effect" }))).await;
    assert_eq!(studio.calls("google", "generateContent").await.len(), 2);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_hangs_is_given_up_and_tried_again() {
    let (studio, _) =
        arrives_despite(Fault::once("google", json!({ "kind": "hold" })).of("generateContent")).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_image_are_tried_again() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "not_an_image" }))).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_of_forty_megapixels_is_not_taken() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "huge_image" }))).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_image_at_all_is_tried_again() {
    let (studio, _) = arrives_despite(Fault::once("google", json!({ "kind": "no_images" }))).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_model_is_paused_and_the_next_one_draws() {
    let (studio, person) = arrives_despite(Fault::once("google", json!({ "kind": "retired_model" }))).await;
    studio.let_all_be_well().await;
    let before = studio.calls("google", "nano-banana").await.len();
    person.draw("a second fox").await;
    person.hear("the image", |message| message.file.is_some()).await;
    let again = studio.calls("google", "nano-banana").await;
    assert_eq!(again.len(), before, "a paused model was asked again");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_key_pauses_the_provider_and_tells_the_operators() {
    let studio = Studio::open_with(&[("AISHA_OPERATORS__CHAT_IDS", "700000777")]).await;
    let operator = studio
        .driving()
        .post(
            "/people",
            json!({ "first_name": "Operator", "language_code": "en", "telegram_id": 700_000_777 }),
        )
        .await;
    let operator = Person::known(studio.driving().clone(), operator["telegram_id"].as_i64().unwrap());
    operator.say("/start").await;
    let person = studio.person().await;
    studio.let_fail(Fault::once("google", json!({ "kind": "bad_key" })).always()).await;
    person.draw("a red fox in snow").await;
    person.hear("the image, drawn by FAL", |message| message.file.is_some()).await;
    operator.hear("what is paused", |message| message.words.contains("google")).await;
    studio.wait_until_quiet().await;
    assert!(!studio.calls("fal", "flux").await.is_empty());
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));

    studio.let_all_be_well().await;
    assert_eq!(studio.command(&["check"]).await.0, 0);
    let before = studio.calls("google", "generateContent").await.len();
    person.draw("another fox").await;
    person.hear("the image, drawn by Google", |message| message.file.is_some()).await;
    assert!(studio.calls("google", "generateContent").await.len() > before);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_images_of_four_cost_two() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    // One call an image: two of the four calls are refused by the provider's own filter.
    studio.let_fail(Fault::once("google", json!({ "kind": "refusal" })).of("generateContent").times(2)).await;
    person.say("/imagine a harbour at night").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press(&card, "4").await;
    let card = person.hear("the price of four", |message| message.button("20").is_some()).await;
    person.press(&card, "Draw").await;
    person.hear("the buttons", |message| message.button("Again").is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (30, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_can_draw_it_costs_nothing_and_says_so() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    for service in ["google", "fal"] {
        studio.let_fail(Fault::once(service, json!({ "kind": "status", "code": 500 })).always()).await;
    }
    person.draw("a red fox in snow").await;
    person
        .hear("an apology", |message| message.file.is_none() && message.words.contains("cost nothing"))
        .await;
    let system: Value = studio.wait_until_quiet().await;
    assert_eq!(system["generations"][0]["state"], "failed");
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    assert_eq!(states(&studio).await.len(), 1);
    studio.close().await;
}
