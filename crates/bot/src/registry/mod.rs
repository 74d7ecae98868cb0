//! The registries of models and trainers out of their file.

mod trainers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use avatar::{TrainerRegistry, TrainerRegistryError};
use generation::{ModelEntry, ModelId, ModelKind, ModelRegistry, ProviderName, RegistryError};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use kernel::{Credits, CreditsError, Timestamp};
use serde::Deserialize;
use thiserror::Error;

/// The registry that is built in.
const BUILT_IN: &str = include_str!("../../models.toml");

/// Why a registry cannot be used. Each says which file and what in it.
#[derive(Debug, Error)]
pub enum RegistryFileError {
    /// The file cannot be read.
    #[error("the registry of models {file} cannot be read", file = .file.display())]
    Unreadable {
        /// The file that `AISHA_MODELS__FILE` names.
        file: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file is not in the form of a registry.
    #[error("the registry of models ({file}) is not in its form: {cause}")]
    Form {
        /// The file.
        file: String,
        /// Where and why.
        cause: Box<toml::de::Error>,
    },
    /// A value of an entry is not what is expected.
    #[error("the registry of models ({file}): {key} of {model} is {value}; expected {expected}")]
    Value {
        /// The file.
        file: String,
        /// The entry.
        model: String,
        /// The key within it.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// The trainers do not fit together.
    #[error("the registry of models ({file}): {cause}")]
    Trainers {
        /// The file.
        file: String,
        /// Why.
        #[source]
        cause: TrainerRegistryError,
    },
    /// The entries do not fit together.
    #[error("the registry of models ({file}): {cause}")]
    Entries {
        /// The file.
        file: String,
        /// Why.
        #[source]
        cause: RegistryError,
    },
}

/// What the registry's file describes.
#[derive(Debug, Clone)]
pub struct Registries {
    /// The makers of images.
    pub models: ModelRegistry,
    /// The trainers of avatars.
    pub trainers: TrainerRegistry,
}

/// The registries in `file`, or the built-in ones.
///
/// # Errors
/// When they cannot be used.
pub fn load_registries(file: Option<&Path>) -> Result<Registries, RegistryFileError> {
    match file {
        None => parse("models.toml, built in", BUILT_IN),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| RegistryFileError::Unreadable { file: path.to_owned(), cause })?;
            parse(&path.display().to_string(), &text)
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistryFile {
    chains: BTreeMap<ModelKind, Vec<ModelId>>,
    models: Vec<Entry>,
    #[serde(default)]
    trainers: Vec<trainers::Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: ModelId,
    provider: ProviderName,
    kind: ModelKind,
    #[serde(default)]
    also: Vec<ModelKind>,
    title: String,
    price: i64,
    cost_usd: String,
    images_per_call: u8,
    max_prompt_characters: usize,
    shutdown: Option<String>,
    successor: Option<ModelId>,
    #[serde(default)]
    options: BTreeMap<String, toml::Value>,
}

fn parse(file: &str, text: &str) -> Result<Registries, RegistryFileError> {
    let parsed: RegistryFile = toml::from_str(text)
        .map_err(|cause| RegistryFileError::Form { file: file.to_owned(), cause: Box::new(cause) })?;
    let models = parsed.models.into_iter().map(|entry| model(file, entry)).collect::<Result<Vec<_>, _>>()?;
    let models = ModelRegistry::new(models, parsed.chains)
        .map_err(|cause| RegistryFileError::Entries { file: file.to_owned(), cause })?;
    let trainers = trainers::read(file, parsed.trainers, &models)?;
    Ok(Registries { models, trainers })
}

fn model(file: &str, entry: Entry) -> Result<ModelEntry, RegistryFileError> {
    let wrong = |key: &'static str, value: &str, expected: &'static str| RegistryFileError::Value {
        file: file.to_owned(),
        model: entry.id.to_string(),
        key,
        value: value.to_owned(),
        expected,
    };
    let price = Credits::new(entry.price)
        .map_err(|_: CreditsError| wrong("price", &entry.price.to_string(), "credits, zero or more"))?;
    let cost_micro_usd = micro_usd(&entry.cost_usd).ok_or_else(|| {
        wrong("cost_usd", &entry.cost_usd, "a text such as \"0.039\", six decimals at most")
    })?;
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
    Ok(ModelEntry {
        price,
        cost_micro_usd,
        shutdown,
        options,
        id: entry.id,
        provider: entry.provider,
        kind: entry.kind,
        also: entry.also,
        title: entry.title,
        images_per_call: entry.images_per_call,
        max_prompt_characters: entry.max_prompt_characters,
        successor: entry.successor,
    })
}

/// Millionths of a dollar out of a decimal text: never by way of a float.
pub(crate) fn micro_usd(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 6 || !all_digits(whole) || !all_digits(decimals) {
        return None;
    }
    let micros: u64 = format!("{decimals:0<6}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(micros)
}

/// The beginning of a day in UTC: on its shutdown date a model is no longer offered.
fn midnight(date: &str) -> Option<Timestamp> {
    let date: Date = date.parse().ok()?;
    let midnight = TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()?;
    Some(Timestamp::from_micros(midnight.as_microsecond()))
}

fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [chains]
        text-to-image = ["one"]

        [[models]]
        id = "one"
        provider = "google"
        kind = "text-to-image"
        title = "One"
        price = 5
        cost_usd = "0.039"
        images_per_call = 1
        max_prompt_characters = 2000
        shutdown = "2026-10-29"
        successor = "two"
        options = { api = "generate-content", sizes = 2 }

        [[models]]
        id = "two"
        provider = "fal"
        kind = "text-to-image"
        title = "Two"
        price = 5
        cost_usd = "0.1"
        images_per_call = 4
        max_prompt_characters = 2000
    "#;

    fn error_of(text: &str) -> String {
        parse("x.toml", text).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_registry_can_be_used() {
        let registries = load_registries(None).unwrap();
        assert!(registries.trainers.all().count() >= 2, "people and styles can be trained");
        let registry = registries.models;
        let before_winter = Timestamp::from_micros(midnight("2026-11-01").unwrap().as_micros());
        let chain = registry.chain(ModelKind::TextToImage, before_winter).unwrap();
        assert!(chain.len() >= 2, "there is something to move on to");
        assert!(chain.iter().all(|model| model.shutdown.is_none_or(|at| at > before_winter)));
    }

    #[test]
    fn an_entry_is_read_whole() {
        let registry = parse("x.toml", GOOD).unwrap().models;
        let one = registry.get(&ModelId::new("one")).unwrap();
        assert_eq!(one.price, Credits::of(5));
        assert_eq!(one.cost_micro_usd, 39_000);
        assert_eq!(one.shutdown, Some(Timestamp::from_seconds(1_793_232_000)));
        assert_eq!(one.successor, Some(ModelId::new("two")));
        assert_eq!(one.options["sizes"], "2");
        assert_eq!(one.options["api"], "generate-content");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place_and_what_is_expected() {
        let table = [
            (GOOD.replace("\"0.039\"", "\"0,039\""), "x.toml): cost_usd of one is 0,039; expected a text"),
            (GOOD.replace("2026-10-29", "soon"), "shutdown of one is soon; expected a date"),
            (GOOD.replacen("price = 5", "price = -5", 1), "price of one is -5; expected credits"),
            (GOOD.replace("sizes = 2", "sizes = [2]"), "options of one is sizes = array; expected"),
            (GOOD.replace("title = \"One\"", ""), "missing field `title`"),
            (GOOD.replace("kind = \"text-to-image\"", "kind = \"magic\""), "unknown variant `magic`"),
            (GOOD.replacen("title", "titel", 1), "unknown field `titel`"),
            (GOOD.replace("[\"one\"]", "[\"three\"]"), "names the model three, which is not in the registry"),
            (
                GOOD.replace("successor = \"two\"", "successor = \"one\""),
                "successors of one lead in a circle",
            ),
            ("models = 3".to_owned(), "is not in its form"),
        ];
        for (text, expected) in table {
            let error = error_of(&text);
            assert!(error.contains(expected), "{error}\nlacks {expected}");
            assert!(error.contains("x.toml"), "{error}");
        }
        assert!(
            load_registries(Some(Path::new("/no/such/models.toml")))
                .unwrap_err()
                .to_string()
                .contains("/no/such")
        );
    }

    #[test]
    fn money_is_never_a_float() {
        for (text, micros) in [("0", 0), ("1", 1_000_000), ("0.039", 39_000), ("12.000001", 12_000_001)] {
            assert_eq!(micro_usd(text), Some(micros), "{text}");
        }
        for text in ["", ".5", "-1", "1e3", "0.0000001", "1.2.3", "18446744073710"] {
            assert_eq!(micro_usd(text), None, "{text}");
        }
    }
}
