//! The gallery by filters, and with several images at once.

use std::io::Cursor;

use tests::{Message, Person, Studio, portraits};
use zip::ZipArchive;

use crate::world::{balance, quick_studio};

async fn draw(person: &Person, prompt: &str) {
    person.draw(prompt).await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await;
}

async fn gallery(person: &Person) -> Message {
    person.say("/gallery").await;
    person.hear("the gallery", |message| message.button("Filter").is_some()).await
}

/// The page on which several images are chosen.
async fn several(person: &Person) -> Message {
    let card = gallery(person).await;
    person.press(&card, "Several").await;
    hear_chosen(person, "None is chosen").await
}

async fn hear_chosen(person: &Person, words: &str) -> Message {
    person.hear(words, |message| message.words.contains(words)).await
}

/// Three images are drawn, the latest of them a fox.
async fn with_three_images(studio: &Studio) -> Person {
    let person = studio.person().await;
    for prompt in ["a harbour", "a whale", "a fox"] {
        draw(&person, prompt).await;
    }
    studio.wait_until_quiet().await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_find_images_by_what_they_are() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    draw(&person, "a fox").await;
    person.begin_avatar("Anna", "Instant").await;
    person.send_album(&portraits(0, 2)).await;
    let collected = person.hear_accepted(2).await;
    studio.wait_for_compared().await;
    person.press(&collected, "Done").await;
    person.hear("that it is ready", |message| message.words.contains("is ready")).await;
    person.say("/draw on a bridge").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Draw 1").await;
    let image =
        person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await;
    person.press(&image, "Favourite").await;
    person.hear_answer("that it is marked", |text| text.contains("favourites")).await;

    for (choice, expected) in [
        ("From words", "a fox"),
        ("With an instant avatar", "on a bridge"),
        ("👤 Anna", "on a bridge"),
        ("★ Favourites only", "on a bridge"),
    ] {
        let card = gallery(&person).await;
        assert!(card.words.contains("1 of 2"), "{}", card.words);
        person.press(&card, "Filter").await;
        let filters = person.hear("the filters", |message| message.button(choice).is_some()).await;
        person.press(&filters, choice).await;
        let filters = person
            .hear("the tick", |message| {
                message.buttons.iter().any(|(label, _)| label.contains('✓') && label.contains(choice))
            })
            .await;
        person.press(&filters, "Show").await;
        let found = person.hear("what was found", |message| message.words.contains("1 of 1")).await;
        assert!(found.words.contains(expected), "{choice}: {}", found.words);
    }
    let card = gallery(&person).await;
    person.press(&card, "Filter").await;
    let filters = person.hear("the filters", |message| message.button("With an avatar").is_some()).await;
    person.press(&filters, "With an avatar").await;
    let filters = person.hear("the tick", |message| message.button("✓ With an avatar").is_some()).await;
    person.press(&filters, "Show").await;
    person.hear("that there is nothing", |message| message.words.contains("Nothing here fits")).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_images_are_deleted_and_brought_back() {
    let studio = quick_studio(&[]).await;
    let person = with_three_images(&studio).await;
    let page = several(&person).await;
    person.press(&page, "1").await;
    let page = hear_chosen(&person, "1 is chosen").await;
    person.press(&page, "3").await;
    let page = hear_chosen(&person, "2 are chosen").await;
    person.press(&page, "Delete 2").await;
    let question = person.hear("a question", |message| message.button("Yes, delete 2").is_some()).await;
    person.press(&question, "Yes, delete 2").await;
    let deleted =
        person.hear("that they are deleted", |message| message.button("Bring back").is_some()).await;
    assert!(deleted.words.contains("2 images are deleted"), "{}", deleted.words);
    assert!(deleted.words.contains("24 hours"), "{}", deleted.words);
    assert_eq!(studio.objects("images/").len(), 3, "the files wait");
    let card = gallery(&person).await;
    assert!(card.words.contains("1 of 1") && card.words.contains("a whale"), "{}", card.words);
    person.press(&deleted, "Bring back").await;
    person.hear("that they are back", |message| message.words.contains("2 images are back")).await;
    let card = gallery(&person).await;
    assert!(card.words.contains("1 of 3"), "{}", card.words);
    assert_eq!(balance(&studio, &person).await, (25, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_brought_back_goes_for_good() {
    let studio = quick_studio(&[("AISHA_GALLERY__UNDO_SECONDS", "2")]).await;
    let person = with_three_images(&studio).await;
    let page = several(&person).await;
    person.press(&page, "All on this page").await;
    let page = hear_chosen(&person, "3 are chosen").await;
    person.press(&page, "Delete 3").await;
    let question = person.hear("a question", |message| message.button("Yes, delete 3").is_some()).await;
    person.press(&question, "Yes, delete 3").await;
    let deleted =
        person.hear("that they are deleted", |message| message.button("Bring back").is_some()).await;
    studio.wait_until_quiet().await;
    assert!(studio.objects("images/").is_empty(), "{:?}", studio.objects("images/"));
    assert!(studio.objects("previews/").is_empty(), "{:?}", studio.objects("previews/"));
    person.press(&deleted, "Bring back").await;
    person.hear_answer("that it is too late", |text| text.contains("too late")).await;
    assert_eq!(balance(&studio, &person).await, (25, 0, 0), "tombstones keep their prices");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn for_good_means_now() {
    let studio = quick_studio(&[]).await;
    let person = with_three_images(&studio).await;
    let page = several(&person).await;
    person.press(&page, "2").await;
    let page = hear_chosen(&person, "1 is chosen").await;
    person.press(&page, "Delete 1").await;
    let question = person.hear("a question", |message| message.button("Yes, delete 1").is_some()).await;
    person.press(&question, "Yes, delete 1").await;
    let deleted = person.hear("that it is deleted", |message| message.button("For good now").is_some()).await;
    person.press(&deleted, "For good now").await;
    person.hear("that it is gone", |message| message.words.contains("Gone for good")).await;
    studio.wait_until_quiet().await;
    assert_eq!(studio.objects("images/").len(), 2);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_images_are_downloaded_as_one_file() {
    let studio = quick_studio(&[]).await;
    let person = with_three_images(&studio).await;
    let page = several(&person).await;
    person.press(&page, "1").await;
    let page = hear_chosen(&person, "1 is chosen").await;
    person.press(&page, "2").await;
    let page = hear_chosen(&person, "2 are chosen").await;
    person.press(&page, "Download 2").await;
    let file = person
        .hear("the file", |message| message.file.as_ref().is_some_and(|file| file.0 == "document"))
        .await;
    let bytes = person.download(&file.file.unwrap().1).await;
    let archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 2);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_counts_and_adds_up() {
    let studio = quick_studio(&[]).await;
    let person = with_three_images(&studio).await;
    person.say("/settings").await;
    let settings = person.hear("the settings", |message| message.button("Profile").is_some()).await;
    person.press(&settings, "Profile").await;
    let profile = person.hear("the profile", |message| message.words.contains("Here since")).await;
    for part in ["3 images", "From words: 3", "25 credits to spend", "15 credits"] {
        assert!(profile.words.contains(part), "{part} is missing in {}", profile.words);
    }
    studio.close().await;
}
