//! The input of a model: which fields it takes is told by the registry's options.
//!
//! | option | meaning |
//! |---|---|
//! | `input` | the family of input fields: `flux` (the default), `nano-banana` or `imagen` |
//! | `input.NAME` | a further field: a JSON value, or else text; `4` is the number and `"4"` with its quotes the text |

use std::collections::BTreeMap;

use generation::{ModelEntry, Submission};
use kernel::{AspectRatio, FailureClass, ProviderError};
use serde_json::{Map, Value, json};

/// The code of an error about a model's options in the registry.
pub(crate) const BAD_OPTION: &str = "bad-option";

/// Options that start so name a field of the input.
const FIELD_PREFIX: &str = "input.";
/// Fields that a submission decides.
const RESERVED: [&str; 4] = ["prompt", "num_images", "seed", "sync_mode"];
/// The largest seed that every model takes.
const LARGEST_SEED: u64 = 0x7fff_ffff;

/// The fields that a model takes beside the prompt and the number of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// `image_size`, a seed, and a safety checker that can be switched.
    Flux,
    /// `aspect_ratio`.
    NanoBanana,
    /// `aspect_ratio` and a seed.
    Imagen,
}

/// The input for a submission.
///
/// # Errors
/// `Misconfigured` when the model's options cannot be understood.
pub(crate) fn input_of(submission: &Submission) -> Result<Value, ProviderError> {
    let options = Options::read(&submission.model)?;
    let mut input = options.fields;
    let mut usual = |name: &str, value: Value| {
        input.entry(name).or_insert(value);
    };
    usual("output_format", json!("png"));
    match options.family {
        Family::Flux => {
            usual("image_size", json!(image_size(submission.aspect_ratio)));
            usual("enable_safety_checker", json!(true));
        }
        Family::NanoBanana | Family::Imagen => usual("aspect_ratio", json!(submission.aspect_ratio.as_str())),
    }
    if options.family != Family::NanoBanana {
        usual("seed", json!(submission.seed & LARGEST_SEED));
    }
    usual("num_images", json!(submission.count));
    usual("prompt", json!(submission.prompt.as_str()));
    Ok(Value::Object(input))
}

/// Whether a model's options can be understood.
///
/// # Errors
/// `Misconfigured` when they cannot.
pub(crate) fn check(model: &ModelEntry) -> Result<(), ProviderError> {
    Options::read(model).map(|_| ())
}

struct Options {
    family: Family,
    fields: Map<String, Value>,
}

impl Options {
    fn read(model: &ModelEntry) -> Result<Self, ProviderError> {
        let wrong = |option: &str, expected: &str| {
            let detail =
                format!("the registry's option {option:?} of {} is wrong; expected: {expected}", model.id);
            ProviderError::new(FailureClass::Misconfigured, BAD_OPTION, detail)
        };
        let options: &BTreeMap<String, String> = &model.options;
        let family = match options.get("input").map_or("flux", String::as_str) {
            "flux" => Family::Flux,
            "nano-banana" => Family::NanoBanana,
            "imagen" => Family::Imagen,
            _ => return Err(wrong("input", "flux, nano-banana or imagen")),
        };
        let mut fields = Map::new();
        for (option, text) in options.iter().filter(|(option, _)| *option != "input") {
            let name = option
                .strip_prefix(FIELD_PREFIX)
                .ok_or_else(|| wrong(option, "input, or input.NAME for a field of the input"))?;
            if name.is_empty() || RESERVED.contains(&name) {
                return Err(wrong(option, "a field that no submission decides"));
            }
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
            fields.insert(name.to_owned(), value);
        }
        Ok(Self { family, fields })
    }
}

/// FAL's name for a shape. FAL writes the longer side first even where the image stands upright.
const fn image_size(aspect_ratio: AspectRatio) -> &'static str {
    match aspect_ratio {
        AspectRatio::Square => "square_hd",
        AspectRatio::Portrait => "portrait_4_3",
        AspectRatio::Landscape => "landscape_4_3",
        AspectRatio::Tall => "portrait_16_9",
        AspectRatio::Wide => "landscape_16_9",
    }
}
