//! Text for Telegram's HTML, safe by construction: whatever a person wrote can enter it only escaped.

use std::fmt;

/// Text in Telegram's HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Any text, with `<`, `>` and `&` escaped.
    pub fn escaped(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '&' => escaped.push_str("&amp;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// One of our own texts, whose arguments were escaped before they went in.
    pub(super) const fn from_phrase(text: String) -> Self {
        Self(text)
    }

    /// A quotation of what a person wrote.
    pub(crate) fn quotation(text: &str) -> Self {
        Self(format!("<blockquote>{}</blockquote>", Self::escaped(text)))
    }

    /// What is copied when it is pressed.
    pub(crate) fn code(text: &str) -> Self {
        Self(format!("<code>{}</code>", Self::escaped(text)))
    }

    /// A quotation that the messenger folds when it is long.
    pub(crate) fn folded_quotation(text: &str) -> Self {
        Self(format!("<blockquote expandable>{}</blockquote>", Self::escaped(text)))
    }

    /// The parts, one below the other.
    pub(crate) fn lines(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join("\n"))
    }

    /// The parts with an empty line between them.
    pub(crate) fn paragraphs(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect::<Vec<_>>().join("\n\n"))
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The length as Telegram counts it.
pub(crate) fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text, or as much of it as fits into `limit` UTF-16 units with `…` at the end, cut between words where one ends
/// near the limit.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if utf16_length(text) <= limit {
        return text.to_owned();
    }
    let mut units = 0;
    let mut end = 0;
    for (start, character) in text.char_indices() {
        units += character.len_utf16();
        // One unit is for the ellipsis.
        if units >= limit {
            break;
        }
        end = start + character.len_utf8();
    }
    let cut = text.get(..end).unwrap_or_default();
    let at_word = cut.rfind(char::is_whitespace).filter(|space| cut.len() - space <= 30);
    let kept = cut.get(..at_word.unwrap_or(cut.len())).unwrap_or_default();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_of_people_is_only_text() {
        assert_eq!(Html::escaped("<b>a & b</b> _*[]`").as_str(), "&lt;b&gt;a &amp; b&lt;/b&gt; _*[]`");
        assert_eq!(Html::quotation("</blockquote>").as_str(), "<blockquote>&lt;/blockquote&gt;</blockquote>");
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(shortened("a fox in the snow", 100), "a fox in the snow");
        assert_eq!(shortened("a fox in the snow", 12), "a fox in…");
        assert_eq!(shortened(&"я".repeat(50), 10), format!("{}…", "я".repeat(9)));
    }

    proptest! {
        #[test]
        fn a_shortened_text_fits(text in "\\PC{0,200}", limit in 2_usize..150) {
            let short = shortened(&text, limit);
            prop_assert!(utf16_length(&short) <= limit);
        }

        #[test]
        fn no_escaped_text_holds_markup(text in "\\PC*") {
            let escaped = Html::escaped(&text);
            prop_assert!(!escaped.as_str().contains(['<', '>']));
        }
    }
}
