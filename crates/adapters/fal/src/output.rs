//! What a finished model gives.

use generation::{GeneratedImage, ImageSource};
use kernel::{FailureClass, ProviderError};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Output {
    images: Vec<Image>,
    /// For each image whether the safety checker blackened it.
    has_nsfw_concepts: Option<Vec<bool>>,
}

#[derive(Deserialize)]
struct Image {
    url: String,
}

/// The images of an output, in order; those that the safety checker blackened are withheld.
///
/// # Errors
/// `Unavailable` when the output holds no list of images.
pub(crate) fn images_of(output: &Value) -> Result<Vec<GeneratedImage>, ProviderError> {
    let output = Output::deserialize(output).map_err(|_| {
        let detail = "the output of a finished request holds no list of images";
        ProviderError::new(FailureClass::Unavailable, "unexpected-output", detail)
    })?;
    let flags = output.has_nsfw_concepts.unwrap_or_default();
    let images = output.images.into_iter().enumerate().map(|(index, image)| {
        if flags.get(index).copied().unwrap_or(false) {
            GeneratedImage::Withheld
        } else {
            GeneratedImage::Made(ImageSource::Remote(image.url))
        }
    });
    Ok(images.collect())
}
