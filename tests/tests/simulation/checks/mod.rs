//! What must be true when everything has come to rest.

mod avatars;
mod chats;
mod money;
mod work;

use crate::world::World;

/// Checks everything.
pub fn check(world: &World) {
    for violation in world.audit() {
        world.fault(format!("{} {}", violation.invariant, violation.detail));
    }
    for fault in world.watch.faults() {
        world.fault(fault);
    }
    let tables = world.tables();
    work::generations_have_ended(world, &tables);
    work::nothing_was_lost(world, &tables);
    work::presses_were_answered(world, &tables);
    work::callbacks_were_used(world, &tables);
    work::only_the_weather_failed(world, &tables);
    money::money_is_right(world, &tables);
    money::keys_were_used_once(world, &tables);
    money::everybody_was_welcomed_once(world, &tables);
    money::nothing_is_free_without_reason(world, &tables);
    chats::images_are_there(world, &tables);
    chats::results_were_shown_once(world, &tables);
    chats::deliveries_are_true(world, &tables);
    chats::nobody_waits_in_vain(world, &tables);
    avatars::trainings_have_ended(world, &tables);
    avatars::ready_ones_have_whole_weights(world, &tables);
    avatars::attempts_were_submitted_once(world, &tables);
    avatars::only_verified_weights_were_paid(world, &tables);
    avatars::what_is_not_to_be_kept_is_gone(world, &tables);
    avatars::erased_people_are_gone(world, &tables);
}
