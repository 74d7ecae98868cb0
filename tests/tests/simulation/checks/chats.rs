//! Images: their bytes are there, they were shown once, and nobody waits for them any more.

use std::collections::BTreeMap;

use chat::CallbackData;
use generation::{DeliveredAs, Delivery, Generation};
use kernel::{GenerationId, JobId, JobKind, JobState, ObjectKey};
use testkit::fakes::database::tables::Tables;

use crate::sky::STANDSTILL;
use crate::telegram::Showing;
use crate::world::World;

/// What the program says when it gives up and its last word fails.
const NOT_TOLD: &str = "log: a person could not be told of an end";

/// The bytes of every kept image are there, those of deleted ones are not.
pub(super) fn images_are_there(world: &World, tables: &Tables) {
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

/// The images of a request were shown in one message or one album, to whom they belong.
pub(super) fn results_were_shown_once(world: &World, tables: &Tables) {
    for (generation, showings) in showings(world) {
        if showings.len() > 1 {
            world.fault(format!("generation {generation} was shown {} times: {showings:?}", showings.len()));
        }
        let mut known = tables.generations.values();
        let audience = known.find(|known| known.id == generation).map(|known| known.audience.chat);
        if audience.is_none() && showings.iter().all(|showing| world.has_said_farewell(showing.chat)) {
            continue;
        }
        if showings.iter().any(|showing| Some(showing.chat) != audience) {
            world.fault(format!("generation {generation} was shown to somebody else: {showings:?}"));
        }
    }
}

/// What is recorded of a delivery is what the person saw.
pub(super) fn deliveries_are_true(world: &World, tables: &Tables) {
    let showings = showings(world);
    for generation in tables.generations.values() {
        let was_shown = showings.contains_key(&generation.id);
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
                // A late callback digs the job up again; that nobody could be told was said before.
                let is_given_up = matches!(job_state(tables, generation), Some(JobState::Buried))
                    || world.coverage.count(NOT_TOLD) > 0;
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
pub(super) fn nobody_waits_in_vain(world: &World, tables: &Tables) {
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
        if is_waiting {
            world.fault(format!(
                "generation {} ended as {} ({by:?}), and its person still reads {:?}",
                generation.id,
                generation.state.name(),
                waiting.map(|message| &message.words)
            ));
        }
    }
}

fn showings(world: &World) -> BTreeMap<GenerationId, Vec<Showing>> {
    let mut showings: BTreeMap<GenerationId, Vec<Showing>> = BTreeMap::new();
    for showing in world.telegram.showings() {
        showings.entry(showing.generation).or_default().push(showing);
    }
    showings
}

fn job_state(tables: &Tables, generation: &Generation) -> Option<JobState> {
    let job = JobId::of(JobKind::AdvanceGeneration, generation.id.uuid());
    tables.jobs.get(&(generation.account, job)).map(|row| row.state)
}
