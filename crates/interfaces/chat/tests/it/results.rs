//! What can be done with images that arrived.

use std::time::Duration;

use account::ProfileChange;
use chat::PressAnswer;
use kernel::{FailureClass, ImageCount, ProviderError};
use testkit::weather::Fate;

use crate::fake_telegram::Body;
use crate::person::Person;
use crate::studio::{Studio, UNDO};

async fn wants(studio: &Studio, person: &Person<'_>, count: u8) {
    let account = person.account().await.id;
    let count = ImageCount::new(count).unwrap();
    studio.accounts.change(account, &ProfileChange::Count(count)).await.unwrap();
}

#[tokio::test]
async fn an_image_comes_with_its_buttons() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    assert_eq!(
        ann.sees().labels(),
        ["🔁 Again · 5 credits", "📄 Original", "☆ Favourite", "🗑 Delete", "🖼 Gallery"]
    );
}

#[tokio::test]
async fn several_images_come_as_an_album_and_a_message_with_buttons() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    wants(&studio, &ann, 4).await;
    ann.has_drawn("four <foxes>").await;
    let messages = ann.sees_all();
    let album: Vec<_> = messages.iter().filter(|message| message.album.is_some()).collect();
    assert_eq!(album.len(), 4);
    assert!(album.iter().all(|message| message.album == album[0].album && message.keyboard.is_empty()));
    assert!(album[0].words.contains("four <foxes>") && album[0].words.contains("Made by AI"));
    assert!(
        !messages.iter().any(|message| message.words.contains("Accepted.")),
        "the progress message is gone"
    );
    let controls = ann.sees();
    assert_eq!(controls.words, "Here are your 4 images.\nPaid: 20 credits.");
    assert_eq!(
        controls.labels(),
        [
            "🔁 Again · 20 credits",
            "📄 1",
            "📄 2",
            "📄 3",
            "📄 4",
            "☆ 1",
            "☆ 2",
            "☆ 3",
            "☆ 4",
            "🗑 Delete…",
            "🖼 Gallery"
        ]
    );
    assert_eq!(ann.credits().await, 20);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn who_asked_for_four_and_gets_two_pays_for_two_and_is_told() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    wants(&studio, &ann, 4).await;
    studio.generator.withhold_next(1);
    studio.generator.withhold_next(1);
    ann.has_drawn("four foxes").await;
    let controls = ann.sees();
    assert!(controls.words.starts_with("Here are your 2 images.\nPaid: 10 credits."), "{}", controls.words);
    assert!(controls.words.contains("You asked for 4, and pay only for what arrived."), "{}", controls.words);
    assert_eq!(ann.credits().await, 30);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn again_draws_another_one_with_a_progress_message_of_its_own() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let first = ann.sees().id;
    let again = ann.press_of("🔁");
    assert_eq!(ann.gives(&again).await.unwrap(), PressAnswer::Silent);
    assert!(ann.sees().words.contains("Accepted."));
    studio.work().await;
    assert_ne!(ann.sees().id, first);
    assert!(ann.sees().words.contains("a fox"));
    assert_eq!(ann.credits().await, 30);

    // The same press once more draws nothing; the button that is there now does.
    let repeated = ann.gives(&again).await.unwrap();
    assert!(matches!(repeated, PressAnswer::Toast(_)), "{repeated:?}");
    assert_eq!(ann.credits().await, 30);
    ann.presses("🔁").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 25);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn again_below_a_set_draws_the_whole_set() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    wants(&studio, &ann, 2).await;
    ann.has_drawn("two foxes").await;
    ann.presses("🔁 Again · 10 credits").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 20);
    assert_eq!(ann.sees_all().iter().filter(|message| message.album.is_some()).count(), 4);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn again_without_credits_leaves_no_progress_message_behind() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    wants(&studio, &ann, 4).await;
    ann.has_drawn("foxes").await;
    ann.presses("🔁").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 0);
    let before = ann.sees_all().len();
    let answer = ann.presses("🔁").await;
    let PressAnswer::Alert(words) = answer else { panic!("{answer:?}") };
    assert!(words.starts_with("20 more credits are needed"), "{words}");
    assert_eq!(ann.sees_all().len(), before);
}

#[tokio::test]
async fn the_original_comes_as_a_file_byte_for_byte_and_is_uploaded_once() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    assert_eq!(ann.presses("📄 Original").await, PressAnswer::Silent);
    let Body::Document(file) = ann.sees().body else { panic!("{:?}", ann.sees()) };
    assert!(ann.sees().words.contains("Made by AI"));
    let account = ann.account().await.id;
    let item = studio.gallery.newest(account, gallery::GalleryFilter::ALL).await.unwrap().unwrap();
    let stored = studio.gallery.image(&item).await.unwrap().unwrap();
    assert_eq!(studio.telegram.file(&file), stored);
    let uploads = studio.telegram.uploads();
    ann.presses("📄 Original").await;
    assert_eq!(studio.telegram.uploads(), uploads, "Telegram has it");
    studio.telegram.forget_files();
    ann.presses("📄 Original").await;
    assert_eq!(studio.telegram.uploads(), uploads + 1, "Telegram has it no more");
}

#[tokio::test]
async fn favourites_are_marked_and_unmarked_wherever_the_image_is() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let marked = PressAnswer::Toast("★ Among your favourites.".to_owned());
    assert_eq!(ann.presses("☆ Favourite").await, marked);
    assert!(ann.sees().labels().contains(&"★ Favourite"));
    let unmarked = PressAnswer::Toast("No longer a favourite.".to_owned());
    assert_eq!(ann.presses("★ Favourite").await, unmarked);

    wants(&studio, &ann, 3).await;
    ann.has_drawn("foxes").await;
    ann.presses("☆ 2").await;
    let labels: Vec<String> = ann.sees().labels().into_iter().map(str::to_owned).collect();
    assert!(labels.contains(&"☆ 1".to_owned()) && labels.contains(&"★ 2".to_owned()), "{labels:?}");
}

#[tokio::test]
async fn deleting_is_asked_about_and_then_done() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let image = ann.sees().id;
    ann.presses("🗑 Delete").await;
    assert_eq!(ann.sees().labels(), ["🗑 Yes, delete it", "Keep it"]);
    ann.presses("Keep it").await;
    assert!(ann.sees().labels().contains(&"🗑 Delete"));
    ann.presses("🗑 Delete").await;
    let surely = ann.press_of("🗑 Yes");
    assert_eq!(ann.gives(&surely).await.unwrap(), PressAnswer::Toast("Deleted.".to_owned()));
    assert!(!ann.sees_all().iter().any(|message| message.id == image));
    studio.clock.advance(UNDO);
    studio.work().await;
    assert_eq!(studio.objects.keys(), [], "the bytes are gone");
    let gone = PressAnswer::Toast("This image is no longer there.".to_owned());
    assert_eq!(ann.gives(&surely).await.unwrap(), gone);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn an_image_of_a_set_is_picked_for_deletion() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    wants(&studio, &ann, 3).await;
    ann.has_drawn("foxes").await;
    ann.presses("🗑 Delete…").await;
    assert_eq!(ann.sees().labels(), ["🗑 1", "🗑 2", "🗑 3", "‹ Back"]);
    ann.presses("‹ Back").await;
    ann.presses("🗑 Delete…").await;
    ann.presses("🗑 2").await;
    ann.presses("🗑 Yes").await;
    let controls = ann.sees();
    assert!(controls.labels().contains(&"📄 1") && controls.labels().contains(&"📄 3"));
    assert!(!controls.labels().contains(&"📄 2"), "numbers stay those of the album");
    studio.clock.advance(UNDO);
    studio.work().await;
    assert_eq!(studio.objects.keys().len(), 4);
}

#[tokio::test]
async fn a_slow_result_is_a_new_message_because_an_edit_rings_no_bell() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    ann.presses("Draw").await;
    let progress = ann.sees().id;
    studio.clock.advance(Duration::from_secs(61));
    studio.work().await;
    assert_ne!(ann.sees().id, progress);
    assert!(matches!(ann.sees().body, Body::Photo(_)));
    assert!(!ann.sees_all().iter().any(|message| message.id == progress));
}

#[tokio::test]
async fn who_removes_the_progress_message_gets_the_image_in_a_new_one() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    ann.presses("Draw").await;
    studio.telegram.remove(ann.room(), ann.sees().id);
    let before = ann.sees_all().len();
    studio.work().await;
    assert_eq!(ann.sees_all().len(), before + 1, "the image, and no progress");
    assert!(matches!(ann.sees().body, Body::Photo(_)));
    studio.assert_in_order().await;
}

#[tokio::test]
async fn who_deletes_an_image_before_it_is_shown_is_not_left_with_a_promise() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    ann.presses("Draw").await;
    let progress = ann.sees().id;
    // The image is kept, and the first try to show it fails.
    let away = ProviderError::new(FailureClass::Unavailable, "away", "away");
    studio.telegram.fail_next("edit_into_photo", away.into());
    studio.work_once().await;
    let account = ann.account().await.id;
    let item = studio.gallery.newest(account, gallery::GalleryFilter::ALL).await.unwrap().unwrap();
    studio.gallery.delete(account, &[item.kept.id]).await.unwrap();
    studio.work().await;
    assert!(!ann.sees_all().iter().any(|message| message.id == progress), "{:#?}", ann.sees_all());
    studio.assert_in_order().await;
}

#[tokio::test]
async fn a_result_does_not_go_up_to_where_nobody_looks_any_more() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    ann.presses("Draw").await;
    let progress = ann.sees().id;
    ann.writes("/help").await;
    studio.work().await;
    assert_ne!(ann.sees().id, progress);
    assert!(matches!(ann.sees().body, Body::Photo(_)));
}

#[tokio::test]
async fn again_that_is_interrupted_waits_at_one_message() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let before = ann.sees_all().len();
    let again = ann.press_of("🔁");
    for fate in [Fate::FailsBefore, Fate::FailsAfter] {
        studio.storm.strike("units.commit", fate, 1);
        ann.gives(&again).await.unwrap_err();
    }
    ann.gives(&again).await.unwrap();
    assert_eq!(ann.sees_all().len(), before + 1);
    studio.work().await;
    assert_eq!(ann.sees_all().len(), before + 1);
    assert_eq!(ann.credits().await, 30);
    studio.assert_in_order().await;
}
