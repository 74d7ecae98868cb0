//! Credits, settings, help.

use std::time::Duration;

use chat::PressAnswer;
use kernel::{AspectRatio, Credits, ImageCount, Language};

use crate::studio::Studio;

#[tokio::test]
async fn the_balance_tells_its_parts_and_its_history() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let account = ann.account().await.id;
    let key = "purchase:1".parse().unwrap();
    studio.balance.grant_paid(account, &key, Credits::of(100), "").await.unwrap();
    let key = "operator:1".parse().unwrap();
    studio.balance.grant_bonus(account, &key, Credits::of(7), "for <patience>").await.unwrap();
    ann.writes("another fox").await;
    ann.presses("Draw").await;
    ann.writes("/balance").await;
    let words = ann.sees().words;
    assert!(
        words.starts_with("137 credits to spend\nBonus: 37 · Paid: 100\nSet aside for work under way: 5"),
        "{words}"
    );
    let lines: Vec<&str> = words.lines().filter(|line| line.contains(", 0")).collect();
    let ends = [
        "−5 · set aside for images",
        "+7 · bonus (for <patience>)",
        "+100 · bought",
        "±0 · 5 credits spent on images",
        "−5 · set aside for images",
        "+40 · welcome gift",
    ];
    assert_eq!(lines.len(), ends.len(), "{words}");
    for (line, end) in lines.iter().zip(ends) {
        assert!(line.ends_with(end), "{line}");
    }
    studio.work().await;
    studio.assert_in_order().await;
}

#[tokio::test]
async fn the_history_is_leafed_page_by_page() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let account = ann.account().await.id;
    for number in 1..=19_u16 {
        let key = format!("operator:{number}").parse().unwrap();
        studio.balance.grant_bonus(account, &key, Credits::of(number), "").await.unwrap();
    }
    ann.writes("/start").await;
    ann.presses("💳").await;
    let first = ann.sees();
    assert!(first.words.contains("+19") && first.words.contains("+12") && !first.words.contains("+11"));
    assert_eq!(first.labels(), ["Older ›", "☰ Menu"]);
    ann.presses("Older").await;
    assert_eq!(ann.sees().id, first.id);
    assert!(ann.sees().words.contains("+11") && ann.sees().words.contains("+4"));
    assert_eq!(ann.sees().labels(), ["« Newest", "Older ›", "☰ Menu"]);
    ann.presses("Older").await;
    assert!(ann.sees().words.contains("welcome gift"));
    assert_eq!(ann.sees().labels(), ["« Newest", "☰ Menu"]);
    ann.presses("Newest").await;
    assert_eq!(ann.sees().words, first.words);
}

#[tokio::test]
async fn the_language_changes_at_once() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/settings").await;
    assert!(
        ann.sees().words.starts_with("Settings\nLanguage: English\nShape: 1:1 square\nImages at once: 1")
    );
    ann.presses("🌐").await;
    assert_eq!(ann.sees().labels(), ["✓ English", "Русский", "‹ Back"]);
    assert_eq!(ann.presses("Русский").await, PressAnswer::Toast("Сохранено.".to_owned()));
    assert!(ann.sees().words.starts_with("Настройки\nЯзык: Русский"), "{}", ann.sees().words);
    assert_eq!(ann.account().await.language, Language::Russian);
    ann.writes("лиса").await;
    assert!(ann.sees().labels().contains(&"Нарисовать 1 · 5 кредитов"));
}

#[tokio::test]
async fn shape_and_count_are_those_of_the_next_offer() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/settings").await;
    ann.presses("📐").await;
    ann.presses("16:9").await;
    ann.presses("🔢").await;
    ann.presses("4").await;
    let account = ann.account().await;
    assert_eq!(account.defaults.aspect_ratio, AspectRatio::Wide);
    assert_eq!(account.defaults.count, ImageCount::new(4).unwrap());
    ann.writes("a fox").await;
    let labels: Vec<String> = ann.sees().labels().into_iter().map(str::to_owned).collect();
    assert!(
        labels.contains(&"✓ 16:9".to_owned()) && labels.contains(&"Draw 4 · 20 credits".to_owned()),
        "{labels:?}"
    );
}

#[tokio::test]
async fn the_zone_is_chosen_from_pages_and_shows_the_time() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/settings").await;
    assert!(ann.sees().words.contains("Time zone: UTC Universal time"), "{}", ann.sees().words);
    ann.presses("🕒").await;
    assert!(ann.sees().words.starts_with("Where do you live? (2/4)"), "the page with their own zone");
    ann.presses("▶").await;
    ann.presses("▶").await;
    assert!(ann.sees().words.contains("(4/4)"));
    assert!(!ann.sees().labels().contains(&"▶"));
    ann.presses("Tokyo").await;
    assert!(
        ann.sees().words.contains("Time zone: UTC+9 Tokyo, Seoul (now 24 November 2026, 09:0"),
        "{}",
        ann.sees().words
    );
    assert_eq!(ann.account().await.zone.as_str(), "Asia/Tokyo");
    ann.presses("🕒").await;
    assert!(ann.sees().labels().iter().any(|label| label.starts_with("✓ UTC+9")));
}

#[tokio::test]
async fn help_and_privacy_are_there_in_both_languages() {
    let studio = Studio::new();
    for (person, help, privacy) in [
        (studio.ann(), "How it works", "What I keep"),
        (studio.boris(), "Как это работает", "Что я о вас храню"),
    ] {
        person.comes_in().await;
        person.writes("/help").await;
        assert!(person.sees().words.starts_with(help));
        person.presses("🔒").await;
        assert!(person.sees().words.starts_with(privacy));
        person.presses("☰").await;
        assert_eq!(person.sees().labels().len(), 7);
    }
}

#[tokio::test]
async fn the_commands_are_listed_in_every_language() {
    let studio = Studio::new();
    studio.chat.list_commands().await.unwrap();
    let commands = studio.telegram.commands();
    let languages: Vec<_> = commands.iter().map(|(language, _)| *language).collect();
    assert_eq!(languages, [None, Some(Language::English), Some(Language::Russian)]);
    assert!(commands[2].1.contains(&"/gallery Ваши картинки".to_owned()), "{commands:?}");
    // Each of them does something.
    let ann = studio.ann();
    ann.comes_in().await;
    for command in &commands[0].1 {
        studio.clock.advance(Duration::from_secs(10));
        let word = command.split(' ').next().unwrap();
        ann.writes(word).await;
        assert!(!ann.sees().words.starts_with("I don't know"), "{word}");
    }
}
