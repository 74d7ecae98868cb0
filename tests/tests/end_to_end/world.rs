//! What several tests ask of the system.

use serde_json::{Value, json};
use tests::{Person, Studio};

/// What a standard training of a portrait costs.
pub const PORTRAIT: i64 = 200;

/// A person's balance as the ledger has it: bonus, paid, held.
pub async fn balance(studio: &Studio, person: &Person) -> (i64, i64, i64) {
    let system = studio.system().await;
    let accounts = system["accounts"].as_array().unwrap();
    let account = accounts.iter().find(|account| account["telegram_id"] == person.id).unwrap();
    let part = |name: &str| account[name].as_i64().unwrap();
    (part("bonus"), part("paid"), part("held"))
}

/// The states of all generations, the latest first.
pub async fn states(studio: &Studio) -> Vec<String> {
    let system = studio.system().await;
    let generations = system["generations"].as_array().unwrap();
    generations.iter().map(|generation| generation["state"].as_str().unwrap().to_owned()).collect()
}

/// How many photos of one album, or alone, reached a person in new messages or by edits.
pub async fn photos(person: &Person) -> Vec<Value> {
    let saw = person.saw().await;
    saw.into_iter().filter(|sight| sight["kind"] == "photo").collect()
}

/// A registry in which FAL alone draws.
pub fn only_fal(directory: &std::path::Path) -> String {
    let path = directory.join("models.toml");
    std::fs::write(
        &path,
        r#"
[chains]
text-to-image = ["fal-ai/flux-lora"]

[[models]]
id = "fal-ai/flux-lora"
provider = "fal"
kind = "text-to-image"
title = "FLUX"
price = 5
cost_usd = "0.035"
images_per_call = 4
max_prompt_characters = 2000
"#,
    )
    .unwrap();
    path.display().to_string()
}

/// A studio in which FAL alone draws.
pub async fn fal_studio() -> (Studio, tempfile::TempDir) {
    fal_studio_with(&[]).await
}

/// The same with further settings.
pub async fn fal_studio_with(settings: &[(&str, &str)]) -> (Studio, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let models = only_fal(directory.path());
    let mut all = vec![("AISHA_MODELS__FILE", models.as_str())];
    all.extend_from_slice(settings);
    (Studio::open_with(&all).await, directory)
}

/// Impatience with trainings, for which nobody has to wait in the sandbox.
const QUICK: [(&str, &str); 4] = [
    ("AISHA_AVATAR__POLL_SECONDS", "1"),
    ("AISHA_AVATAR__RETRY_SECONDS", "1"),
    ("AISHA_AVATAR__COPY_SECONDS", "2"),
    ("AISHA_GENERATION__POLL_SECONDS", "1"),
];

/// A studio in which everything is made at once: images, answers, and trained weights, which are small.
pub async fn quick_studio(settings: &[(&str, &str)]) -> Studio {
    let all: Vec<(&str, &str)> = QUICK.iter().chain(settings).copied().collect();
    let studio = Studio::open_with(&all).await;
    studio
        .providers(json!({
            "generation_ms": 50,
            "queue_ms": 20,
            "thinking_ms": 0,
            "training_ms": 300,
            "weights_bytes": 200_000,
            "longest_edge": 384,
        }))
        .await;
    studio
}

/// A person who can pay for so many standard trainings of portraits, besides the welcome credits.
pub async fn person_with_trainings(studio: &Studio, count: i64) -> Person {
    let person = studio.person().await;
    studio.give(&person, PORTRAIT * count).await;
    person
}
