//! Pictures in words of which a prompt can be made.

use super::language::Language;
use super::sight::{Shape, Sight, Who};
use crate::test_pictures::{Angle, Distance, Light};

/// What is to be seen, in one sentence without a full stop.
pub(super) fn describe(sight: &Sight, language: Language) -> String {
    let [first, second] = sight.colours;
    match language {
        Language::English => {
            let colours = if first == second {
                format!("dominated by {}", first.english())
            } else {
                format!("dominated by {} and {}", first.english(), second.english())
            };
            let subject = subject(sight).map(|subject| format!(" of {subject}")).unwrap_or_default();
            format!("{} photo{subject}, {colours}, {}", shape(sight.shape).0, brightness(sight).0)
        }
        Language::Russian => {
            let colours = if first == second {
                format!("преобладает {}", first.russian())
            } else {
                format!("преобладают {} и {}", first.russian(), second.russian())
            };
            let subject = russian_subject(sight).map(|subject| format!(": {subject}")).unwrap_or_default();
            format!("{} фото{subject}, {colours}, {}", shape(sight.shape).1, brightness(sight).1)
        }
    }
}

/// A few visible traits of the person.
pub(super) fn traits(sight: &Sight, language: Language) -> &'static str {
    let (english, russian) = match (sight.is_marked(), sight.who()) {
        (false, _) => ("adult, brown hair, relaxed expression", "взрослый человек, каштановые волосы"),
        (true, Who::First) => {
            ("woman, long dark hair, green eyes", "женщина, длинные тёмные волосы, зелёные глаза")
        }
        (true, Who::Other) => {
            ("man, short red hair, beard, blue eyes", "мужчина, короткие рыжие волосы, борода, голубые глаза")
        }
        (true, Who::Child) => ("child, fair hair, blue eyes", "ребёнок, светлые волосы, голубые глаза"),
    };
    match language {
        Language::English => english,
        Language::Russian => russian,
    }
}

const fn shape(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Upright => ("portrait-format", "вертикальное"),
        Shape::Wide => ("landscape-format", "горизонтальное"),
        Shape::Square => ("square", "квадратное"),
    }
}

fn brightness(sight: &Sight) -> (&'static str, &'static str) {
    match sight.measured_light() {
        ..0.2 => ("very dark", "очень тёмное"),
        ..0.4 => ("dark and moody", "тёмное, с настроением"),
        ..0.65 => ("evenly lit", "ровный свет"),
        _ => ("bright and airy", "светлое и воздушное"),
    }
}

fn subject(sight: &Sight) -> Option<String> {
    if !sight.is_marked() {
        return None;
    }
    if sight.is_still_life() {
        return Some("a jug and two apples on a table".to_owned());
    }
    if sight.faces() > 1 {
        return Some("two people side by side".to_owned());
    }
    let angle = match sight.look.angle {
        Angle::Front => "seen from the front",
        Angle::ThreeQuarter => "half turned",
        Angle::Profile => "in profile",
    };
    let distance = match sight.look.distance {
        Distance::Close => "close up",
        Distance::Half => "down to the waist",
        Distance::Full => "from head to foot",
    };
    let light = match sight.look.light {
        Light::Soft => "in soft light",
        Light::Hard => "in hard side light",
        Light::Dark => "in near darkness",
        Light::Backlit => "against the light",
    };
    Some(format!("a {}, {angle}, {distance}, {light}", traits(sight, Language::English)))
}

fn russian_subject(sight: &Sight) -> Option<String> {
    if !sight.is_marked() {
        return None;
    }
    if sight.is_still_life() {
        return Some("кувшин и два яблока на столе".to_owned());
    }
    if sight.faces() > 1 {
        return Some("два человека рядом".to_owned());
    }
    let angle = match sight.look.angle {
        Angle::Front => "анфас",
        Angle::ThreeQuarter => "вполоборота",
        Angle::Profile => "в профиль",
    };
    Some(format!("{}, {angle}", traits(sight, Language::Russian)))
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, RgbImage};

    use super::*;
    use crate::test_pictures::{PictureKind, picture};

    #[test]
    fn colours_light_and_shape_are_told() {
        let picture =
            RgbImage::from_fn(
                400,
                200,
                |x, _| if x < 250 { Rgb([30, 60, 200]) } else { Rgb([250, 140, 30]) },
            );
        let sight = Sight::of(&DynamicImage::ImageRgb8(picture));
        let words = describe(&sight, Language::English);
        assert_eq!(words, "landscape-format photo, dominated by blue and orange, dark and moody");
        assert_eq!(
            describe(&sight, Language::Russian),
            "горизонтальное фото, преобладают синий и оранжевый, тёмное, с настроением"
        );
    }

    #[test]
    fn test_pictures_are_told_by_what_they_show() {
        let words = |kind| {
            let bytes = picture(kind, 0, 320, 400).unwrap();
            describe(&Sight::of(&image::load_from_memory(&bytes).unwrap()), Language::English)
        };
        assert!(words(PictureKind::Clear).starts_with("portrait-format photo of a woman, long dark hair"));
        assert!(words(PictureKind::NoFace).contains("a jug and two apples"));
        assert!(words(PictureKind::TwoFaces).contains("two people"));
        assert!(words(PictureKind::Profile).contains("in profile"));
    }
}
