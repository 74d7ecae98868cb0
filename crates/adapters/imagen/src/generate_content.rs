//! The dialect of the present image models: `:generateContent`, one image a call. A refusal is an answer with status 200
//! and without an image.

use std::borrow::Cow;

use generation::{GeneratedImage, ImageSource, ModelKind, ReferencePhoto, Submission, SubmittedLikeness};
use kernel::{FailureClass, ProviderError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::failure::{garbage, is_name};
use crate::inline_image::{decode, encode};

/// The largest seed that the API takes: a signed number of 32 bits.
const LARGEST_SEED: u64 = 0x7fff_ffff;

/// The body of a call.
///
/// # Errors
/// `Bug` when the likeness is of a kind that the API does not take.
pub(crate) fn body(
    submission: &Submission,
    image_size: Option<&str>,
    thinking_level: Option<&str>,
) -> Result<Value, ProviderError> {
    let mut parts = photos(submission)?;
    parts.push(json!({"text": submission.prompt.as_str()}));
    let mut image = Map::new();
    image.insert("aspectRatio".to_owned(), json!(submission.aspect_ratio.as_str()));
    if let Some(image_size) = image_size {
        image.insert("imageSize".to_owned(), json!(image_size));
    }
    let mut config = Map::new();
    config.insert("responseModalities".to_owned(), json!(["IMAGE"]));
    config.insert("imageConfig".to_owned(), Value::Object(image));
    config.insert("seed".to_owned(), json!(submission.seed & LARGEST_SEED));
    if let Some(thinking_level) = thinking_level {
        config.insert("thinkingConfig".to_owned(), json!({"thinkingLevel": thinking_level}));
    }
    Ok(json!({"contents": [{"role": "user", "parts": parts}], "generationConfig": config}))
}

/// The photos of a person, which come before the text that speaks of them.
fn photos(submission: &Submission) -> Result<Vec<Value>, ProviderError> {
    match &submission.likeness {
        SubmittedLikeness::Nobody => Ok(Vec::new()),
        SubmittedLikeness::References(photos) if submission.model.does(ModelKind::ReferenceLikeness) => {
            photos.iter().map(photo).collect()
        }
        SubmittedLikeness::References(_) => Err(misfit("the model takes no photos of a person")),
        SubmittedLikeness::Weights { .. } => Err(misfit("Google's models take no weights")),
    }
}

fn photo(photo: &ReferencePhoto) -> Result<Value, ProviderError> {
    match photo {
        ReferencePhoto::Inline { format, bytes } => {
            Ok(json!({"inlineData": {"mimeType": format.media_type(), "data": encode(bytes)}}))
        }
        ReferencePhoto::Address(_) => Err(misfit("Google takes photos within the request alone")),
    }
}

fn misfit(detail: &str) -> ProviderError {
    ProviderError::new(FailureClass::Bug, "no-such-likeness", detail)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    #[serde(borrow, default)]
    candidates: Vec<Candidate<'a>>,
    prompt_feedback: Option<PromptFeedback>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    #[serde(borrow)]
    content: Option<Content<'a>>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow, default)]
    parts: Vec<Part<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    /// In snake case too, as proto3's JSON allows and some gateways write.
    #[serde(borrow, alias = "inline_data")]
    inline_data: Option<InlineData<'a>>,
    /// Whether it is a draft that the model made on the way.
    #[serde(default)]
    thought: bool,
}

#[derive(Deserialize)]
struct InlineData<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

/// The image in an answer.
///
/// # Errors
/// `Refused` when the safety policy declined the prompt; `Unavailable` when no image came for another reason.
pub(crate) fn images(body: &[u8]) -> Result<Vec<GeneratedImage>, ProviderError> {
    let answer: Answer<'_> = serde_json::from_slice(body).map_err(|_| garbage(200))?;
    if let Some(data) = answer.candidates.iter().find_map(Candidate::image) {
        return Ok(vec![GeneratedImage::Made(ImageSource::Inline(decode(data)?))]);
    }
    if let Some(reason) = answer.prompt_feedback.and_then(|feedback| feedback.block_reason) {
        return Err(refused(&reason));
    }
    let reason = answer.candidates.into_iter().find_map(|candidate| candidate.finish_reason);
    match reason.as_deref() {
        Some("IMAGE_SAFETY" | "IMAGE_PROHIBITED_CONTENT" | "IMAGE_RECITATION") => {
            Ok(vec![GeneratedImage::Withheld])
        }
        Some(reason @ ("SAFETY" | "PROHIBITED_CONTENT" | "RECITATION" | "BLOCKLIST" | "SPII")) => {
            Err(refused(reason))
        }
        reason => {
            let code = reason.filter(|reason| *reason != "STOP" && is_name(reason)).unwrap_or("NO_IMAGE");
            let detail = "Google's answer holds no image";
            Err(ProviderError::new(FailureClass::Unavailable, code, detail))
        }
    }
}

impl Candidate<'_> {
    fn image(&self) -> Option<&str> {
        let parts = self.content.as_ref().map(|content| content.parts.as_slice()).unwrap_or_default();
        let image = parts.iter().filter(|part| !part.thought).find_map(|part| part.inline_data.as_ref())?;
        Some(&image.data)
    }
}

fn refused(reason: &str) -> ProviderError {
    let code = if is_name(reason) { reason } else { "REFUSED" };
    ProviderError::new(FailureClass::Refused, code, "Google's safety policy declines the prompt")
}
