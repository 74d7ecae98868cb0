//! How generations ended, for the count of what the seeds met.

use std::collections::BTreeMap;

use avatar::{AvatarState, TrainingFailure};
use chat::CallbackData;
use generation::{DeliveredAs, Delivery, FailureReason, Intent, ModelId, ModelKind, State};
use kernel::JobState;
use serde_json::Value;
use testkit::fakes::database::tables::{Tables, UpdateState};

use crate::coverage::Coverage;
use crate::providers::registry;
use crate::world::World;

/// Counts how things ended.
pub fn note_outcomes(world: &World) {
    let tables = world.tables();
    let coverage = &world.coverage;
    let registry = registry(&world.scenario);
    let presses = paid_presses(&tables);
    for generation in tables.generations.values() {
        coverage.saw("generation");
        coverage.saw(match &generation.state {
            State::Held { .. } | State::Submitting { .. } | State::Submitted { .. } | State::Stored => {
                "end: none"
            }
            State::Delivered => "end: delivered",
            State::Failed(FailureReason::Refused) => "end: refused",
            State::Failed(FailureReason::Invalid) => "end: invalid",
            State::Failed(FailureReason::Unavailable) => "end: unavailable",
            State::Failed(FailureReason::NoModel) => "end: no model",
            State::Failed(FailureReason::NoAvatar) => "end: no avatar",
            State::Failed(FailureReason::NoSafetyCheck) => "end: no safety check",
            State::Failed(FailureReason::Internal { .. }) => "end: internal",
            State::Cancelled => "end: cancelled",
            State::Expired => "end: expired",
        });
        if let Delivery::Done { by } = generation.delivery {
            coverage.saw(match by {
                DeliveredAs::Edited => "told: by an edit",
                DeliveredAs::Sent => "told: by new messages",
                DeliveredAs::GalleryMessage => "told: by the way to the gallery",
                DeliveredAs::Told => "told: that nothing came of it",
                DeliveredAs::Unreachable => "told: nobody",
            });
        }
        let is_pointed = matches!(generation.delivery, Delivery::Done { by: DeliveredAs::GalleryMessage });
        if is_pointed && world.had_a_gap(generation.id) {
            coverage.saw("told: by the way to the gallery, after a death in the gap of sending");
        }
        if presses.get(generation.intent.as_str()).is_some_and(|times| *times > 1) {
            coverage.saw("people: several presses were one request");
        }
        let items: Vec<_> =
            tables.items.values().filter(|item| item.kept.generation == generation.id).collect();
        let first = registry.chain(ModelKind::TextToImage, generation.created_at).ok();
        let first = first.and_then(|chain| chain.first().map(|model| model.id.clone()));
        if items.iter().any(|item| first.as_ref() != Some(&ModelId::new(item.kept.model.as_str()))) {
            coverage.saw("images: by another model than the first");
        }
        let arrived = items.len();
        if arrived > 0 && arrived < generation.slots.len() {
            coverage.saw("images: fewer than asked for");
        }
        if items.iter().any(|item| item.kept.price.is_zero()) {
            coverage.saw("images: for free");
        }
        if items.iter().any(|item| item.deleted_at.is_some()) {
            coverage.saw("images: deleted");
        }
        if generation.plan.unknown_outcomes > 0 {
            coverage.saw("attempts: submitted again after a lost answer");
        }
    }
    note_avatars(&tables, coverage);
    let left_behind =
        world.objects.keys().into_iter().filter(|key| key.as_str().starts_with("attempts/")).count();
    coverage
        .saw_times("objects: of attempts, left behind", u64::try_from(left_behind).expect("a few objects"));
    for row in tables.jobs.values() {
        if row.state == JobState::Buried {
            coverage.saw("job: buried");
        }
    }
    for row in tables.updates.values() {
        coverage.saw(match row.state {
            UpdateState::Waiting => "update: waiting",
            UpdateState::Handled => "update: handled",
            UpdateState::SetAside(_) => "update: set aside",
        });
    }
    for record in tables.failures.values() {
        coverage.saw(&format!("failure: {}", record.fingerprint));
    }
}

/// Counts how avatars and erasures ended.
fn note_avatars(tables: &Tables, coverage: &Coverage) {
    for avatar in tables.avatars.values() {
        coverage.saw("avatar");
        coverage.saw(match &avatar.state {
            AvatarState::Ready => "avatar: ready",
            AvatarState::Failed(TrainingFailure::PhotosRefused) => "avatar: photos refused",
            AvatarState::Failed(TrainingFailure::Refused) => "avatar: refused",
            AvatarState::Failed(TrainingFailure::Unavailable) => "avatar: unavailable",
            AvatarState::Failed(TrainingFailure::NoWeights) => "avatar: no weights",
            AvatarState::Failed(TrainingFailure::NoTrainer) => "avatar: no trainer",
            AvatarState::Failed(TrainingFailure::Internal { .. }) => "avatar: internal",
            AvatarState::Cancelled => "avatar: taken back",
            AvatarState::Deleted => "avatar: deleted",
            _ => "avatar: a draft",
        });
        if let Some(training) = &avatar.training {
            coverage.saw("training");
            if training.attempts_of_round > 1 {
                coverage.saw("training: tried again");
            }
            if training.unknown_outcomes > 0 {
                coverage.saw("training: ordered again after a lost answer");
            }
            if training.round > 1 {
                coverage.saw("training: a second one");
            }
        }
    }
    coverage.saw_times("erasure", u64::try_from(tables.erasures.len()).expect("a few people"));
    let of_avatars =
        tables.generations.values().filter(|generation| generation.request.likeness.avatar().is_some());
    for generation in of_avatars {
        coverage.saw(if generation.is_free() {
            "images: previews of an avatar"
        } else {
            "images: of an avatar"
        });
    }
}

/// How often each wish was pressed, by its intent.
fn paid_presses(tables: &Tables) -> BTreeMap<String, u64> {
    let mut presses = BTreeMap::new();
    for row in tables.updates.values() {
        let body: Value = serde_json::from_str(&row.body).expect("an update");
        let data = body["callback_query"]["data"].as_str().and_then(|data| CallbackData::decode(data).ok());
        let nonce = match data {
            Some(CallbackData::Draw(choice)) => choice.nonce,
            Some(CallbackData::Again(repeat)) => repeat.nonce,
            _ => continue,
        };
        *presses.entry(Intent::button(nonce).to_string()).or_default() += 1;
    }
    presses
}
