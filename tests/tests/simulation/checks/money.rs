//! Credits: nothing is set aside any more, what was spent is what arrived, nothing was given or taken twice.

use std::collections::{BTreeMap, BTreeSet};

use balance::{EntryKind, HoldState, OperationKey};
use generation::State;
use kernel::ChatId;
use testkit::fakes::database::tables::Tables;

use crate::world::World;

/// Nothing is set aside any more, and what was spent for a request is the price of its images.
pub(super) fn money_is_right(world: &World, tables: &Tables) {
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
}

/// No operation was done twice.
pub(super) fn keys_were_used_once(world: &World, tables: &Tables) {
    let mut keys = BTreeSet::new();
    for ((account, _), entry) in &tables.entries {
        if !keys.insert((*account, entry.key.clone())) {
            world.fault(format!("account {account} has two entries under the key {}", entry.key));
        }
    }
}

/// Whoever has accepted the terms has had the welcome credits, once.
pub(super) fn everybody_was_welcomed_once(world: &World, tables: &Tables) {
    for (account, person) in &tables.accounts {
        let own = tables.entries.iter().filter(|((owner, _), _)| owner == account);
        let welcomes = own.filter(|(_, entry)| entry.key == OperationKey::welcome()).count();
        let is_in = person.has_accepted_terms();
        // Whoever comes back after an erasure is known to have been welcomed.
        let is_back = tables
            .identities
            .iter()
            .any(|(user, owner)| owner == account && world.has_said_farewell(ChatId::new(user.get())));
        if welcomes > 1 || (is_in && welcomes == 0 && !is_back) {
            world.fault(format!("account {account} was welcomed with {welcomes} grants"));
        }
    }
}

/// Images for which nothing was paid came late, or after the deadline of the hold.
pub(super) fn nothing_is_free_without_reason(world: &World, tables: &Tables) {
    for ((account, id), generation) in &tables.generations {
        let hold = tables.holds.get(&(*account, generation.hold));
        let Some(hold) = hold.filter(|hold| hold.state == HoldState::Released) else { continue };
        let key = OperationKey::release(generation.hold);
        let released_at = tables
            .entries
            .iter()
            .find(|((owner, _), entry)| owner == account && entry.key == key)
            .map(|(_, entry)| entry.created_at);
        let is_delivered = generation.state == State::Delivered;
        if is_delivered && released_at.is_none_or(|released_at| released_at < hold.expires_at) {
            world.fault(format!(
                "generation {id} was delivered, and its credits were given back before their time"
            ));
        }
    }
}
