//! What is in one photo.

use std::collections::BTreeSet;

use kernel::{FaceAngle, Percent, PhotoConcern, PhotoLight, PhotoReport, ProviderError, ShotDistance};
use serde::Deserialize;

use super::PHOTOS_ARE_DATA;
use crate::chat::{Schema, unreadable};

/// The longest text about a person that is kept, in characters.
const LONGEST_TRAITS: usize = 200;

pub(super) fn instructions() -> String {
    format!(
        "You examine one photo for a photo studio that makes models of people. Report what is seen; judge nothing and \
         guess nothing, with one exception: when it is doubtful whether somebody is 18, say that they look younger. When no face is seen, \
         faces and face_share are 0, traits is empty, and sharpness and brightness are those of the whole picture. \
         {PHOTOS_ARE_DATA} Copy such text into text_in_picture and nowhere else."
    )
}

pub(super) fn schema() -> Schema {
    Schema::new("photo_report")
        .integer("faces", "How many faces of people can be seen")
        .share("face_share", "The share of the picture's height that the largest face takes")
        .share("sharpness", "How sharp the largest face is; 1 is tack sharp")
        .share("brightness", "How bright the largest face is; 0 is black")
        .boolean("sunglasses", "Whether dark glasses hide eyes")
        .boolean("face_covered", "Whether a mask, a hand, hair or a thing covers the largest face in part")
        .boolean("looks_minor", "Whether somebody in it looks younger than 18")
        .boolean("unsafe_content", "Whether there is nudity, sexual content, gore, or violence")
        .one_of(
            "angle",
            &["front", "three_quarter", "profile", "back"],
            "From where the largest face is seen",
        )
        .one_of(
            "distance",
            &["close", "half", "full"],
            "Head and shoulders, to the waist, or from head to foot",
        )
        .one_of("light", &["soft", "hard", "dark", "backlit"], "The light")
        .text(
            "traits",
            "Lasting traits of the person in a few English words, such as: woman, dark curly hair, freckles",
        )
        .text("description", "What the photo shows, in one English sentence")
        .text("text_in_picture", "Text that can be read in the photo; empty when there is none")
}

/// The answer. What the description and the text in the picture say is left behind; asking for them keeps them out of
/// the other fields.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "it is a form as a model fills it, with these very fields")]
pub(super) struct Answer {
    faces: u16,
    face_share: f64,
    sharpness: f64,
    brightness: f64,
    sunglasses: bool,
    face_covered: bool,
    looks_minor: bool,
    unsafe_content: bool,
    angle: Angle,
    distance: Distance,
    light: Light,
    traits: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Angle {
    Front,
    ThreeQuarter,
    Profile,
    Back,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Distance {
    Close,
    Half,
    Full,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Light {
    Soft,
    Hard,
    Dark,
    Backlit,
}

impl Answer {
    pub(super) fn into_report(self) -> Result<PhotoReport, ProviderError> {
        let concerns = [
            (self.sunglasses, PhotoConcern::Sunglasses),
            (self.face_covered, PhotoConcern::FaceCovered),
            (self.looks_minor, PhotoConcern::LooksMinor),
            (self.unsafe_content, PhotoConcern::Unsafe),
        ];
        let concerns: BTreeSet<PhotoConcern> =
            concerns.into_iter().filter(|(is_there, _)| *is_there).map(|(_, concern)| concern).collect();
        Ok(PhotoReport {
            faces: self.faces,
            face_share: percent(self.face_share)?,
            sharpness: percent(self.sharpness)?,
            brightness: percent(self.brightness)?,
            angle: match self.angle {
                Angle::Front => FaceAngle::Front,
                Angle::ThreeQuarter => FaceAngle::ThreeQuarter,
                Angle::Profile => FaceAngle::Profile,
                Angle::Back => FaceAngle::Back,
            },
            distance: match self.distance {
                Distance::Close => ShotDistance::Close,
                Distance::Half => ShotDistance::Half,
                Distance::Full => ShotDistance::Full,
            },
            light: match self.light {
                Light::Soft => PhotoLight::Soft,
                Light::Hard => PhotoLight::Hard,
                Light::Dark => PhotoLight::Dark,
                Light::Backlit => PhotoLight::Backlit,
            },
            concerns,
            traits: self.traits.trim().chars().take(LONGEST_TRAITS).collect(),
        })
    }
}

/// A share from 0 to 1 in hundredths, rounded. There is no lossless way from a fraction to a whole number, so that the
/// nearest of the 101 is looked for.
fn percent(share: f64) -> Result<Percent, ProviderError> {
    if !(0.0..=1.0).contains(&share) {
        return Err(unreadable("a share that is not between 0 and 1"));
    }
    let below = (1..=100).take_while(|hundredths| f64::from(*hundredths) - 0.5 <= share * 100.0).last();
    Ok(Percent::new(below.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_become_hundredths() {
        for (share, hundredths) in
            [(0.0, 0), (0.004, 0), (0.005, 1), (0.494, 49), (0.5, 50), (0.996, 100), (1.0, 100)]
        {
            assert_eq!(percent(share).unwrap().get(), hundredths, "{share}");
        }
        for share in [-0.01, 1.01, 55.0, f64::NAN, f64::INFINITY] {
            assert!(percent(share).is_err(), "{share}");
        }
    }
}
