//! Help with words, voice and photos that come out of the blue.

use tests::{Message, Person, PictureKind, Sent, photo, portraits};

use crate::world::{balance, quick_studio};

/// The card for a description.
async fn card(person: &Person, words: &str) -> Message {
    person.say(&format!("/imagine {words}")).await;
    person.hear("the card", |message| message.button("Draw 1").is_some()).await
}

/// Presses a button of help, and hears both versions.
async fn both_versions(person: &Person, message: &Message, button: &str) -> Message {
    person.press(message, button).await;
    person.hear("both versions", |message| message.button("Use this").is_some()).await
}

/// What stands below a title.
fn below(message: &Message, title: &str) -> String {
    let (_, rest) = message.words.split_once(title).unwrap_or_else(|| panic!("no {title} in {message:#?}"));
    rest.trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn better_words_are_shown_beside_the_persons_own_who_chooses() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    let card = card(&person, "a fox").await;
    let both = both_versions(&person, &card, "Improve").await;
    assert!(both.words.contains("Yours\na fox"), "{}", both.words);
    let first = below(&both, "My suggestion");
    assert!(first.len() > "a fox".len() && first.contains("fox"), "{first}");

    person.press(&both, "Try again").await;
    let both = person
        .hear("another suggestion", |message| {
            message.button("Use this").is_some() && below(message, "My suggestion") != first
        })
        .await;
    let second = below(&both, "My suggestion");
    person.press(&both, "Keep mine").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(card.words.contains("\na fox\n"), "{}", card.words);

    let both = both_versions(&person, &card, "Improve").await;
    assert_eq!(below(&both, "My suggestion"), first, "the same question has the same answer");
    person.press(&both, "Edit").await;
    person.hear("how to edit", |message| message.words.contains("Make it yours")).await;
    person.say(&second).await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(card.words.contains(&second), "{}", card.words);
    let both = both_versions(&person, &card, "Improve").await;
    person.press(&both, "Use this").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0), "help is free");
    person.press(&card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_russian_description_is_translated() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    let offer = card(&person, "рыжая лиса на снегу").await;
    let both = both_versions(&person, &offer, "Translate").await;
    let translation = below(&both, "My suggestion");
    assert!(translation.contains("fox") && translation.contains("snow"), "{translation}");
    person.press(&both, "Use this").await;
    let offer = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(offer.words.contains(&translation));
    assert!(offer.button("Translate").is_none(), "there is nothing to translate: {:?}", offer.buttons);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_is_shown_first_and_then_drawn() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.speak("a red fox in the snow", 4).await;
    let heard = person.hear("what was heard", |message| message.words.contains("I heard")).await;
    assert!(heard.words.contains("a red fox in the snow"), "{}", heard.words);
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    let both = both_versions(&person, &heard, "Improve").await;
    assert!(both.words.contains("a red fox in the snow"), "{}", both.words);
    person.press(&both, "Keep mine").await;
    let offer = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&offer, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some()).await;

    person.speak("a blue whale", 3).await;
    let heard = person.hear("what was heard", |message| message.words.contains("I heard")).await;
    person.press(&heard, "Imagine this").await;
    let offer = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(offer.words.contains("a blue whale"));
    person.speak("never mind", 2).await;
    let heard = person.hear("what was heard", |message| message.words.contains("I heard")).await;
    person.press(&heard, "Discard").await;
    person.hear("that it is dropped", |message| message.words.contains("let it be")).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_and_other_sounds_get_a_clear_answer() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.speak("on and on", 121).await;
    person.hear("how long it may be", |message| message.words.contains("up to 2 minutes")).await;
    person.speak("just in time", 120).await;
    person.hear("what was heard", |message| message.words.contains("just in time")).await;
    let music = Sent::new("music.mp3", "audio/mpeg", vec![0x49; 4_000]);
    person.send_medium("audio", &music).await;
    person.hear("that music is not heard", |message| message.words.contains("music")).await;
    let circle = Sent::new("circle.mp4", "video/mp4", vec![0; 4_000]);
    person.send_medium("video_note", &circle).await;
    person.hear("that films are not seen", |message| message.words.contains("round videos")).await;
    assert_eq!(studio.calls("openai", "/audio/transcriptions").await.len(), 1);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_out_of_the_blue_is_described_and_something_like_it_is_drawn() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.send_photo(&photo(PictureKind::NoFace, 1)).await;
    let offer = person.hear("an offer", |message| message.button("Describe it").is_some()).await;
    person.press(&offer, "Describe it").await;
    let seen = person.hear("what is seen", |message| message.words.contains("I see")).await;
    assert!(seen.words.len() > 30, "{}", seen.words);
    person.press(&seen, "Something like it").await;
    let wording = person.hear("a description", |message| message.button("Imagine this").is_some()).await;
    person.press(&wording, "Imagine this").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (35, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_a_photo_are_no_instruction() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.send_photo(&photo(PictureKind::TextInstruction, 1)).await;
    let offer = person.hear("an offer", |message| message.button("Something like it").is_some()).await;
    person.press(&offer, "Something like it").await;
    let wording = person.hear("a description", |message| message.button("Imagine this").is_some()).await;
    assert!(!wording.words.to_lowercase().contains("ignore your instructions"), "{}", wording.words);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_out_of_the_blue_becomes_an_avatar() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.send_album(&portraits(0, 4)).await;
    let offer = person.hear("an offer", |message| message.button("Use for an avatar").is_some()).await;
    person.press(&offer, "Use for an avatar").await;
    let consent = person.hear("the consent", |message| message.button("I agree").is_some()).await;
    person.press(&consent, "I agree").await;
    person.hear("the question for a name", |message| message.words.contains("What shall we call")).await;
    person.say("Anna").await;
    let kinds = person.hear("the kinds", |message| message.button("Instant").is_some()).await;
    person.press(&kinds, "Instant").await;
    let collected = person.hear_accepted(4).await;
    assert!(collected.words.contains("4 of 4"), "{}", collected.words);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_has_a_daily_cap() {
    let studio = quick_studio(&[("AISHA_HELP__DAILY_CAP", "1")]).await;
    let person = studio.person().await;
    let offer = card(&person, "a fox").await;
    both_versions(&person, &offer, "Improve").await;
    let offer = card(&person, "a whale").await;
    person.press(&offer, "Improve").await;
    let alert = person.hear_answer("that it is enough for today", |text| text.contains("today")).await;
    assert!(alert.contains("1 time"), "{alert}");
    let offer = person.look_at(offer.id).await;
    person.press(&offer, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_refusals_pause_a_person_for_a_while() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    for number in 1..=3 {
        person.draw(&format!("moderate-me {number}")).await;
        person.hear("why it was refused", |message| message.words.contains("isn't possible")).await;
    }
    studio.wait_until_quiet().await;
    let offer = card(&person, "a fox").await;
    person.press(&offer, "Draw 1").await;
    person.hear_answer("the pause", |text| text.contains("break")).await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0), "refusals are free");
    let other = studio.person().await;
    other.draw("a fox").await;
    other.hear("the image of somebody else", |message| message.file.is_some()).await;
    studio.close().await;
}
