//! From `/start` to the first image, and what belongs to it.

use tests::Studio;

use crate::world::{balance, photos};

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_gets_a_first_image_and_pays_for_it() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));

    let card = person.draw("a red fox in snow").await;
    let image = person.hear("the image", |message| message.file.is_some()).await;
    assert_eq!(image.id, card.id, "one message is edited from card to image");
    for button in ["Again", "Original", "Favourite", "Delete"] {
        assert!(image.button(button).is_some(), "{button} is missing in {image:#?}");
    }
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_russian_is_greeted_in_russian() {
    let studio = Studio::open().await;
    let person = studio.stranger("ru-RU").await;
    person.say("/start").await;
    let terms = person.hear("the terms", |message| !message.buttons.is_empty()).await;
    assert!(terms.words.chars().any(|letter| ('а'..='я').contains(&letter)), "{}", terms.words);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn welcome_credits_are_given_once_for_ever() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/start").await;
    person.hear("the menu", |message| !message.buttons.is_empty()).await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_images_come_as_one_album_with_its_buttons_after_it() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine a harbour at night").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    person.press(&card, "4").await;
    let card = person.hear("the price of four", |message| message.button("20").is_some()).await;
    person.press(&card, "Draw").await;
    person.hear("the buttons", |message| message.button("Again").is_some()).await;
    studio.wait_until_quiet().await;

    let photos = photos(&person).await;
    assert_eq!(photos.len(), 4);
    assert!(photos.iter().all(|photo| photo["media_group_id"] == photos[0]["media_group_id"]));
    assert_eq!(balance(&studio, &person).await, (20, 0, 0));
    let chat = person.chat().await;
    assert!(chat.iter().all(|message| message.id != card.id), "the progress message is gone");
    assert!(chat.last().unwrap().button("Again").is_some(), "the buttons come last");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_out_of_the_blue_is_offered_to_be_drawn() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("a lighthouse in a storm").await;
    let card = person.hear("an offer", |message| message.button("Draw").is_some()).await;
    assert!(card.words.contains("a lighthouse in a storm"));
    assert!(card.button("5").is_some(), "the price is on the button: {:?}", card.buttons);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_comes_as_a_file_that_says_it_was_made_by_ai() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.draw("a red fox in snow").await;
    let image = person.hear("the image", |message| message.file.is_some()).await;
    assert!(image.words.contains("AI"), "the caption says it: {}", image.words);
    person.press(&image, "Original").await;
    let file = person
        .hear("the file", |message| message.file.as_ref().is_some_and(|file| file.0 == "document"))
        .await;
    let bytes = person.download(&file.file.unwrap().1).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("digitalsourcetype/trainedAlgorithmicMedia"));
    let system = studio.wait_until_quiet().await;
    let generation = system["generations"][0]["id"].as_str().unwrap().to_owned();
    assert!(text.contains(&generation), "the mark names the generation");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn again_draws_another_one() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.draw("a red fox in snow").await;
    let first = person.hear("the image", |message| message.file.is_some()).await;
    person.press(&first, "Again").await;
    let second =
        person.hear("another image", |message| message.file.is_some() && message.id != first.id).await;
    assert_ne!(person.download(&first.file.unwrap().1).await, person.download(&second.file.unwrap().1).await);
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (30, 0, 0));
    studio.close().await;
}
