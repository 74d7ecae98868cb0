//! Avatars: every training ended and was paid once if at all, weights are there and whole, photos go in time.

use std::collections::{BTreeMap, BTreeSet};

use avatar::{Avatar, AvatarState, News, StateName, WeightsCheck};
use balance::EntryKind;
use futures::FutureExt as _;
use kernel::{AccountId, JobId, JobKind, JobState, ObjectKey, ObjectStore as _};
use testkit::fakes::database::tables::Tables;

use crate::world::World;

/// Every training has come to its end, and its person was told.
pub(super) fn trainings_have_ended(world: &World, tables: &Tables) {
    for avatar in tables.avatars.values() {
        if avatar.state.name().is_under_way() {
            world.fault(format!("the training of {} is {}", avatar.id, avatar.state.name()));
        }
        let is_buried = is_buried(tables, avatar, JobKind::AdvanceTraining)
            || is_buried(tables, avatar, JobKind::EraseAvatar);
        if avatar.news == News::Due && !is_buried {
            world.fault(format!("nobody was told that avatar {} is {}", avatar.id, avatar.state.name()));
        }
    }
}

/// A ready avatar has whole weights in the object store, or is drawn from its photos.
pub(super) fn ready_ones_have_whole_weights(world: &World, tables: &Tables) {
    for avatar in tables.avatars.values().filter(|avatar| avatar.state != AvatarState::Deleted) {
        let Some(weights) = &avatar.weights else { continue };
        let stored = world.objects.get(&weights.key).now_or_never().expect("memory waits for nothing");
        let mut check = WeightsCheck::default();
        check.see(&stored.expect("fair weather").unwrap_or_default());
        if check.finish() != Ok(weights.bytes) {
            world.fault(format!("the weights of avatar {} are not whole", avatar.id));
        }
    }
}

/// No attempt at a training was submitted twice, and none more often than it may be.
pub(super) fn attempts_were_submitted_once(world: &World, tables: &Tables) {
    let mut submitted: BTreeMap<String, u32> = BTreeMap::new();
    for address in world.trainings.archives() {
        *submitted.entry(address).or_default() += 1;
    }
    for (archive, times) in submitted {
        if times > 1 {
            world.fault(format!("{archive} was submitted {times} times"));
        }
    }
    let most = world.scenario.avatar_policy.max_attempts;
    for avatar in tables.avatars.values() {
        let attempts = avatar.training.as_ref().map_or(0, |training| training.attempts_of_round);
        if attempts > most {
            world.fault(format!("avatar {} was tried {attempts} times", avatar.id));
        }
    }
}

/// Nobody paid for more trainings than gave verified weights.
pub(super) fn only_verified_weights_were_paid(world: &World, tables: &Tables) {
    let of_images: BTreeSet<_> =
        tables.generations.values().map(|generation| (generation.account, generation.hold)).collect();
    let mut paid: BTreeMap<AccountId, usize> = BTreeMap::new();
    for ((account, _), entry) in &tables.entries {
        let is_of_a_training = entry.hold.is_some_and(|hold| !of_images.contains(&(*account, hold)));
        if entry.kind == EntryKind::Capture && is_of_a_training && !tables.erasures.contains_key(account) {
            *paid.entry(*account).or_default() += 1;
        }
    }
    for (account, paid) in paid {
        let own: BTreeSet<_> = tables
            .avatars
            .values()
            .filter(|avatar| avatar.account == account)
            .map(|avatar| avatar.id)
            .collect();
        let verified = tables.training_durations.keys().filter(|(_, avatar, _)| own.contains(avatar)).count();
        if paid > verified {
            world.fault(format!("{account} paid for {paid} trainings, of which {verified} gave weights"));
        }
    }
}

/// Photos whose time is over are gone with their bytes and packs; of deleted avatars everything is.
pub(super) fn what_is_not_to_be_kept_is_gone(world: &World, tables: &Tables) {
    let keys = world.objects.keys();
    let is_there = |kind: &str, avatar: &Avatar| {
        let prefix = format!("{kind}/{}/{}/", avatar.account, avatar.id);
        keys.iter().any(|key| key.as_str().starts_with(&prefix))
    };
    for avatar in tables.avatars.values() {
        let is_instant = avatar.kind.as_ref().is_some_and(|kind| !kind.name().is_trained());
        let (kinds, job): (&[&str], _) = match avatar.state.name() {
            StateName::Deleted => {
                (&["photos", "photo-previews", "trainings", "weights"], JobKind::EraseAvatar)
            }
            StateName::Ready if is_instant => continue,
            _ => (&["photos", "photo-previews", "trainings"], JobKind::ForgetPhotos),
        };
        if is_buried(tables, avatar, job) {
            continue;
        }
        for kind in kinds.iter().filter(|kind| is_there(kind, avatar)) {
            world.fault(format!("avatar {} is {} and still has {kind}", avatar.id, avatar.state.name()));
        }
        if tables.photos.values().any(|photo| photo.avatar == avatar.id) {
            world.fault(format!(
                "avatar {} is {} and still has rows of photos",
                avatar.id,
                avatar.state.name()
            ));
        }
        if avatar.state == AvatarState::Deleted && avatar.name.is_some() {
            world.fault(format!("avatar {} is deleted and still has a name", avatar.id));
        }
    }
}

/// Of whoever was erased nothing is left but what stays under a pseudonym.
pub(super) fn erased_people_are_gone(world: &World, tables: &Tables) {
    let keys = world.objects.keys();
    for (account, erasure) in &tables.erasures {
        let job = JobId::of(JobKind::EraseAccount, account.uuid());
        let row = tables.jobs.get(&(*account, job));
        if row.is_some_and(|row| row.state == JobState::Buried) {
            continue;
        }
        if erasure.state != account::ErasureState::Done || erasure.chat.is_some() {
            world.fault(format!("the erasure of {account} is {:?}", erasure.state));
        }
        let prefixes = ObjectKey::prefixes_of(*account);
        for key in keys.iter().filter(|key| prefixes.iter().any(|prefix| key.as_str().starts_with(prefix))) {
            world.fault(format!("{account} was erased, and {key} is there"));
        }
        let rows = [
            ("images", tables.items.keys().any(|(owner, _)| owner == account)),
            ("generations", tables.generations.keys().any(|(owner, _)| owner == account)),
            ("photos", tables.photos.keys().any(|(owner, _)| owner == account)),
            ("requests for help", tables.helps.keys().any(|(owner, _)| owner == account)),
            ("a profile", tables.accounts.contains_key(account)),
            ("an identity", tables.identities.values().any(|owner| owner == account)),
        ];
        for (what, _) in rows.iter().filter(|(_, is_there)| *is_there) {
            world.fault(format!("{account} was erased and still has {what}"));
        }
    }
}

fn is_buried(tables: &Tables, avatar: &Avatar, kind: JobKind) -> bool {
    let row = tables.jobs.get(&(avatar.account, JobId::of(kind, avatar.id.uuid())));
    row.is_some_and(|row| row.state == JobState::Buried)
}
