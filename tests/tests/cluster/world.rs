//! What several tests ask of the system.

use std::time::Duration;

use tokio::time::Instant;

use tests::{Person, Studio};

/// A person's balance as the ledger has it: bonus, paid, held.
pub async fn balance(studio: &Studio, person: &Person) -> (i64, i64, i64) {
    let system = studio.system().await;
    let accounts = system["accounts"].as_array().unwrap();
    let account = accounts.iter().find(|account| account["telegram_id"] == person.id).unwrap();
    let part = |name: &str| account[name].as_i64().unwrap();
    (part("bonus"), part("paid"), part("held"))
}

/// Draws an image, and waits for it.
pub async fn draw(person: &Person, words: &str) {
    person.draw(words).await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await;
}

/// How long an answer to `/help` takes.
pub async fn answer_time(person: &Person) -> Duration {
    let asked_at = Instant::now();
    person.say("/help").await;
    person.hear("help", |message| message.words.contains("/imagine")).await;
    asked_at.elapsed()
}
