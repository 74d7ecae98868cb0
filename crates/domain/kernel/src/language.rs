//! Languages that Aisha speaks.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A language of the interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, for everybody whose language we do not speak.
    #[default]
    English,
    /// Russian.
    Russian,
}

/// A stored language that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown language {0:?}")]
pub struct UnknownLanguage(pub String);

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The language's tag: `en`, `ru`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The language for a messenger's IETF tag such as `ru-RU`; English when it is missing or not spoken here.
    pub fn from_messenger(tag: Option<&str>) -> Self {
        let primary = tag.unwrap_or_default().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .unwrap_or_default()
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| UnknownLanguage(tag.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messengers_tag_chooses_the_language() {
        assert_eq!(Language::from_messenger(Some("ru")), Language::Russian);
        assert_eq!(Language::from_messenger(Some("ru-RU")), Language::Russian);
        assert_eq!(Language::from_messenger(Some("EN_us")), Language::English);
        assert_eq!(Language::from_messenger(Some("de")), Language::English);
        assert_eq!(Language::from_messenger(None), Language::English);
        assert_eq!("ru".parse(), Ok(Language::Russian));
        assert_eq!("xx".parse::<Language>(), Err(UnknownLanguage("xx".to_owned())));
    }
}
