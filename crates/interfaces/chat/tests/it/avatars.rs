//! Avatars as a person makes them: consent, name, kind, photos, training, and what comes after.

use std::time::Duration;

use avatar::{Avatar, AvatarState, KindName, WizardStep};
use chat::PressAnswer;
use kernel::{DialogueStore as _, ImageFormat};
use serde_json::{Value, json};
use testkit::fakes::fake_image;

use crate::fake_telegram::Body;
use crate::person::Person;
use crate::studio::Studio;

/// A photo of somebody in which a checker sees what `words` say.
pub fn photo(studio: &Studio, words: &str) -> Value {
    let file = studio.incoming.send(fake_image(ImageFormat::Jpeg, 1024, 1024, words));
    json!({"photo": [{"file_id": file.as_str(), "file_unique_id": file.as_str(), "width": 1024, "height": 1024}]})
}

async fn sends_photos(studio: &Studio, person: &Person<'_>, count: usize, first: usize) {
    for number in first..first + count {
        person.sends(photo(studio, &format!("me, number {number}"))).await;
    }
}

/// Agrees and gives a name.
async fn begins(person: &Person<'_>, name: &str) {
    person.writes("/avatars").await;
    person.presses("New avatar").await;
    person.presses("I agree").await;
    person.writes(name).await;
}

/// Makes an instant avatar of two photos.
pub async fn has_instant_avatar(studio: &Studio, person: &Person<'_>, name: &str) {
    begins(person, name).await;
    person.presses("Instant").await;
    sends_photos(studio, person, 2, 1).await;
    studio.work().await;
    person.presses("⚡ Done").await;
}

async fn trains(studio: &Studio) {
    for _ in 0..40 {
        studio.work().await;
        studio.clock.advance(Duration::from_secs(5));
    }
}

async fn only_avatar(studio: &Studio, person: &Person<'_>) -> Avatar {
    let account = person.account().await.id;
    let mut all = studio.avatars.list(account).await.unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn screen(person: &Person<'_>, words: &str) -> String {
    let messages = person.sees_all();
    let found = messages.iter().rev().find(|message| message.words.contains(words));
    found.unwrap_or_else(|| panic!("no {words:?} in {messages:#?}")).words.clone()
}

#[tokio::test]
async fn a_portrait_is_made_from_the_consent_to_the_news_that_it_is_ready() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna <3").await;
    assert!(ann.sees().words.contains("Anna <3: what kind"), "{}", ann.sees().words);
    ann.presses("Portrait").await;
    sends_photos(&studio, &ann, 12, 1).await;
    studio.work().await;
    let collecting = screen(&ann, "12 of 20");
    assert!(collecting.contains("Quality of the set"), "{collecting}");

    ann.presses("Continue").await;
    assert!(screen(&ann, "How thoroughly").contains("thorough"));
    ann.presses("Standard · 20 credits").await;
    let confirm = screen(&ann, "Is everything right?");
    for words in ["Anna <3", "Portrait", "Photos: 12", "20 credits", "within 7 days", "24 hours"] {
        assert!(confirm.contains(words), "{words}: {confirm}");
    }
    assert_eq!(ann.presses("Train · 20 credits").await, PressAnswer::Silent);
    assert!(screen(&ann, "Preparing the photos").contains("Anna <3"));
    trains(&studio).await;
    let avatar = only_avatar(&studio, &ann).await;
    assert_eq!(avatar.state, AvatarState::Ready);
    assert!(avatar.weights.is_some());
    assert!(screen(&ann, "is ready!").contains("Anna <3"));
    assert_eq!(ann.credits().await, 20);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn what_was_agreed_to_is_kept_with_its_digest_and_refusing_ends_it() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/avatars").await;
    ann.presses("New avatar").await;
    assert!(ann.sees().words.contains("18 or older"));
    ann.presses("I don't agree").await;
    assert!(ann.sees().words.contains("Nothing was kept"));
    let account = ann.account().await.id;
    assert_eq!(studio.avatars.list(account).await.unwrap(), []);

    ann.presses("Menu").await;
    ann.presses("Avatars").await;
    ann.presses("New avatar").await;
    ann.presses("I agree").await;
    let digest = only_avatar(&studio, &ann).await.consent.text_digest;
    assert_eq!(digest.len(), 64);
    assert!(digest.chars().all(|digit| digit.is_ascii_hexdigit()), "{digest}");
}

#[tokio::test]
async fn a_consent_shown_in_another_language_is_asked_for_again() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/avatars").await;
    ann.presses("New avatar").await;
    let agree = ann.press_of("I agree");
    ann.writes("/settings").await;
    ann.presses("Language").await;
    ann.presses("Русский").await;
    let answer = ann.gives(&agree).await.unwrap();
    assert!(matches!(answer, PressAnswer::Alert(_)), "{answer:?}");
    let account = ann.account().await.id;
    assert_eq!(studio.avatars.list(account).await.unwrap(), []);
    ann.presses("Соглашаюсь, мне").await;
    assert_eq!(studio.avatars.list(account).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_that_is_none_is_asked_for_again() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "A").await;
    assert!(ann.sees().words.contains("at least 2 characters"));
    ann.writes(&"long".repeat(20)).await;
    assert!(ann.sees().words.contains("at most 50 characters"));
    ann.writes("Anna").await;
    let avatar = only_avatar(&studio, &ann).await;
    assert_eq!((avatar.title(), avatar.step), ("Anna", WizardStep::Kind));
}

#[tokio::test]
async fn who_has_no_avatar_is_offered_the_quick_kind_first() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    assert_eq!(ann.sees().labels()[0], "⚡ Instant");
    ann.presses("Instant").await;
    sends_photos(&studio, &ann, 1, 1).await;
    studio.work().await;
    ann.presses("⚡ Done").await;
    let avatar = only_avatar(&studio, &ann).await;
    assert_eq!(avatar.state, AvatarState::Ready);
    begins(&ann, "Anna again").await;
    assert_eq!(ann.sees().labels()[0], "👤 Portrait");
}

#[tokio::test]
async fn of_twenty_five_at_once_twenty_are_taken_and_the_rest_get_one_answer() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    for number in 0..25 {
        let mut content = photo(&studio, &format!("me, number {number}"));
        content["media_group_id"] = json!(format!("album-{}", number / 10));
        ann.sends(content).await;
    }
    let told = ann.sees_all().iter().filter(|message| message.words.contains("the set is full")).count();
    assert_eq!(told, 1);
    studio.work().await;
    assert!(!screen(&ann, "20 of 20").is_empty());
    studio.assert_in_order().await;
}

#[tokio::test]
async fn photos_that_cannot_be_used_come_with_advice() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    ann.sends(photo(&studio, "dark one")).await;
    ann.sends(photo(&studio, "dark two")).await;
    ann.sends(photo(&studio, "me")).await;
    studio.work().await;
    let words = screen(&ann, "1 of 20");
    assert!(words.contains("too dark: take it by a window (×2)."), "{words}");
    assert!(words.contains("At least 9 more photos"), "{words}");
}

#[tokio::test]
async fn what_is_no_photo_gets_a_clear_answer_while_photos_are_collected() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    let file = |kind: &str| json!({"file_id": "f", "file_unique_id": "u", "mime_type": kind});
    for (content, words) in [
        (json!({"document": file("video/mp4"), "animation": file("video/mp4")}), "A GIF won't do"),
        (json!({"document": file("application/pdf")}), "This file is no photo"),
        (json!({"video": {}}), "A video won't do"),
        (json!({"sticker": {}}), "A sticker won't do"),
        (
            json!({"document": {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png", "file_size": 25_000_000}}),
            "files over 20 MB",
        ),
    ] {
        studio.clock.advance(Duration::from_mins(2));
        ann.sends(content).await;
        assert!(ann.sees().words.contains(words), "{words}: {}", ann.sees().words);
    }
}

#[tokio::test]
async fn photos_are_leafed_through_and_removed() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    sends_photos(&studio, &ann, 3, 1).await;
    studio.work().await;
    ann.presses("Look through").await;
    assert!(matches!(ann.sees().body, Body::Photo(_)));
    assert!(ann.sees().words.contains("Photo 1 of 3"));
    ann.presses("▶").await;
    assert!(ann.sees().words.contains("Photo 2 of 3"));
    assert_eq!(ann.presses("🗑 Remove").await, PressAnswer::Toast("Removed.".to_owned()));
    assert!(ann.sees().words.contains("Photo 2 of 2"));
    studio.work().await;
    assert!(!screen(&ann, "2 of 20").is_empty());
    ann.presses("Close").await;
    assert!(ann.sees_all().iter().all(|message| message.body == Body::Text));
}

#[tokio::test]
async fn a_draft_outlives_the_memory_of_the_conversation() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/avatars").await;
    ann.presses("New avatar").await;
    ann.presses("I agree").await;
    studio.dialogues.clear(ann.room()).await.unwrap();
    ann.writes("Anna").await;
    assert_eq!(only_avatar(&studio, &ann).await.title(), "Anna");
    ann.presses("Portrait").await;
    studio.dialogues.clear(ann.room()).await.unwrap();
    sends_photos(&studio, &ann, 1, 1).await;
    studio.work().await;
    ann.writes("/avatars").await;
    assert!(ann.sees().words.contains("Collecting photos: 1 photo"), "{}", ann.sees().words);
    ann.presses("New avatar").await;
    assert!(ann.sees().words.contains("You have begun an avatar"), "{}", ann.sees().words);
    ann.presses("▶️ Go on").await;
    assert!(ann.sees().words.contains("1 of 20"), "{}", ann.sees().words);
}

#[tokio::test]
async fn leaving_asks_by_what_would_be_lost() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("✖ Cancel").await;
    assert!(ann.sees().words.contains("Only what you have chosen"));
    ann.presses("‹ Back").await;
    ann.presses("Portrait").await;
    sends_photos(&studio, &ann, 2, 1).await;
    studio.work().await;
    ann.presses("✖ Cancel").await;
    assert!(ann.sees().words.contains("2 photos"), "{}", ann.sees().words);
    ann.presses("Keep for later").await;
    assert_eq!(only_avatar(&studio, &ann).await.kind.unwrap().name(), KindName::Portrait);
    ann.writes("/cancel").await;
    ann.presses("Delete the draft").await;
    let account = ann.account().await.id;
    assert_eq!(studio.avatars.list(account).await.unwrap(), []);
}

async fn has_ordered(studio: &Studio, ann: &Person<'_>) {
    ann.comes_in().await;
    begins(ann, "Anna").await;
    ann.presses("Portrait").await;
    sends_photos(studio, ann, 10, 1).await;
    studio.work().await;
    ann.presses("Continue").await;
    ann.presses("Standard").await;
    ann.presses("Train").await;
}

#[tokio::test]
async fn a_training_is_ordered_once_and_taken_back() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    sends_photos(&studio, &ann, 10, 1).await;
    studio.work().await;
    ann.presses("Continue").await;
    ann.presses("Standard").await;
    let order = ann.press_of("Train");
    ann.gives(&order).await.unwrap();
    let again = ann.gives(&order).await.unwrap();
    assert!(matches!(again, PressAnswer::Toast(_)), "{again:?}");
    assert_eq!(ann.credits().await, 20);
    ann.presses("Cancel the training").await;
    assert!(ann.sees().words.contains("All credits come back"), "{}", ann.sees().words);
    ann.presses("Yes, cancel it").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 40);
    assert!(screen(&ann, "was cancelled").contains("20 credits are back"));
    ann.presses("Try again").await;
    assert!(screen(&ann, "10 of 20").contains("Anna"));
    studio.assert_in_order().await;
}

#[tokio::test]
async fn without_enough_credits_nothing_is_ordered_and_the_draft_stays() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    ann.has_drawn("a hare").await;
    begins(&ann, "Anna").await;
    ann.presses("Portrait").await;
    sends_photos(&studio, &ann, 10, 1).await;
    studio.work().await;
    ann.presses("Continue").await;
    ann.presses("Thorough").await;
    let answer = ann.presses("Train").await;
    assert!(matches!(&answer, PressAnswer::Alert(words) if words.contains("5 more credits")), "{answer:?}");
    assert_eq!(only_avatar(&studio, &ann).await.state, AvatarState::Collecting);
    assert_eq!(ann.credits().await, 30);
}

#[tokio::test]
async fn a_failed_training_gives_credits_back_and_a_free_second_try() {
    let studio = Studio::new();
    let ann = studio.ann();
    studio.trainer.fail_next_training(kernel::FailureClass::Invalid, "archive_file_count_below_minimum");
    has_ordered(&studio, &ann).await;
    trains(&studio).await;
    let words = screen(&ann, "couldn't be trained");
    assert!(words.contains("20 credits are back") && words.contains("second try is free"), "{words}");
    ann.presses("Try again").await;
    ann.presses("Continue").await;
    ann.presses("Standard · free").await;
    ann.presses("Train · free").await;
    trains(&studio).await;
    assert_eq!(only_avatar(&studio, &ann).await.state, AvatarState::Ready);
    assert_eq!(ann.credits().await, 40);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn an_avatar_is_renamed_made_main_and_deleted_with_a_receipt() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    has_instant_avatar(&studio, &ann, "First").await;
    has_instant_avatar(&studio, &ann, "Second").await;
    ann.writes("/avatars").await;
    assert!(matches!(ann.sees().body, Body::Photo(_)), "a card shows a photo");
    assert!(ann.sees().words.contains("First") && ann.sees().words.contains("⭐"), "{}", ann.sees().words);
    ann.presses("◀").await;
    assert!(ann.sees().words.contains("Second"), "{}", ann.sees().words);
    ann.presses("Make it the main one").await;
    assert!(ann.sees().words.contains("⭐"));
    ann.presses("Rename").await;
    ann.writes("Third & last").await;
    assert!(ann.sees().words.contains("Third & last"), "{}", ann.sees().words);
    ann.presses("🗑 Delete").await;
    assert!(ann.sees().words.contains("stay in your gallery"), "{}", ann.sees().words);
    ann.presses("Yes, delete for good").await;
    studio.work().await;
    assert!(screen(&ann, "Receipt").contains("2 photos were deleted"));
    let left = only_avatar(&studio, &ann).await;
    assert_eq!(left.title(), "First");
    let main = studio.avatars.main(left.account).await.unwrap();
    assert_eq!(main.map(|main| main.id), Some(left.id));
    studio.assert_in_order().await;
}

#[tokio::test]
async fn what_does_not_look_like_its_person_is_trained_again_for_free() {
    let studio = Studio::new();
    let ann = studio.ann();
    has_ordered(&studio, &ann).await;
    trains(&studio).await;
    ann.writes("/avatars").await;
    ann.presses("Doesn't look like me").await;
    assert!(ann.sees().words.contains("for free"), "{}", ann.sees().words);
    ann.presses("Train again").await;
    sends_photos(&studio, &ann, 10, 50).await;
    studio.work().await;
    ann.presses("Continue").await;
    ann.presses("Standard · free").await;
    ann.presses("Train · free").await;
    trains(&studio).await;
    assert_eq!(only_avatar(&studio, &ann).await.state, AvatarState::Ready);
    assert_eq!(ann.credits().await, 20);
    ann.writes("/avatars").await;
    assert!(!ann.sees().labels().iter().any(|label| label.contains("look like me")), "once");
    studio.assert_in_order().await;
}
