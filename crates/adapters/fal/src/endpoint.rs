//! Endpoint ids: `owner/alias`, maybe with a path behind it.

use std::fmt;
use std::str::FromStr;

/// An endpoint, which is also the id of its model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(String);

/// The text is no endpoint id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointError;

impl Endpoint {
    /// The full id: where work is submitted.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The part that names the application, which alone is in the paths of a submitted request: `owner/alias`, with
    /// the namespaces `workflows` and `comfy` before it if the id has one.
    pub(crate) fn application(&self) -> &str {
        let segments = if self.0.starts_with("workflows/") || self.0.starts_with("comfy/") { 3 } else { 2 };
        match self.0.match_indices('/').nth(segments - 1) {
            Some((end, _)) => self.0.split_at(end).0,
            None => &self.0,
        }
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        let mut segments = 0;
        for segment in text.split('/') {
            let is_plain = segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
            if segment.is_empty() || segment == "." || segment == ".." || !is_plain {
                return Err(EndpointError);
            }
            segments += 1;
        }
        if segments < 2 { Err(EndpointError) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_is_owner_and_alias() {
        for (id, application) in [
            ("fal-ai/flux-lora", "fal-ai/flux-lora"),
            ("fal-ai/flux-pro/v1.1-ultra-finetuned", "fal-ai/flux-pro"),
            ("fal-ai/krea-2/turbo/lora", "fal-ai/krea-2"),
            ("workflows/me/mine/deep", "workflows/me/mine"),
            ("comfy/me/mine", "comfy/me/mine"),
        ] {
            assert_eq!(id.parse::<Endpoint>().unwrap().application(), application);
        }
    }

    #[test]
    fn what_would_change_the_path_is_no_id() {
        for wrong in
            ["", "fal-ai", "/a", "a/", "a//b", "a/../b", "a/./b", "a/b?c", "a/b#c", "a/b%2f", "a/b c"]
        {
            assert_eq!(wrong.parse::<Endpoint>(), Err(EndpointError), "{wrong}");
        }
    }
}
