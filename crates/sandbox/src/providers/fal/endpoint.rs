//! Endpoint ids: `owner/alias`, maybe with a path behind it.

use std::fmt;

/// An endpoint's full id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    id: String,
    /// Length of the application's part.
    application_length: usize,
}

/// How an endpoint's input and output look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// `image_size`, a seed in the output, flagged pictures come back black.
    Flux,
    /// `aspect_ratio` and `resolution`, a description in the output, flagged prompts are an error.
    Aspect,
}

impl Endpoint {
    /// Reads an id. None when it has fewer than two segments, or an empty one, or is no text to image endpoint.
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
        (!is_training).then(|| Self { id: id.to_owned(), application_length: application - 1 })
    }

    /// `owner/alias`: the part that names the application in the URLs of a request.
    pub(super) fn application(&self) -> &str {
        self.id.get(..self.application_length).unwrap_or(&self.id)
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
        assert_eq!(Endpoint::parse("fal-ai/flux-lora-portrait-trainer"), None);
    }
}
