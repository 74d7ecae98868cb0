//! What may be repeated of what OpenAI says about something that was sent.

/// The longest machine word that is repeated, in bytes.
const LONGEST_WORD: usize = 64;
/// Shorter words of a text give nothing away.
const SHORTEST_TELLING_WORD: usize = 3;

/// Knows what was sent, and keeps it out of what is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Discretion<'a> {
    sent: &'a str,
}

impl<'a> Discretion<'a> {
    /// For an answer about `text`.
    pub(crate) const fn about(text: &'a str) -> Self {
        Self { sent: text }
    }

    /// For an answer to a question without any text.
    pub(crate) const fn nothing_sent() -> Self {
        Self { sent: "" }
    }

    /// The word, if it looks like one made for machines and holds no word of the text.
    pub(crate) fn machine_word<'w>(&self, word: &'w str) -> Option<&'w str> {
        let is_for_machines = (1..=LONGEST_WORD).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        (is_for_machines && !self.gives_away(word)).then_some(word)
    }

    fn gives_away(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.sent
            .to_lowercase()
            .split(|character: char| !character.is_alphanumeric())
            .any(|sent| sent.len() >= SHORTEST_TELLING_WORD && word.contains(sent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_machines_is_repeated() {
        let discretion = Discretion::about("a red fox on ice");
        for word in ["server_is_overloaded", "req-0a1B.2", "42"] {
            assert_eq!(discretion.machine_word(word), Some(word));
        }
    }

    #[test]
    fn anything_that_quotes_is_not() {
        let discretion = Discretion::about("A Crimson-fox");
        for quoting in ["crimson", "no_FOX_allowed", "two words", "лиса", "", &"x".repeat(65)] {
            assert_eq!(discretion.machine_word(quoting), None, "{quoting}");
        }
    }
}
