//! What the model has to say, by the name of the field that asks for it.

use serde_json::{Value, json};

use super::asked::Asked;
use super::colours::Colour;
use super::conversation::{Conversation, Speaker};
use super::description::{describe, traits};
use super::language::Language;
use super::prompt_help::{self, Improved};
use super::sight::{Sight, Who};
use crate::test_pictures::{Angle, Distance, Light};

/// Everything that is known about one conversation.
pub(super) struct Knowledge {
    sights: Vec<Sight>,
    improved: Improved,
    language: Language,
    /// The language of the person's own words.
    spoken: Language,
}

impl Knowledge {
    /// What follows from the conversation and the pictures in it.
    pub(super) fn of(conversation: &Conversation, sights: Vec<Sight>) -> Self {
        let instructions = conversation.words_of(Speaker::Developer);
        let asked = Asked::find(conversation.latest_words(), &instructions);
        let language = match sights.first() {
            // What is asked of a picture is not a prompt to be answered in its language.
            Some(_) => Language::wanted(&instructions, conversation.latest_words()),
            None => Language::wanted(&instructions, &asked.prompt),
        };
        // Any difference between two requests makes another answer; the same request gets the same.
        let said: Vec<String> =
            conversation.turns.iter().map(|turn| format!("{:?}{}", turn.speaker, turn.words)).collect();
        let occasion = format!("{}\n{}\n{}", conversation.model, conversation.mood, said.join("\n"));
        let improved = prompt_help::improve(&asked, language, &occasion);
        Self { sights, improved, language, spoken: Language::of(&asked.prompt) }
    }

    /// How many pictures were shown.
    pub(super) fn pictures(&self) -> usize {
        self.sights.len()
    }

    /// An answer in free words.
    pub(super) fn in_words(&self) -> String {
        match self.sights.first() {
            Some(sight) => describe(sight, self.language),
            None => self.improved.text.clone(),
        }
    }

    /// What is to be said in a field; `picture` is the picture that it is about. None for a field that means nothing
    /// to the model.
    pub(super) fn value(&self, field: &str, picture: Option<usize>) -> Option<Value> {
        let field = field.to_lowercase().replace('-', "_");
        self.of_all_pictures(&field)
            .or_else(|| self.of_picture(&field, self.sights.get(picture.unwrap_or(0))?))
            .or_else(|| self.of_prompt(&field))
    }

    fn of_all_pictures(&self, field: &str) -> Option<Value> {
        if self.sights.is_empty() {
            return None;
        }
        match field {
            "same_person" => Some(json!(self.outliers().is_empty())),
            "outliers" | "other_people" | "other_person" => Some(json!(self.outliers())),
            "picture_count" | "photo_count" | "image_count" => Some(json!(self.sights.len())),
            _ => None,
        }
    }

    /// Indexes of the pictures that show somebody else than most of them.
    fn outliers(&self) -> Vec<usize> {
        let count = |who: Who| self.sights.iter().filter(|sight| sight.who() == who).count();
        // Of equally many the first shown is the person meant.
        let most = self.sights.iter().map(Sight::who).rev().max_by_key(|who| count(*who));
        let others = self.sights.iter().enumerate().filter(|(_, sight)| Some(sight.who()) != most);
        others.map(|(index, _)| index).collect()
    }

    fn of_picture(&self, field: &str, sight: &Sight) -> Option<Value> {
        Some(match field {
            "faces" | "face_count" | "number_of_faces" => json!(sight.faces()),
            "has_face" => json!(sight.faces() > 0),
            "face_share" | "face_size" => json!(sight.face_share()),
            "sharpness" => json!(sight.sharpness()),
            "brightness" => json!(sight.brightness()),
            "sunglasses" => json!(sight.has_sunglasses()),
            "face_covered" | "covered" => json!(sight.is_face_covered()),
            "looks_minor" | "minor" => json!(sight.looks_minor()),
            "angle" => json!(match sight.look.angle {
                Angle::Front => "front",
                Angle::ThreeQuarter => "three_quarter",
                Angle::Profile => "profile",
            }),
            "distance" => json!(match sight.look.distance {
                Distance::Close => "close",
                Distance::Half => "half",
                Distance::Full => "full",
            }),
            "light" | "lighting" => json!(match sight.look.light {
                Light::Soft => "soft",
                Light::Hard => "hard",
                Light::Dark => "dark",
                Light::Backlit => "backlit",
            }),
            "traits" | "appearance" => json!(traits(sight, self.language)),
            "description" | "caption" | "summary" => json!(describe(sight, self.language)),
            "prompt" | "prompt_en" | "text_prompt" => json!(describe(sight, Language::English)),
            "unsafe_content" | "unsafe" | "nsfw" => json!(sight.is_unsafe()),
            "text_in_picture" | "text" | "written_text" => json!(sight.written()),
            "colours" | "colors" | "dominant_colours" | "dominant_colors" => {
                json!(sight.colours.map(Colour::english))
            }
            "ok" | "acceptable" | "suitable" | "usable" | "is_usable" => json!(sight.is_usable()),
            _ => return None,
        })
    }

    fn of_prompt(&self, field: &str) -> Option<Value> {
        let improved = &self.improved;
        Some(json!(match field {
            "prompt" | "improved" | "improved_prompt" | "enhanced" | "enhanced_prompt" | "text"
            | "result" | "answer" | "output" => &improved.text,
            "english" | "prompt_en" | "english_prompt" | "prompt_english" => &improved.english,
            "translation" | "translated" | "translated_prompt" => &improved.translation,
            "title" => &improved.title,
            "language" | "source_language" | "language_code" => self.spoken.code(),
            "explanation" | "note" | "changes" | "reason" => match self.language {
                Language::English => "Light, lens and composition were added; the subject is as it was.",
                Language::Russian => "Добавлены свет, объектив и композиция; герой остался прежним.",
            },
            _ => return None,
        }))
    }
}
