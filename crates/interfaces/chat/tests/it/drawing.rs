//! Pictures of the person's avatars.

use chat::PressAnswer;
use generation::Likeness;

use crate::avatars::{has_instant_avatar, photo};
use crate::fake_telegram::Body;
use crate::person::Person;
use crate::studio::Studio;

async fn ann_with_avatar(studio: &Studio) -> Person<'_> {
    let ann = studio.ann();
    ann.comes_in().await;
    has_instant_avatar(studio, &ann, "Anna").await;
    ann
}

#[tokio::test]
async fn the_main_avatar_is_drawn_from_words() {
    let studio = Studio::new();
    let ann = ann_with_avatar(&studio).await;
    ann.writes("/draw in a red coat").await;
    let offer = ann.sees();
    assert!(offer.words.contains("in a red coat"), "{}", offer.words);
    assert!(offer.labels().contains(&"👤 Anna"), "{:?}", offer.labels());
    ann.presses("Draw 1").await;
    studio.work().await;
    let result = ann.sees();
    assert!(matches!(result.body, Body::Photo(_)), "{result:?}");
    assert!(result.labels().contains(&"🎯 Other words"), "{:?}", result.labels());
    let account = ann.account().await.id;
    let main = studio.avatars.main(account).await.unwrap().unwrap();
    let newest = studio.gallery.newest(account, gallery::GalleryFilter::ALL).await.unwrap().unwrap();
    assert_eq!(newest.kept.avatar, Some(main.id));
    studio.assert_in_order().await;
}

#[tokio::test]
async fn without_an_avatar_the_words_wait_for_one() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/draw on the Moon").await;
    assert!(ann.sees().words.contains("I need an avatar"), "{}", ann.sees().words);
    ann.presses("Make an instant avatar").await;
    ann.presses("I agree").await;
    ann.writes("Anna").await;
    ann.presses("Instant").await;
    ann.sends(photo(&studio, "me")).await;
    studio.work().await;
    ann.presses("⚡ Done").await;
    let offer = ann.sees();
    assert!(offer.words.contains("on the Moon"), "{}", offer.words);
    assert!(offer.labels().contains(&"👤 Anna"), "{:?}", offer.labels());
}

#[tokio::test]
async fn the_same_seed_is_drawn_with_other_words() {
    let studio = Studio::new();
    let ann = ann_with_avatar(&studio).await;
    ann.has_drawn("/draw in a red coat").await;
    ann.presses("🎯 Other words").await;
    assert!(ann.sees().words.contains("in a red coat"));
    ann.has_drawn("in a blue coat").await;
    let account = ann.account().await.id;
    let page = studio
        .gallery
        .page(account, gallery::GalleryFilter::ALL, None, kernel::PageSize::new(10))
        .await
        .unwrap();
    let seeds: Vec<u64> = page.items.iter().map(|item| item.kept.seed).collect();
    assert_eq!(seeds.len(), 2);
    assert_eq!(seeds[0], seeds[1]);
    assert!(page.items[0].kept.prompt.contains("blue"));
}

#[tokio::test]
async fn a_style_of_a_pack_is_offered_with_its_description() {
    let studio = Studio::new();
    let ann = ann_with_avatar(&studio).await;
    ann.writes("/draw").await;
    assert!(ann.sees().words.contains("Drawing: Anna"), "{}", ann.sees().words);
    ann.presses("🎭 Styles").await;
    ann.presses("At the movies").await;
    ann.presses("Film noir").await;
    let offer = ann.sees();
    assert!(offer.words.contains("film noir") && offer.words.contains("this person"), "{}", offer.words);
    assert!(offer.labels().contains(&"👤 Anna"));
}

#[tokio::test]
async fn a_photo_to_go_by_becomes_words() {
    let studio = Studio::new();
    let ann = ann_with_avatar(&studio).await;
    ann.writes("/draw").await;
    ann.presses("From a photo").await;
    ann.sends(serde_json::json!({"sticker": {}})).await;
    assert!(ann.sees().words.contains("waiting for a photo"), "{}", ann.sees().words);
    ann.sends(photo(&studio, "a bridge in the fog")).await;
    studio.work().await;
    ann.presses("🎨").await;
    let offer = ann.sees();
    assert!(offer.labels().contains(&"👤 Anna"), "{offer:?}");
}

#[tokio::test]
async fn on_an_offer_another_avatar_or_none_is_chosen() {
    let studio = Studio::new();
    let ann = ann_with_avatar(&studio).await;
    has_instant_avatar(&studio, &ann, "Bella").await;
    ann.writes("a walk in the park").await;
    assert!(ann.sees().labels().contains(&"👤 With my avatar"), "{:?}", ann.sees().labels());
    ann.presses("With my avatar").await;
    assert_eq!(ann.presses("👤 Bella").await, PressAnswer::Silent);
    assert!(ann.sees().labels().contains(&"👤 Bella"));
    ann.presses("Draw 1").await;
    studio.work().await;
    let account = ann.account().await.id;
    let newest = studio.gallery.newest(account, gallery::GalleryFilter::ALL).await.unwrap().unwrap();
    let generation = studio.generation.find(account, newest.kept.generation).await.unwrap().unwrap();
    assert_eq!(generation.request.likeness, Likeness::Avatar { avatar: newest.kept.avatar.unwrap() });
}
