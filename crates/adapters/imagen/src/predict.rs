//! The dialect of Imagen 4: `:predict`, up to four images a call. Images that the safety policy filters are missing, or
//! stand in the answer as a reason without bytes.

use std::borrow::Cow;

use generation::{GeneratedImage, ImageSource, Submission, SubmittedLikeness};
use kernel::{FailureClass, ProviderError};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::failure::garbage;
use crate::inline_image::decode;

/// The body of a call. A seed is not among what the API takes with a key.
///
/// # Errors
/// `Bug` when somebody is to be in the picture.
pub(crate) fn body(
    submission: &Submission,
    image_size: Option<&str>,
    person_generation: Option<&str>,
) -> Result<Value, ProviderError> {
    if submission.likeness != SubmittedLikeness::Nobody {
        let detail = "Imagen takes neither weights nor photos";
        return Err(ProviderError::new(FailureClass::Bug, "no-such-likeness", detail));
    }
    let mut parameters = Map::new();
    parameters.insert("sampleCount".to_owned(), json!(submission.count));
    parameters.insert("aspectRatio".to_owned(), json!(submission.aspect_ratio.as_str()));
    parameters.insert("includeRaiReason".to_owned(), json!(true));
    parameters.insert("outputOptions".to_owned(), json!({"mimeType": "image/png"}));
    if let Some(image_size) = image_size {
        parameters.insert("sampleImageSize".to_owned(), json!(image_size));
    }
    if let Some(person_generation) = person_generation {
        parameters.insert("personGeneration".to_owned(), json!(person_generation));
    }
    Ok(json!({"instances": [{"prompt": submission.prompt.as_str()}], "parameters": parameters}))
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    predictions: Vec<Prediction<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prediction<'a> {
    #[serde(borrow)]
    bytes_base64_encoded: Option<Cow<'a, str>>,
    rai_filtered_reason: Option<IgnoredAny>,
}

/// The images in an answer; entries that are neither an image nor a reason are passed over.
///
/// # Errors
/// `Refused` when nothing is left after filtering.
pub(crate) fn images(body: &[u8]) -> Result<Vec<GeneratedImage>, ProviderError> {
    let answer: Answer<'_> = serde_json::from_slice(body).map_err(|_| garbage(200))?;
    let mut images = Vec::new();
    for prediction in answer.predictions {
        match (prediction.bytes_base64_encoded, prediction.rai_filtered_reason) {
            (Some(bytes), _) => images.push(GeneratedImage::Made(ImageSource::Inline(decode(&bytes)?))),
            (None, Some(_)) => images.push(GeneratedImage::Withheld),
            (None, None) => {}
        }
    }
    if images.is_empty() {
        let detail = "Google's safety policy filtered every image";
        return Err(ProviderError::new(FailureClass::Refused, "ALL_FILTERED", detail));
    }
    Ok(images)
}
