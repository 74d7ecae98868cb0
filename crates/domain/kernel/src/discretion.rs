//! What may be repeated of what a provider says. Providers quote prompts and keys in their messages, and errors must
//! hold neither.

use std::fmt;

/// The longest remark that is repeated, in characters.
const LONGEST_REMARK: usize = 200;
/// Shorter words of Latin letters are too common to give anything away, in characters.
const SHORTEST_TELLING_WORD: usize = 3;
/// Shorter runs within a secret are too short to give anything away, in bytes.
const SHORTEST_TELLING_RUN: usize = 6;

/// Decides which remarks of a provider may be repeated in an error, which operators read.
#[derive(Clone)]
pub struct Discretion {
    /// In lowercase; `None` when what to keep back is not known, so that nothing may be repeated.
    words: Option<Vec<String>>,
}

impl Discretion {
    /// Repeats nothing: for answers about work whose prompt is not at hand.
    pub const fn silent() -> Self {
        Self { words: None }
    }

    /// Repeats what holds no word of `prompt` and no part of any of `secrets`. With an empty prompt, as for a question
    /// without one, only the secrets are kept back.
    pub fn about(prompt: &str, secrets: &[&str]) -> Self {
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

    /// The remark as far as it may be repeated: at most its first 200 characters, without control characters. Nothing
    /// of a remark that quotes, or that could hide a quotation behind escapes.
    pub fn repeat(&self, remark: &str) -> Option<String> {
        let words = self.words.as_ref()?;
        let is_escaped = remark.contains(['\\', '%', '&']);
        // A control character within a word would hide it from the search below, and then be left out.
        let legible: String = remark.chars().filter(|character| !character.is_control()).collect();
        let lowercase = legible.to_lowercase();
        if is_escaped || words.iter().any(|word| lowercase.contains(word.as_str())) {
            return None;
        }
        let shown: String = legible.chars().take(LONGEST_REMARK).collect();
        (!shown.trim().is_empty()).then_some(shown)
    }
}

/// Shows nothing of what is kept back.
impl fmt::Debug for Discretion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Discretion").finish_non_exhaustive()
    }
}

fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discretion() -> Discretion {
        Discretion::about("A Crimson umbrella, лиса и 狐", &["key-id:s3cr3t-passphrase"])
    }

    #[test]
    fn remarks_that_quote_are_kept_back() {
        for quoting in [
            "field 'crimson umbrella' is wrong",
            "CRIMSON",
            "no_umbrellas_allowed",
            "Лиса",
            "狐",
            "key KEY-ID:S3CR3T-PASSPHRASE",
            "bad passphrase",
        ] {
            assert_eq!(discretion().repeat(quoting), None, "{quoting}");
        }
    }

    #[test]
    fn remarks_that_could_hide_a_quotation_are_kept_back() {
        for hiding in ["\\u043b\\u0438", "%D0%BB", "&#1083;", "crim\u{0}son", "umb\nrella"] {
            assert_eq!(discretion().repeat(hiding), None, "{hiding:?}");
        }
    }

    #[test]
    fn a_quotation_beyond_what_would_be_shown_counts_too() {
        let remark = format!("{} crimson", "x".repeat(300));
        assert_eq!(discretion().repeat(&remark), None);
    }

    #[test]
    fn other_remarks_are_repeated_up_to_a_length() {
        let discretion = Discretion::about("a red fox", &["key"]);
        assert_eq!(
            discretion.repeat("num_images must be at most 4\n").unwrap(),
            "num_images must be at most 4"
        );
        // Parts of a secret as short as this are words like any other.
        assert_eq!(discretion.repeat("the key is wrong").unwrap(), "the key is wrong");
        assert_eq!(discretion.repeat(&"я".repeat(300)).unwrap().chars().count(), 200);
        for blank in ["", " ", "\n\t"] {
            assert_eq!(discretion.repeat(blank), None, "{blank:?}");
        }
    }

    #[test]
    fn where_nothing_was_said_everything_is_repeated_but_secrets() {
        let discretion = Discretion::about("", &["sk-longenough"]);
        assert_eq!(discretion.repeat("crimson").unwrap(), "crimson");
        assert_eq!(discretion.repeat("sk-LONGENOUGH is wrong"), None);
    }

    #[test]
    fn without_knowing_the_prompt_nothing_is_repeated() {
        assert_eq!(Discretion::silent().repeat("harmless"), None);
    }

    #[test]
    fn what_is_kept_back_is_not_shown_to_programmers_either() {
        let shown = format!("{:?}", discretion());
        assert!(!shown.contains("crimson") && !shown.contains("passphrase"), "{shown}");
    }
}
