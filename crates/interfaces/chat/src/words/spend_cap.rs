//! What a person is told when as much was spent today as may be.

use kernel::CapOf;

use super::Texts;

/// The words for a cap, with when it starts anew.
pub(crate) fn spend_cap_words(texts: Texts, cap: CapOf, until: &str) -> String {
    match cap {
        CapOf::Person => texts.spend_cap_own(until),
        CapOf::Everybody => texts.spend_cap_of_all(until),
    }
}
