//! Plain text with entities, whose offsets and lengths count UTF-16 units.

use serde::{Deserialize, Serialize};

/// Text as Telegram keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormattedText {
    /// The plain text.
    pub text: String,
    /// What is special about parts of it, ordered by offset, outer ones first.
    pub entities: Vec<Entity>,
}

/// One special part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// What is special.
    #[serde(flatten)]
    pub kind: EntityKind,
    /// First UTF-16 unit.
    pub offset: usize,
    /// Count of UTF-16 units, at least 1.
    pub length: usize,
}

/// The kinds of entities that a bot can write or that Telegram finds by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    TextLink {
        url: String,
    },
    CustomEmoji {
        custom_emoji_id: String,
    },
    Blockquote,
    ExpandableBlockquote,
    BotCommand,
    Mention,
    Hashtag,
    Url,
    Email,
}

impl FormattedText {
    /// Text without entities.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), entities: Vec::new() }
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Count of UTF-16 units.
    pub fn length(&self) -> usize {
        self.text.encode_utf16().count()
    }

    /// Without white space at both ends, as Telegram keeps it; entities move along and empty ones vanish.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let start_trimmed = self.text.trim_start();
        let cut = self.length() - start_trimmed.encode_utf16().count();
        let text = start_trimmed.trim_end();
        let length = text.encode_utf16().count();
        let entities = self
            .entities
            .iter()
            .filter_map(|entity| {
                let end = (entity.offset + entity.length).saturating_sub(cut).min(length);
                let offset = entity.offset.saturating_sub(cut);
                let length = end.checked_sub(offset).filter(|length| *length > 0)?;
                Some(Entity { kind: entity.kind.clone(), offset, length })
            })
            .collect();
        Self { text: text.to_owned(), entities }
    }

    /// The text as HTML in which everything but the entities' own tags is escaped.
    pub fn to_html(&self) -> String {
        let units: Vec<u16> = self.text.encode_utf16().collect();
        let mut html = String::with_capacity(self.text.len() + 16 * self.entities.len());
        let mut open: Vec<&Entity> = Vec::new();
        let mut waiting = self.entities.iter().peekable();
        let mut at = 0;
        for character in char::decode_utf16(units) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            close_ended(&mut open, at, &mut html);
            while let Some(entity) = waiting.next_if(|entity| entity.offset <= at) {
                html.push_str(&entity.kind.start_tag());
                open.push(entity);
            }
            escape_character(character, &mut html);
            at += character.len_utf16();
        }
        while let Some(entity) = open.pop() {
            html.push_str(entity.kind.end_tag());
        }
        html
    }
}

/// Closes every open entity that ends at or before `at`, and whatever was opened inside it.
fn close_ended(open: &mut Vec<&Entity>, at: usize, html: &mut String) {
    let Some(outermost) = open.iter().position(|entity| entity.offset + entity.length <= at) else {
        return;
    };
    while open.len() > outermost {
        if let Some(entity) = open.pop() {
            html.push_str(entity.kind.end_tag());
        }
    }
}

impl EntityKind {
    fn start_tag(&self) -> String {
        match self {
            Self::Bold => "<b>".to_owned(),
            Self::Italic => "<i>".to_owned(),
            Self::Underline => "<u>".to_owned(),
            Self::Strikethrough => "<s>".to_owned(),
            Self::Spoiler => "<tg-spoiler>".to_owned(),
            Self::Code => "<code>".to_owned(),
            Self::Pre { language: None } => "<pre>".to_owned(),
            Self::Pre { language: Some(language) } => {
                format!("<pre><code class=\"language-{}\">", escape(language))
            }
            Self::TextLink { url } => format!("<a href=\"{}\">", escape(url)),
            Self::CustomEmoji { custom_emoji_id } => {
                format!("<tg-emoji emoji-id=\"{}\">", escape(custom_emoji_id))
            }
            Self::Blockquote => "<blockquote>".to_owned(),
            Self::ExpandableBlockquote => "<blockquote expandable>".to_owned(),
            Self::BotCommand | Self::Mention | Self::Hashtag | Self::Url | Self::Email => String::new(),
        }
    }

    const fn end_tag(&self) -> &'static str {
        match self {
            Self::Bold => "</b>",
            Self::Italic => "</i>",
            Self::Underline => "</u>",
            Self::Strikethrough => "</s>",
            Self::Spoiler => "</tg-spoiler>",
            Self::Code => "</code>",
            Self::Pre { language: None } => "</pre>",
            Self::Pre { language: Some(_) } => "</code></pre>",
            Self::TextLink { .. } => "</a>",
            Self::CustomEmoji { .. } => "</tg-emoji>",
            Self::Blockquote | Self::ExpandableBlockquote => "</blockquote>",
            Self::BotCommand | Self::Mention | Self::Hashtag | Self::Url | Self::Email => "",
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        escape_character(character, &mut escaped);
    }
    escaped
}

fn escape_character(character: char, html: &mut String) {
    match character {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        other => html.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(kind: EntityKind, offset: usize, length: usize) -> Entity {
        Entity { kind, offset, length }
    }

    #[test]
    fn html_escapes_everything_but_its_own_tags() {
        let text = FormattedText {
            text: "🦊 <b> & co".to_owned(),
            entities: vec![entity(EntityKind::Bold, 0, 6), entity(EntityKind::Italic, 3, 3)],
        };
        assert_eq!(text.to_html(), "<b>🦊 <i>&lt;b&gt;</i></b> &amp; co");
    }

    #[test]
    fn trimming_moves_entities_along() {
        let text = FormattedText {
            text: "  hi you ".to_owned(),
            entities: vec![entity(EntityKind::Bold, 1, 3), entity(EntityKind::Italic, 8, 1)],
        };
        let trimmed = text.trimmed();
        assert_eq!(trimmed.text, "hi you");
        assert_eq!(trimmed.entities, vec![entity(EntityKind::Bold, 0, 2)]);
    }
}
