//! A `:generateContent` request, read as proto3 JSON reads it: camel case and snake case, no unknown field.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use image::RgbaImage;
use serde_json::{Map, Value};

use super::Api;
use super::errors::ApiError;
use super::models::{Family, Model};
use crate::paint::{Likeness, PictureFormat, Size};
use crate::providers::dimensions::{self, SizeClass};

/// Most reference pictures of one request.
const MOST_REFERENCES: usize = 14;
/// Largest inline picture, bytes.
const LARGEST_INLINE: usize = 7 * 1024 * 1024;
/// Aspect ratios that only some models know.
const EXTREME_RATIOS: [&str; 4] = ["1:4", "4:1", "1:8", "8:1"];

const TOP: &[&str] = &[
    "contents",
    "systemInstruction",
    "safetySettings",
    "generationConfig",
    "tools",
    "toolConfig",
    "cachedContent",
    "model",
    "labels",
    "serviceTier",
    "store",
];
const CONFIG: &[&str] = &[
    "responseModalities",
    "imageConfig",
    "thinkingConfig",
    "temperature",
    "topP",
    "topK",
    "seed",
    "candidateCount",
    "stopSequences",
    "maxOutputTokens",
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "presencePenalty",
    "frequencyPenalty",
    "responseLogprobs",
    "logprobs",
    "speechConfig",
    "mediaResolution",
];
const IMAGE: &[&str] = &["aspectRatio", "imageSize"];
const IMAGE_OF_PLATFORM: &[&str] =
    &["aspectRatio", "imageSize", "personGeneration", "prominentPeople", "imageOutputOptions"];
const THINKING: &[&str] = &["thinkingLevel", "thinkingBudget", "includeThoughts"];

/// What a request asks for.
#[derive(Debug)]
pub(super) struct ImageRequest {
    pub(super) prompt: String,
    /// Number of reference pictures.
    pub(super) references: usize,
    /// The person in the reference pictures.
    pub(super) likeness: Option<Likeness>,
    pub(super) size: Size,
    pub(super) class: SizeClass,
    pub(super) format: PictureFormat,
    pub(super) seed: Option<u64>,
    pub(super) wants_text: bool,
    pub(super) wants_thoughts: bool,
}

/// Reads and checks a request.
pub(super) fn read(body: &Value, model: &Model, api: Api) -> Result<ImageRequest, ApiError> {
    let body = Fields::of(body, "", TOP)?;
    let none = Value::Object(Map::new());
    let config = Fields::of(body.get("generationConfig").unwrap_or(&none), "generation_config", CONFIG)?;
    let image_fields = if api == Api::Gemini { IMAGE } else { IMAGE_OF_PLATFORM };
    let image = Fields::of(
        config.get("imageConfig").unwrap_or(&none),
        "generation_config.image_config",
        image_fields,
    )?;
    let thinking = Fields::of(
        config.get("thinkingConfig").unwrap_or(&none),
        "generation_config.thinking_config",
        THINKING,
    )?;

    let (prompt, references) = contents(&body)?;
    let modalities = modalities(&config)?;
    if config.get("candidateCount").and_then(Value::as_u64).is_some_and(|count| count > 1) {
        return Err(ApiError::invalid(
            "generation_config.candidate_count",
            "Multiple candidates is not enabled for this model",
        ));
    }
    let class = size_class(&image, model)?;
    let aspect = image.text("aspectRatio")?.unwrap_or("1:1");
    let size = dimensions::pixels(aspect, class).filter(|_| knows_ratio(model, aspect)).ok_or_else(|| {
        let known: Vec<&str> =
            dimensions::aspect_ratios().filter(|aspect| knows_ratio(model, aspect)).collect();
        ApiError::invalid(
            "generation_config.image_config.aspect_ratio",
            format!("aspect_ratio must be one of {known:?}, got '{aspect}'"),
        )
    })?;
    Ok(ImageRequest {
        prompt,
        references: references.len(),
        likeness: Likeness::of_photos(&references),
        size,
        class,
        format: format(&image)?,
        seed: config.get("seed").and_then(Value::as_i64).map(i64::unsigned_abs),
        wants_text: modalities.iter().any(|modality| modality == "TEXT"),
        wants_thoughts: thinking.get("includeThoughts").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn knows_ratio(model: &Model, aspect: &str) -> bool {
    model.family == Family::NanoBanana || !EXTREME_RATIOS.contains(&aspect)
}

fn size_class(image: &Fields<'_>, model: &Model) -> Result<SizeClass, ApiError> {
    let class = match (image.text("imageSize")?, model.family) {
        (None | Some("1K"), _) => Some(SizeClass::One),
        (Some("2K"), Family::NanoBanana | Family::Pro) => Some(SizeClass::Two),
        (Some("4K"), Family::NanoBanana | Family::Pro) => Some(SizeClass::Four),
        _ => None,
    };
    class.ok_or_else(|| {
        ApiError::invalid(
            "generation_config.image_config.image_size",
            format!("Image size is not supported by models/{}.", model.id),
        )
    })
}

fn format(image: &Fields<'_>) -> Result<PictureFormat, ApiError> {
    let Some(options) = image.get("imageOutputOptions") else { return Ok(PictureFormat::Png) };
    let options = Fields::of(
        options,
        "generation_config.image_config.image_output_options",
        &["mimeType", "compressionQuality"],
    )?;
    match options.text("mimeType")? {
        None | Some("image/png") => Ok(PictureFormat::Png),
        Some("image/jpeg") => Ok(PictureFormat::Jpeg),
        Some(other) => Err(ApiError::invalid(
            "generation_config.image_config.image_output_options.mime_type",
            format!("Unsupported output mime type: {other}"),
        )),
    }
}

fn modalities(config: &Fields<'_>) -> Result<Vec<String>, ApiError> {
    let Some(value) = config.get("responseModalities") else {
        return Ok(vec!["TEXT".into(), "IMAGE".into()]);
    };
    let field = "generation_config.response_modalities";
    let listed =
        value.as_array().ok_or_else(|| ApiError::invalid(field, "response_modalities is not a list"))?;
    let listed: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_uppercase).collect();
    if listed.iter().any(|modality| !matches!(modality.as_str(), "TEXT" | "IMAGE"))
        || !listed.iter().any(|modality| modality == "IMAGE")
    {
        return Err(ApiError::invalid(
            field,
            "The requested combination of response modalities is not supported by the model.",
        ));
    }
    Ok(listed)
}

/// All text, joined, and all inline pictures.
fn contents(body: &Fields<'_>) -> Result<(String, Vec<RgbaImage>), ApiError> {
    let contents = body.get("contents").and_then(Value::as_array).filter(|contents| !contents.is_empty());
    let contents = contents.ok_or_else(|| {
        ApiError::invalid("contents", "* GenerateContentRequest.contents: contents is not specified\n")
    })?;
    let (mut texts, mut references) = (Vec::new(), Vec::new());
    for (index, content) in contents.iter().enumerate() {
        let place = format!("contents[{index}]");
        let content = Fields::of(content, &place, &["role", "parts"])?;
        if let Some(role) = content.text("role")?
            && !matches!(role, "user" | "model")
        {
            return Err(ApiError::invalid(&place, "Please use a valid role: user, model."));
        }
        let parts = content.get("parts").and_then(Value::as_array).filter(|parts| !parts.is_empty());
        let parts = parts.ok_or_else(|| {
            ApiError::invalid(
                &place,
                "Unable to submit request because it must include at least one parts field, which describes \
                 the prompt input.",
            )
        })?;
        for (index, part) in parts.iter().enumerate() {
            let place = format!("{place}.parts[{index}]");
            let part =
                Fields::of(part, &place, &["text", "inlineData", "fileData", "thought", "thoughtSignature"])?;
            if let Some(text) = part.text("text")? {
                texts.push(text.to_owned());
            }
            if let Some(inline) = part.get("inlineData") {
                references.push(inline_picture(inline, &place)?);
            }
        }
    }
    if references.len() > MOST_REFERENCES {
        return Err(ApiError::invalid(
            "contents",
            format!("At most {MOST_REFERENCES} images are supported."),
        ));
    }
    let prompt = texts.join("\n");
    if prompt.trim().is_empty() && references.is_empty() {
        return Err(ApiError::invalid(
            "contents",
            "Unable to submit request because it must have a non-empty text parameter.",
        ));
    }
    Ok((prompt, references))
}

fn inline_picture(inline: &Value, place: &str) -> Result<RgbaImage, ApiError> {
    let place = format!("{place}.inline_data");
    let inline = Fields::of(inline, &place, &["mimeType", "data", "displayName"])?;
    let unreadable = || {
        ApiError::invalid(
            &place,
            "Unable to process input image. Please retry or report in \
             https://developers.generativeai.google/guide/troubleshooting",
        )
    };
    let media_type = inline.text("mimeType")?.unwrap_or_default();
    if !matches!(media_type, "image/png" | "image/jpeg" | "image/webp") {
        return Err(ApiError::invalid(&place, format!("Unsupported MIME type: {media_type}")));
    }
    let data = inline.text("data")?.unwrap_or_default();
    let bytes = decode_bytes(data).ok_or_else(|| {
        ApiError::invalid(&place, "Invalid value at 'data' (TYPE_BYTES), Base64 decoding failed")
    })?;
    if bytes.len() > LARGEST_INLINE {
        return Err(unreadable());
    }
    image::load_from_memory(&bytes).map(image::DynamicImage::into_rgba8).map_err(|_| unreadable())
}

/// Proto3 JSON reads both alphabets of base64, with padding and without.
fn decode_bytes(text: &str) -> Option<Vec<u8>> {
    let standard = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    STANDARD_NO_PAD.decode(standard).ok()
}

/// The fields of an object, by their camel case names.
struct Fields<'a> {
    place: String,
    values: Vec<(String, &'a Value)>,
}

impl<'a> Fields<'a> {
    fn of(value: &'a Value, place: &str, known: &[&str]) -> Result<Self, ApiError> {
        let object = value.as_object().ok_or_else(|| {
            ApiError::invalid(place, format!("Invalid value at '{place}': an object is expected"))
        })?;
        let mut values = Vec::new();
        for (name, value) in object {
            let camel = camel_case(name);
            if !known.contains(&camel.as_str()) {
                return Err(ApiError::unknown_field(place, name));
            }
            if !value.is_null() {
                values.push((camel, value));
            }
        }
        Ok(Self { place: place.to_owned(), values })
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(ApiError::invalid(
                &self.place,
                format!("Invalid value at '{}.{name}' (TYPE_STRING), {other}", self.place),
            )),
        }
    }
}

fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut is_after_underscore = false;
    for letter in name.chars() {
        if letter == '_' {
            is_after_underscore = true;
        } else if std::mem::take(&mut is_after_underscore) {
            camel.extend(letter.to_uppercase());
        } else {
            camel.push(letter);
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_in_either_alphabet() {
        for text in ["+/+/", "-_-_", "-_-_==", "+/+/="] {
            assert_eq!(decode_bytes(text), Some(vec![0xfb, 0xff, 0xbf]), "{text}");
        }
        assert_eq!(decode_bytes("!"), None);
    }

    #[test]
    fn names_are_read_in_snake_case_too() {
        assert_eq!(camel_case("image_config"), "imageConfig");
        assert_eq!(camel_case("imageConfig"), "imageConfig");
    }
}
