//! Heads. A head's middle is (0, 0), and it is about 1 high.

use tiny_skia::Color;

use super::PictureKind;
use super::look::Angle;
use super::sheet::{Place, Sheet, curve, curves, ellipse, faded, mixed, polygon, rectangle, rgb};

/// How hair is worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hair {
    Long,
    Short,
    Bowl,
}

/// Somebody's face.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) skin: Color,
    hair: Color,
    eyes: Color,
    style: Hair,
    has_beard: bool,
    /// Eyes, as a part of those of a child.
    eye_size: f32,
}

impl Person {
    /// A woman with long dark hair.
    pub(super) fn first() -> Self {
        Self {
            skin: rgb(0xdf_a8_85),
            hair: rgb(0x3a_24_1c),
            eyes: rgb(0x4a_6b_4a),
            style: Hair::Long,
            has_beard: false,
            eye_size: 0.72,
        }
    }

    /// A man with short red hair and a beard.
    pub(super) fn other() -> Self {
        Self {
            skin: rgb(0xf2_c9_b0),
            hair: rgb(0xb3_52_24),
            eyes: rgb(0x3f_74_a8),
            style: Hair::Short,
            has_beard: true,
            eye_size: 0.66,
        }
    }

    /// A child with fair hair.
    pub(super) fn child() -> Self {
        Self {
            skin: rgb(0xf4_ce_b4),
            hair: rgb(0xd8_b0_6a),
            eyes: rgb(0x4f_84_b8),
            style: Hair::Bowl,
            has_beard: false,
            eye_size: 1.0,
        }
    }
}

/// Hair that falls behind the shoulders.
pub(super) fn hair_behind(sheet: &mut Sheet, person: &Person, place: Place) {
    if person.style != Hair::Long {
        return;
    }
    let fall = curves(
        (-0.5, 1.05),
        &[
            [(-0.62, 0.3), (-0.6, -0.62), (0.0, -0.66)],
            [(0.6, -0.62), (0.62, 0.3), (0.5, 1.05)],
            [(0.2, 1.2), (-0.2, 1.2), (-0.5, 1.05)],
        ],
    );
    sheet.fill(fall, mixed(person.hair, Color::BLACK, 0.25), place);
}

/// Neck, head and what is before the face. `turn` is 0 from the front, ±1 from the side.
pub(super) fn draw(
    sheet: &mut Sheet,
    person: &Person,
    angle: Angle,
    turn: f32,
    kind: PictureKind,
    place: Place,
) {
    let shade = mixed(person.skin, rgb(0x7a_3f_2c), 0.35);
    sheet.fill(rectangle(-0.19, 0.3, 0.38, 0.56), shade, place);
    sheet.fill(ellipse(0.0, 0.86, 0.19, 0.09), shade, place);
    if angle == Angle::Profile {
        from_the_side(sheet, person, turn, place);
    } else {
        from_the_front(sheet, person, turn, place);
    }
    let seen = if angle == Angle::Profile { turn * 0.34 } else { turn * 0.2 };
    match kind {
        PictureKind::Sunglasses => dark_glasses(sheet, seen, place),
        PictureKind::Covered => mask(sheet, seen, place),
        _ => {}
    }
}

fn from_the_front(sheet: &mut Sheet, person: &Person, turn: f32, place: Place) {
    let shade = mixed(person.skin, rgb(0x7a_3f_2c), 0.35);
    for side in [-1.0, 1.0] {
        sheet.fill(ellipse(0.38 * side - turn * 0.05, 0.02, 0.07, 0.12), shade, place);
    }
    let face = curves(
        (0.0, 0.52),
        &[
            [(-0.24, 0.52), (-0.4, 0.26), (-0.4, -0.08)],
            [(-0.4, -0.42), (-0.22, -0.52), (0.0, -0.52)],
            [(0.22, -0.52), (0.4, -0.42), (0.4, -0.08)],
            [(0.4, 0.26), (0.24, 0.52), (0.0, 0.52)],
        ],
    );
    sheet.fill(face, person.skin, place);
    let middle = turn * 0.2;
    if person.has_beard {
        let beard = curves(
            (-0.39, 0.06),
            &[
                [(-0.34, 0.34), (-0.3, 0.62), (0.0, 0.6)],
                [(0.3, 0.62), (0.34, 0.34), (0.39, 0.06)],
                [(0.28, 0.26), (0.16, 0.2), (middle, 0.2)],
                [(-0.16, 0.2), (-0.28, 0.26), (-0.39, 0.06)],
            ],
        );
        sheet.fill(beard, mixed(person.hair, Color::BLACK, 0.12), place);
    }
    for side in [-1.0, 1.0] {
        // The far eye of a turned head is nearer to the nose.
        let far = side * turn > 0.0;
        let x = middle + 0.165 * side * if far { 1.0 - turn.abs() * 0.35 } else { 1.0 };
        eye(sheet, person, x, place);
        let brow = curve((x - 0.09, -0.145), (x, -0.2), (x + 0.09, -0.145));
        sheet.line(brow, 0.028, mixed(person.hair, Color::BLACK, 0.2), place);
    }
    let bridge = middle + turn * 0.06;
    sheet.line(
        curve((bridge, -0.02), (bridge + turn * 0.1, 0.12), (bridge - 0.035, 0.15)),
        0.018,
        shade,
        place,
    );
    sheet.line(curve((bridge - 0.035, 0.15), (bridge, 0.175), (bridge + 0.045, 0.15)), 0.02, shade, place);
    for side in [-1.0, 1.0] {
        sheet.fill(ellipse(middle + 0.21 * side, 0.14, 0.07, 0.05), faded(rgb(0xd8_6f_5a), 0.22), place);
    }
    let lips = curves(
        (middle - 0.12, 0.29),
        &[
            [(middle - 0.05, 0.255), (middle + 0.05, 0.255), (middle + 0.12, 0.29)],
            [(middle + 0.06, 0.36), (middle - 0.06, 0.36), (middle - 0.12, 0.29)],
        ],
    );
    sheet.fill(lips, rgb(0xb8_53_4a), place);
    hair_above(sheet, person, place);
}

fn from_the_side(sheet: &mut Sheet, person: &Person, turn: f32, place: Place) {
    let side = if turn < 0.0 { -1.0 } else { 1.0 };
    let head = curves(
        (0.3 * side, -0.42),
        &[
            [(0.36 * side, -0.3), (0.35 * side, -0.16), (0.36 * side, -0.06)],
            [(0.42 * side, 0.04), (0.5 * side, 0.1), (0.5 * side, 0.13)],
            [(0.46 * side, 0.18), (0.38 * side, 0.16), (0.37 * side, 0.2)],
            [(0.42 * side, 0.26), (0.4 * side, 0.34), (0.34 * side, 0.36)],
            [(0.4 * side, 0.46), (0.24 * side, 0.56), (0.12 * side, 0.48)],
            [(-0.1 * side, 0.42), (-0.5 * side, 0.3), (-0.42 * side, -0.2)],
            [(-0.36 * side, -0.56), (0.18 * side, -0.6), (0.3 * side, -0.42)],
        ],
    );
    sheet.fill(head, person.skin, place);
    eye(sheet, person, 0.25 * side, place);
    let brow = curve((0.17 * side, -0.14), (0.26 * side, -0.19), (0.33 * side, -0.14));
    sheet.line(brow, 0.028, person.hair, place);
    sheet.line(
        curve((0.37 * side, 0.28), (0.3 * side, 0.3), (0.25 * side, 0.28)),
        0.03,
        rgb(0xb8_53_4a),
        place,
    );
    let hair = curves(
        (0.32 * side, -0.36),
        &[
            [(0.26 * side, -0.66), (-0.5 * side, -0.72), (-0.54 * side, -0.1)],
            [(-0.56 * side, 0.3), (-0.5 * side, 0.8), (-0.4 * side, 1.0)],
            [(-0.1 * side, 0.9), (-0.14 * side, 0.4), (-0.12 * side, 0.1)],
            [(0.0 * side, -0.1), (0.16 * side, -0.3), (0.32 * side, -0.36)],
        ],
    );
    sheet.fill(hair, person.hair, place);
    sheet.fill(ellipse(-0.06 * side, 0.06, 0.06, 0.1), mixed(person.skin, rgb(0x7a_3f_2c), 0.3), place);
}

fn eye(sheet: &mut Sheet, person: &Person, x: f32, place: Place) {
    let size = person.eye_size;
    sheet.fill(ellipse(x, -0.05, 0.085 * size.sqrt(), 0.06 * size), rgb(0xfb_f8_f4), place);
    sheet.fill(ellipse(x, -0.05, 0.048 * size, 0.052 * size), person.eyes, place);
    sheet.fill(ellipse(x, -0.05, 0.024 * size, 0.026 * size), rgb(0x16_12_12), place);
    sheet.fill(ellipse(x + 0.015, -0.065, 0.01, 0.01), Color::WHITE, place);
}

fn hair_above(sheet: &mut Sheet, person: &Person, place: Place) {
    let hair = match person.style {
        Hair::Long => curves(
            (-0.47, 0.5),
            &[
                [(-0.56, 0.0), (-0.54, -0.66), (0.02, -0.66)],
                [(0.54, -0.66), (0.56, 0.0), (0.47, 0.5)],
                [(0.38, 0.2), (0.4, -0.14), (0.26, -0.34)],
                [(0.06, -0.24), (-0.2, -0.3), (-0.3, -0.36)],
                [(-0.4, -0.14), (-0.38, 0.2), (-0.47, 0.5)],
            ],
        ),
        Hair::Short => curves(
            (-0.41, -0.04),
            &[
                [(-0.48, -0.5), (-0.3, -0.68), (0.04, -0.66)],
                [(0.4, -0.66), (0.46, -0.36), (0.41, -0.04)],
                [(0.38, -0.28), (0.3, -0.36), (0.1, -0.36)],
                [(-0.16, -0.34), (-0.36, -0.36), (-0.41, -0.04)],
            ],
        ),
        Hair::Bowl => curves(
            (-0.44, 0.1),
            &[
                [(-0.52, -0.5), (-0.26, -0.66), (0.0, -0.65)],
                [(0.26, -0.66), (0.52, -0.5), (0.44, 0.1)],
                [(0.4, -0.1), (0.36, -0.2), (0.32, -0.22)],
                [(0.1, -0.2), (-0.1, -0.2), (-0.32, -0.22)],
                [(-0.36, -0.2), (-0.4, -0.1), (-0.44, 0.1)],
            ],
        ),
    };
    sheet.fill(hair, person.hair, place);
    let shine = curve((-0.24, -0.5), (0.0, -0.62), (0.24, -0.48));
    sheet.line(shine, 0.03, faded(Color::WHITE, 0.16), place);
}

fn dark_glasses(sheet: &mut Sheet, middle: f32, place: Place) {
    let glass = rgb(0x12_12_18);
    for side in [-1.0, 1.0] {
        sheet.fill(ellipse(middle + 0.17 * side, -0.04, 0.145, 0.115), glass, place);
        sheet.fill(ellipse(middle + 0.17 * side - 0.05, -0.08, 0.04, 0.02), faded(Color::WHITE, 0.35), place);
    }
    sheet.line(curve((middle - 0.34, -0.1), (middle, -0.12), (middle + 0.34, -0.1)), 0.035, glass, place);
}

fn mask(sheet: &mut Sheet, middle: f32, place: Place) {
    let cloth = rgb(0xb9_d7_e8);
    let shape = polygon(&[
        (-0.37, 0.06),
        (middle, 0.02),
        (0.37, 0.06),
        (0.33, 0.36),
        (0.16, 0.52),
        (-0.16, 0.52),
        (-0.33, 0.36),
    ]);
    sheet.fill(shape, cloth, place);
    for fold in [0.18, 0.29, 0.4] {
        sheet.line(curve((-0.3, fold), (middle, fold + 0.03), (0.3, fold)), 0.012, rgb(0x8f_b3_c8), place);
    }
}

/// The shadow of a light from one side.
pub(super) fn shadow(sheet: &mut Sheet, side: f32, place: Place) {
    let half = curves(
        (0.0, 0.56),
        &[
            [(0.3 * side, 0.56), (0.5 * side, 0.3), (0.5 * side, -0.1)],
            [(0.5 * side, -0.5), (0.3 * side, -0.66), (0.04 * side, -0.66)],
            [(0.16 * side, -0.2), (-0.02 * side, 0.1), (0.0, 0.56)],
        ],
    );
    sheet.fill(half, faded(rgb(0x2a_14_1e), 0.42), place);
}
