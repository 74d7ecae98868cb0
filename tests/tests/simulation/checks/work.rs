//! Everything was worked off, and nothing got lost on the way.

use generation::Delivery;
use kernel::{JobId, JobKind, JobState};
use serde_json::Value;
use testkit::fakes::database::tables::{Tables, UpdateState};

use crate::sky::STANDSTILL;
use crate::world::World;

/// Failures that the weather makes; any other one is a mistake of the program.
const WEATHER: [&str; 16] = [
    ".store-unavailable",
    ".store-conflict.generation",
    ".store-conflict.the avatar",
    ".objects",
    ".incoming-file",
    ".provider.",
    ".lending",
    ".archive",
    ".never-completed",
    ".too-slow",
    ".messenger.",
    "chat.store-unavailable",
    "chat.request-unavailable",
    "chat.balance-unavailable",
    "chat.telegram-",
    "chat.objects",
];
/// Of those, failures that are mistakes all the same.
const MISTAKES: [&str; 4] = ["unsendable", "bad-request", "not-one-image", "messenger.store-bug"];

/// Every request has come to its end, and its person was told.
pub(super) fn generations_have_ended(world: &World, tables: &Tables) {
    for generation in tables.generations.values() {
        let is_told = matches!(generation.delivery, Delivery::Done { .. });
        if !generation.state.name().is_final() || !is_told {
            world.fault(format!(
                "generation {} is {}, {:?}",
                generation.id,
                generation.state.name(),
                generation.delivery
            ));
        }
    }
}

/// Everything that people did was handled, or put aside with a reason.
pub(super) fn nothing_was_lost(world: &World, tables: &Tables) {
    for (chat, update) in world.updates() {
        match tables.updates.get(&(chat, update)).map(|row| &row.state) {
            Some(UpdateState::Handled) => {}
            Some(UpdateState::SetAside(reason)) if !reason.is_empty() => {}
            // What they wrote went with them.
            None if world.has_said_farewell(chat) => {}
            other => world.fault(format!("update {update} of chat {chat} is {other:?}")),
        }
    }
}

/// What is marked as handled was handled before: a press was answered then, or that was tried.
pub(super) fn presses_were_answered(world: &World, tables: &Tables) {
    for ((chat, update), row) in &tables.updates {
        let body: Value = serde_json::from_str(&row.body).expect("an update");
        let Some(press) = body["callback_query"]["id"].as_str() else { continue };
        let is_handled = row.state == UpdateState::Handled;
        // Who has blocked the bot is not answered.
        if is_handled && !world.telegram.was_answered(press) && !world.telegram.was_ever_blocked(*chat) {
            world.fault(format!("update {update} of chat {chat} was marked as handled and never answered"));
        }
    }
}

/// Every callback that was kept was looked at.
pub(super) fn callbacks_were_used(world: &World, tables: &Tables) {
    for row in tables.callbacks.values().filter(|row| !row.settled) {
        let callback = &row.callback;
        let job = JobId::of(JobKind::AdvanceGeneration, callback.generation.uuid());
        let state = tables.jobs.get(&(callback.account, job)).map(|row| row.state);
        // Whoever gives up looks at nothing any more.
        if state != Some(JobState::Buried) {
            world.fault(format!(
                "nobody looked at {} of generation {}",
                callback.event.request_id, callback.generation
            ));
        }
    }
}

/// Every unexpected failure was made by the weather.
pub(super) fn only_the_weather_failed(world: &World, tables: &Tables) {
    // Whoever has stood still may miss what others have cleared away, and not hear that they have taken over.
    let had_a_standstill = world.coverage.count(STANDSTILL) > 0;
    for record in tables.failures.values() {
        let print = &record.fingerprint;
        let is_weather = WEATHER.iter().any(|part| print.contains(part));
        let is_mistake = MISTAKES.iter().any(|part| print.contains(part));
        // Who is at work for somebody who is being erased misses what is gone, too.
        let is_explained = had_a_standstill || !tables.erasures.is_empty();
        let is_missing_for_a_reason = is_explained && print.ends_with(".bytes-missing");
        if (!is_weather && !is_missing_for_a_reason) || is_mistake {
            world.fault(format!("{print}, {} times: {}", record.count, record.sample));
        }
    }
}
