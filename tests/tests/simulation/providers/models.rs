//! The registry of models.

use std::collections::BTreeMap;

use generation::{ModelEntry, ModelId, ModelKind, ModelRegistry, ProviderName};
use kernel::Credits;

use crate::clock::START;
use crate::scenario::{First, Scenario};

/// The provider that answers with the images.
pub const GOOGLE: &str = "google";
/// The provider that takes its time and calls back.
pub const FAL: &str = "fal";

/// The models of a scenario.
pub fn registry(scenario: &Scenario) -> ModelRegistry {
    let mut old = model("google-old", GOOGLE, 1);
    old.shutdown = scenario.shutdown.map(|after| START + after);
    old.successor = Some(ModelId::new("google-new"));
    let models = vec![old, model("google-new", GOOGLE, 1), model("fal-queue", FAL, 4)];
    let names = match scenario.first {
        First::Inline => ["google-old", "google-new", "fal-queue"],
        First::Queued => ["fal-queue", "google-old", "google-new"],
    };
    let chain = names.map(ModelId::new).to_vec();
    ModelRegistry::new(models, BTreeMap::from([(ModelKind::TextToImage, chain)]))
        .expect("models that fit together")
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
