//! What may be repeated of what a provider says. Services quote prompts and keys in their messages, and errors must
//! hold neither.

/// The longest remark that is repeated, in characters.
const LONGEST_REMARK: usize = 200;
/// Shorter words of Latin letters are too common to give anything away.
const SHORTEST_TELLING_WORD: usize = 3;
/// Shorter runs within a secret are too short to give anything away.
const SHORTEST_TELLING_RUN: usize = 6;

/// Decides which remarks may be repeated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Discretion {
    /// In lowercase; `None` when what to keep back is not known, so that nothing may be repeated.
    words: Option<Vec<String>>,
}

impl Discretion {
    /// Repeats nothing: for answers about work whose prompt is not at hand.
    pub(crate) const fn silent() -> Self {
        Self { words: None }
    }

    /// Repeats what holds no word of `prompt` and no part of any of `secrets`.
    pub(crate) fn about(prompt: &str, secrets: &[&str]) -> Self {
        let mut words = Vec::new();
        for word in runs(&prompt.to_lowercase()) {
            if word.chars().count() >= SHORTEST_TELLING_WORD || !word.is_ascii() {
                words.push(word.to_owned());
            }
        }
        for secret in secrets {
            let secret = secret.to_lowercase();
            words
                .extend(runs(&secret).filter(|run| run.len() >= SHORTEST_TELLING_RUN).map(ToOwned::to_owned));
        }
        Self { words: Some(words) }
    }

    /// The remark as far as it may be repeated.
    pub(crate) fn repeat(&self, remark: &str) -> Option<String> {
        let words = self.words.as_ref()?;
        // Escapes could hide a word.
        let is_escaped = remark.contains(['\\', '%', '&']);
        let lowercase = remark.to_lowercase();
        if is_escaped || words.iter().any(|word| lowercase.contains(word.as_str())) {
            return None;
        }
        let shown: String =
            remark.chars().filter(|character| !character.is_control()).take(LONGEST_REMARK).collect();
        (!shown.trim().is_empty()).then_some(shown)
    }
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_that_quote_are_kept_back() {
        let discretion = Discretion::about("A Crimson umbrella, лиса и 狐", &["key-id:s3cr3t-passphrase"]);
        for quoting in [
            "field 'crimson umbrella' is wrong",
            "CRIMSON",
            "Лиса",
            "狐",
            "key KEY-ID:S3CR3T-PASSPHRASE",
            "bad passphrase",
            "\\u043b\\u0438",
            "%D0%BB",
            "&#1083;",
        ] {
            assert_eq!(discretion.repeat(quoting), None, "{quoting}");
        }
    }

    #[test]
    fn other_remarks_are_repeated_up_to_a_length() {
        let discretion = Discretion::about("a red fox", &[]);
        assert_eq!(
            discretion.repeat("num_images must be at most 4\n").unwrap(),
            "num_images must be at most 4"
        );
        assert_eq!(discretion.repeat(&"x".repeat(300)).unwrap().len(), 200);
        assert_eq!(discretion.repeat(" "), None);
    }

    #[test]
    fn without_knowing_the_prompt_nothing_is_repeated() {
        assert_eq!(Discretion::silent().repeat("harmless"), None);
    }
}
