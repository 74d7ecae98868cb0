//! An avatar from a few photos, without training, and the ways to be drawn: words, styles, a photo to go by, a seed.

use tests::{Message, Person, PictureKind, Studio, photo, portraits};

use crate::world::{balance, quick_studio};

/// Goes on from the kind "Instant" to an avatar that can be drawn.
async fn finish(studio: &Studio, person: &Person, photos: u32) -> Message {
    person.send_album(&portraits(0, photos)).await;
    let collected = person.hear_accepted(usize::try_from(photos).unwrap()).await;
    studio.wait_for_compared().await;
    person.press(&collected, "Done").await;
    person.hear("that it is ready", |message| message.words.contains("is ready")).await
}

/// Presses the paid button, and hears the image.
async fn pay(person: &Person, card: &Message) -> Message {
    person.press(card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await
}

async fn hear_card(person: &Person) -> Message {
    person.hear("the card", |message| message.button("Draw 1").is_some()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_photos_are_enough_and_the_words_have_waited() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.say("/draw in a red coat on a bridge").await;
    let invitation = person.hear("an invitation", |message| message.button("instant avatar").is_some()).await;
    person.press(&invitation, "instant avatar").await;
    let consent = person.hear("the consent", |message| message.button("I agree").is_some()).await;
    person.press(&consent, "I agree").await;
    person.hear("the question for a name", |message| message.words.contains("What shall we call")).await;
    person.say("Anna").await;
    let kinds = person.hear("the kinds", |message| message.button("Instant").is_some()).await;
    assert!(kinds.buttons[0].0.contains("Instant"), "the quickest way is first: {:?}", kinds.buttons);
    person.press(&kinds, "Instant").await;
    person.hear("where to send photos", |message| message.words.contains("0 of 4")).await;
    finish(&studio, &person, 2).await;
    let card = hear_card(&person).await;
    assert!(card.words.contains("in a red coat on a bridge"), "{}", card.words);
    assert_eq!(balance(&studio, &person).await, (40, 0, 0), "making it is free");
    let image = pay(&person, &card).await;
    assert!(image.words.contains("AI"), "{}", image.words);
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    assert_eq!(studio.objects("photos/").len(), 2, "they are what it is drawn from");
    assert!(!studio.calls("google", "generateContent").await.is_empty());

    person.say("/avatars").await;
    let card = person.hear("the card", |message| message.button("Delete").is_some()).await;
    person.press(&card, "Delete").await;
    let question = person.hear("a question", |message| message.button("Yes, delete").is_some()).await;
    person.press(&question, "Yes, delete").await;
    person.hear("the receipt", |message| message.words.contains("2 photos were deleted")).await;
    studio.wait_until_quiet().await;
    assert!(studio.objects("photo").is_empty());
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_style_a_photo_and_a_seed_are_ways_to_be_drawn() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.begin_avatar("Anna", "Instant").await;
    finish(&studio, &person, 3).await;

    let menu = draw_menu(&person).await;
    person.press(&menu, "Styles").await;
    let packs = person.hear("the packs", |message| message.words.contains("mood")).await;
    let pack = packs.buttons[0].0.clone();
    person.press(&packs, &pack).await;
    let styles = person.hear("the styles", |message| message.words.contains("Choose a style")).await;
    let style = styles.buttons[0].0.clone();
    person.press(&styles, &style).await;
    let card = hear_card(&person).await;
    pay(&person, &card).await;

    let menu = draw_menu(&person).await;
    person.press(&menu, "From a photo").await;
    person.hear("the question for a photo", |message| message.words.contains("Send a photo")).await;
    person.send_photo(&photo(PictureKind::NoFace, 1)).await;
    let wording = person.hear("a description", |message| message.button("Imagine this").is_some()).await;
    person.press(&wording, "Imagine this").await;
    let card = hear_card(&person).await;
    assert!(card.button("Anna").is_some(), "it is she who is drawn: {:?}", card.buttons);
    let image = pay(&person, &card).await;

    person.press(&image, "Other words").await;
    person.hear("the question for words", |message| message.words.contains("The same seed")).await;
    person.say("in a green coat").await;
    let card = hear_card(&person).await;
    assert!(card.words.contains("in a green coat"));
    let other = pay(&person, &card).await;
    person.press(&other, "Again").await;
    person.hear("another image", |message| message.file.is_some() && message.id != other.id).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (20, 0, 0));
    studio.close().await;
}

async fn draw_menu(person: &Person) -> Message {
    person.say("/draw").await;
    person.hear("what can be drawn", |message| message.button("Styles").is_some()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn better_words_for_a_picture_of_a_person_know_what_they_look_like() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.begin_avatar("Anna", "Instant").await;
    finish(&studio, &person, 2).await;
    person.say("/draw on a bridge").await;
    let card = hear_card(&person).await;
    person.press(&card, "Improve").await;
    let both = person.hear("both versions", |message| message.button("Use this").is_some()).await;
    assert!(both.words.contains("hair"), "the traits are put in: {}", both.words);
    person.press(&both, "Use this").await;
    let card = hear_card(&person).await;
    assert!(card.button("Anna").is_some(), "it is still she: {:?}", card.buttons);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sexual_is_drawn_with_a_real_person() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.begin_avatar("Anna", "Instant").await;
    finish(&studio, &person, 2).await;
    person.say("/draw moderate-me").await;
    let card = hear_card(&person).await;
    person.press(&card, "Draw 1").await;
    let refusal = person.hear("why it was refused", |message| message.words.contains("isn't possible")).await;
    assert!(refusal.words.contains("cost nothing"));
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    assert!(studio.calls("google", "generateContent").await.is_empty());
    studio.close().await;
}
