//! The input of a model: which fields it takes is told by the registry's options.
//!
//! | option | meaning |
//! |---|---|
//! | `input` | the family of input fields, see below; `flux` when absent |
//! | `input.NAME` | a further field: a JSON value, or else text; `4` is the number and `"4"` with its quotes the text |
//!
//! Who may be in the picture is told by what the model does as well, so that one that draws from words alone is given nobody.
//!
//! | family | shape and seed | who is in the picture |
//! |---|---|---|
//! | `flux` | `image_size`, `seed`; a safety checker that can be switched | weights in `loras`, or nobody |
//! | `krea` | `image_size`, `seed` | weights in `loras`, or nobody |
//! | `nano-banana` | `aspect_ratio` | nobody |
//! | `nano-banana-edit` | `aspect_ratio` | photos in `image_urls` |
//! | `imagen` | `aspect_ratio`, `seed` | nobody |

use std::collections::BTreeMap;

use generation::{ModelEntry, ModelKind, ReferencePhoto, Submission, SubmittedLikeness};
use kernel::{AspectRatio, FailureClass, Percent, ProviderError};
use serde_json::{Map, Value, json};

/// The code of an error about a model's options in the registry.
pub(crate) const BAD_OPTION: &str = "bad-option";

/// Options that start so name a field of the input.
const FIELD_PREFIX: &str = "input.";
/// Fields that a submission decides.
const RESERVED: [&str; 5] = ["prompt", "num_images", "seed", "sync_mode", "image_urls"];
/// The largest seed that every model takes.
const LARGEST_SEED: u64 = 0x7fff_ffff;

/// The fields that a model takes beside the prompt and the number of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Flux,
    Krea,
    NanoBanana,
    NanoBananaEdit,
    Imagen,
}

impl Family {
    const ALL: [(&'static str, Self); 5] = [
        ("flux", Self::Flux),
        ("krea", Self::Krea),
        ("nano-banana", Self::NanoBanana),
        ("nano-banana-edit", Self::NanoBananaEdit),
        ("imagen", Self::Imagen),
    ];

    const fn has_image_size(self) -> bool {
        matches!(self, Self::Flux | Self::Krea)
    }

    const fn has_seed(self) -> bool {
        matches!(self, Self::Flux | Self::Krea | Self::Imagen)
    }
}

/// The input for a submission.
///
/// # Errors
/// `Misconfigured` when the model's options cannot be understood; `Bug` when the model takes no such likeness.
pub(crate) fn input_of(submission: &Submission) -> Result<Value, ProviderError> {
    let options = Options::read(&submission.model)?;
    let family = options.family;
    let mut input = options.fields;
    add_likeness(&mut input, family, submission)?;
    let mut usual = |name: &str, value: Value| {
        input.entry(name).or_insert(value);
    };
    if family != Family::Krea {
        usual("output_format", json!("png"));
    }
    if family == Family::Flux {
        usual("enable_safety_checker", json!(true));
    }
    if family.has_image_size() {
        usual("image_size", json!(image_size(submission.aspect_ratio)));
    } else {
        usual("aspect_ratio", json!(submission.aspect_ratio.as_str()));
    }
    if family.has_seed() {
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

/// Where FAL reads a photo.
pub(crate) fn address_of(photo: &ReferencePhoto) -> Option<&str> {
    match photo {
        ReferencePhoto::Address(address) => Some(address),
        ReferencePhoto::Inline { .. } => None,
    }
}

fn add_likeness(
    input: &mut Map<String, Value>,
    family: Family,
    submission: &Submission,
) -> Result<(), ProviderError> {
    let does = |kind: ModelKind| submission.model.does(kind);
    match (family, &submission.likeness) {
        (Family::NanoBananaEdit, SubmittedLikeness::References(photos))
            if !photos.is_empty() && does(ModelKind::ReferenceLikeness) =>
        {
            let addresses: Option<Vec<&str>> = photos.iter().map(address_of).collect();
            let addresses = addresses.ok_or_else(|| misfit("FAL takes photos by their addresses alone"))?;
            input.insert("image_urls".to_owned(), json!(addresses));
            Ok(())
        }
        (Family::NanoBananaEdit, _) => Err(misfit("the model needs photos of a person")),
        (_, SubmittedLikeness::Nobody) => Ok(()),
        (Family::Flux | Family::Krea, SubmittedLikeness::Weights { address, strength })
            if does(ModelKind::TrainedLikeness) =>
        {
            let weights = json!({"path": address, "scale": scale(*strength)});
            // Weights that the registry always adds stay.
            match input.get_mut("loras").and_then(Value::as_array_mut) {
                Some(loras) => loras.push(weights),
                None => {
                    input.insert("loras".to_owned(), json!([weights]));
                }
            }
            Ok(())
        }
        (_, SubmittedLikeness::Weights { .. }) => Err(misfit("the model takes no weights")),
        (_, SubmittedLikeness::References(_)) => Err(misfit("the model takes no photos of a person")),
    }
}

fn misfit(detail: &str) -> ProviderError {
    ProviderError::new(FailureClass::Bug, "no-such-likeness", detail)
}

/// FAL's measure of how strongly weights show: 1 is as they were trained.
fn scale(strength: Percent) -> f64 {
    f64::from(strength.get()) / 100.0
}

struct Options {
    family: Family,
    fields: Map<String, Value>,
}

impl Options {
    fn read(model: &ModelEntry) -> Result<Self, ProviderError> {
        let wrong = |option: &str, expected: &str| wrong_option(model.id.as_str(), option, expected);
        let name = model.options.get("input").map_or("flux", String::as_str);
        let family = Family::ALL.into_iter().find(|(known, _)| *known == name);
        let (_, family) = family.ok_or_else(|| {
            let known = Family::ALL.map(|(known, _)| known);
            wrong("input", &known.join(", "))
        })?;
        let fields = fields(&model.options, "input", &RESERVED)
            .map_err(|(option, expected)| wrong(&option, expected))?;
        Ok(Self { family, fields })
    }
}

/// The further fields of an input that the registry names; `family` is the one option that names none, and a submission
/// decides those that are `reserved`.
///
/// # Errors
/// The wrong option, and what is expected of it.
pub(crate) fn fields(
    options: &BTreeMap<String, String>,
    family: &str,
    reserved: &[&str],
) -> Result<Map<String, Value>, (String, &'static str)> {
    let mut fields = Map::new();
    for (option, text) in options.iter().filter(|(option, _)| *option != family) {
        let name = option
            .strip_prefix(FIELD_PREFIX)
            .ok_or_else(|| (option.clone(), "input.NAME for a field of the input"))?;
        if name.is_empty() || reserved.contains(&name) {
            return Err((option.clone(), "a field that no submission decides"));
        }
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
        fields.insert(name.to_owned(), value);
    }
    Ok(fields)
}

/// The error about an option of the registry's entry `id`.
pub(crate) fn wrong_option(id: &str, option: &str, expected: &str) -> ProviderError {
    let detail = format!("the registry's option {option:?} of {id} is wrong; expected: {expected}");
    ProviderError::new(FailureClass::Misconfigured, BAD_OPTION, detail)
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
