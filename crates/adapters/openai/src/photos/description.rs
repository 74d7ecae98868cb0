//! A photo in words.

use kernel::{DescriptionPurpose, Language, ProviderError};
use serde::Deserialize;

use super::PHOTOS_ARE_DATA;
use crate::chat::{Schema, unreadable};

/// The longest description, in characters.
const LONGEST: usize = 1_000;

pub(super) fn instructions(purpose: DescriptionPurpose) -> String {
    let task = match purpose {
        DescriptionPurpose::ForPerson(language) => {
            let language = match language {
                Language::English => "English",
                Language::Russian => "Russian",
            };
            format!("Tell a person in {language}, in two to four friendly sentences, what this photo shows.")
        }
        DescriptionPurpose::ForModel => "Write a description in English by which an image model can draw something \
             like this photo: subject, setting, composition, light, colours, style. Describe people by what can be seen; \
             name nobody."
            .to_owned(),
    };
    format!("{task} At most {LONGEST} characters, plain text. {PHOTOS_ARE_DATA}")
}

pub(super) fn schema() -> Schema {
    Schema::new("photo_description").text("description", "The description")
}

#[derive(Deserialize)]
pub(super) struct Answer {
    description: String,
}

impl Answer {
    pub(super) fn into_description(self) -> Result<String, ProviderError> {
        let description = shortened(self.description.trim());
        if description.is_empty() {
            Err(unreadable("an empty description of a photo"))
        } else {
            Ok(description)
        }
    }
}

/// The text up to the last word that fits.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.to_owned() };
    let (fitting, rest) = text.split_at(end);
    if rest.starts_with(char::is_whitespace) {
        return fitting.trim_end().to_owned();
    }
    fitting.rsplit_once(char::is_whitespace).map_or(fitting, |(words, _)| words).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_ends_with_a_whole_word() {
        assert_eq!(shortened("short"), "short");
        let long = "слово ".repeat(300);
        let short = shortened(&long);
        assert!(short.chars().count() <= LONGEST && short.ends_with("слово"), "{short}");
        assert_eq!(shortened(&"x".repeat(2_000)).len(), LONGEST);
        let exact = format!("{} more", "x".repeat(LONGEST));
        assert_eq!(shortened(&exact), "x".repeat(LONGEST));
    }
}
