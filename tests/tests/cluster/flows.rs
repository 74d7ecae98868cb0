//! What the end-to-end tests do on SQLite, once on PostgreSQL and over several processes.

use serde_json::json;
use tests::cluster::{Cluster, Role, Updates};
use tests::portraits;

use crate::world::{balance, draw};

/// Impatience with trainings, for which nobody has to wait in the sandbox.
const QUICK: [(&str, &str); 4] = [
    ("AISHA_AVATAR__POLL_SECONDS", "1"),
    ("AISHA_AVATAR__RETRY_SECONDS", "1"),
    ("AISHA_AVATAR__COPY_SECONDS", "2"),
    ("AISHA_GENERATION__POLL_SECONDS", "1"),
];
/// What a standard training of a portrait costs.
const PORTRAIT: i64 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn an_avatar_is_trained_and_drawn() {
    let mut cluster = Cluster::open(Updates::ByWebhook, &QUICK).await;
    cluster
        .providers(json!({
            "generation_ms": 50, "queue_ms": 20, "thinking_ms": 0, "training_ms": 300,
            "weights_bytes": 200_000, "longest_edge": 384,
        }))
        .await;
    cluster.start_each(&[Role::Web, Role::Chat, Role::Worker]).await;
    let person = cluster.person().await;
    cluster.give(&person, PORTRAIT).await;
    let confirmation = cluster.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (40, 0, 0));

    person.say("/draw in a red coat").await;
    let card = person.hear("the card", |message| message.button("Draw 1").is_some()).await;
    person.press(&card, "Draw 1").await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_that_does_everything_draws_on_postgresql() {
    let mut cluster = Cluster::open(Updates::ByPolling, &[]).await;
    cluster.start(Role::All).await;
    let person = cluster.person().await;
    draw(&person, "a red fox in snow").await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    cluster.close().await;
}
