//! How a photograph was taken: from where, from how far, in which light.

use super::PictureKind;

/// From where the face is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Angle {
    /// From the front.
    Front,
    /// Half turned.
    ThreeQuarter,
    /// From the side.
    Profile,
}

/// How much of the person is in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// The face.
    Close,
    /// Down to the waist.
    Half,
    /// From head to foot.
    Full,
}

/// The light on the face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// From everywhere.
    Soft,
    /// From one side, with shadows.
    Hard,
    /// Hardly any.
    Dark,
    /// From behind.
    Backlit,
}

/// How a photograph was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// From where the face is seen.
    pub angle: Angle,
    /// How much of the person is in the picture.
    pub distance: Distance,
    /// The light on the face.
    pub light: Light,
}

/// The ways in which photographs are taken in turn.
const IN_TURN: [Look; 6] = [
    Look::new(Angle::Front, Distance::Close, Light::Soft),
    Look::new(Angle::ThreeQuarter, Distance::Close, Light::Soft),
    Look::new(Angle::Front, Distance::Half, Light::Hard),
    Look::new(Angle::ThreeQuarter, Distance::Half, Light::Soft),
    Look::new(Angle::Front, Distance::Close, Light::Hard),
    Look::new(Angle::Front, Distance::Half, Light::Soft),
];

impl Look {
    const fn new(angle: Angle, distance: Distance, light: Light) -> Self {
        Self { angle, distance, light }
    }

    /// The look of the `number`th photograph of a kind; six in turn where the kind leaves it open.
    pub fn of(kind: PictureKind, number: u8) -> Self {
        let [first, ..] = IN_TURN;
        let free = IN_TURN.get(usize::from(number) % IN_TURN.len()).copied().unwrap_or(first);
        match kind {
            PictureKind::Dark => Self { light: Light::Dark, ..free },
            PictureKind::Backlit => Self { light: Light::Backlit, ..free },
            PictureKind::Profile => Self { angle: Angle::Profile, ..free },
            PictureKind::ThreeQuarter => Self { angle: Angle::ThreeQuarter, ..free },
            PictureKind::FullBody => Self { angle: Angle::Front, distance: Distance::Full, ..free },
            PictureKind::TextInstruction => Self { angle: Angle::Front, distance: Distance::Half, ..free },
            _ => free,
        }
    }
}
