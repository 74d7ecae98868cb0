//! Leafing through the gallery.

use std::time::Duration;

use account::ProfileChange;
use chat::PressAnswer;

use crate::fake_telegram::Body;
use crate::person::Person;
use crate::studio::{Studio, UNDO};

async fn with_three_images(studio: &Studio) -> Person<'_> {
    let ann = studio.ann();
    ann.comes_in().await;
    for description in ["first", "second", "third"] {
        ann.has_drawn(description).await;
        studio.clock.advance(Duration::from_mins(1));
    }
    ann
}

#[tokio::test]
async fn an_empty_gallery_says_so() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/gallery").await;
    assert!(ann.sees().words.starts_with("Your gallery is empty."));
    assert_eq!(ann.sees().labels(), ["🎨 New image", "☰ Menu"]);
}

#[tokio::test]
async fn cards_show_image_description_and_place_and_are_leafed() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    let uploads = studio.telegram.uploads();
    ann.writes("/gallery").await;
    let card = ann.sees();
    assert!(card.words.starts_with("third\n✨ Made by AI · Gemini <Test>\n1 of 3 · "), "{}", card.words);
    assert_eq!(
        card.labels(),
        [
            "Older ▶",
            "☆ Favourite",
            "📄 Original",
            "🔁 Again · 5 credits",
            "🗑 Delete",
            "★ Favourites",
            "🔎 Filter",
            "☑ Several",
            "☰ Menu"
        ]
    );
    ann.presses("Older").await;
    assert!(ann.sees().words.starts_with("second"));
    assert_eq!(ann.sees().id, card.id, "the card is turned in place");
    ann.presses("Older").await;
    assert!(ann.sees().words.contains("3 of 3"));
    assert!(!ann.sees().labels().contains(&"Older ▶"));
    ann.presses("Newer").await;
    assert!(ann.sees().words.starts_with("second"));
    assert_eq!(studio.telegram.uploads(), uploads, "images that were sent are shown by Telegram's file id");
}

#[tokio::test]
async fn what_telegram_has_lost_is_uploaded_again_and_remembered() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    studio.telegram.forget_files();
    let uploads = studio.telegram.uploads();
    ann.writes("/gallery").await;
    assert!(matches!(ann.sees().body, Body::Photo(_)));
    ann.writes("/gallery").await;
    assert_eq!(studio.telegram.uploads(), uploads + 1);
}

#[tokio::test]
async fn dates_are_shown_in_the_persons_zone_and_language() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    let account = ann.account().await.id;
    ann.writes("/gallery").await;
    assert!(ann.sees().words.contains("24 November 2026, 00:02"), "{}", ann.sees().words);
    let zone = ProfileChange::Zone("Asia/Tokyo".parse().unwrap());
    studio.accounts.change(account, &zone).await.unwrap();
    let language = ProfileChange::Language(kernel::Language::Russian);
    studio.accounts.change(account, &language).await.unwrap();
    ann.writes("/gallery").await;
    assert!(ann.sees().words.contains("1 из 3 · 24 ноября 2026, 09:02"), "{}", ann.sees().words);
}

#[tokio::test]
async fn favourites_can_be_shown_alone() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    ann.writes("/gallery").await;
    ann.presses("★ Favourites").await;
    assert!(ann.sees().words.starts_with("No favourites yet."));
    ann.presses("All images").await;
    ann.presses("Older").await;
    ann.presses("☆").await;
    ann.presses("★ Favourites").await;
    assert!(
        ann.sees().words.contains("second") && ann.sees().words.contains("1 of 1"),
        "{}",
        ann.sees().words
    );
    ann.presses("★ Favourite").await;
    assert!(ann.sees().labels().contains(&"☆ Favourite"));
}

#[tokio::test]
async fn deleting_a_card_shows_its_neighbour() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    ann.writes("/gallery").await;
    for (next, total) in [("second", 2), ("first", 1)] {
        ann.presses("🗑 Delete").await;
        assert_eq!(ann.presses("🗑 Yes").await, PressAnswer::Toast("Deleted.".to_owned()));
        assert!(ann.sees().words.starts_with(next), "{}", ann.sees().words);
        assert!(ann.sees().words.contains(&format!("of {total}")), "{}", ann.sees().words);
    }
    ann.presses("🗑 Delete").await;
    ann.presses("🗑 Yes").await;
    assert!(ann.sees().words.starts_with("Your gallery is empty."));
    studio.work().await;
    assert!(!studio.objects.keys().is_empty(), "there is a way back for a while");
    studio.clock.advance(UNDO);
    studio.work().await;
    assert_eq!(studio.objects.keys(), []);
    studio.assert_in_order().await;
}

#[tokio::test]
async fn the_gallery_opens_from_a_result_and_leaves_it_where_it_is() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    let result = ann.sees();
    ann.presses("🖼 Gallery").await;
    assert_ne!(ann.sees().id, result.id);
    assert!(ann.sees().words.contains("1 of 3"));
    assert!(ann.sees_all().contains(&result));
}

#[tokio::test]
async fn from_the_menu_the_gallery_takes_the_menus_place_and_back() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    ann.writes("/start").await;
    let menu = ann.sees().id;
    ann.presses("🖼 Gallery").await;
    assert_eq!(ann.sees().id, menu);
    ann.presses("☰ Menu").await;
    assert!(ann.sees().labels().contains(&"🎨 New image"));
    assert_ne!(ann.sees().id, menu, "a photo cannot become words");
}

#[tokio::test]
async fn an_image_that_is_too_large_for_a_photo_is_shown_smaller() {
    let studio = Studio::new();
    let ann = with_three_images(&studio).await;
    let account = ann.account().await.id;
    let item = studio.gallery.newest(account, ::gallery::GalleryFilter::ALL).await.unwrap().unwrap();
    studio.database.tamper(|tables| {
        let kept = tables.items.values_mut().find(|kept| kept.kept.id == item.kept.id).unwrap();
        kept.kept.info.width = 9_000;
        kept.kept.info.height = 4_000;
        kept.files.photo = None;
    });
    ann.writes("/gallery").await;
    let Body::Photo(file) = ann.sees().body else { panic!("not a photo") };
    let shown = String::from_utf8(studio.telegram.file(&file).to_vec()).unwrap();
    assert!(shown.starts_with("fake-image jpg"), "{shown}");
}
