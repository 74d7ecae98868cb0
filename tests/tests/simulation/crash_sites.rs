//! Where things stand when somebody dies.

use avatar::StateName;
use generation::{Delivery, Generation, State};
use kernel::{JobId, JobKind, JobState};

use crate::world::World;

/// Counts the states of generations and trainings that somebody works on, at a death.
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
    for avatar in tables.avatars.values() {
        let job = JobId::of(JobKind::AdvanceTraining, avatar.id.uuid());
        let row = tables.jobs.get(&(avatar.account, job));
        if row.is_some_and(|row| row.state == JobState::Running) {
            world.coverage.saw(match avatar.state.name() {
                StateName::Queued => "death: training queued",
                StateName::Submitting => "death: training submitting",
                StateName::Training => "death: training at the trainer",
                StateName::Copying => "death: weights being copied",
                _ => "death: training ended",
            });
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
