//! The input of text to image endpoints, checked the way FAL's models check it.

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family};
use super::errors::Problem;
use super::fields::{self, number, one_of, text};
use super::loras::{self, Lora};
use crate::paint::{PictureFormat, Size};
use crate::providers::dimensions::{self, SizeClass};

/// What a request asks for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ImageInput {
    pub(super) prompt: String,
    pub(super) images: u32,
    pub(super) size: Size,
    pub(super) format: PictureFormat,
    pub(super) seed: Option<u64>,
    /// Whether pictures come inside the answer.
    pub(super) is_inline: bool,
    pub(super) checks_safety: bool,
    /// Pictures to work from, by URL.
    pub(super) references: Vec<String>,
    /// Weights to work with.
    pub(super) loras: Vec<Lora>,
}

/// Most pictures of one request.
const MOST_IMAGES: u64 = 4;
/// Longest edge that may be asked for, pixels.
const LONGEST_EDGE: u64 = 4_096;

/// Reads and checks an input.
pub(super) fn read(endpoint: &Endpoint, input: &Value) -> Result<ImageInput, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut note = |outcome: Result<(), Problem>| problems.extend(outcome.err());

    let prompt = text(input, "prompt").unwrap_or_else(|problem| {
        note(Err(problem));
        None
    });
    if prompt.is_none() && input.get("prompt").is_none_or(Value::is_null) {
        note(Err(fields::missing("prompt")));
    }
    let images = number(input, "num_images", 1, MOST_IMAGES).unwrap_or_else(|problem| {
        note(Err(problem));
        None
    });
    let size = match endpoint.family() {
        Family::Flux => image_size(input),
        Family::Aspect => aspect_size(input),
    };
    let size = size.unwrap_or_else(|problem| {
        note(Err(problem));
        Size::new(1, 1)
    });
    let format = output_format(input, endpoint).unwrap_or_else(|problem| {
        note(Err(problem));
        PictureFormat::Png
    });
    let seed = number(input, "seed", 0, u64::MAX).unwrap_or_else(|problem| {
        note(Err(problem));
        None
    });
    let loras = loras::read(endpoint, input).unwrap_or_else(|problem| {
        note(Err(problem));
        Vec::new()
    });
    let references = references(endpoint, input).unwrap_or_else(|problem| {
        note(Err(problem));
        Vec::new()
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(ImageInput {
        prompt: prompt.unwrap_or_default().to_owned(),
        images: images.and_then(|images| u32::try_from(images).ok()).unwrap_or(1),
        size,
        format,
        seed,
        is_inline: is_set(input, "sync_mode", false),
        checks_safety: is_set(input, "enable_safety_checker", true),
        references,
        loras,
    })
}

fn is_set(input: &Value, field: &'static str, otherwise: bool) -> bool {
    input.get(field).and_then(Value::as_bool).unwrap_or(otherwise)
}

fn image_size(input: &Value) -> Result<Size, Problem> {
    const FIELD: &str = "image_size";
    const NAMED: [(&str, Size); 6] = [
        ("square_hd", Size::new(1024, 1024)),
        ("square", Size::new(512, 512)),
        ("portrait_4_3", Size::new(768, 1024)),
        ("portrait_16_9", Size::new(576, 1024)),
        ("landscape_4_3", Size::new(1024, 768)),
        ("landscape_16_9", Size::new(1024, 576)),
    ];
    let edge = |object: &Value, name: &str| {
        let length = object.get(name).map_or(Some(512), Value::as_u64);
        length
            .filter(|length| (64..=LONGEST_EDGE).contains(length))
            .and_then(|length| u16::try_from(length).ok())
    };
    match input.get(FIELD) {
        None | Some(Value::Null) => Ok(Size::new(1024, 768)),
        Some(Value::String(name)) => {
            let known = NAMED.iter().find(|(known, _)| known == name);
            known.map(|(_, size)| *size).ok_or_else(|| one_of(FIELD, &NAMED.map(|(name, _)| name)))
        }
        Some(object @ Value::Object(_)) => match (edge(object, "width"), edge(object, "height")) {
            (Some(width), Some(height)) => Ok(Size::new(width, height)),
            _ => Err(Problem::new(
                FIELD,
                "less_than_equal",
                format!("Width and height should be from 64 to {LONGEST_EDGE}"),
            )),
        },
        Some(_) => Err(Problem::new(FIELD, "type_error", "Input should be a size name or an object")),
    }
}

fn aspect_size(input: &Value) -> Result<Size, Problem> {
    const CLASSES: [(&str, SizeClass); 4] =
        [("0.5K", SizeClass::Half), ("1K", SizeClass::One), ("2K", SizeClass::Two), ("4K", SizeClass::Four)];
    let resolution = text(input, "resolution")?.unwrap_or("1K");
    let class = CLASSES.iter().find(|(known, _)| *known == resolution).map(|(_, class)| *class);
    let class = class.ok_or_else(|| one_of("resolution", &CLASSES.map(|(name, _)| name)))?;
    let aspect = match text(input, "aspect_ratio")? {
        None | Some("auto") => "1:1",
        Some(aspect) => aspect,
    };
    dimensions::pixels(aspect, class).ok_or_else(|| {
        let known: Vec<&str> = dimensions::aspect_ratios().collect();
        one_of("aspect_ratio", &known)
    })
}

fn output_format(input: &Value, endpoint: &Endpoint) -> Result<PictureFormat, Problem> {
    let known: &[&str] = match endpoint.family() {
        Family::Flux if endpoint.makes_webp() => &["png", "jpeg", "webp"],
        Family::Flux => &["jpeg", "png"],
        Family::Aspect => &["png", "jpeg", "webp"],
    };
    let named = fields::choice(input, "output_format", known)?;
    Ok(match named.or_else(|| known.first().copied()) {
        Some("jpeg") => PictureFormat::Jpeg,
        Some("webp") => PictureFormat::Webp,
        _ => PictureFormat::Png,
    })
}

fn references(endpoint: &Endpoint, input: &Value) -> Result<Vec<String>, Problem> {
    let Some(urls) = input.get("image_urls").filter(|urls| !urls.is_null()) else {
        return match text(input, "image_url")? {
            Some(url) => Ok(vec![url.to_owned()]),
            None => endpoint.references_needed().map_or(Ok(Vec::new()), |field| Err(fields::missing(field))),
        };
    };
    let list = urls
        .as_array()
        .ok_or_else(|| Problem::new("image_urls", "list_type", "Input should be a valid list"))?;
    if list.is_empty() {
        return Err(Problem::new("image_urls", "sequence_too_short", "At least one image is needed")
            .with_context(json!({"min_length": 1})));
    }
    list.iter()
        .map(|url| url.as_str().map(ToOwned::to_owned))
        .collect::<Option<_>>()
        .ok_or_else(|| Problem::new("image_urls", "string_type", "Input should be a valid string"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flux(input: &Value) -> Result<ImageInput, Vec<Problem>> {
        read(&Endpoint::parse("fal-ai/flux/dev").unwrap(), input)
    }

    fn banana(input: &Value) -> Result<ImageInput, Vec<Problem>> {
        read(&Endpoint::parse("fal-ai/nano-banana-2").unwrap(), input)
    }

    #[test]
    fn defaults_are_those_of_the_endpoint() {
        let read = flux(&json!({"prompt": "x"})).unwrap();
        assert_eq!((read.size, read.format, read.images), (Size::new(1024, 768), PictureFormat::Jpeg, 1));
        let read = banana(&json!({"prompt": "x", "aspect_ratio": "16:9"})).unwrap();
        assert_eq!((read.size, read.format), (Size::new(1376, 768), PictureFormat::Png));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let problems = flux(&json!({"num_images": 5, "image_size": "huge", "seed": -1, "output_format": 3}))
            .unwrap_err();
        let error = super::super::errors::ApiError::problems(&problems, &json!({"num_images": 5}));
        let named: Vec<&Value> =
            error.body["detail"].as_array().unwrap().iter().map(|item| &item["loc"][1]).collect();
        assert_eq!(named, ["prompt", "num_images", "image_size", "output_format", "seed"]);
        assert_eq!(error.body["detail"][1]["ctx"]["le"], 4);
        assert_eq!(error.body["detail"][1]["input"], 5);
    }

    #[test]
    fn an_edit_needs_its_pictures() {
        let edit = Endpoint::parse("fal-ai/nano-banana-pro/edit").unwrap();
        assert!(read(&edit, &json!({"prompt": "x"})).is_err());
        assert!(read(&edit, &json!({"prompt": "x", "image_urls": []})).is_err());
        let asked = read(&edit, &json!({"prompt": "x", "image_urls": ["https://a.test/1.jpg"]})).unwrap();
        assert_eq!(asked.references, ["https://a.test/1.jpg"]);
    }

    #[test]
    fn newer_endpoints_make_other_files() {
        let newer = Endpoint::parse("fal-ai/flux-2/lora").unwrap();
        assert_eq!(read(&newer, &json!({"prompt": "x"})).unwrap().format, PictureFormat::Png);
        let webp = json!({"prompt": "x", "output_format": "webp"});
        assert_eq!(read(&newer, &webp).unwrap().format, PictureFormat::Webp);
        assert!(flux(&webp).is_err());
    }

    #[test]
    fn a_size_of_ones_own_and_a_large_seed_are_taken() {
        let input = json!({
            "prompt": "x", "image_size": {"width": 640, "height": 360}, "seed": u64::MAX, "num_images": 4,
        });
        let read = flux(&input).unwrap();
        assert_eq!((read.size, read.seed, read.images), (Size::new(640, 360), Some(u64::MAX), 4));
    }
}
