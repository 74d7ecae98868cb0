//! Reads a text or caption parameter with its parse mode or entities, and holds it to Telegram's limits.

use super::detection::detect;
use super::entity::{Entity, FormattedText};
use super::html;
use crate::telegram::api_error::ApiError;
use crate::telegram::parameters::Parameters;

/// The limits of the two kinds of text, in UTF-16 units after the entities are parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LongestText {
    /// The text of a message: 4096.
    Message,
    /// The words under a photo or document: 1024.
    Caption,
}

impl LongestText {
    const fn units(self) -> usize {
        match self {
            Self::Message => 4096,
            Self::Caption => 1024,
        }
    }

    fn refusal(self) -> ApiError {
        ApiError::bad_request(match self {
            Self::Message => "message is too long",
            Self::Caption => "message caption is too long",
        })
    }
}

/// Reads `text` with the entities that `entities_name` holds or that its `parse_mode` marks.
///
/// # Errors
/// 400 for markup that can't be parsed, an unknown parse mode, and a text above its limit.
pub fn read_text(
    text: &str,
    parse_mode: Option<&str>,
    entities: Option<Vec<Entity>>,
    longest: LongestText,
) -> Result<FormattedText, ApiError> {
    let parsed = match parse_mode.map(str::to_ascii_lowercase).as_deref() {
        None | Some("") => with_entities(text, entities.unwrap_or_default()),
        Some("html") => html::parse(text)
            .map_err(|reason| ApiError::bad_request(format!("can't parse entities: {reason}")))?,
        Some("markdown" | "markdownv2") => {
            return Err(ApiError::bad_request("the sandbox reads parse_mode HTML or entities, no Markdown"));
        }
        Some(_) => return Err(ApiError::bad_request("unsupported parse_mode")),
    };
    let text = detect(parsed.trimmed());
    if text.length() > longest.units() {
        return Err(longest.refusal());
    }
    Ok(text)
}

/// Only entities inside the text count.
fn with_entities(text: &str, mut entities: Vec<Entity>) -> FormattedText {
    let length = text.encode_utf16().count();
    entities.retain(|entity| {
        entity.length > 0 && entity.offset.checked_add(entity.length).is_some_and(|end| end <= length)
    });
    entities.sort_by(|one, other| one.offset.cmp(&other.offset).then(other.length.cmp(&one.length)));
    FormattedText { text: text.to_owned(), entities }
}

impl Parameters {
    /// The caption of a sent or edited file; absent is empty.
    ///
    /// # Errors
    /// As [`read_text`].
    pub fn caption(&self) -> Result<FormattedText, ApiError> {
        read_text(
            &self.text("caption").unwrap_or_default(),
            self.text("parse_mode").as_deref(),
            self.parsed("caption_entities")?,
            LongestText::Caption,
        )
    }

    /// The text of a sent or edited message.
    ///
    /// # Errors
    /// As [`read_text`], and 400 for an empty one.
    pub fn message_text(&self) -> Result<FormattedText, ApiError> {
        let text = read_text(
            &self.text("text").unwrap_or_default(),
            self.text("parse_mode").as_deref(),
            self.parsed("entities")?,
            LongestText::Message,
        )?;
        if text.is_empty() {
            return Err(ApiError::bad_request("message text is empty"));
        }
        Ok(text)
    }
}
