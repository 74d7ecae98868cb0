//! The registry of trainers: data, never code.

use std::collections::BTreeMap;
use std::fmt;

use kernel::{Credits, ModelId, ProviderName, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::KindName;

/// The id of a trainer in the registry, which is also its name at the provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrainerId(String);

impl TrainerId {
    /// Wraps an id.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TrainerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How thoroughly an avatar is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PresetName {
    /// Good for most.
    Standard,
    /// More steps: closer likeness, dearer, longer.
    Thorough,
}

impl PresetName {
    /// Every preset.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Thorough];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Thorough => "thorough",
        }
    }
}

/// A preset of one trainer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingPreset {
    /// How many steps it trains.
    pub steps: u32,
    /// What it costs the person.
    pub price: Credits,
    /// What it costs us, in millionths of a US dollar.
    pub cost_micro_usd: u64,
}

/// A trainer as the registry describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainerEntry {
    /// Its id.
    pub id: TrainerId,
    /// Who runs it.
    pub provider: ProviderName,
    /// What it trains.
    pub kind: KindName,
    /// The name that people read.
    pub title: String,
    /// The model that draws with what it trains.
    pub draws_with: ModelId,
    /// The word that calls for the person or style in a description.
    pub trigger: String,
    /// Its presets.
    pub presets: BTreeMap<PresetName, TrainingPreset>,
    /// From when on it is no longer offered.
    pub shutdown: Option<Timestamp>,
    /// Settings that only the provider's adapter understands.
    pub options: BTreeMap<String, String>,
}

/// Why a registry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrainerRegistryError {
    /// Two entries have one id.
    #[error("the trainer {0} is there twice")]
    Twice(TrainerId),
    /// An entry without presets.
    #[error("the trainer {0} has no preset")]
    NoPresets(TrainerId),
    /// An entry for a kind that is not trained.
    #[error("the trainer {0} is for a kind that is not trained")]
    NotTrained(TrainerId),
}

/// All trainers, in the order in which they are offered.
#[derive(Debug, Clone, Default)]
pub struct TrainerRegistry {
    trainers: Vec<TrainerEntry>,
}

impl TrainerRegistry {
    /// A registry; earlier entries are tried first.
    ///
    /// # Errors
    /// When the entries do not fit together.
    pub fn new(trainers: Vec<TrainerEntry>) -> Result<Self, TrainerRegistryError> {
        for (place, trainer) in trainers.iter().enumerate() {
            if trainers.iter().take(place).any(|earlier| earlier.id == trainer.id) {
                return Err(TrainerRegistryError::Twice(trainer.id.clone()));
            }
            if trainer.presets.is_empty() {
                return Err(TrainerRegistryError::NoPresets(trainer.id.clone()));
            }
            if !trainer.kind.is_trained() {
                return Err(TrainerRegistryError::NotTrained(trainer.id.clone()));
            }
        }
        Ok(Self { trainers })
    }

    /// A trainer by id, retired ones included.
    pub fn get(&self, id: &TrainerId) -> Option<&TrainerEntry> {
        self.trainers.iter().find(|trainer| trainer.id == *id)
    }

    /// Every trainer, in their order.
    pub fn all(&self) -> impl Iterator<Item = &TrainerEntry> {
        self.trainers.iter()
    }

    /// The trainers of a kind that are offered at `now`, in their order.
    pub fn living(&self, kind: KindName, now: Timestamp) -> impl Iterator<Item = &TrainerEntry> {
        self.trainers
            .iter()
            .filter(move |trainer| trainer.kind == kind && trainer.shutdown.is_none_or(|at| at > now))
    }
}
