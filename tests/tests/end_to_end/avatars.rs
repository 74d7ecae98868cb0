//! A person trains an avatar and is drawn: from the consent to the receipt.

use serde_json::json;
use tests::{Message, Person, PictureKind, Studio, photo, portraits};

use crate::world::{PORTRAIT, balance, person_with_trainings, photos, quick_studio};

/// Says `/draw`, and presses the paid button.
async fn draw_me(person: &Person, words: &str) -> Message {
    person.say(&format!("/draw {words}")).await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    assert!(card.words.contains(words));
    person.press(&card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await
}

async fn receipt(studio: &Studio, person: &Person, part: &str) -> Message {
    studio.wait_until_quiet().await;
    let chat = person.chat().await;
    let found =
        chat.iter().rev().find(|message| message.words.contains("Receipt") && message.words.contains(part));
    found.unwrap_or_else(|| panic!("no receipt that says {part:?} in {chat:#?}")).clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_consent_to_a_drawing_and_to_the_receipt() {
    let studio = quick_studio(&[("AISHA_AVATAR__PHOTO_RETENTION_SECONDS", "12")]).await;
    studio.providers(json!({ "training_ms": 4_000 })).await;
    let person = person_with_trainings(&studio, 2).await;

    let collecting = person.begin_avatar("Anna <3", "Portrait").await;
    assert!(collecting.words.contains("Anna <3"), "{}", collecting.words);
    let all = portraits(0, 12);
    person.send_album(&all[..10]).await;
    person.send_photo(&all[10]).await;
    person.send_file(&all[11]).await;
    let collected = person.hear_accepted(12).await;
    studio.wait_until_quiet().await;
    let collected = person.look_at(collected.id).await;
    assert!(collected.words.contains("Quality of the set"), "{}", collected.words);
    assert_eq!(studio.objects("photos/").len(), 12);

    person.press(&collected, "Continue").await;
    let presets = person.hear("the presets", |message| message.button("Standard").is_some()).await;
    assert!(presets.button("Standard · 200").is_some(), "the price is on the button: {:?}", presets.buttons);
    person.press(&presets, "Standard").await;
    let confirmation = person.hear("the confirmation", |message| message.button("Train").is_some()).await;
    for part in ["Anna <3", "Portrait", "12", "200 credits", "within 7 days", "before 5 images"] {
        assert!(confirmation.words.contains(part), "{part} is missing in {}", confirmation.words);
    }
    person.press(&confirmation, "Train").await;
    person
        .hear("progress", |message| {
            message.words.contains("Training \"Anna <3\"") && message.words.contains('%')
        })
        .await;
    assert_eq!(balance(&studio, &person).await, (240, 0, 200));
    let ready = person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    assert_eq!(ready.id, confirmation.id, "one message is edited from the confirmation to the end");
    studio.wait_for("the previews", |system| system["generations"][0]["state"] == "delivered").await;
    assert_eq!(photos(&person).await.len(), 2);
    assert_eq!(balance(&studio, &person).await, (40 + PORTRAIT, 0, 0), "previews are free");

    let image = draw_me(&person, "in a red coat on a bridge").await;
    assert!(image.words.contains("AI"), "the caption says it: {}", image.words);
    person.press(&image, "Original").await;
    let file = person
        .hear("the file", |message| message.file.as_ref().is_some_and(|file| file.0 == "document"))
        .await;
    let bytes = person.download(&file.file.unwrap().1).await;
    assert!(String::from_utf8_lossy(&bytes).contains("digitalsourcetype/trainedAlgorithmicMedia"));
    assert_eq!(studio.objects("weights/").len(), 2, "weights and their description");

    receipt(&studio, &person, "12 photos").await;
    assert!(studio.objects("photo").is_empty(), "{:?}", studio.objects("photo"));
    assert!(studio.objects("trainings/").is_empty(), "{:?}", studio.objects("trainings/"));
    assert_eq!(balance(&studio, &person).await, (35 + PORTRAIT, 0, 0));

    let held = studio.fal_files().await;
    assert!(
        held.iter().all(|file| file["expires_at_ms"].is_u64()),
        "FAL keeps something for good: {held:#?}"
    );
    studio.pass_time_at_fal(7 * 24 * 60 * 60).await;
    assert!(studio.fal_files().await.is_empty());

    person.say("/avatars").await;
    let card = person.hear("the card", |message| message.button("Rename").is_some()).await;
    assert!(card.words.contains("Main"), "{}", card.words);
    person.press(&card, "Delete").await;
    let question = person.hear("a question", |message| message.button("Yes, delete").is_some()).await;
    person.press(&question, "Yes, delete").await;
    person.hear("the receipt", |message| message.words.contains("the avatar is deleted")).await;
    studio.wait_until_quiet().await;
    assert!(studio.objects("weights/").is_empty());
    assert_eq!(studio.status_of("Anna <3").await, None);
    person.say("/gallery").await;
    person.hear("what was drawn stays", |message| message.words.contains("of 3")).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_a_restart_and_is_offered_again() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    person.begin_avatar("Bea", "Portrait").await;
    person.send_album(&portraits(0, 3)).await;
    person.hear_accepted(3).await;
    studio.stop_bot().await;
    studio.start_bot().await;
    person.say("/avatars").await;
    let card = person.hear("the draft", |message| message.button("Go on").is_some()).await;
    person.press(&card, "Go on").await;
    person.hear("the photos", |message| message.words.contains("3 of 20")).await;
    person.send_album(&portraits(3, 7)).await;
    let collected = person.hear_accepted(10).await;
    studio.wait_until_quiet().await;
    let confirmation = person.choose_preset(&collected, "Standard").await;
    // Every step leads back to the one before it.
    person.press(&confirmation, "Back").await;
    let presets = person.hear("the presets", |message| message.button("Thorough · 450").is_some()).await;
    person.press(&presets, "Back").await;
    let collected = person.hear("the photos", |message| message.button("Continue").is_some()).await;
    person.press(&collected, "Cancel").await;
    let question = person.hear("what would be lost", |message| message.words.contains("10 photos")).await;
    person.press(&question, "Delete the draft").await;
    person.hear("that it is gone", |message| message.words.contains("deleted")).await;
    studio.wait_until_quiet().await;
    assert!(studio.objects("photo").is_empty());
    assert_eq!(balance(&studio, &person).await, (240, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_avatar_that_does_not_look_like_its_person_is_trained_again_for_free() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    let confirmation = studio.about_to_train(&person, "Cleo", &portraits(0, 10)).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_status("Cleo", "ready").await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    let first = studio.objects("weights/");

    person.say("/avatars").await;
    let card = person.hear("the card", |message| message.button("look like me").is_some()).await;
    person.press(&card, "look like me").await;
    let offer = person.hear("the offer", |message| message.button("Train again").is_some()).await;
    person.press(&offer, "Train again").await;
    person.hear("where to send photos", |message| message.words.contains("of 20")).await;
    person.send_album(&portraits(20, 10)).await;
    let collected = person.hear_accepted(10).await;
    studio.wait_for_compared().await;
    let confirmation = person.choose_preset(&collected, "Standard").await;
    assert!(confirmation.button("free").is_some(), "{:?}", confirmation.buttons);
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (40, 0, 0));
    let second = studio.objects("weights/");
    assert_eq!(second.len(), 2, "{second:?}");
    assert_ne!(first, second);

    person.say("/avatars").await;
    let card = person.hear("the card", |message| message.button("Rename").is_some()).await;
    assert!(card.button("look like me").is_none(), "once and no more: {:?}", card.buttons);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_style_is_trained_by_its_own_trainer_and_drawn_with() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    person.begin_avatar("Still life", "Style").await;
    let pictures: Vec<_> = (0..10).map(|variant| photo(PictureKind::NoFace, variant)).collect();
    person.send_album(&pictures).await;
    let collected = person.hear_accepted(10).await;
    studio.wait_until_quiet().await;
    let confirmation = person.choose_preset(&collected, "Standard").await;
    assert!(confirmation.button("160").is_some(), "{:?}", confirmation.buttons);
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    assert!(!studio.calls("fal", "flux-lora-fast-training").await.is_empty());
    assert!(studio.calls("fal", "portrait-trainer").await.is_empty());
    draw_me(&person, "a lighthouse").await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (240 - 160 - 5, 0, 0));
    studio.close().await;
}
