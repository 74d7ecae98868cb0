//! Results: each reached its chat once, as images or as the message that opens the gallery, and never twice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::Row as _;

use super::objects::KeptImage;
use super::{Findings, Scene};

/// A request as far as its delivery is concerned.
struct Request {
    chat: i64,
    state: String,
    /// How it was delivered: `sent`, `edited`, `gallery-message`, `told`, `unreachable`, or what it stands at.
    by: String,
}

pub(super) async fn look(
    scene: &Scene<'_>,
    kept: &[KeptImage],
    findings: &mut Findings,
) -> Result<(), sqlx::Error> {
    let requests = requests(scene).await?;
    let mut ways = BTreeMap::<&str, i64>::new();
    for request in requests.values() {
        *ways.entry(&request.by).or_default() += 1;
    }
    for (way, count) in ways {
        findings.count(format!("results by way: {way}"), count);
    }
    let showings = showings(scene.saw);
    findings.count("images shown", i64::try_from(showings.len()).unwrap_or(i64::MAX));
    findings.none_of("images shown twice", shown_twice(&showings));
    findings.none_of("results that are not as they were said to be", untrue(&requests, kept, &showings));
    let known: BTreeSet<&str> = kept.iter().filter_map(|image| image.digest.as_deref()).collect();
    let strange = showings.iter().filter(|(digest, _)| !known.contains(digest.as_str()));
    findings.none_of(
        "images shown that are in nobody's gallery",
        strange.map(|(digest, places)| format!("{digest} at {places:?}")).collect(),
    );
    findings.none_of(
        "people who cannot be reached, although nobody left",
        requests
            .iter()
            .filter(|(_, request)| request.by == "unreachable")
            .map(|(id, request)| format!("{id}, {}", request.state))
            .collect(),
    );
    Ok(())
}

async fn requests(scene: &Scene<'_>) -> Result<BTreeMap<String, Request>, sqlx::Error> {
    let rows = scene
        .rows
        .all(
            "SELECT generations.id::text AS id, state, payload, telegram_user_id
            FROM generations JOIN identities ON identities.account_id = generations.account_id",
        )
        .await?;
    let mut requests = BTreeMap::new();
    for row in rows {
        let payload: String = row.try_get("payload")?;
        let payload: Value = serde_json::from_str(&payload).unwrap_or_default();
        let delivery = &payload["delivery"];
        let by = delivery["by"].as_str().or_else(|| delivery["delivery"].as_str()).unwrap_or("unknown");
        let request = Request {
            chat: row.try_get("telegram_user_id")?,
            state: row.try_get("state")?,
            by: by.to_owned(),
        };
        requests.insert(row.try_get("id")?, request);
    }
    Ok(requests)
}

/// Where each image was shown, by its digest: chats and messages. Editing a message into the same image again is no
/// second showing.
fn showings(saw: &Value) -> BTreeMap<String, BTreeSet<(i64, i64)>> {
    let mut showings = BTreeMap::<String, BTreeSet<(i64, i64)>>::new();
    for sight in saw.as_array().into_iter().flatten() {
        let (Some("photo"), Some(digest)) = (sight["kind"].as_str(), sight["content_sha256"].as_str()) else {
            continue;
        };
        let place =
            (sight["chat_id"].as_i64().unwrap_or_default(), sight["message_id"].as_i64().unwrap_or_default());
        showings.entry(digest.to_owned()).or_default().insert(place);
    }
    showings
}

fn shown_twice(showings: &BTreeMap<String, BTreeSet<(i64, i64)>>) -> Vec<String> {
    let twice = showings.iter().filter(|(_, places)| places.len() > 1);
    twice.map(|(digest, places)| format!("{digest} at {places:?}")).collect()
}

/// Results whose images were not shown as the database says.
fn untrue(
    requests: &BTreeMap<String, Request>,
    kept: &[KeptImage],
    showings: &BTreeMap<String, BTreeSet<(i64, i64)>>,
) -> Vec<String> {
    let mut untrue = Vec::new();
    for image in kept {
        let Some(request) = requests.get(&image.generation) else {
            untrue.push(format!("slot {} of {} belongs to no request", image.slot, image.generation));
            continue;
        };
        let places = image.digest.as_ref().and_then(|digest| showings.get(digest));
        let was_shown = places.is_some_and(|places| !places.is_empty());
        if let Some((chat, _)) = places.into_iter().flatten().find(|(chat, _)| *chat != request.chat) {
            untrue.push(format!("{} was shown to {chat} instead of {}", image.generation, request.chat));
        }
        match request.by.as_str() {
            // What came too late is free, and is shown in the gallery alone.
            "sent" | "edited" if !was_shown && image.price > 0 => {
                untrue.push(format!(
                    "slot {} of {} ({}) was never shown, and is said to be {}",
                    image.slot, image.generation, request.state, request.by
                ));
            }
            "told" | "unreachable" if was_shown => {
                untrue.push(format!("{} was shown, and is said to be {}", image.generation, request.by));
            }
            _ => {}
        }
    }
    untrue
}
