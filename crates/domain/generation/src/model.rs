//! The registry of models: data, never code, because models come and go faster than releases.

use std::collections::BTreeMap;

use kernel::{Credits, ModelId, ProviderName, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a model does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelKind {
    /// Draws from a description.
    TextToImage,
    /// Draws a person or in a style, with weights that were trained for it.
    TrainedLikeness,
    /// Draws a person from a few photos.
    ReferenceLikeness,
}

/// A model as the registry describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelEntry {
    /// Its id.
    pub id: ModelId,
    /// Who runs it.
    pub provider: ProviderName,
    /// What it does.
    pub kind: ModelKind,
    /// What else it does.
    pub also: Vec<ModelKind>,
    /// The name that people read.
    pub title: String,
    /// What one image costs the person.
    pub price: Credits,
    /// What one image costs us, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// How many images one call brings at most, at least 1.
    pub images_per_call: u8,
    /// The longest description in characters.
    pub max_prompt_characters: usize,
    /// From when on it is no longer offered.
    pub shutdown: Option<Timestamp>,
    /// What takes its place.
    pub successor: Option<ModelId>,
    /// Settings that only the provider's adapter understands.
    pub options: BTreeMap<String, String>,
}

impl ModelEntry {
    /// Whether it does this.
    pub fn does(&self, kind: ModelKind) -> bool {
        self.kind == kind || self.also.contains(&kind)
    }
}

/// Why a registry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RegistryError {
    /// Two entries have one id.
    #[error("the model {0} is there twice")]
    Twice(ModelId),
    /// A chain or successor names a model that is not there.
    #[error("{by} names the model {model}, which is not in the registry")]
    Unknown {
        /// Who names it.
        by: String,
        /// The missing model.
        model: ModelId,
    },
    /// A chain holds a model of another kind.
    #[error("the chain {chain} holds {model}, which is of another kind")]
    OtherKind {
        /// The chain.
        chain: String,
        /// The model.
        model: ModelId,
    },
    /// Successors lead in a circle.
    #[error("the successors of {0} lead in a circle")]
    Circle(ModelId),
    /// A later model of a chain costs more than the price that was shown for the first.
    #[error("{model} costs more than the first model of its chain, and nobody would be told")]
    Dearer {
        /// The dearer model.
        model: ModelId,
    },
    /// A call that brings no image.
    #[error("{0} brings no image per call")]
    NoImages(ModelId),
}

/// Why there is no chain of models for a kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no model in the registry can do this now")]
pub struct ChainError;

/// All models, and the order in which they are tried.
#[derive(Debug, Clone)]
pub struct ModelRegistry {
    models: BTreeMap<ModelId, ModelEntry>,
    chains: BTreeMap<ModelKind, Vec<ModelId>>,
}

impl ModelRegistry {
    /// A registry out of entries and, for each kind of work, the order in which models are tried.
    ///
    /// # Errors
    /// When the entries do not fit together.
    pub fn new(
        entries: Vec<ModelEntry>,
        chains: BTreeMap<ModelKind, Vec<ModelId>>,
    ) -> Result<Self, RegistryError> {
        let mut models = BTreeMap::new();
        for entry in entries {
            if entry.images_per_call == 0 {
                return Err(RegistryError::NoImages(entry.id));
            }
            let id = entry.id.clone();
            if models.insert(id.clone(), entry).is_some() {
                return Err(RegistryError::Twice(id));
            }
        }
        let registry = Self { models, chains };
        registry.check_successors()?;
        registry.check_chains()?;
        Ok(registry)
    }

    /// A model by id, retired ones included.
    pub fn get(&self, id: &ModelId) -> Option<&ModelEntry> {
        self.models.get(id)
    }

    /// Every model, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &ModelEntry> {
        self.models.values()
    }

    /// The models to try for `kind` at `now`, first to last: each retired one replaced by its successor, none twice.
    ///
    /// # Errors
    /// When none is left.
    pub fn chain(&self, kind: ModelKind, now: Timestamp) -> Result<Vec<&ModelEntry>, ChainError> {
        let mut chain: Vec<&ModelEntry> = Vec::new();
        for id in self.chains.get(&kind).into_iter().flatten() {
            if let Some(model) = self.living(id, now)
                && !chain.iter().any(|earlier| earlier.id == model.id)
            {
                chain.push(model);
            }
        }
        if chain.is_empty() { Err(ChainError) } else { Ok(chain) }
    }

    /// Models that will be shut down after `now` and before `until`, with the moment.
    pub fn shutdowns(&self, now: Timestamp, until: Timestamp) -> Vec<(&ModelEntry, Timestamp)> {
        self.models
            .values()
            .filter_map(|model| model.shutdown.map(|at| (model, at)))
            .filter(|(_, at)| *at > now && *at <= until)
            .collect()
    }

    fn living(&self, id: &ModelId, now: Timestamp) -> Option<&ModelEntry> {
        let mut model = self.models.get(id)?;
        while model.shutdown.is_some_and(|at| at <= now) {
            model = self.models.get(model.successor.as_ref()?)?;
        }
        Some(model)
    }

    fn check_successors(&self) -> Result<(), RegistryError> {
        for model in self.models.values() {
            let mut current = model;
            let mut steps = 0;
            while let Some(successor) = &current.successor {
                current = self.models.get(successor).ok_or_else(|| RegistryError::Unknown {
                    by: current.id.to_string(),
                    model: successor.clone(),
                })?;
                steps += 1;
                if steps > self.models.len() {
                    return Err(RegistryError::Circle(model.id.clone()));
                }
            }
        }
        Ok(())
    }

    fn check_chains(&self) -> Result<(), RegistryError> {
        for (kind, ids) in &self.chains {
            let mut first_price = None;
            for id in ids {
                let model = self.models.get(id).ok_or_else(|| RegistryError::Unknown {
                    by: format!("the chain {kind:?}"),
                    model: id.clone(),
                })?;
                if !model.does(*kind) {
                    return Err(RegistryError::OtherKind { chain: format!("{kind:?}"), model: id.clone() });
                }
                if *first_price.get_or_insert(model.price) < model.price {
                    return Err(RegistryError::Dearer { model: id.clone() });
                }
            }
        }
        Ok(())
    }
}
