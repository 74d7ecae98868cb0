//! The input of a trainer: what its fields are called is told by the registry's options.
//!
//! | option | meaning |
//! |---|---|
//! | `dialect` | how the trainer names its fields, see below |
//! | `input.NAME` | a further field: a JSON value, or else text |
//!
//! | dialect | archive | trigger | a style is told by | trainers |
//! |---|---|---|---|---|
//! | `portrait` (when absent) | `images_data_url` | `trigger_phrase` | | flux-lora-portrait-trainer |
//! | `fast` | `images_data_url` | `trigger_word` | `is_style` | flux-lora-fast-training, flux-krea-trainer |
//! | `turbo` | `images_data_url` | `trigger_phrase` | `training_style` | turbo-flux-trainer |
//! | `flux-2` | `image_data_url` | `default_caption` | | flux-2-trainer and -v2, the klein, z-image and newer qwen-image trainers |
//! | `qwen` | `image_data_url` | `trigger_phrase` | | qwen-image-trainer |
//! | `wan` | `training_data_url` | `trigger_phrase` | `is_style` | wan-22-image-trainer |
//! | `krea-2` | `images_data_url` | `trigger_phrase` | | krea-2-trainer |

use avatar::{KindName, TrainerEntry, TrainingOrder};
use kernel::ProviderError;
use serde_json::{Map, Value, json};

use crate::input::{fields, wrong_option};

/// How a trainer names its fields.
#[derive(Debug, PartialEq, Eq)]
struct Dialect {
    name: &'static str,
    archive: &'static str,
    trigger: &'static str,
    style: StyleField,
}

/// How a trainer is told that it is to learn a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StyleField {
    /// It takes what comes.
    None,
    /// By a field that is true for a style.
    Flag,
    /// By a field that says `subject` or `style`.
    Word,
}

const IMAGES: &str = "images_data_url";
const IMAGE: &str = "image_data_url";
const PHRASE: &str = "trigger_phrase";

const DIALECTS: [Dialect; 7] = [
    Dialect { name: "portrait", archive: IMAGES, trigger: PHRASE, style: StyleField::None },
    Dialect { name: "fast", archive: IMAGES, trigger: "trigger_word", style: StyleField::Flag },
    Dialect { name: "turbo", archive: IMAGES, trigger: PHRASE, style: StyleField::Word },
    Dialect { name: "flux-2", archive: IMAGE, trigger: "default_caption", style: StyleField::None },
    Dialect { name: "qwen", archive: IMAGE, trigger: PHRASE, style: StyleField::None },
    Dialect { name: "wan", archive: "training_data_url", trigger: PHRASE, style: StyleField::Flag },
    Dialect { name: "krea-2", archive: IMAGES, trigger: PHRASE, style: StyleField::None },
];

/// The input for an order.
///
/// # Errors
/// `Misconfigured` when the trainer's options cannot be understood.
pub(super) fn input_of(order: &TrainingOrder) -> Result<Value, ProviderError> {
    let (dialect, mut input) = read(&order.trainer)?;
    input.insert(dialect.archive.to_owned(), json!(order.archive));
    input.insert(dialect.trigger.to_owned(), json!(order.trainer.trigger));
    input.insert("steps".to_owned(), json!(order.preset.steps));
    let is_style = order.trainer.kind == KindName::Style;
    match dialect.style {
        StyleField::None => {}
        StyleField::Flag => {
            input.insert("is_style".to_owned(), json!(is_style));
        }
        StyleField::Word => {
            input.insert("training_style".to_owned(), json!(if is_style { "style" } else { "subject" }));
        }
    }
    Ok(Value::Object(input))
}

/// Whether a trainer's options can be understood.
///
/// # Errors
/// `Misconfigured` when they cannot.
pub(super) fn check(trainer: &TrainerEntry) -> Result<(), ProviderError> {
    read(trainer).map(|_| ())
}

fn read(trainer: &TrainerEntry) -> Result<(&'static Dialect, Map<String, Value>), ProviderError> {
    let wrong = |option: &str, expected: &str| wrong_option(trainer.id.as_str(), option, expected);
    let name = trainer.options.get("dialect").map_or("portrait", String::as_str);
    let dialect = DIALECTS.iter().find(|dialect| dialect.name == name).ok_or_else(|| {
        let known: Vec<&str> = DIALECTS.iter().map(|dialect| dialect.name).collect();
        wrong("dialect", &known.join(", "))
    })?;
    let reserved = [dialect.archive, dialect.trigger, "steps", "is_style", "training_style"];
    let fields = fields(&trainer.options, "dialect", &reserved)
        .map_err(|(option, expected)| wrong(&option, expected))?;
    Ok((dialect, fields))
}
