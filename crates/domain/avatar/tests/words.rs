//! Names, kinds, states and trainers as they are written, stored and offered.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use avatar::{
    AvatarKind, AvatarName, AvatarNameError, AvatarPolicy, AvatarPolicyError, KindName, PhotoStateName,
    PresetName, StateName, TrainedFiles, TrainerEntry, TrainerId, TrainerRegistry, TrainerRegistryError,
    TrainingPreset,
};
use kernel::{Credits, ModelId, ProviderName, Timestamp};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn trainer(id: &str, kind: KindName) -> TrainerEntry {
    let preset = TrainingPreset { steps: 1_000, price: Credits::of(20), cost_micro_usd: 2_000_000 };
    TrainerEntry {
        id: TrainerId::new(id),
        provider: ProviderName::new("fal"),
        kind,
        title: id.to_owned(),
        draws_with: ModelId::new("lora"),
        trigger: "sks".to_owned(),
        presets: BTreeMap::from([(PresetName::Standard, preset)]),
        shutdown: None,
        options: BTreeMap::new(),
    }
}

#[test]
fn a_name_has_2_to_50_characters_on_one_line() {
    assert_eq!(AvatarName::new("  Anna \n\t Maria ").unwrap().as_str(), "Anna Maria");
    assert_eq!(AvatarName::new("Я1").unwrap().to_string(), "Я1");
    assert!(AvatarName::new(&"я".repeat(50)).is_ok());
    assert_eq!(AvatarName::new(&"я".repeat(51)), Err(AvatarNameError::TooLong));
    for short in ["", "a", " a ", "!!", "\u{7}\u{8}"] {
        assert_eq!(AvatarName::new(short), Err(AvatarNameError::TooShort), "{short:?}");
    }
}

#[test]
fn a_stored_name_is_checked_when_it_is_read() {
    let name = AvatarName::new("Anna").unwrap();
    let stored = serde_json::to_string(&name).unwrap();
    assert_eq!(serde_json::from_str::<AvatarName>(&stored).unwrap(), name);
    assert!(serde_json::from_str::<AvatarName>("\"\"").is_err());
}

#[test]
fn stored_names_are_read_back() {
    for state in StateName::ALL {
        assert_eq!(state.to_string().parse(), Ok(state));
    }
    for kind in KindName::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for photo in PhotoStateName::ALL {
        assert_eq!(photo.to_string().parse(), Ok(photo));
    }
    assert!("asleep".parse::<StateName>().is_err());
    assert!("asleep".parse::<KindName>().is_err());
    assert!("asleep".parse::<PhotoStateName>().is_err());
    assert_eq!(PresetName::ALL.map(PresetName::as_str), ["standard", "thorough"]);
}

#[test]
fn each_kind_has_its_own_data_and_its_own_number_of_photos() {
    for name in KindName::ALL {
        let kind = AvatarKind::new(name).with_traits("dark hair".to_owned());
        assert_eq!(kind.name(), name);
        assert_eq!(kind.traits(), if name.shows_a_person() { "dark hair" } else { "" });
        assert!(!format!("{kind:?}").contains("dark"), "nobody's looks are logged");
    }
    let limits = KindName::ALL.map(|kind| (kind.min_photos(), kind.max_photos()));
    assert_eq!(limits, [(10, 20), (10, 20), (1, 4)]);
}

#[test]
fn addresses_of_weights_are_not_logged() {
    let files = TrainedFiles {
        weights: "https://secret/weights".to_owned(),
        weights_size: Some(5),
        config: Some("https://secret/config".to_owned()),
    };
    assert!(!format!("{files:?}").contains("secret"));
}

#[test]
fn a_registry_offers_living_trainers_of_a_kind_in_their_order() {
    let retired = TrainerEntry { shutdown: Some(NOW), ..trainer("old", KindName::Portrait) };
    let registry = TrainerRegistry::new(vec![
        retired,
        trainer("new", KindName::Portrait),
        trainer("newer", KindName::Portrait),
        trainer("style", KindName::Style),
    ])
    .unwrap();
    let living = |kind, now| registry.living(kind, now).map(|entry| entry.id.to_string()).collect::<Vec<_>>();
    assert_eq!(living(KindName::Portrait, NOW), ["new", "newer"]);
    assert_eq!(living(KindName::Portrait, Timestamp::EPOCH), ["old", "new", "newer"]);
    assert_eq!(living(KindName::Instant, NOW), Vec::<String>::new());
    assert!(registry.get(&TrainerId::new("old")).is_some(), "what it trained is still known");
    assert_eq!(registry.all().count(), 4);
}

#[test]
fn a_registry_that_does_not_fit_together_is_refused() {
    let twice = vec![trainer("a", KindName::Style), trainer("a", KindName::Portrait)];
    assert_eq!(TrainerRegistry::new(twice).unwrap_err(), TrainerRegistryError::Twice(TrainerId::new("a")));
    let mut bare = trainer("bare", KindName::Style);
    bare.presets.clear();
    let bare = TrainerRegistry::new(vec![bare]).unwrap_err();
    assert_eq!(bare, TrainerRegistryError::NoPresets(TrainerId::new("bare")));
    let instant = TrainerRegistry::new(vec![trainer("i", KindName::Instant)]).unwrap_err();
    assert_eq!(instant, TrainerRegistryError::NotTrained(TrainerId::new("i")));
    let words = [bare, instant].map(|error| error.to_string());
    assert_eq!(BTreeSet::from(words).len(), 2);
}

#[test]
fn times_that_do_not_fit_together_are_refused() {
    assert_eq!(AvatarPolicy::default().check(), Ok(()));
    let hasty = AvatarPolicy { lifetime: Duration::from_mins(2), ..AvatarPolicy::default() };
    assert!(matches!(hasty.check(), Err(AvatarPolicyError::LifetimeTooShort { .. })));
    let needed = AvatarPolicy::default();
    let needed = needed.lifetime + needed.provider_timeout + needed.copy_timeout;
    let short = AvatarPolicy { hold_time_to_live: needed, ..AvatarPolicy::default() };
    assert_eq!(short.check(), Err(AvatarPolicyError::HoldTooShort { hold: needed, needed }));
}
