//! Help with words, voice and photos.

use std::time::Duration;

use chat::PressAnswer;
use kernel::{FailureClass, ProviderError};
use serde_json::{Value, json};
use testkit::fakes::{fake_image, fake_recording};

use crate::person::Person;
use crate::studio::Studio;

fn voice(studio: &Studio, words: &str, seconds: u64) -> Value {
    let file = studio.incoming.send(fake_recording(words));
    json!({"voice": {"file_id": file.as_str(), "file_unique_id": "u", "duration": seconds, "mime_type": "audio/ogg"}})
}

fn photo(studio: &Studio) -> Value {
    let bytes = fake_image(kernel::ImageFormat::Jpeg, 1024, 1024, "a fox in the snow");
    let file = studio.incoming.send(bytes);
    json!({"photo": [{"file_id": file.as_str(), "file_unique_id": "u", "width": 1024, "height": 1024}]})
}

async fn ann_inside(studio: &Studio) -> Person<'_> {
    let ann = studio.ann();
    ann.comes_in().await;
    ann
}

#[tokio::test]
async fn an_offer_is_improved_and_the_suggestion_is_used() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.writes("a fox").await;
    let offer = ann.sees().id;
    assert!(!ann.sees().labels().contains(&"🌐 Translate"), "it is English already");
    ann.presses("✨ Improve").await;
    assert!(ann.sees().words.starts_with("✍️ Looking"), "{}", ann.sees().words);
    studio.work().await;
    let answer = ann.sees();
    assert_eq!(answer.id, offer, "the offer became the answer");
    assert!(answer.words.starts_with("Yours\na fox\nMy suggestion\n"), "{}", answer.words);
    assert_eq!(answer.labels(), ["✅ Use this", "↩ Keep mine", "✏️ Edit", "🔁 Try again"]);
    ann.presses("✅ Use this").await;
    assert!(ann.sees().words.starts_with("Shall I draw this?"), "{}", ann.sees().words);
    assert_ne!(ann.sees().words.lines().nth(1), Some("a fox"));
    assert_eq!(ann.sees().id, offer);
    ann.presses(" · ").await;
    studio.work().await;
    assert_eq!(ann.credits().await, 35);
}

#[tokio::test]
async fn own_words_are_kept_and_another_try_gives_other_words() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.writes("a fox").await;
    ann.presses("✨ Improve").await;
    studio.work().await;
    let first = ann.sees().words;
    ann.presses("🔁 Try again").await;
    studio.work().await;
    assert_ne!(ann.sees().words, first);
    ann.presses("↩ Keep mine").await;
    assert_eq!(ann.sees().words.lines().nth(1), Some("a fox"));
    ann.presses("✨ Improve").await;
    studio.work().await;
    assert!(ann.sees().words.starts_with("Yours"), "the offer is another one, and is helped with anew");
}

#[tokio::test]
async fn words_in_other_letters_are_translated_and_edited() {
    let studio = Studio::new();
    let boris = studio.boris();
    boris.comes_in().await;
    boris.writes("рыжая <лиса> в снегу").await;
    boris.presses("🌐 Перевести").await;
    studio.work().await;
    assert!(boris.sees().words.starts_with("Ваши слова\nрыжая <лиса> в снегу\n"), "{}", boris.sees().words);
    boris.presses("✏️ Поправить").await;
    assert!(boris.sees().words.starts_with("Сделайте по-своему."), "{}", boris.sees().words);
    boris.writes("a red fox, at night").await;
    assert!(boris.sees().words.contains("a red fox, at night"));
    assert!(boris.sees().words.starts_with("Рисуем это?"));
}

#[tokio::test]
async fn pressed_twice_help_is_asked_for_once() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.writes("a fox").await;
    let improve = ann.press_of("✨ Improve");
    ann.gives(&improve).await.unwrap();
    ann.gives(&improve).await.unwrap();
    studio.work().await;
    let answer = ann.sees().words;
    ann.gives(&improve).await.unwrap();
    assert_eq!(ann.sees().words, answer, "what was shown before is shown again");
    studio.work().await;
    assert_eq!(ann.sees().words, answer);
}

#[tokio::test]
async fn an_outage_of_the_helper_is_told_once_and_the_words_go_on() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    for _ in 0..5 {
        studio.assistant.fail_next(ProviderError::new(FailureClass::Unavailable, "503", "away"));
    }
    ann.writes("a fox").await;
    ann.presses("✨ Improve").await;
    for _ in 0..5 {
        studio.work().await;
        studio.clock.advance(Duration::from_mins(5));
    }
    assert!(ann.sees().words.starts_with("😔 My helper is away."), "{}", ann.sees().words);
    ann.presses("▶ Go on with my words").await;
    assert_eq!(ann.sees().words.lines().nth(1), Some("a fox"));
}

#[tokio::test]
async fn the_daily_cap_is_told_politely_and_the_offer_stays() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    for number in 0..31 {
        ann.writes(&format!("fox {number}")).await;
        studio.clock.advance(Duration::from_secs(30));
        let answer = ann.presses("✨ Improve").await;
        if number < 30 {
            assert_eq!(answer, PressAnswer::Silent, "{number}");
        } else {
            assert!(matches!(answer, PressAnswer::Alert(words) if words.contains("30 times")));
        }
        studio.clock.advance(Duration::from_secs(30));
    }
    assert!(ann.sees().words.starts_with("Shall I draw this?"), "{}", ann.sees().words);
}

#[tokio::test]
async fn a_voice_message_is_written_down_and_shown_first() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.sends(voice(&studio, "a fox in the snow", 4)).await;
    assert!(ann.sees().words.starts_with("🎧 Listening"), "{}", ann.sees().words);
    studio.work().await;
    assert_eq!(ann.sees().words, "🎙 I heard:\na fox in the snow");
    assert_eq!(
        ann.sees().labels(),
        ["🎨 Imagine this", "👤 Draw me so", "✨ Improve", "✏️ Edit", "✖ Discard"]
    );
    ann.presses("✨ Improve").await;
    studio.work().await;
    assert!(ann.sees().words.starts_with("Yours\na fox in the snow"), "{}", ann.sees().words);
    ann.presses("↩ Keep mine").await;
    assert_eq!(ann.sees().words.lines().nth(1), Some("a fox in the snow"));
}

#[tokio::test]
async fn long_recordings_silence_and_other_sounds_get_clear_answers() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.sends(voice(&studio, "words", 121)).await;
    assert!(ann.sees().words.contains("up to 2 minutes"), "{}", ann.sees().words);
    ann.sends(voice(&studio, "", 3)).await;
    studio.work().await;
    assert!(ann.sees().words.starts_with("🤫 I couldn't make out any words."), "{}", ann.sees().words);
    ann.sends(json!({"audio": {"file_id": "x"}})).await;
    assert!(ann.sees().words.starts_with("I don't listen to music"));
    ann.sends(voice(&studio, "never mind", 3)).await;
    studio.work().await;
    ann.presses("✖ Discard").await;
    assert!(ann.sees().words.starts_with("All right, we'll let it be."));
}

#[tokio::test]
async fn a_photo_is_described_and_something_like_it_is_drawn() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    ann.sends(photo(&studio)).await;
    let offer = ann.sees();
    assert_eq!(offer.labels(), ["👀 Describe it", "🎨 Something like it", "👤 Use for an avatar", "☰ Menu"]);
    ann.presses("👀 Describe it").await;
    studio.work().await;
    assert!(ann.sees().words.starts_with("👀 I see:\n"), "{}", ann.sees().words);
    assert_eq!(ann.sees().id, offer.id);
    ann.presses("🎨 Something like it").await;
    studio.work().await;
    assert!(ann.sees().words.starts_with("🎨 I'd describe it like this:\n"), "{}", ann.sees().words);
    ann.presses("🎨 Imagine this").await;
    assert!(ann.sees().words.starts_with("Shall I draw this?"));
}

#[tokio::test]
async fn words_below_a_photo_can_be_drawn() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    let mut captioned = photo(&studio);
    captioned["caption"] = json!("a fox in watercolour");
    ann.sends(captioned).await;
    ann.presses("✍️ Draw my words").await;
    assert!(ann.sees().words.contains("a fox in watercolour"));
}

#[tokio::test]
async fn an_album_gets_one_answer_and_leads_to_an_avatar() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    let before = ann.sees_all().len();
    for _ in 0..10 {
        let mut part = photo(&studio);
        part["media_group_id"] = json!("13876");
        ann.sends(part).await;
    }
    assert_eq!(ann.sees_all().len(), before + 1);
    assert_eq!(ann.sees().labels(), ["👤 Use for an avatar", "☰ Menu"]);
    ann.presses("👤 Use for an avatar").await;
    assert!(ann.sees().words.contains("18"), "the consent comes first: {}", ann.sees().words);
}

#[tokio::test]
async fn a_file_that_is_too_large_and_a_photo_that_was_forgotten_are_told() {
    let studio = Studio::new();
    let ann = ann_inside(&studio).await;
    let large =
        json!({"file_id": "x", "file_unique_id": "u", "mime_type": "image/png", "file_size": 25_000_000});
    ann.sends(json!({"document": large})).await;
    assert!(ann.sees().words.starts_with("This file is too large"), "{}", ann.sees().words);
    ann.sends(photo(&studio)).await;
    let describe = ann.press_of("👀 Describe it");
    ann.writes("/cancel").await;
    let answer = ann.gives(&describe).await.unwrap();
    assert_eq!(
        answer,
        PressAnswer::Alert("I no longer have this picture. Please send it to me again.".to_owned())
    );
}
