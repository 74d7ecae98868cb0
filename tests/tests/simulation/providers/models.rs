//! The registries of models and trainers.

use std::collections::BTreeMap;

use avatar::{KindName, PresetName, TrainerEntry, TrainerId, TrainerRegistry, TrainingPreset};
use generation::{ModelEntry, ModelId, ModelKind, ModelRegistry, ProviderName};
use kernel::Credits;

use crate::clock::START;
use crate::scenario::{First, Scenario};

/// The provider that answers with the images.
pub const GOOGLE: &str = "google";
/// The provider that takes its time and calls back.
pub const FAL: &str = "fal";
/// The model that draws with trained weights.
const LORA: &str = "fal-lora";

/// The models of a scenario.
pub fn registry(scenario: &Scenario) -> ModelRegistry {
    let mut old = model("google-old", GOOGLE, 1);
    old.shutdown = scenario.shutdown.map(|after| START + after);
    old.successor = Some(ModelId::new("google-new"));
    let mut new = model("google-new", GOOGLE, 1);
    new.also = vec![ModelKind::ReferenceLikeness];
    let mut lora = model(LORA, FAL, 4);
    lora.kind = ModelKind::TrainedLikeness;
    let models = vec![old, new, model("fal-queue", FAL, 4), lora];
    let names = match scenario.first {
        First::Inline => ["google-old", "google-new", "fal-queue"],
        First::Queued => ["fal-queue", "google-old", "google-new"],
    };
    let chain = names.map(ModelId::new).to_vec();
    let chains = BTreeMap::from([
        (ModelKind::TextToImage, chain),
        (ModelKind::ReferenceLikeness, vec![ModelId::new("google-new")]),
    ]);
    ModelRegistry::new(models, chains).expect("models that fit together")
}

/// The trainers: two for portraits and one for styles.
pub fn trainers() -> TrainerRegistry {
    let trainer = |id: &str, kind| TrainerEntry {
        id: TrainerId::new(id),
        provider: ProviderName::new(FAL),
        kind,
        title: id.to_owned(),
        draws_with: ModelId::new(LORA),
        trigger: "sks person".to_owned(),
        presets: BTreeMap::from([(PresetName::Standard, preset(10)), (PresetName::Thorough, preset(15))]),
        shutdown: None,
        options: BTreeMap::new(),
    };
    let trainers = vec![
        trainer("portraits", KindName::Portrait),
        trainer("portraits-too", KindName::Portrait),
        trainer("styles", KindName::Style),
    ];
    TrainerRegistry::new(trainers).expect("trainers that fit together")
}

fn preset(price: u16) -> TrainingPreset {
    TrainingPreset { steps: 1_000, price: Credits::of(price), cost_micro_usd: 2_000_000 }
}

fn model(id: &str, provider: &str, images_per_call: u8) -> ModelEntry {
    ModelEntry {
        id: ModelId::new(id),
        provider: ProviderName::new(provider),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: id.to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 30_000,
        images_per_call,
        max_prompt_characters: 2000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    }
}
