//! Where things stand when somebody dies.

use generation::{Delivery, Generation, State};
use kernel::{JobId, JobKind, JobState};

use crate::world::World;

/// Counts the states of generations that somebody works on, at a death.
pub fn note_crash_sites(world: &World) {
    let tables = world.tables();
    for generation in tables.generations.values() {
        let job = JobId::of(JobKind::AdvanceGeneration, generation.id.uuid());
        let row = tables.jobs.get(&(generation.account, job));
        if row.is_some_and(|row| row.state == JobState::Running) {
            world.coverage.saw(site(generation));
            if generation.delivery == Delivery::Sending {
                world.note_gap(generation.id);
            }
        }
    }
}

fn site(generation: &Generation) -> &'static str {
    let is_told = matches!(generation.delivery, Delivery::Done { .. });
    match (&generation.state, &generation.delivery) {
        (State::Held { .. }, _) => "death: held",
        (State::Submitting { .. }, _) => "death: submitting",
        (State::Submitted { .. }, _) => "death: submitted",
        (State::Stored, Delivery::NotStarted) => "death: stored",
        (State::Stored, Delivery::Placing) => "death: stored, placing",
        (State::Stored, Delivery::Sending) => "death: stored, sending",
        (State::Stored, Delivery::Shown) => "death: stored, shown",
        (State::Stored | State::Delivered, _) => "death: delivered",
        (State::Failed(_) | State::Cancelled | State::Expired, _) if is_told => "death: ended, told",
        (State::Failed(_) | State::Cancelled | State::Expired, _) => "death: ended, untold",
    }
}
