//! The invariants of avatars, asked in Rust.

use std::collections::BTreeMap;

use avatar::{Avatar, KindName, StateName};
use balance::{EntryKind, Hold, HoldState};
use kernel::AccountId;

use super::auditor::Found;
use super::balances::entries_of;
use super::tables::Tables;

/// A training under way that costs something has an open hold.
pub(super) fn training_is_held(tables: &Tables) -> Found {
    with_hold(tables, |avatar, hold| {
        avatar.state.name().is_under_way() && hold.map(|hold| hold.state) != Some(HoldState::Open)
    })
}

/// The hold of a training that is not under way has ended, in the way in which the training ended. One that was ready
/// after the hold's own deadline is free.
pub(super) fn training_is_settled(tables: &Tables) -> Found {
    with_hold(tables, |avatar, hold| {
        let Some(hold) = hold else {
            return !avatar.state.name().is_under_way();
        };
        match avatar.state.name() {
            state if state.is_under_way() => false,
            StateName::Ready => hold.state != HoldState::Captured && !expired(tables, avatar, hold),
            StateName::Failed | StateName::Cancelled => hold.state != HoldState::Released,
            _ => hold.state == HoldState::Open,
        }
    })
}

/// Whether a hold was released at its own deadline.
fn expired(tables: &Tables, avatar: &Avatar, hold: &Hold) -> bool {
    entries_of(tables, avatar.account).any(|entry| {
        entry.kind == EntryKind::Release
            && entry.hold == avatar.training.as_ref().map(|training| training.hold)
            && entry.created_at >= hold.expires_at
    })
}

fn with_hold(tables: &Tables, is_wrong: impl Fn(&Avatar, Option<&Hold>) -> bool) -> Found {
    let mut found = Vec::new();
    for avatar in tables.avatars.values() {
        let Some(training) = avatar.training.as_ref().filter(|training| !training.price.is_zero()) else {
            continue;
        };
        let hold = tables.holds.get(&(avatar.account, training.hold));
        if is_wrong(avatar, hold) {
            let state = hold.map(|hold| hold.state);
            found.push((
                avatar.account,
                format!("avatar {} is {}, its hold {state:?}", avatar.id, avatar.state.name()),
            ));
        }
    }
    found
}

/// A ready avatar that was trained has weights.
pub(super) fn ready_has_weights(tables: &Tables) -> Found {
    let ready = tables.avatars.values().filter(|avatar| avatar.state.name() == StateName::Ready);
    let trained =
        ready.filter(|avatar| avatar.kind.as_ref().map(avatar::AvatarKind::name) != Some(KindName::Instant));
    trained
        .filter(|avatar| avatar.weights.is_none())
        .map(|avatar| (avatar.account, format!("avatar {} is ready without weights", avatar.id)))
        .collect()
}

/// An account has at most one main avatar.
pub(super) fn one_main_avatar(tables: &Tables) -> Found {
    let mut counts: BTreeMap<AccountId, u32> = BTreeMap::new();
    for (account, _) in &tables.main_avatars {
        *counts.entry(*account).or_default() += 1;
    }
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    several.map(|(account, count)| (account, format!("{count} main avatars"))).collect()
}
