//! Prompts made richer: their own words, and light, lens and composition beside them.

use sha2::{Digest as _, Sha256};

use super::asked::Asked;
use super::language::Language;
use super::translation::to_english;

/// What is added, by theme, in both languages.
const ADDITIONS: [[(&str, &str); 6]; 4] = [
    [
        ("soft golden-hour light", "мягкий свет золотого часа"),
        ("diffused light from a large window", "рассеянный свет из большого окна"),
        ("dramatic side light with deep shadows", "драматичный боковой свет и глубокие тени"),
        ("cool moonlight with a warm rim", "холодный лунный свет с тёплым контуром"),
        ("bright overcast light without hard shadows", "ровный свет пасмурного дня без резких теней"),
        ("glowing backlight through a light haze", "сияющий контровой свет сквозь лёгкую дымку"),
    ],
    [
        ("shot on an 85 mm lens at f/1.8", "снято на объектив 85 мм, f/1.8"),
        ("35 mm lens, f/2.8", "объектив 35 мм, f/2.8"),
        ("wide 24 mm lens close to the ground", "широкий объектив 24 мм у самой земли"),
        ("medium format, 80 mm lens", "средний формат, объектив 80 мм"),
        ("macro lens with a razor-thin focus", "макрообъектив с тончайшей резкостью"),
        ("200 mm telephoto, compressed perspective", "телеобъектив 200 мм, сжатая перспектива"),
    ],
    [
        ("composed by the rule of thirds", "композиция по правилу третей"),
        ("centred symmetrical composition", "симметричная композиция по центру"),
        ("leading lines towards the subject", "линии ведут взгляд к герою"),
        ("framed by foreground shapes", "обрамление предметами переднего плана"),
        ("plenty of empty space around the subject", "много воздуха вокруг героя"),
        ("tight crop, eye-level view", "тесный кадр на уровне глаз"),
    ],
    [
        ("rich texture and fine detail", "богатая фактура и мелкие детали"),
        ("muted natural colours", "приглушённые природные цвета"),
        ("vivid complementary colours", "яркие дополнительные цвета"),
        ("gentle film grain", "деликатное плёночное зерно"),
        ("creamy blurred background", "мягко размытый фон"),
        ("crisp focus from front to back", "резкость по всему кадру"),
    ],
];

/// A prompt, made richer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Improved {
    /// In the language that was wanted.
    pub(super) text: String,
    /// In English.
    pub(super) english: String,
    /// The prompt alone, in English.
    pub(super) translation: String,
    /// A few words of it.
    pub(super) title: String,
}

/// Makes a prompt richer; `occasion` chooses among the ways to do so.
pub(super) fn improve(asked: &Asked, wanted: Language, occasion: &str) -> Improved {
    let mut choices = Sha256::digest(occasion).into_iter();
    let additions = ADDITIONS.map(|theme| {
        let index = usize::from(choices.next().unwrap_or(0)) % theme.len();
        theme.get(index).copied().unwrap_or(("", ""))
    });
    let translation = to_english(&asked.prompt);
    let traits = asked.traits.as_deref();
    let english_additions = additions.map(|(english, _)| english);
    let english_traits = traits.map(to_english);
    let english = join(&translation, english_traits.as_deref(), &english_additions);
    let text = match wanted {
        Language::English => english.clone(),
        Language::Russian => join(&asked.prompt, traits, &additions.map(|(_, russian)| russian)),
    };
    let title = asked.prompt.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    Improved { text, english, translation, title }
}

fn join(subject: &str, traits: Option<&str>, additions: &[&str]) -> String {
    let mut parts = vec![subject];
    // Traits that are there already are not said twice.
    parts.extend(traits.filter(|traits| !subject.contains(traits)));
    parts.extend(additions);
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(prompt: &str, traits: Option<&str>) -> Asked {
        Asked { prompt: prompt.to_owned(), traits: traits.map(ToOwned::to_owned) }
    }

    #[test]
    fn the_subject_stays_and_light_lens_and_composition_are_added() {
        let improved = improve(&asked("a red fox", Some("woman, dark hair")), Language::English, "1");
        assert!(improved.text.starts_with("a red fox, woman, dark hair, "));
        assert!(improved.text.split(", ").count() >= 6);
        assert_eq!(
            improved.text,
            improve(&asked("a red fox", Some("woman, dark hair")), Language::English, "1").text
        );
        let others = (2..8).map(|occasion| {
            improve(&asked("a red fox", None), Language::English, &occasion.to_string()).text
        });
        assert!(others.collect::<std::collections::BTreeSet<_>>().len() > 3);
    }

    #[test]
    fn the_wanted_language_is_spoken() {
        let russian = improve(&asked("рыжая лиса", None), Language::Russian, "1");
        assert_eq!(Language::of(&russian.text), Language::Russian);
        assert!(russian.text.starts_with("рыжая лиса, "));
        assert!(russian.english.starts_with("red fox, "));
        assert_eq!(improve(&asked("рыжая лиса", None), Language::English, "1").text, russian.english);
    }
}
