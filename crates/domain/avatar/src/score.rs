//! How good a set of photos is for a training, and what it lacks.

use std::collections::BTreeSet;

use kernel::{FaceAngle, Percent, PhotoLight, PhotoReport, ShotDistance};

use crate::KindName;

/// What would make a set better. Each is a shot to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingShot {
    /// More photos, whatever they show.
    MorePhotos,
    /// The face turned a little.
    ThreeQuarter,
    /// The face from the side.
    Profile,
    /// Head and shoulders.
    Close,
    /// To the waist.
    Half,
    /// From head to foot.
    Full,
    /// Other light.
    OtherLight,
}

/// How good a set of photos is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetScore {
    /// 100 is as good as it gets.
    pub score: Percent,
    /// What it lacks, the most useful first.
    pub missing: Vec<MissingShot>,
}

/// The number of photos from which on more of them add little.
const PLENTY: usize = 15;

/// Scores a set. `photos` is how many are accepted; `reports` what was seen in them (none for a style).
pub fn score_set(kind: KindName, photos: usize, reports: &[&PhotoReport]) -> SetScore {
    let plenty = if kind.is_trained() { PLENTY } else { usize::from(kind.max_photos()) };
    let amount = share(photos.min(plenty), plenty);
    if !kind.shows_a_person() || !kind.is_trained() {
        let missing = if photos < plenty { vec![MissingShot::MorePhotos] } else { Vec::new() };
        return SetScore { score: amount, missing };
    }
    let angles: BTreeSet<_> = reports.iter().map(|report| report.angle).collect();
    let distances: BTreeSet<_> = reports.iter().map(|report| report.distance).collect();
    let lights: BTreeSet<PhotoLight> = reports.iter().map(|report| report.light).collect();

    let mut missing = Vec::new();
    let mut points = 0;
    let mut look_for = |is_there: bool, worth: u8, shot: MissingShot| {
        if is_there {
            points += worth;
        } else {
            missing.push(shot);
        }
    };
    look_for(angles.contains(&FaceAngle::ThreeQuarter), 14, MissingShot::ThreeQuarter);
    look_for(distances.contains(&ShotDistance::Close), 14, MissingShot::Close);
    look_for(distances.contains(&ShotDistance::Half), 12, MissingShot::Half);
    look_for(lights.len() > 1, 10, MissingShot::OtherLight);
    look_for(angles.contains(&FaceAngle::Profile), 5, MissingShot::Profile);
    look_for(distances.contains(&ShotDistance::Full), 5, MissingShot::Full);
    if photos < plenty {
        missing.push(MissingShot::MorePhotos);
    }
    // The amount makes 40 of 100.
    let of_amount = u8::try_from(u16::from(amount.get()) * 40 / 100).unwrap_or(40);
    SetScore { score: Percent::new(points + of_amount), missing }
}

fn share(part: usize, whole: usize) -> Percent {
    Percent::new(u8::try_from(part * 100 / whole.max(1)).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(angle: FaceAngle, distance: ShotDistance, light: PhotoLight) -> PhotoReport {
        PhotoReport {
            faces: 1,
            face_share: Percent::new(40),
            sharpness: Percent::new(80),
            brightness: Percent::new(55),
            angle,
            distance,
            light,
            concerns: BTreeSet::new(),
            traits: String::new(),
        }
    }

    #[test]
    fn fifteen_varied_photos_are_perfect() {
        let varied = [
            report(FaceAngle::Front, ShotDistance::Close, PhotoLight::Soft),
            report(FaceAngle::ThreeQuarter, ShotDistance::Half, PhotoLight::Hard),
            report(FaceAngle::Profile, ShotDistance::Full, PhotoLight::Soft),
        ];
        let reports: Vec<_> = varied.iter().cycle().take(15).collect();
        let score = score_set(KindName::Portrait, 15, &reports);
        assert_eq!(score, SetScore { score: Percent::FULL, missing: Vec::new() });
    }

    #[test]
    fn ten_equal_photos_lack_everything_else() {
        let same = report(FaceAngle::Front, ShotDistance::Close, PhotoLight::Soft);
        let reports: Vec<_> = std::iter::repeat_n(&same, 10).collect();
        let score = score_set(KindName::Portrait, 10, &reports);
        assert_eq!(score.score, Percent::new(14 + 26));
        assert_eq!(
            score.missing,
            [
                MissingShot::ThreeQuarter,
                MissingShot::Half,
                MissingShot::OtherLight,
                MissingShot::Profile,
                MissingShot::Full,
                MissingShot::MorePhotos
            ]
        );
    }

    #[test]
    fn a_style_is_scored_by_its_size_alone() {
        assert_eq!(score_set(KindName::Style, 15, &[]).score, Percent::FULL);
        assert_eq!(score_set(KindName::Style, 3, &[]).missing, [MissingShot::MorePhotos]);
        assert_eq!(score_set(KindName::Instant, 4, &[]).score, Percent::FULL);
    }
}
