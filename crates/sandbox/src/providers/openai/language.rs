//! The languages that the model speaks, and which one is wanted.

/// A language of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Russian,
}

impl Language {
    /// The language that most letters of a text belong to.
    pub(super) fn of(text: &str) -> Self {
        let (mut latin, mut cyrillic) = (0_usize, 0_usize);
        for letter in text.chars() {
            match letter {
                'a'..='z' | 'A'..='Z' => latin += 1,
                'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' => cyrillic += 1,
                _ => {}
            }
        }
        if cyrillic > latin { Self::Russian } else { Self::English }
    }

    /// The language that the instructions ask for; without a word about it, that of the text.
    pub(super) fn wanted(instructions: &str, text: &str) -> Self {
        let instructions = instructions.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| instructions.contains(word));
        if says(&["in english", "to english", "into english", "на английск"]) {
            Self::English
        } else if says(&["in russian", "to russian", "into russian", "на русск"]) {
            Self::Russian
        } else {
            Self::of(text)
        }
    }

    /// The language's code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_decide_and_else_the_text() {
        assert_eq!(Language::of("лиса and a fox in снегу"), Language::English);
        assert_eq!(Language::wanted("Keep the language of the prompt.", "рыжая лиса"), Language::Russian);
        assert_eq!(Language::wanted("Write the prompt in English.", "рыжая лиса"), Language::English);
        assert_eq!(Language::wanted("Ответь на русском.", "a fox"), Language::Russian);
    }
}
