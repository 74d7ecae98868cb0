//! The providers' own safety filters.

/// At which point a provider declines a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Objection {
    /// The words themselves are declined.
    Prompt,
    /// The picture is declined after it was made.
    Picture,
}

/// What a provider's filter has against a prompt.
pub(super) fn objection(prompt: &str) -> Option<Objection> {
    let prompt = prompt.to_lowercase();
    if prompt.contains("forbidden-picture") {
        Some(Objection::Picture)
    } else if ["forbidden", "запрещено"].iter().any(|word| prompt.contains(word)) {
        Some(Objection::Prompt)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreed_words_are_declined() {
        assert_eq!(objection("a Forbidden thing"), Some(Objection::Prompt));
        assert_eq!(objection("это ЗАПРЕЩЕНО"), Some(Objection::Prompt));
        assert_eq!(objection("a forbidden-picture of x"), Some(Objection::Picture));
        assert_eq!(objection("a red fox"), None);
    }
}
