//! Input that is wrong, odd, or somebody else's.

use tests::{Fault, Studio};

use serde_json::json;

use crate::world::{balance, states};

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_and_an_endless_description_are_explained_and_change_nothing() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine \u{200b} \u{200b}").await;
    let answer = person.hear("an explanation", |message| !message.words.is_empty()).await;
    assert!(answer.button("Draw").is_none(), "{answer:#?}");
    // Telegram cuts a message at 4,096 characters, which is still too long.
    person.say(&"a very long wish ".repeat(240)).await;
    let answer = person
        .hear("an explanation", |message| message.words.contains("2,000") || message.words.contains("2000"))
        .await;
    assert!(answer.button("Draw").is_none());
    assert!(states(&studio).await.is_empty());
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emoji_and_markup_are_drawn_and_shown_as_they_are() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    for words in ["🦊❄️", "a < b & c > d_*[x](y)`z`", "<b>not bold</b> &amp; & &lt;"] {
        person.say(&format!("/imagine {words}")).await;
        let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
        assert!(card.words.contains(words), "{words} became {}", card.words);
        person.press(&card, "Draw").await;
        let image = person.hear("the image", |message| message.file.is_some()).await;
        assert!(image.words.contains(words), "{words} became {}", image.words);
    }
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_description_is_free_and_says_why() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    // The first word is known to the safety check, the second to the provider's own filter.
    for words in ["moderate-me please", "something forbidden"] {
        person.draw(words).await;
        person.hear("why it was refused", |message| message.words.contains("isn't possible")).await;
    }
    studio.wait_until_quiet().await;
    assert_eq!(states(&studio).await, ["failed", "failed"]);
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    assert!(studio.calls("fal", "flux").await.is_empty(), "a refusal moved on to another provider");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_paid_button_pressed_twice_within_a_millisecond_acts_once() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine a red fox").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press_times(&card, "Draw", 2).await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(states(&studio).await, ["delivered"]);
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_button_and_nonsense_are_answered_politely() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine a red fox").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press_data(card.id, "0:something-from-long-ago").await;
    person.hear_answer("a polite answer", |text| !text.is_empty()).await;
    assert!(states(&studio).await.is_empty());
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_persons_button_does_nothing() {
    let studio = Studio::open().await;
    let owner = studio.person().await;
    owner.draw("a red fox in snow").await;
    let image = owner.hear("the image", |message| message.file.is_some()).await;
    let (_, delete) = image.buttons.iter().find(|(label, _)| label.contains("Delete")).unwrap().clone();

    let other = studio.person().await;
    other.say("/balance").await;
    let own = other.hear("a message", |message| !message.buttons.is_empty()).await;
    other.press_data(own.id, &delete.unwrap()).await;
    other.hear_answer("a polite answer", |text| !text.is_empty()).await;
    owner.say("/gallery").await;
    owner.hear("the image is still there", |message| message.file.is_some()).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_credits_say_how_many_are_missing() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    for _ in 0..2 {
        person.say("/imagine a harbour").await;
        let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
        person.press(&card, "3").await;
        let card = person.hear("the price of three", |message| message.button("15").is_some()).await;
        person.press(&card, "Draw").await;
        person.hear("the buttons", |message| message.button("Again").is_some()).await;
    }
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (10, 0, 0));
    let calls = studio.calls("google", "generateContent").await.len();
    person.say("/imagine a harbour").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press(&card, "3").await;
    let card = person.hear("the price of three", |message| message.button("15").is_some()).await;
    person.press(&card, "Draw").await;
    let saw_missing = person.hear_answer("what is missing", |text| text.contains('5')).await;
    assert!(saw_missing.contains('5'));
    assert_eq!(studio.calls("google", "generateContent").await.len(), calls);
    assert_eq!(balance(&studio, &person).await, (10, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_safety_check_images_are_still_drawn() {
    let studio = Studio::open().await;
    studio.let_fail(Fault::once("openai", json!({ "kind": "status", "code": 503 })).always()).await;
    let person = studio.person().await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}
