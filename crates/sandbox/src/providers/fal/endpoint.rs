//! Endpoint ids: `owner/alias`, maybe with a path behind it.

use std::fmt;

use super::trainer::{self, Trainer};
use crate::faults::Stage;

/// An endpoint's full id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    id: String,
    /// Length of the application's part.
    application_length: usize,
}

/// How the input and output of an endpoint for pictures look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `image_size`, a seed in the output, flagged pictures come back black.
    Flux,
    /// `aspect_ratio` and `resolution`, a description in the output, flagged prompts are an error.
    Aspect,
}

impl Endpoint {
    /// Reads an id. None when it has fewer than two segments, or an empty one, or is a trainer that there is not
    /// (any more). Every other id is taken for an endpoint that makes pictures.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let id = path.trim_matches('/');
        let segments: Vec<&str> = id.split('/').collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            return None;
        }
        let needed = if matches!(segments.first(), Some(&("workflows" | "comfy"))) { 3 } else { 2 };
        let application: usize = segments.get(..needed)?.iter().map(|segment| segment.len() + 1).sum();
        let is_training = segments.iter().any(|segment| {
            segment.ends_with("trainer") || segment.ends_with("training") || segment.contains("-trainer-")
        });
        (!is_training || trainer::find(id).is_some())
            .then(|| Self { id: id.to_owned(), application_length: application - 1 })
    }

    /// `owner/alias`: the part that names the application in the URLs of a request.
    pub(super) fn application(&self) -> &str {
        self.id.get(..self.application_length).unwrap_or(&self.id)
    }

    /// The trainer behind the id; none where pictures are made.
    pub(super) fn trainer(&self) -> Option<&'static Trainer> {
        trainer::find(&self.id)
    }

    /// The stage of the faults that change what the endpoint makes.
    pub(super) fn stage(&self) -> Stage {
        if self.trainer().is_some() { Stage::Training } else { Stage::Picture }
    }

    /// The field with the pictures to work from, where the endpoint makes nothing without one.
    pub(super) fn references_needed(&self) -> Option<&'static str> {
        match self.id.rsplit('/').next() {
            Some("edit") => Some("image_urls"),
            Some("image-to-image") => Some("image_url"),
            _ => None,
        }
    }

    /// Whether it knows WebP, and makes PNG when nothing is asked for.
    pub(super) fn makes_webp(&self) -> bool {
        ["flux-2/", "z-image/", "qwen-image", "krea-2/"].iter().any(|name| self.id.contains(name))
    }

    /// Most weights of one request; none where no number is known.
    pub(super) fn most_loras(&self) -> Option<usize> {
        self.makes_webp().then_some(3)
    }

    pub(super) fn family(&self) -> Family {
        let is_aspect =
            ["nano-banana", "imagen", "gemini", "ultra-finetuned"].iter().any(|name| self.id.contains(name));
        if is_aspect { Family::Aspect } else { Family::Flux }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_is_the_first_two_segments() {
        let endpoint = Endpoint::parse("/fal-ai/flux-pro/v1.1-ultra").unwrap();
        assert_eq!(endpoint.application(), "fal-ai/flux-pro");
        assert_eq!(endpoint.to_string(), "fal-ai/flux-pro/v1.1-ultra");
        assert_eq!(Endpoint::parse("workflows/me/mine").unwrap().application(), "workflows/me/mine");
        assert_eq!(Endpoint::parse("fal-ai"), None);
        assert_eq!(Endpoint::parse("fal-ai//x"), None);
        assert_eq!(Endpoint::parse("fal-ai/flux-pro-trainer"), None);
        let trainer = Endpoint::parse("fal-ai/flux-lora-portrait-trainer").unwrap();
        assert_eq!(trainer.stage(), Stage::Training);
        assert_eq!(Endpoint::parse("fal-ai/flux-lora").unwrap().stage(), Stage::Picture);
    }
}
