//! A pack of styles as its file describes it.

use kernel::Language;
use serde::Deserialize;

use crate::callback::StyleCode;

/// What stands in a prompt for whoever is in the picture.
pub(super) const SUBJECT: &str = "{subject}";

/// A title in every language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Titles {
    en: String,
    ru: String,
}

/// A style.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Style {
    /// Its name within the pack; part of buttons in old messages.
    pub(super) id: String,
    title: Titles,
    pub(super) prompt: String,
}

/// A pack of styles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StylePack {
    /// Its name; part of buttons in old messages.
    pub(super) id: String,
    title: Titles,
    styles: Vec<Style>,
}

impl Titles {
    fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Russian => &self.ru,
        }
    }

    /// Whether no language lacks its title.
    pub(super) fn are_complete(&self) -> bool {
        Language::ALL.into_iter().all(|language| !self.of(language).trim().is_empty())
    }
}

impl Style {
    /// Its title.
    pub(crate) fn title(&self, language: Language) -> &str {
        self.title.of(language)
    }

    /// The description of a picture of `subject` in this style.
    pub(crate) fn describe(&self, subject: &str) -> String {
        self.prompt.replace(SUBJECT, subject).trim().to_owned()
    }

    pub(super) const fn titles(&self) -> &Titles {
        &self.title
    }
}

impl StylePack {
    /// Its title.
    pub(crate) fn title(&self, language: Language) -> &str {
        self.title.of(language)
    }

    /// What its buttons carry.
    pub(crate) fn code(&self) -> StyleCode {
        code([self.id.as_str()])
    }

    /// Its styles in their order, each with what its buttons carry.
    pub(crate) fn styles(&self) -> impl Iterator<Item = (StyleCode, &Style)> {
        self.styles.iter().map(|style| (code([self.id.as_str(), style.id.as_str()]), style))
    }

    pub(super) const fn titles(&self) -> &Titles {
        &self.title
    }
}

/// Recognises a name (FNV-1a, 32 bits), so that buttons survive when packs and styles are reordered.
fn code<const PARTS: usize>(parts: [&str; PARTS]) -> StyleCode {
    let bytes = parts.into_iter().flat_map(|part| part.bytes().chain([b'/']));
    StyleCode(bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
}
