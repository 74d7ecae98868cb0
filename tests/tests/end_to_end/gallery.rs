//! Gallery, balance, settings, help and cancel, as a person walks through them.

use tests::Studio;

use crate::world::balance;

#[tokio::test(flavor = "multi_thread")]
async fn the_gallery_is_leafed_through_and_images_are_deleted() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    for prompt in ["a red fox", "a blue whale"] {
        person.draw(prompt).await;
        person.hear("the image", |message| message.file.is_some()).await;
    }
    person.say("/gallery").await;
    let newest = person.hear("the newest image", |message| message.file.is_some()).await;
    assert!(newest.words.contains("a blue whale"), "{}", newest.words);
    person.press(&newest, "▶").await;
    let older = person.hear("the older image", |message| message.words.contains("a red fox")).await;
    assert_eq!(older.id, newest.id, "the card is edited");

    person.press(&older, "Delete").await;
    let question = person.hear("a question", |message| message.button("Yes").is_some()).await;
    person.press(&question, "Yes").await;
    person.hear("what is left", |message| message.words.contains("a blue whale")).await;
    studio.wait_until_quiet().await;
    assert_eq!(balance(&studio, &person).await, (30, 0, 0), "a tombstone keeps its price");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_balance_shows_a_true_history() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.draw("a red fox").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    person.say("/balance").await;
    let shown = person.hear("the balance", |message| message.words.contains("35")).await;
    assert!(shown.words.contains("40"), "the welcome grant is in the history: {}", shown.words);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_really_act() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/settings").await;
    let settings = person.hear("the settings", |message| message.button("Language").is_some()).await;
    person.press(&settings, "Language").await;
    let languages = person.hear("the languages", |message| message.button("Русский").is_some()).await;
    person.press(&languages, "Русский").await;
    person.hear("Russian settings", |message| message.button("Язык").is_some()).await;
    person.say("/help").await;
    let help = person.hear("help", |message| message.words.len() > 50).await;
    assert!(help.words.chars().any(|letter| ('а'..='я').contains(&letter)));
    studio.close().await;
}
