//! The prompt's words, English or Russian, and what they mean to the painter.

/// A prompt's words in lower case.
#[derive(Debug)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// Splits a prompt at everything that is neither letter nor digit.
    pub(super) fn of(prompt: &str) -> Self {
        let lower = prompt.to_lowercase();
        let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(ToOwned::to_owned).collect())
    }

    /// Whether one of the words fits one of `patterns`: a whole word, or the beginning of one when the
    /// pattern ends in `*`.
    pub(super) fn any(&self, patterns: &[&str]) -> bool {
        self.0.iter().any(|word| {
            patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(beginning) => word.starts_with(beginning),
                None => word == pattern,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_or_by_their_beginning() {
        let words = Words::of("Delicate ЛИСИЧКИ, in-snow!");
        assert!(words.any(&["snow"]));
        assert!(words.any(&["лисич*"]));
        assert!(!words.any(&["cat", "лис"]));
    }
}
