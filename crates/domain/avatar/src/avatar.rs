//! One avatar, with everything that is known of it.

use std::collections::BTreeSet;

use kernel::{
    AccountId, Audience, AvatarId, Credits, HoldId, MessageId, ModelId, ObjectKey, PhotoId, ProviderHandle,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{AvatarKind, AvatarName, AvatarState, Consent, PresetName, TrainerId};

/// What the person is asked next, while the avatar is a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WizardStep {
    /// What it is called.
    Name,
    /// What it is a model of.
    Kind,
    /// The photos.
    Photos,
    /// How thoroughly it is trained.
    Preset,
    /// Whether all of it is right.
    Confirm,
}

/// What the next training costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextTraining {
    /// The price of its preset.
    #[default]
    Paid,
    /// Nothing: the one before came to nothing.
    FreeSecondTry,
    /// Nothing: the one before does not look like the person.
    FreeRetraining,
}

/// One training as it was ordered, and what has been tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// How many trainings were ordered for the avatar up to this one, from 1.
    pub round: u32,
    /// The trainer.
    pub trainer: TrainerId,
    /// How thoroughly.
    pub preset: PresetName,
    /// What it costs; nothing for a free one.
    pub price: Credits,
    /// The credits set aside for it; not in the ledger when it is free.
    pub hold: HoldId,
    /// When it was ordered, by the database's clock.
    pub ordered_at: Timestamp,
    /// When it is given up, by the database's clock.
    pub deadline: Timestamp,
    /// The latest attempt at a trainer over all rounds, so that attempts never share keys; 0 before the first.
    pub attempt: u32,
    /// Attempts of this round.
    pub attempts_of_round: u32,
    /// Attempts of which it is unknown whether they cost anything.
    pub unknown_outcomes: u32,
    /// What the latest attempt ended with, for operators.
    pub last_failure: Option<String>,
    /// Work at the trainer that is no longer wanted and still has to be taken back there.
    pub unwanted: Option<ProviderHandle>,
}

impl Training {
    /// Whether it was free and reached a trainer, or was on its way there. One that was taken back before has cost
    /// nobody anything: whoever ordered it may order it again.
    pub const fn used_the_free_one(&self) -> bool {
        self.price.is_zero() && self.attempts_of_round > 0
    }
}

/// Verified weights in our own object store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Where they lie.
    pub key: ObjectKey,
    /// Where their description lies, if there is one.
    pub config: Option<ObjectKey>,
    /// Their size in bytes.
    pub bytes: u64,
    /// The model that draws with them.
    pub draws_with: ModelId,
    /// The word that calls for the person or style in a description.
    pub trigger: String,
    /// When they were verified, by the database's clock.
    pub verified_at: Timestamp,
}

/// How far the news of a training's end has got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum News {
    /// There is nothing to tell.
    #[default]
    None,
    /// The person is to be told.
    Due,
    /// The person was told, or cannot be reached.
    Told,
}

/// One avatar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    /// Its id.
    pub id: AvatarId,
    /// Whose.
    pub account: AccountId,
    /// What the person agreed to.
    pub consent: Consent,
    /// What it is called, once that was asked.
    pub name: Option<AvatarName>,
    /// What it is a model of, once that was asked.
    pub kind: Option<AvatarKind>,
    /// What is asked next, while it is a draft.
    pub step: WizardStep,
    /// How thoroughly it is to be trained, once that was asked.
    pub preset: Option<PresetName>,
    /// Where it stands.
    pub state: AvatarState,
    /// Where the person waits; the progress message is the one that collects photos, then the one that tells how the
    /// training goes.
    pub audience: Audience,
    /// The message whose photo is leafed through, if any.
    pub leafing_message: Option<MessageId>,
    /// The photos that were compared last and found to show one person.
    pub compared: BTreeSet<PhotoId>,
    /// What the next training costs.
    pub next_training: NextTraining,
    /// The latest training.
    pub training: Option<Training>,
    /// The weights that it is drawn with.
    pub weights: Option<Weights>,
    /// How far the news of its latest end has got.
    pub news: News,
    /// Photos that were given up because their time is over: their rows are gone, their bytes go, and the person is to
    /// be given a receipt for so many.
    pub leaving_photos: u32,
    /// Since when it can be drawn.
    pub ready_at: Option<Timestamp>,
    /// When it was begun, by the database's clock.
    pub created_at: Timestamp,
    /// When it was changed last, by the database's clock.
    pub updated_at: Timestamp,
    /// Counts the changes; a writer that loaded another version loses.
    pub version: u64,
}

impl Avatar {
    /// Whether it can be drawn now. One that is trained again is drawn with its former weights meanwhile.
    pub fn can_be_drawn(&self) -> bool {
        match self.state {
            AvatarState::Ready => true,
            AvatarState::Draft | AvatarState::Collecting | AvatarState::Deleted => false,
            _ => self.weights.is_some(),
        }
    }

    /// What is left of it once it is deleted: its consent and its prices, nothing of the person. What still has to be
    /// taken back at a trainer is remembered until that is done.
    #[must_use]
    pub fn tombstone(self) -> Self {
        Self {
            name: None,
            kind: self.kind.map(|kind| AvatarKind::new(kind.name())),
            state: AvatarState::Deleted,
            leafing_message: None,
            compared: BTreeSet::new(),
            weights: None,
            leaving_photos: 0,
            ..self
        }
    }

    /// Its name for people; empty before it has one.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("", AvatarName::as_str)
    }
}
