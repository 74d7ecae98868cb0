//! The model registry: retirement, succession, and what a registry may not say.

use std::collections::BTreeMap;

use generation::{ModelEntry, ModelId, ModelKind, ModelRegistry, ProviderName, RegistryError};
use kernel::{Credits, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn model(id: &str) -> ModelEntry {
    ModelEntry {
        id: ModelId::new(id),
        provider: ProviderName::new("google"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: id.to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 33_600,
        images_per_call: 1,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    }
}

fn retired(id: &str, successor: Option<&str>) -> ModelEntry {
    ModelEntry { shutdown: Some(NOW), successor: successor.map(ModelId::new), ..model(id) }
}

fn registry(entries: Vec<ModelEntry>, chain: &[&str]) -> Result<ModelRegistry, RegistryError> {
    let chain = chain.iter().map(|id| ModelId::new(*id)).collect();
    ModelRegistry::new(entries, BTreeMap::from([(ModelKind::TextToImage, chain)]))
}

fn chain_at(registry: &ModelRegistry, now: Timestamp) -> Vec<String> {
    let chain = registry.chain(ModelKind::TextToImage, now).map_err(|_| "none");
    chain.map_or_else(
        |none| vec![none.to_owned()],
        |chain| chain.iter().map(|model| model.id.to_string()).collect(),
    )
}

#[test]
fn a_retired_model_is_never_offered_and_its_successor_is() {
    let entries = vec![
        retired("old", Some("newer")),
        retired("newer", Some("newest")),
        model("newest"),
        model("spare"),
    ];
    let registry = registry(entries, &["old", "spare"]).unwrap();
    assert_eq!(chain_at(&registry, NOW.before(std::time::Duration::from_micros(1))), ["old", "spare"]);
    assert_eq!(chain_at(&registry, NOW), ["newest", "spare"]);
}

#[test]
fn a_successor_that_is_in_the_chain_already_is_tried_once() {
    let registry = registry(vec![retired("old", Some("new")), model("new")], &["old", "new"]).unwrap();
    assert_eq!(chain_at(&registry, NOW), ["new"]);
}

#[test]
fn without_a_living_model_there_is_no_chain() {
    let registry = registry(vec![retired("old", None)], &["old"]).unwrap();
    assert_eq!(chain_at(&registry, NOW), ["none"]);
}

#[test]
fn coming_shutdowns_are_known() {
    let entries =
        vec![ModelEntry { shutdown: Some(Timestamp::from_seconds(2_000)), ..model("soon") }, model("never")];
    let registry = registry(entries, &["never"]).unwrap();
    let soon = registry.shutdowns(NOW, Timestamp::from_seconds(2_000));
    assert_eq!(
        soon.iter().map(|(model, at)| (model.id.as_str(), at.as_seconds())).collect::<Vec<_>>(),
        [("soon", 2_000)]
    );
    assert!(registry.shutdowns(NOW, Timestamp::from_seconds(1_999)).is_empty());
    assert!(registry.shutdowns(Timestamp::from_seconds(2_000), Timestamp::from_seconds(3_000)).is_empty());
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let unknown =
        |by: &str, model: &str| RegistryError::Unknown { by: by.to_owned(), model: ModelId::new(model) };
    assert_eq!(
        registry(vec![model("a"), model("a")], &[]).unwrap_err(),
        RegistryError::Twice(ModelId::new("a"))
    );
    assert_eq!(registry(vec![model("a")], &["b"]).unwrap_err(), unknown("the chain TextToImage", "b"));
    assert_eq!(registry(vec![retired("a", Some("b"))], &[]).unwrap_err(), unknown("a", "b"));
    let circle = vec![retired("a", Some("b")), retired("b", Some("a"))];
    assert_eq!(registry(circle, &[]).unwrap_err(), RegistryError::Circle(ModelId::new("a")));
    let dearer = vec![model("a"), ModelEntry { price: Credits::of(6), ..model("b") }];
    assert_eq!(
        registry(dearer, &["a", "b"]).unwrap_err(),
        RegistryError::Dearer { model: ModelId::new("b") }
    );
    let none = vec![ModelEntry { images_per_call: 0, ..model("a") }];
    assert_eq!(registry(none, &[]).unwrap_err(), RegistryError::NoImages(ModelId::new("a")));
}
