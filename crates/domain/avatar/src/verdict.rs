//! Whether a photo can be used: a pure judgement over what was found in it.

use kernel::{FaceAngle, ImageInfo, PerceptualHash, PhotoConcern, PhotoLight, PhotoReport};

use crate::{AvatarPolicy, KindName, PhotoProblem};

/// The smallest share of the picture's height that a face may take, in hundredths.
const SMALLEST_FACE: u8 = 8;
/// The least sharpness of a face, in hundredths.
const LEAST_SHARPNESS: u8 = 35;
/// The brightness between which a face can be learnt from, in hundredths.
const BRIGHTNESS: (u8, u8) = (18, 95);
/// How many times longer than the other side a side may be.
const LONGEST_SHAPE: u32 = 3;

/// What speaks against a photo's shape, if anything.
pub fn judge_shape(info: &ImageInfo, policy: &AvatarPolicy) -> Option<PhotoProblem> {
    let shorter = info.width.min(info.height);
    let longer = info.width.max(info.height);
    if shorter < policy.min_photo_side {
        return Some(PhotoProblem::TooSmall);
    }
    (longer > shorter.saturating_mul(LONGEST_SHAPE)).then_some(PhotoProblem::TooNarrow)
}

/// Whether a photo looks like one of the others.
pub fn is_near_duplicate(
    photo: PerceptualHash,
    others: impl IntoIterator<Item = PerceptualHash>,
    policy: &AvatarPolicy,
) -> bool {
    others.into_iter().any(|other| photo.distance(other) < policy.min_photo_distance)
}

/// What speaks against what is seen in a photo, if anything: the weightiest first.
pub fn judge_report(report: &PhotoReport, kind: KindName) -> Option<PhotoProblem> {
    if report.concerns.contains(&PhotoConcern::Unsafe) {
        return Some(PhotoProblem::Unsafe);
    }
    if report.concerns.contains(&PhotoConcern::LooksMinor) {
        return Some(PhotoProblem::LooksMinor);
    }
    if !kind.shows_a_person() {
        return None;
    }
    let problem = match report.faces {
        0 => PhotoProblem::NoFace,
        1 => return judge_face(report),
        _ => PhotoProblem::SeveralFaces,
    };
    Some(problem)
}

fn judge_face(report: &PhotoReport) -> Option<PhotoProblem> {
    let too_dark = report.brightness.get() < BRIGHTNESS.0 || report.light == PhotoLight::Dark;
    let checks = [
        (report.angle == FaceAngle::Back, PhotoProblem::FaceTurnedAway),
        (report.concerns.contains(&PhotoConcern::Sunglasses), PhotoProblem::Sunglasses),
        (report.concerns.contains(&PhotoConcern::FaceCovered), PhotoProblem::FaceCovered),
        (report.face_share.get() < SMALLEST_FACE, PhotoProblem::FaceTooSmall),
        (too_dark, PhotoProblem::TooDark),
        (report.brightness.get() > BRIGHTNESS.1, PhotoProblem::TooBright),
        (report.sharpness.get() < LEAST_SHARPNESS, PhotoProblem::Blurred),
    ];
    checks.into_iter().find(|(is_so, _)| *is_so).map(|(_, problem)| problem)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::{ImageFormat, Percent, ShotDistance};

    use super::*;

    fn good() -> PhotoReport {
        PhotoReport {
            faces: 1,
            face_share: Percent::new(40),
            sharpness: Percent::new(80),
            brightness: Percent::new(55),
            angle: FaceAngle::Front,
            distance: ShotDistance::Close,
            light: PhotoLight::Soft,
            concerns: BTreeSet::new(),
            traits: "woman, dark hair".to_owned(),
        }
    }

    fn with(change: impl FnOnce(&mut PhotoReport)) -> Option<PhotoProblem> {
        let mut report = good();
        change(&mut report);
        judge_report(&report, KindName::Portrait)
    }

    #[test]
    fn a_clear_photo_of_one_adult_is_accepted() {
        assert_eq!(with(|_| {}), None);
    }

    #[test]
    fn every_fault_of_a_portrait_has_its_own_advice() {
        assert_eq!(with(|report| report.faces = 0), Some(PhotoProblem::NoFace));
        assert_eq!(with(|report| report.faces = 2), Some(PhotoProblem::SeveralFaces));
        assert_eq!(with(|report| report.face_share = Percent::new(7)), Some(PhotoProblem::FaceTooSmall));
        assert_eq!(with(|report| report.sharpness = Percent::new(34)), Some(PhotoProblem::Blurred));
        assert_eq!(with(|report| report.brightness = Percent::new(17)), Some(PhotoProblem::TooDark));
        assert_eq!(with(|report| report.light = PhotoLight::Dark), Some(PhotoProblem::TooDark));
        assert_eq!(with(|report| report.brightness = Percent::new(96)), Some(PhotoProblem::TooBright));
        assert_eq!(with(|report| report.angle = FaceAngle::Back), Some(PhotoProblem::FaceTurnedAway));
        for (concern, problem) in [
            (PhotoConcern::Sunglasses, PhotoProblem::Sunglasses),
            (PhotoConcern::FaceCovered, PhotoProblem::FaceCovered),
            (PhotoConcern::LooksMinor, PhotoProblem::LooksMinor),
            (PhotoConcern::Unsafe, PhotoProblem::Unsafe),
        ] {
            assert_eq!(with(|report| report.concerns.extend([concern])), Some(problem));
        }
    }

    #[test]
    fn a_minor_is_refused_before_anything_else_is_said_of_the_photo() {
        let verdict = with(|report| {
            report.faces = 3;
            report.concerns.insert(PhotoConcern::LooksMinor);
        });
        assert_eq!(verdict, Some(PhotoProblem::LooksMinor));
    }

    #[test]
    fn pictures_of_a_style_need_no_face_and_must_be_safe() {
        let mut report = PhotoReport { faces: 0, ..good() };
        assert_eq!(judge_report(&report, KindName::Style), None);
        report.concerns.insert(PhotoConcern::Unsafe);
        assert_eq!(judge_report(&report, KindName::Style), Some(PhotoProblem::Unsafe));
    }

    #[test]
    fn shapes_are_limited() {
        let policy = AvatarPolicy::default();
        let judge =
            |width, height| judge_shape(&ImageInfo { format: ImageFormat::Jpeg, width, height }, &policy);
        assert_eq!(judge(512, 512), None);
        assert_eq!(judge(511, 2000), Some(PhotoProblem::TooSmall));
        assert_eq!(judge(600, 1800), None);
        assert_eq!(judge(600, 1801), Some(PhotoProblem::TooNarrow));
    }

    #[test]
    fn near_duplicates_are_those_that_differ_by_few_bits() {
        let policy = AvatarPolicy::default();
        let near = |bits: u64| is_near_duplicate(PerceptualHash(0), [PerceptualHash(bits)], &policy);
        assert!(near(0) && near(0b1_1111));
        assert!(!near(0b11_1111));
    }
}
