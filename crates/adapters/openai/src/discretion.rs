//! What may be repeated of what OpenAI says: only words made for machines, as its sentences are for people.

use kernel::Discretion;

/// The longest machine word that is repeated, in bytes.
const LONGEST_WORD: usize = 64;

/// The word, if it looks like one made for machines and `discretion` has nothing against it.
pub(crate) fn machine_word<'w>(word: &'w str, discretion: &Discretion) -> Option<&'w str> {
    let is_for_machines = (1..=LONGEST_WORD).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    (is_for_machines && discretion.repeat(word).is_some()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_machines_is_repeated() {
        let discretion = Discretion::about("a red fox on ice", &[]);
        for word in ["server_is_overloaded", "req-0a1B.2", "42"] {
            assert_eq!(machine_word(word, &discretion), Some(word));
        }
    }

    #[test]
    fn anything_that_quotes_or_is_for_people_is_not() {
        let discretion = Discretion::about("A Crimson-fox", &[]);
        for other in ["crimson", "no_FOX_allowed", "two words", "лиса", "", &"x".repeat(65)] {
            assert_eq!(machine_word(other, &discretion), None, "{other}");
        }
    }
}
