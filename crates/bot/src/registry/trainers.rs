//! The trainers of the registry's file.

use std::collections::BTreeMap;

use avatar::{KindName, PresetName, TrainerEntry, TrainerId, TrainerRegistry, TrainingPreset};
use generation::{ModelId, ModelKind, ModelRegistry, ProviderName};
use kernel::Credits;
use serde::Deserialize;

use super::{RegistryFileError, micro_usd, midnight, text_of};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    id: TrainerId,
    provider: ProviderName,
    kind: KindName,
    title: String,
    draws_with: ModelId,
    trigger: String,
    presets: BTreeMap<PresetName, Preset>,
    shutdown: Option<String>,
    #[serde(default)]
    options: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Preset {
    steps: u32,
    price: i64,
    cost_usd: String,
}

pub(super) fn read(
    file: &str,
    entries: Vec<Entry>,
    models: &ModelRegistry,
) -> Result<TrainerRegistry, RegistryFileError> {
    let trainers =
        entries.into_iter().map(|entry| trainer(file, entry, models)).collect::<Result<Vec<_>, _>>()?;
    TrainerRegistry::new(trainers)
        .map_err(|cause| RegistryFileError::Trainers { file: file.to_owned(), cause })
}

fn trainer(file: &str, entry: Entry, models: &ModelRegistry) -> Result<TrainerEntry, RegistryFileError> {
    let wrong = |key: &'static str, value: &str, expected: &'static str| RegistryFileError::Value {
        file: file.to_owned(),
        model: entry.id.to_string(),
        key,
        value: value.to_owned(),
        expected,
    };
    if models.get(&entry.draws_with).is_none_or(|model| !model.does(ModelKind::TrainedLikeness)) {
        return Err(wrong("draws_with", entry.draws_with.as_str(), "a model that does trained-likeness"));
    }
    let mut presets = BTreeMap::new();
    for (name, preset) in &entry.presets {
        let price = Credits::new(preset.price)
            .ok()
            .filter(|price| !price.is_zero())
            .ok_or_else(|| wrong("price", &preset.price.to_string(), "credits, more than zero"))?;
        let cost_micro_usd = micro_usd(&preset.cost_usd).ok_or_else(|| {
            wrong("cost_usd", &preset.cost_usd, "a text such as \"2.4\", six decimals at most")
        })?;
        presets.insert(*name, TrainingPreset { steps: preset.steps, price, cost_micro_usd });
    }
    let shutdown = match &entry.shutdown {
        None => None,
        Some(date) => {
            Some(midnight(date).ok_or_else(|| wrong("shutdown", date, "a date such as \"2026-10-29\""))?)
        }
    };
    let mut options = BTreeMap::new();
    for (key, value) in &entry.options {
        let text = text_of(value).ok_or_else(|| {
            wrong("options", &format!("{key} = {}", value.type_str()), "texts, numbers or truth values")
        })?;
        options.insert(key.clone(), text);
    }
    Ok(TrainerEntry {
        id: entry.id,
        provider: entry.provider,
        kind: entry.kind,
        title: entry.title,
        draws_with: entry.draws_with,
        trigger: entry.trigger,
        presets,
        shutdown,
        options,
    })
}
