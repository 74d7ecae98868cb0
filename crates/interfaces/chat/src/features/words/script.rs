//! In which letters a text is written.

/// Whether most letters of a text are Latin, so that there is nothing to translate for a model. A text without letters
/// needs no translation either.
pub(crate) fn is_mostly_latin(text: &str) -> bool {
    let (latin, letters) = text
        .chars()
        .filter(|character| character.is_alphabetic())
        .fold((0_usize, 0_usize), |(latin, letters), letter| {
            (latin + usize::from(is_latin(letter)), letters + 1)
        });
    latin * 2 >= letters
}

/// Basic Latin, its supplement, and the two extensions after it.
const fn is_latin(letter: char) -> bool {
    matches!(letter, 'A'..='Z' | 'a'..='z' | '\u{00AA}' | '\u{00BA}' | '\u{00C0}'..='\u{024F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mostly_latin_needs_no_translation() {
        for latin in ["a red fox", "café à Zürich", "a fox, лиса", "🦊❄️ 2026", ""] {
            assert!(is_mostly_latin(latin), "{latin}");
        }
        for other in ["рыжая лиса", "狐", "ثعلب أحمر", "лиса in the snow под снегом", "fox лисица"]
        {
            assert!(!is_mostly_latin(other), "{other}");
        }
    }
}
