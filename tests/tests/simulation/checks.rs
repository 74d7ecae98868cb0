//! What must be true when everything has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use balance::{EntryKind, HoldState, OperationKey};
use chat::CallbackData;
use generation::{DeliveredAs, Delivery, Generation, State};
use kernel::{GenerationId, JobId, JobKind, JobState, ObjectKey};
use testkit::fakes::database::tables::{Tables, UpdateState};

use crate::sky::STANDSTILL;
use crate::telegram::Showing;
use crate::world::World;

/// Failures that the weather makes; any other one is a mistake of the program.
const WEATHER: [&str; 11] = [
    ".store-unavailable",
    ".store-conflict.generation",
    ".objects",
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

/// Checks everything.
pub fn check(world: &World) {
    for violation in world.audit() {
        world.fault(format!("{} {}", violation.invariant, violation.detail));
    }
    let tables = world.tables();
    generations_have_ended(world, &tables);
    money_is_right(world, &tables);
    images_are_there(world, &tables);
    nothing_was_lost(world, &tables);
    callbacks_were_used(world, &tables);
    results_were_shown_once(world, &tables);
    nobody_waits_in_vain(world, &tables);
    only_the_weather_failed(world, &tables);
}

fn generations_have_ended(world: &World, tables: &Tables) {
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

fn money_is_right(world: &World, tables: &Tables) {
    for ((account, hold), row) in &tables.holds {
        if row.state == HoldState::Open {
            world.fault(format!("hold {hold} of {account} is open"));
        }
    }
    let mut captured: BTreeMap<_, i64> = BTreeMap::new();
    for ((account, _), entry) in &tables.entries {
        if entry.kind == EntryKind::Capture {
            *captured.entry((*account, entry.hold)).or_default() += entry.amount.get();
        }
    }
    for ((account, id), generation) in &tables.generations {
        let items = tables.items.values().filter(|item| item.kept.generation == *id);
        let prices: i64 = items.map(|item| item.kept.price.get()).sum();
        let paid = captured.get(&(*account, Some(generation.hold))).copied().unwrap_or_default();
        if prices != paid {
            world.fault(format!("generation {id}: {paid} were captured for images of {prices}"));
        }
    }
    let mut keys = BTreeSet::new();
    for ((account, _), entry) in &tables.entries {
        if !keys.insert((*account, entry.key.clone())) {
            world.fault(format!("account {account} has two entries under the key {}", entry.key));
        }
    }
    for (account, person) in &tables.accounts {
        let own = tables.entries.iter().filter(|((owner, _), _)| owner == account);
        let welcomes = own.filter(|(_, entry)| entry.key == OperationKey::welcome()).count();
        let is_in = person.has_accepted_terms();
        if welcomes > 1 || (is_in && welcomes == 0) {
            world.fault(format!("account {account} was welcomed with {welcomes} grants"));
        }
    }
}

fn images_are_there(world: &World, tables: &Tables) {
    let keys = world.objects.keys();
    let is_there = |key: &ObjectKey| keys.binary_search(key).is_ok();
    for item in tables.items.values() {
        let kept = &item.kept;
        match item.deleted_at {
            None if !is_there(&kept.image) || !is_there(&kept.preview) => {
                world.fault(format!("slot {} of generation {} has no bytes", kept.slot, kept.generation));
            }
            Some(_) if is_there(&kept.image) || is_there(&kept.preview) => {
                let job = JobId::of(JobKind::EraseGalleryItem, kept.id.uuid());
                let row = tables.jobs.get(&(kept.account, job));
                if row.is_none_or(|row| row.state != JobState::Buried) {
                    world.fault(format!("deleted image {} still has bytes", kept.id));
                }
            }
            _ => {}
        }
    }
}

fn nothing_was_lost(world: &World, tables: &Tables) {
    for (chat, update) in world.updates() {
        match tables.updates.get(&(chat, update)).map(|row| &row.state) {
            Some(UpdateState::Handled) => {}
            Some(UpdateState::SetAside(reason)) if !reason.is_empty() => {}
            other => world.fault(format!("update {update} of chat {chat} is {other:?}")),
        }
    }
}

fn callbacks_were_used(world: &World, tables: &Tables) {
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

fn results_were_shown_once(world: &World, tables: &Tables) {
    let mut showings: BTreeMap<GenerationId, Vec<Showing>> = BTreeMap::new();
    for showing in world.telegram.showings() {
        showings.entry(showing.generation).or_default().push(showing);
    }
    for (generation, showings) in &showings {
        if showings.len() > 1 {
            world.fault(format!("generation {generation} was shown {} times: {showings:?}", showings.len()));
        }
    }
    for generation in tables.generations.values() {
        let shown = showings.get(&generation.id).map(Vec::as_slice).unwrap_or_default();
        if shown.iter().any(|showing| showing.chat != generation.audience.chat) {
            world.fault(format!("generation {} was shown to somebody else", generation.id));
        }
        let was_shown = !shown.is_empty();
        let Delivery::Done { by } = generation.delivery else { continue };
        match by {
            DeliveredAs::Edited | DeliveredAs::Sent if !was_shown => {
                world.fault(format!("generation {} was delivered as {by:?} and never shown", generation.id));
            }
            DeliveredAs::Told if was_shown => {
                world.fault(format!("generation {} was shown, and told to have failed", generation.id));
            }
            DeliveredAs::Unreachable => {
                let chat = generation.audience.chat;
                let is_given_up = matches!(job_state(tables, generation), Some(JobState::Buried));
                if !world.telegram.was_ever_blocked(chat) && !is_given_up {
                    world.fault(format!("generation {}: nobody was unreachable", generation.id));
                }
            }
            _ => {}
        }
    }
}

/// No message by which a person waits for a request still says that it is under way. A node that stood still may say so
/// when it goes on: an edit cannot be fenced.
fn nobody_waits_in_vain(world: &World, tables: &Tables) {
    if world.coverage.count(STANDSTILL) > 0 {
        return;
    }
    for generation in tables.generations.values() {
        let Delivery::Done { by } = generation.delivery else { continue };
        if by == DeliveredAs::Unreachable {
            continue;
        }
        let chat = generation.audience.chat;
        let messages = world.telegram.messages(chat);
        let waiting =
            messages.iter().find(|message| Some(message.id) == generation.audience.progress_message);
        let is_waiting = waiting.is_some_and(|message| {
            message.keyboard.is_empty()
                || message.buttons().any(|data| matches!(data, CallbackData::CancelRequest { .. }))
        });
        if is_waiting && !(matches!(generation.state, State::Delivered) && by == DeliveredAs::Sent) {
            world.fault(format!(
                "generation {} ended as {} ({by:?}), and its person still reads {:?}",
                generation.id,
                generation.state.name(),
                waiting.map(|message| &message.words)
            ));
        }
    }
}

fn only_the_weather_failed(world: &World, tables: &Tables) {
    for record in tables.failures.values() {
        let print = &record.fingerprint;
        let is_weather = WEATHER.iter().any(|part| print.contains(part));
        let is_mistake = MISTAKES.iter().any(|part| print.contains(part));
        if !is_weather || is_mistake {
            world.fault(format!("{print}, {} times: {}", record.count, record.sample));
        }
    }
}

fn job_state(tables: &Tables, generation: &Generation) -> Option<JobState> {
    let job = JobId::of(JobKind::AdvanceGeneration, generation.id.uuid());
    tables.jobs.get(&(generation.account, job)).map(|row| row.state)
}
