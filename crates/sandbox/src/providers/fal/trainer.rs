//! The trainers: which there are, and what each is called with. Their field names differ.

use serde_json::Value;

use super::archive::Archive;
use super::errors::Problem;
use super::fields;

/// Most steps of a training.
const MOST_STEPS: u64 = 10_000;

/// A trainer and its input, as FAL's model pages describe it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trainer {
    id: &'static str,
    /// The field with the archive's URL.
    archive: &'static str,
    /// Fewest images that it trains with.
    fewest_images: usize,
    default_steps: u64,
    /// The field with the word, or words, that will call the person.
    trigger: Option<&'static str>,
    descriptions: Descriptions,
    /// Further fields.
    others: &'static [(&'static str, Kind)],
    pub(super) output: Output,
}

/// How a trainer learns what its images show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Descriptions {
    /// It describes them itself where there is no text beside an image.
    Optional,
    /// Every image needs a text beside it unless this field has one for all.
    TextOr(&'static str),
    /// This field is required.
    Required(&'static str),
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Flag,
    Positive,
    Choice(&'static [&'static str]),
}

/// What a trainer's answer holds besides `config_file`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    /// `diffusers_lora_file`.
    Usual,
    /// `diffusers_lora_file`, and `debug_preprocessed_output`, which is null.
    WithPreview,
    /// `diffusers_lora_file` and `high_noise_lora`.
    TwoFiles,
    /// `lora_file`.
    OtherName,
}

/// A training that may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TrainingInput {
    /// The archive's URL.
    pub(super) archive: String,
    pub(super) steps: u64,
    pub(super) trigger: Option<String>,
}

const IMAGES: &str = "images_data_url";
const IMAGE: &str = "image_data_url";
const RATE: (&str, Kind) = ("learning_rate", Kind::Positive);

const fn captioned(id: &'static str, steps: u64, others: &'static [(&'static str, Kind)]) -> Trainer {
    Trainer {
        id,
        archive: IMAGE,
        fewest_images: 1,
        default_steps: steps,
        trigger: None,
        descriptions: Descriptions::TextOr("default_caption"),
        others,
        output: Output::Usual,
    }
}

const fn fast(id: &'static str) -> Trainer {
    Trainer {
        id,
        archive: IMAGES,
        fewest_images: 4,
        default_steps: 1_000,
        trigger: Some("trigger_word"),
        descriptions: Descriptions::Optional,
        others: &[
            ("create_masks", Kind::Flag),
            ("is_style", Kind::Flag),
            ("is_input_format_already_preprocessed", Kind::Flag),
            ("data_archive_format", Kind::Text),
        ],
        output: Output::WithPreview,
    }
}

const FLUX_2: &[(&str, Kind)] = &[RATE, ("output_lora_format", Kind::Choice(&["fal", "comfy"]))];
const BALANCED: &[(&str, Kind)] = &[RATE, ("training_type", Kind::Choice(&["balanced", "content", "style"]))];

static TRAINERS: [Trainer; 17] = [
    Trainer {
        id: "fal-ai/flux-lora-portrait-trainer",
        archive: IMAGES,
        fewest_images: 10,
        default_steps: 2_500,
        trigger: Some("trigger_phrase"),
        descriptions: Descriptions::Optional,
        others: &[
            RATE,
            ("multiresolution_training", Kind::Flag),
            ("subject_crop", Kind::Flag),
            ("create_masks", Kind::Flag),
            ("data_archive_format", Kind::Text),
            ("resume_from_checkpoint", Kind::Text),
        ],
        output: Output::Usual,
    },
    fast("fal-ai/flux-lora-fast-training"),
    fast("fal-ai/flux-krea-trainer"),
    Trainer {
        id: "fal-ai/turbo-flux-trainer",
        archive: IMAGES,
        fewest_images: 1,
        default_steps: 1_000,
        trigger: Some("trigger_phrase"),
        descriptions: Descriptions::Optional,
        others: &[RATE, ("training_style", Kind::Choice(&["subject", "style"])), ("face_crop", Kind::Flag)],
        output: Output::Usual,
    },
    captioned("fal-ai/flux-2-trainer", 1_000, FLUX_2),
    captioned("fal-ai/flux-2-trainer-v2", 1_000, FLUX_2),
    captioned("fal-ai/flux-2-klein-4b-base-trainer", 1_000, FLUX_2),
    captioned("fal-ai/flux-2-klein-9b-base-trainer", 1_000, FLUX_2),
    captioned("fal-ai/z-image-trainer", 1_000, BALANCED),
    captioned("fal-ai/z-image-base-trainer", 2_000, &[RATE]),
    captioned("fal-ai/z-image-turbo-trainer-v2", 2_000, &[RATE]),
    captioned("fal-ai/qwen-image-trainer-v2", 2_000, &[RATE]),
    captioned("fal-ai/qwen-image-2512-trainer", 2_000, &[RATE]),
    captioned("fal-ai/qwen-image-2512-trainer-v2", 2_000, &[RATE]),
    Trainer {
        id: "fal-ai/qwen-image-trainer",
        archive: IMAGE,
        fewest_images: 1,
        default_steps: 1_000,
        trigger: Some("trigger_phrase"),
        descriptions: Descriptions::Optional,
        others: &[RATE],
        output: Output::OtherName,
    },
    Trainer {
        id: "fal-ai/wan-22-image-trainer",
        archive: "training_data_url",
        fewest_images: 1,
        default_steps: 1_000,
        trigger: Some("trigger_phrase"),
        descriptions: Descriptions::Required("trigger_phrase"),
        others: &[
            RATE,
            ("is_style", Kind::Flag),
            ("use_masks", Kind::Flag),
            ("use_face_detection", Kind::Flag),
            ("use_face_cropping", Kind::Flag),
            ("include_synthetic_captions", Kind::Flag),
        ],
        output: Output::TwoFiles,
    },
    Trainer {
        id: "fal-ai/krea-2-trainer",
        archive: IMAGES,
        fewest_images: 1,
        default_steps: 1_000,
        trigger: Some("trigger_phrase"),
        descriptions: Descriptions::TextOr("trigger_phrase"),
        others: &[RATE],
        output: Output::Usual,
    },
];

/// The trainer of an endpoint id.
pub(super) fn find(id: &str) -> Option<&'static Trainer> {
    TRAINERS.iter().find(|trainer| trainer.id == id)
}

impl Trainer {
    /// Reads and checks an input. A field that the trainer does not have is a problem too: FAL's models pass
    /// over it, and what the caller meant by it never happens.
    pub(super) fn read(&self, input: &Value) -> Result<TrainingInput, Vec<Problem>> {
        let mut problems = Vec::new();
        let archive = present(input, self.archive).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        });
        let steps = fields::number(input, "steps", 1, MOST_STEPS).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let trigger = match self.trigger.map(|field| fields::text(input, field)) {
            Some(Ok(text)) => text.filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned),
            Some(Err(problem)) => {
                problems.push(problem);
                None
            }
            None => None,
        };
        let described = match self.descriptions {
            Descriptions::Optional => Ok(()),
            Descriptions::TextOr(field) => fields::text(input, field).map(|_| ()),
            Descriptions::Required(field) => present(input, field).map(|_| ()),
        };
        problems.extend(described.err().filter(|problem| !problems.contains(problem)));
        problems.extend(self.others.iter().filter_map(|(field, kind)| kind.check(input, field).err()));
        problems.extend(self.unknown(input));
        if problems.is_empty() {
            Ok(TrainingInput { archive, steps: steps.unwrap_or(self.default_steps), trigger })
        } else {
            Err(problems)
        }
    }

    /// Whether the archive has what the trainer needs.
    pub(super) fn accept(&self, archive: &Archive, input: &Value) -> Result<(), Problem> {
        if archive.images < self.fewest_images {
            return Err(self.archive_problem(
                "archive_file_count_below_minimum",
                format!(
                    "The archive has {} images; at least {} are needed",
                    archive.images, self.fewest_images
                ),
            ));
        }
        let Descriptions::TextOr(field) = self.descriptions else { return Ok(()) };
        let has_one_for_all =
            input.get(field).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
        if has_one_for_all || archive.captions >= archive.images {
            return Ok(());
        }
        Err(Problem::new(
            field,
            "value_error",
            format!("Every image needs a text file beside it when {field} is empty"),
        ))
    }

    /// A problem with the archive.
    pub(super) fn archive_problem(&self, kind: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(self.archive, kind, message)
    }

    fn unknown(&self, input: &Value) -> Vec<Problem> {
        let names = input.as_object().map(|object| object.keys()).into_iter().flatten();
        names
            .filter(|name| !self.knows(name))
            .map(|name| Problem::unknown_field(name, "Extra inputs are not permitted"))
            .collect()
    }

    fn knows(&self, name: &str) -> bool {
        let described = match self.descriptions {
            Descriptions::Optional => None,
            Descriptions::TextOr(field) | Descriptions::Required(field) => Some(field),
        };
        name == self.archive
            || name == "steps"
            || self.trigger == Some(name)
            || described == Some(name)
            || self.others.iter().any(|(field, _)| *field == name)
    }
}

impl Kind {
    fn check(self, input: &Value, field: &'static str) -> Result<(), Problem> {
        match self {
            Self::Text => fields::text(input, field).map(|_| ()),
            Self::Flag => fields::flag(input, field).map(|_| ()),
            Self::Positive => fields::positive(input, field).map(|_| ()),
            Self::Choice(known) => fields::choice(input, field, known).map(|_| ()),
        }
    }
}

/// A text that must be there.
fn present(input: &Value, field: &'static str) -> Result<String, Problem> {
    fields::text(input, field)?.map(ToOwned::to_owned).ok_or_else(|| fields::missing(field))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::errors::ApiError;
    use super::*;

    fn problems(id: &str, input: &Value) -> Vec<(String, String)> {
        let problems = find(id).unwrap().read(input).unwrap_err();
        let error = ApiError::problems(&problems, input);
        let listed = error.body["detail"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        listed.iter().map(|item| (text(&item["loc"][1]), text(&item["type"]))).collect()
    }

    #[test]
    fn every_trainer_takes_its_own_fields_only() {
        let url = "https://example.test/a.zip";
        let portrait = find("fal-ai/flux-lora-portrait-trainer").unwrap();
        let asked = portrait.read(&json!({
            "images_data_url": url, "trigger_phrase": "ohwx person", "steps": 1500, "learning_rate": 0.00009,
            "subject_crop": true, "multiresolution_training": true, "create_masks": null,
        }));
        let trigger = Some("ohwx person".to_owned());
        assert_eq!(asked.unwrap(), TrainingInput { archive: url.to_owned(), steps: 1_500, trigger });

        let fast = find("fal-ai/flux-lora-fast-training").unwrap();
        assert_eq!(fast.read(&json!({"images_data_url": url})).unwrap().steps, 1_000);
        assert_eq!(
            problems(
                "fal-ai/flux-lora-fast-training",
                &json!({"images_data_url": url, "trigger_phrase": "x"})
            ),
            [("trigger_phrase".to_owned(), "extra_forbidden".to_owned())]
        );
        let flux_2 = find("fal-ai/flux-2-trainer").unwrap();
        assert!(flux_2.read(&json!({"image_data_url": url, "default_caption": "a person"})).is_ok());
    }

    #[test]
    fn wrong_fields_are_named_with_what_is_wrong() {
        let input = json!({"steps": 0, "subject_crop": "yes", "learning_rate": "fast", "trigger_phrase": 3});
        let expected = [
            ("images_data_url", "missing"),
            ("steps", "greater_than_equal"),
            ("trigger_phrase", "string_type"),
            ("learning_rate", "float_type"),
            ("subject_crop", "bool_type"),
        ];
        let expected = expected.map(|(field, kind)| (field.to_owned(), kind.to_owned()));
        assert_eq!(problems("fal-ai/flux-lora-portrait-trainer", &input), expected);
        assert_eq!(
            problems("fal-ai/wan-22-image-trainer", &json!({"training_data_url": "x"})),
            [("trigger_phrase".to_owned(), "missing".to_owned())]
        );
        assert_eq!(
            problems("fal-ai/turbo-flux-trainer", &json!({"images_data_url": "x", "training_style": "both"})),
            [("training_style".to_owned(), "enum".to_owned())]
        );
    }

    #[test]
    fn what_the_archive_lacks_is_said() {
        let archive = |images, captions| Archive { images, captions, likeness: None };
        let portrait = find("fal-ai/flux-lora-portrait-trainer").unwrap();
        assert_eq!(portrait.accept(&archive(10, 0), &json!({})), Ok(()));
        assert!(portrait.accept(&archive(9, 0), &json!({})).is_err());
        let flux_2 = find("fal-ai/flux-2-trainer").unwrap();
        assert!(flux_2.accept(&archive(3, 2), &json!({})).is_err());
        assert_eq!(flux_2.accept(&archive(3, 3), &json!({})), Ok(()));
        assert_eq!(flux_2.accept(&archive(3, 0), &json!({"default_caption": "a person"})), Ok(()));
    }
}
