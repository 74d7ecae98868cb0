//! Choosing what is shown of the gallery, several images at once, and taking a deletion back.

use std::time::Duration;

use chat::PressAnswer;
use gallery::{GalleryFilter, Origin};
use kernel::PageSize;

use crate::fake_telegram::Body;
use crate::person::Person;
use crate::studio::{Studio, UNDO};

async fn with_images<'studio>(studio: &'studio Studio, descriptions: &[&str]) -> Person<'studio> {
    let ann = studio.ann();
    ann.comes_in().await;
    for description in descriptions {
        ann.has_drawn(description).await;
        studio.clock.advance(Duration::from_mins(1));
    }
    ann
}

async fn left(studio: &Studio, ann: &Person<'_>) -> Vec<String> {
    let account = ann.account().await.id;
    let page = studio.gallery.page(account, GalleryFilter::ALL, None, PageSize::new(100)).await.unwrap();
    page.items.into_iter().map(|item| item.kept.prompt).collect()
}

#[tokio::test]
async fn a_deleted_card_is_brought_back_or_goes_for_good() {
    let studio = Studio::new();
    let ann = with_images(&studio, &["first", "second"]).await;
    ann.writes("/gallery").await;
    ann.presses("🗑 Delete").await;
    ann.presses("🗑 Yes").await;
    assert!(ann.sees().words.starts_with("first"), "{}", ann.sees().words);
    assert_eq!(ann.presses("↩ Bring back").await, PressAnswer::Toast("It's back.".to_owned()));
    assert!(ann.sees().words.starts_with("second"), "the card shows what came back");
    assert!(!ann.sees().labels().contains(&"↩ Bring back"));
    assert_eq!(left(&studio, &ann).await, ["second", "first"]);

    ann.presses("🗑 Delete").await;
    ann.presses("🗑 Yes").await;
    let undo = ann.press_of("↩ Bring back");
    ann.presses("🔥 For good now").await;
    assert!(ann.sees().words.starts_with("first"), "the neighbour stays");
    let answer = ann.gives(&undo).await.unwrap();
    assert_eq!(answer, PressAnswer::Alert("It's too late to bring this back.".to_owned()));
    studio.work().await;
    assert_eq!(left(&studio, &ann).await, ["first"]);
    assert_eq!(studio.objects.keys().len(), 2, "one image and its small version");
    studio.assert_in_order().await;
}

#[tokio::test]
async fn a_deleted_result_is_brought_back_from_the_notice() {
    let studio = Studio::new();
    let ann = with_images(&studio, &["a fox"]).await;
    ann.presses("🗑 Delete").await;
    ann.presses("🗑 Yes").await;
    assert!(ann.sees().words.starts_with("🗑 Deleted. For 24 hours"), "{}", ann.sees().words);
    ann.presses("↩ Bring back").await;
    assert!(ann.sees().words.contains("back in your gallery"));
    assert_eq!(left(&studio, &ann).await, ["a fox"]);
    studio.clock.advance(UNDO);
    studio.work().await;
    assert_eq!(studio.objects.keys().len(), 2, "what came back stays");
    studio.assert_in_order().await;
}

#[tokio::test]
async fn several_are_chosen_by_number_and_deleted_at_once() {
    let studio = Studio::new();
    let ann = with_images(&studio, &["first", "second", "third"]).await;
    ann.writes("/gallery").await;
    ann.presses("☑ Several").await;
    assert!(ann.sees().words.contains("1. 24 Nov"), "{}", ann.sees().words);
    assert!(ann.sees().words.contains("third"));
    ann.presses("1").await;
    ann.presses("2").await;
    assert!(ann.sees().words.contains("2 are chosen."), "{}", ann.sees().words);
    ann.presses("🗑 Delete 2").await;
    let delete = ann.press_of("🗑 Yes, delete 2 images");
    ann.gives(&delete).await.unwrap();
    assert_eq!(left(&studio, &ann).await, ["first"]);
    ann.gives(&delete).await.unwrap();
    assert_eq!(left(&studio, &ann).await, ["first"], "pressed twice, it is one deletion");
    ann.writes("/cancel").await;
    ann.presses("↩ Bring back").await;
    assert!(ann.sees_all().iter().any(|message| message.words.contains("2 images are back.")));
    assert_eq!(left(&studio, &ann).await, ["third", "second", "first"]);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn pages_of_numbers_are_leafed_and_keep_what_is_chosen() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for number in 0..8 {
        ann.has_drawn(&format!("image {number}")).await;
        studio.clock.advance(Duration::from_secs(10));
    }
    let account = ann.account().await.id;
    let template = studio.gallery.newest(account, GalleryFilter::ALL).await.unwrap().unwrap();
    studio.database.tamper(|tables| {
        let id = template.kept.id;
        let row = tables.items.values().find(|item| item.kept.id == id).unwrap().clone();
        let key = *tables.items.iter().find(|(_, item)| item.kept.id == id).unwrap().0;
        for number in 0..4_u128 {
            let mut copy = row.clone();
            copy.kept.id = kernel::GalleryItemId::new(uuid::Uuid::from_u128(number + 1));
            copy.kept.prompt = format!("copy {number}");
            tables.items.insert((key.0, copy.kept.id), copy);
        }
    });
    ann.writes("/gallery").await;
    ann.presses("☑ Several").await;
    ann.presses("All on this page").await;
    assert!(ann.sees().words.contains("10 are chosen."), "{}", ann.sees().words);
    ann.presses("▶").await;
    assert!(!ann.sees().labels().contains(&"▶"), "the last page");
    ann.presses("1").await;
    assert!(ann.sees().words.contains("11 are chosen."), "{}", ann.sees().words);
    ann.presses("◀").await;
    assert!(ann.sees().labels().contains(&"✓ 10"));
    ann.presses("None").await;
    assert!(ann.sees().words.contains("None is chosen yet."), "{}", ann.sees().words);
}

#[tokio::test]
async fn several_are_downloaded_as_one_file() {
    let studio = Studio::new();
    let ann = with_images(&studio, &["first", "second"]).await;
    ann.writes("/gallery").await;
    ann.presses("☑ Several").await;
    ann.presses("All on this page").await;
    let download = ann.press_of("📦 Download 2");
    ann.gives(&download).await.unwrap();
    assert!(ann.sees().words.starts_with("📦 Packing 2 images…"), "{}", ann.sees().words);
    ann.gives(&download).await.unwrap();
    studio.work().await;
    let files: Vec<_> =
        ann.sees_all().into_iter().filter(|message| matches!(message.body, Body::Document(_))).collect();
    assert_eq!(files.len(), 1, "pressed twice, it is one file");
    let words: Vec<String> = ann.sees_all().into_iter().map(|message| message.words).collect();
    assert!(words.iter().any(|words| words.starts_with("✅ Your images are packed")), "{words:?}");
}

#[tokio::test]
async fn the_gallery_is_filtered_by_origin_and_time_in_place() {
    let studio = Studio::new();
    let ann = with_images(&studio, &["old", "new"]).await;
    let account = ann.account().await.id;
    let newest = studio.gallery.newest(account, GalleryFilter::ALL).await.unwrap().unwrap();
    studio.database.tamper(|tables| {
        for item in tables.items.values_mut().filter(|item| item.kept.id != newest.kept.id) {
            item.created_at = item.created_at.before(Duration::from_hours(10 * 24));
            item.kept.origin = Origin::InstantAvatar;
        }
    });
    ann.writes("/gallery").await;
    let card = ann.sees().id;
    assert!(ann.sees().words.contains("1 of 2"), "{}", ann.sees().words);
    ann.presses("🔎 Filter").await;
    ann.presses("7 days").await;
    ann.presses("✅ Show").await;
    assert!(ann.sees().words.starts_with("new") && ann.sees().words.contains("1 of 1"));
    assert_eq!(ann.sees().id, card, "in place");
    ann.presses("🔎 Filter").await;
    ann.presses("All time").await;
    ann.presses("With an instant avatar").await;
    ann.presses("✅ Show").await;
    assert!(ann.sees().words.starts_with("old"), "{}", ann.sees().words);
    ann.presses("🔎 Filter").await;
    ann.presses("Today").await;
    ann.presses("✅ Show").await;
    assert!(ann.sees().words.starts_with("Nothing here fits."), "{}", ann.sees().words);
    ann.presses("All images").await;
    assert!(ann.sees().words.contains("1 of 2"), "{}", ann.sees().words);
    ann.presses("🔎 Filter").await;
    ann.presses("📅 A month…").await;
    assert!(ann.sees().labels().contains(&"November 2026"), "{:?}", ann.sees().labels());
}
