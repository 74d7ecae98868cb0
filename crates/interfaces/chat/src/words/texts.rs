//! The texts of this crate in every language, by Fluent.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::static_loader;
use kernel::{Credits, Language};
use unic_langid::{LanguageIdentifier, langid};

use super::Html;

static_loader! {
    static CATALOGUE = {
        locales: "./texts",
        fallback_language: "en",
        // The marks that keep directions apart are not needed between languages written left to right, and would be
        // copied along with what a person copies.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ENGLISH: LanguageIdentifier = langid!("en");
const RUSSIAN: LanguageIdentifier = langid!("ru");

/// The texts of one language. Each phrase is a method, in `phrases.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Texts {
    /// Which language.
    pub(crate) language: Language,
}

impl Texts {
    /// The texts of `language`.
    pub(crate) const fn of(language: Language) -> Self {
        Self { language }
    }

    /// A phrase with its arguments.
    pub(super) fn render(
        self,
        phrase: &'static str,
        arguments: Vec<(&'static str, FluentValue<'static>)>,
    ) -> String {
        let arguments: HashMap<Cow<'static, str>, FluentValue<'static>> =
            arguments.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        let arguments = (!arguments.is_empty()).then_some(&arguments);
        let found = match self.language {
            Language::English => CATALOGUE.lookup_single_language(&ENGLISH, phrase, arguments),
            Language::Russian => CATALOGUE
                .lookup_single_language(&RUSSIAN, phrase, arguments)
                .or_else(|_| CATALOGUE.lookup_single_language(&ENGLISH, phrase, arguments)),
        };
        found.unwrap_or_else(|error| {
            // A test renders every phrase in every language.
            tracing::error!(phrase, %error, "a text is missing");
            phrase.to_owned()
        })
    }
}

/// Something that goes into a phrase.
pub(crate) trait Argument {
    /// As part of markup: words are escaped.
    fn for_html(self) -> FluentValue<'static>;

    /// As part of plain text.
    fn for_plain(self) -> FluentValue<'static>;
}

impl Argument for &str {
    fn for_html(self) -> FluentValue<'static> {
        Html::escaped(self).to_string().into()
    }

    fn for_plain(self) -> FluentValue<'static> {
        self.to_owned().into()
    }
}

macro_rules! number_argument {
    ($($number:ty),+) => {$(
        impl Argument for $number {
            fn for_html(self) -> FluentValue<'static> {
                self.into()
            }

            fn for_plain(self) -> FluentValue<'static> {
                self.into()
            }
        }
    )+};
}
number_argument!(u8, u16, u32, u64, i64, usize);

impl Argument for Credits {
    fn for_html(self) -> FluentValue<'static> {
        self.get().into()
    }

    fn for_plain(self) -> FluentValue<'static> {
        self.get().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::phrases::ALL;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    /// Every phrase of a language with the arguments that it uses, read from its files.
    fn phrases(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts").join(language.tag());
        let mut phrases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let mut phrase = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                    phrase = name.to_owned();
                    assert!(
                        phrases.insert(phrase.clone(), BTreeSet::new()).is_none(),
                        "{phrase} is there twice"
                    );
                }
                for used in line.split('$').skip(1) {
                    let name =
                        used.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_');
                    phrases.get_mut(&phrase).unwrap().insert(name.collect());
                }
            }
        }
        phrases
    }

    #[test]
    fn every_phrase_is_in_every_language_with_the_same_arguments() {
        let wanted: BTreeMap<String, BTreeSet<String>> = ALL
            .iter()
            .map(|(name, arguments)| {
                ((*name).to_owned(), arguments.iter().map(|argument| (*argument).to_owned()).collect())
            })
            .collect();
        for language in Language::ALL {
            let found = phrases(language);
            let names =
                |phrases: &BTreeMap<String, BTreeSet<String>>| phrases.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&found), names(&wanted), "{language:?}");
            for (name, arguments) in &found {
                assert_eq!(arguments, &wanted[name], "{language:?} {name}");
            }
        }
    }

    #[test]
    fn every_phrase_renders_in_every_language_for_every_number() {
        for language in Language::ALL {
            let identifier = match language {
                Language::English => ENGLISH,
                Language::Russian => RUSSIAN,
            };
            for (name, arguments) in ALL {
                for number in [0_u8, 1, 2, 5, 11, 21, 22, 25, 100] {
                    let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
                        arguments.iter().map(|argument| (Cow::Borrowed(*argument), number.into())).collect();
                    let rendered = CATALOGUE.lookup_single_language(&identifier, name, Some(&values));
                    let rendered = rendered.unwrap_or_else(|error| panic!("{language:?} {name}: {error}"));
                    assert!(!rendered.trim().is_empty(), "{language:?} {name}");
                    assert_balanced(&rendered, name);
                }
            }
        }
    }

    /// Telegram refuses a message whose tags do not match.
    fn assert_balanced(text: &str, name: &str) {
        for tag in ["b", "i", "code", "blockquote"] {
            let opened = text.matches(&format!("<{tag}>")).count();
            let closed = text.matches(&format!("</{tag}>")).count();
            assert_eq!(opened, closed, "{name}: <{tag}> in {text}");
        }
    }

    #[test]
    fn russian_counts_as_russians_do() {
        let texts = Texts::of(Language::Russian);
        for (count, words) in
            [(1, "1 кредит"), (2, "2 кредита"), (5, "5 кредитов"), (11, "11 кредитов"), (21, "21 кредит")]
        {
            let label = texts.button_draw(1, count);
            assert!(label.ends_with(words), "{label}");
        }
        assert_eq!(Texts::of(Language::English).button_draw(2, 10), "Draw 2 · 10 credits");
        assert_eq!(Texts::of(Language::English).button_draw(1, 1), "Draw 1 · 1 credit");
    }

    #[test]
    fn words_of_people_are_escaped_in_markup_alone() {
        let texts = Texts::of(Language::English);
        assert_eq!(texts.made_by_ai("<Model> & co").as_str(), "✨ Made by AI · &lt;Model&gt; &amp; co");
        assert_eq!(texts.entry_with_memo("bonus", "a < b"), "bonus (a < b)");
    }

    #[test]
    fn answers_to_presses_fit_into_200_characters() {
        for language in Language::ALL {
            let texts = Texts::of(language);
            for answer in [
                texts.insufficient(1000, 1000, 1000),
                texts.insufficient_for_several(1000, 1000, 1000),
                texts.price_changed(1000),
                texts.too_many_under_way(11),
                texts.spend_cap_own("24 November 2026, 00:05"),
                texts.spend_cap_of_all("24 November 2026, 00:05"),
                texts.trainings_too_many(11),
                texts.no_model(),
                texts.model_prompt_too_long(2000),
                texts.prompt_lost(),
                texts.already_taken(),
                texts.already_drawn_again(),
                texts.request_too_late(),
                texts.blocked(),
                texts.stale_button(),
                texts.image_gone(),
                texts.wait(100),
                texts.maintenance(),
                texts.by_invitation(),
                texts.invitation_void(),
                texts.closed_circle("123456789"),
                texts.consent_changed(),
                texts.avatars_too_many(20),
                texts.draft_gone(),
                texts.photo_gone(),
                texts.photos_none(),
                texts.photos_waiting(20),
                texts.photos_too_few(9, 10),
                texts.training_insufficient(1000, 1000, 1000),
                texts.training_price_changed(1000),
                texts.training_no_trainer(),
                texts.training_already(),
                texts.avatar_gone(),
                texts.avatar_not_drawable(),
                texts.retraining_over(),
                texts.training_cancel_too_late(),
                texts.second_try_over(),
                texts.style_gone(),
                texts.no_avatar(),
                texts.paused_until("24 November 2026, 00:05"),
                texts.help_forgotten(),
                texts.help_cap_reached(30),
                texts.help_off(),
                texts.photo_forgotten(),
                texts.too_many_picked(),
                texts.deletion_forgotten(),
                texts.too_late_to_restore(),
                texts.erasure_asked_anew(),
                texts.erasure_under_way(),
            ] {
                assert!(answer.chars().count() <= 200, "{answer}");
            }
        }
    }
}
