//! The registry's options of a model.
//!
//! | option | dialect | meaning |
//! |---|---|---|
//! | `dialect` | | `generate-content` (the default) or `predict` |
//! | `image_size` | both | `1K`, `2K` or `4K` as far as the model makes it; its own default when absent |
//! | `thinking_level` | `generate-content` | such as `MINIMAL` or `HIGH` |
//! | `person_generation` | `predict` | such as `ALLOW_ADULT` |

use generation::ModelEntry;
use kernel::{FailureClass, ProviderError};

/// The code of an error about a model's options in the registry.
pub(crate) const BAD_OPTION: &str = "bad-option";

/// How a model is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One image a call.
    GenerateContent {
        /// The size class.
        image_size: Option<String>,
        /// How hard it thinks first.
        thinking_level: Option<String>,
    },
    /// Up to four images a call.
    Predict {
        /// The size class.
        image_size: Option<String>,
        /// Whether it draws people.
        person_generation: Option<String>,
    },
}

impl Dialect {
    /// The dialect of a model.
    ///
    /// # Errors
    /// `Misconfigured` when the model's id or options cannot be understood.
    pub(crate) fn of(model: &ModelEntry) -> Result<Self, ProviderError> {
        check_id(model)?;
        let word = |name: &str| match model.options.get(name) {
            Some(word) if !is_word(word) => Err(wrong(model, name, "a word of letters, digits and _")),
            word => Ok(word.cloned()),
        };
        let only = |known: &[&str]| match model.options.keys().find(|name| !known.contains(&name.as_str())) {
            Some(unknown) => Err(wrong(model, unknown, &known.join(", "))),
            None => Ok(()),
        };
        match model.options.get("dialect").map_or("generate-content", String::as_str) {
            "generate-content" => {
                only(&["dialect", "image_size", "thinking_level"])?;
                if model.images_per_call != 1 {
                    return Err(misfit(model, "brings one image a call; expected: images_per_call = 1"));
                }
                Ok(Self::GenerateContent {
                    image_size: word("image_size")?,
                    thinking_level: word("thinking_level")?,
                })
            }
            "predict" => {
                only(&["dialect", "image_size", "person_generation"])?;
                Ok(Self::Predict {
                    image_size: word("image_size")?,
                    person_generation: word("person_generation")?,
                })
            }
            _ => Err(wrong(model, "dialect", "generate-content or predict")),
        }
    }

    /// The method behind the model's name in an address.
    pub(crate) const fn method(&self) -> &'static str {
        match self {
            Self::GenerateContent { .. } => "generateContent",
            Self::Predict { .. } => "predict",
        }
    }
}

fn check_id(model: &ModelEntry) -> Result<(), ProviderError> {
    let id = model.id.as_str();
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if id.is_empty() || id.bytes().all(|byte| byte == b'.') || !is_plain {
        return Err(misfit(model, "is no name of a model of Google's"));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn wrong(model: &ModelEntry, option: &str, expected: &str) -> ProviderError {
    misfit(model, &format!("has a wrong option {option:?} in the registry; expected: {expected}"))
}

fn misfit(model: &ModelEntry, what: &str) -> ProviderError {
    ProviderError::new(
        FailureClass::Misconfigured,
        BAD_OPTION,
        format!("the model {:?} {what}", model.id.as_str()),
    )
}
