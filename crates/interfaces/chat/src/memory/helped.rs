//! Who is to be in the pictures whose descriptions were given to be put into better words.

use kernel::AvatarId;
use serde::{Deserialize, Serialize};

/// How many are remembered.
const MOST_HELPED: usize = 4;

/// Descriptions that were given away, the latest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Helped(Vec<HelpedWords>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct HelpedWords {
    prompt: String,
    avatar: Option<AvatarId>,
    seed: Option<u32>,
}

impl Helped {
    /// Remembers who is to be in the picture, and from which seed it is to be drawn.
    pub(crate) fn remember(&mut self, prompt: &str, avatar: Option<AvatarId>, seed: Option<u32>) {
        self.0.retain(|words| words.prompt != prompt);
        if self.0.len() >= MOST_HELPED {
            self.0.remove(0);
        }
        self.0.push(HelpedWords { prompt: prompt.to_owned(), avatar, seed });
    }

    /// Who is to be in the picture, and the seed; `None` when it is not known.
    pub(crate) fn find(&self, prompt: &str) -> Option<(Option<AvatarId>, Option<u32>)> {
        let found = self.0.iter().find(|words| words.prompt == prompt)?;
        Some((found.avatar, found.seed))
    }

    /// Whether there is nothing to remember.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_latest_word_on_a_description_counts() {
        let avatar = Some(AvatarId::new(Uuid::from_u128(7)));
        let mut helped = Helped::default();
        helped.remember("a fox", avatar, Some(3));
        helped.remember("a fox", None, None);
        assert_eq!(helped.find("a fox"), Some((None, None)));
        for number in 0..4 {
            helped.remember(&format!("fox {number}"), avatar, None);
        }
        assert_eq!(helped.find("a fox"), None);
        assert_eq!(helped.find("fox 0"), Some((avatar, None)));
    }
}
