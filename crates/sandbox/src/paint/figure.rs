//! Figures drawn from simple shapes. Each stands on the point (0, 0), is about 1 high, and is put in place by a
//! transform.

use tiny_skia::{Color, Path, PathBuilder, Transform};

use super::canvas::{Canvas, ellipse, faded, mixed, polygon, rgb};
use super::chance::Chance;
use super::mood::Mood;
use super::words::Words;

/// A four-legged creature, sitting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Creature {
    Fox,
    Cat,
    Dog,
}

/// A creature's colours.
pub(super) struct Coat {
    main: Color,
    light: Color,
    dark: Color,
}

impl Coat {
    /// The colour that the words name, else the creature's usual one.
    pub(super) fn of(creature: Creature, words: &Words, mood: &Mood) -> Self {
        let usual = match creature {
            Creature::Fox => rgb(0xe0_6a_2b),
            Creature::Cat => rgb(0x6b_6f_84),
            Creature::Dog => rgb(0xc8_96_5c),
        };
        let is_named = words.any(&[
            "red",
            "orange",
            "white",
            "black",
            "grey",
            "gray",
            "blue",
            "green",
            "purple",
            "pink",
            "golden",
            "красн*",
            "рыж*",
            "бел*",
            "чёрн*",
            "черн*",
            "сер*",
            "син*",
            "голуб*",
            "зелен*",
            "зелён*",
            "розов*",
            "золот*",
        ]);
        let main = if is_named { mixed(mood.accent, usual, 0.15) } else { usual };
        Self { main, light: mixed(main, Color::WHITE, 0.82), dark: mixed(main, rgb(0x1c_12_18), 0.72) }
    }
}

/// A smooth closed shape: a start, then curves of two control points and an end.
fn curves(start: (f32, f32), parts: &[[(f32, f32); 3]]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(start.0, start.1);
    for [first, second, end] in parts {
        builder.cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
    }
    builder.close();
    builder.finish()
}

fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    tiny_skia::Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

fn shadow(canvas: &mut Canvas, half_width: f32, place: Transform) {
    canvas.fill_at(ellipse(0.0, 0.0, half_width, half_width * 0.14), faded(Color::BLACK, 0.28), place);
}

/// A sitting fox, cat or dog.
pub(super) fn creature(canvas: &mut Canvas, creature: Creature, coat: &Coat, place: Transform) {
    shadow(canvas, 0.42, place);
    tail(canvas, creature, coat, place);
    let body = curves(
        (-0.2, 0.0),
        &[
            [(-0.34, -0.22), (-0.16, -0.46), (-0.08, -0.6)],
            [(0.0, -0.66), (0.12, -0.64), (0.17, -0.56)],
            [(0.22, -0.4), (0.3, -0.18), (0.24, 0.0)],
        ],
    );
    canvas.fill_at(body, coat.main, place);
    let haunch = ellipse(-0.12, -0.14, 0.17, 0.15);
    canvas.fill_at(haunch, mixed(coat.main, coat.dark, 0.14), place);
    let chest = curves(
        (0.02, -0.54),
        &[[(-0.02, -0.36), (0.04, -0.2), (0.12, -0.14)], [(0.2, -0.22), (0.22, -0.42), (0.17, -0.54)]],
    );
    canvas.fill_at(chest, coat.light, place);
    for x in [0.06, 0.19] {
        canvas.fill_at(rectangle(x - 0.035, -0.3, 0.07, 0.28), coat.main, place);
        let paw = if creature == Creature::Fox { coat.dark } else { coat.light };
        canvas.fill_at(ellipse(x + 0.012, -0.025, 0.055, 0.035), paw, place);
    }
    head(canvas, creature, coat, place);
}

fn tail(canvas: &mut Canvas, creature: Creature, coat: &Coat, place: Transform) {
    match creature {
        Creature::Fox => {
            let brush = curves(
                (-0.14, -0.02),
                &[
                    [(-0.4, 0.06), (-0.62, -0.16), (-0.5, -0.46)],
                    [(-0.42, -0.34), (-0.32, -0.2), (-0.12, -0.16)],
                ],
            );
            canvas.fill_at(brush, coat.main, place);
            let tip = curves(
                (-0.535, -0.26),
                &[
                    [(-0.55, -0.34), (-0.53, -0.4), (-0.5, -0.46)],
                    [(-0.46, -0.4), (-0.43, -0.35), (-0.395, -0.305)],
                    [(-0.44, -0.25), (-0.49, -0.25), (-0.535, -0.26)],
                ],
            );
            canvas.fill_at(tip, coat.light, place);
        }
        Creature::Cat | Creature::Dog => {
            let mut line = PathBuilder::new();
            line.move_to(-0.16, -0.06);
            let (width, curl) = if creature == Creature::Cat { (0.06, -0.56) } else { (0.09, -0.4) };
            line.cubic_to(-0.42, 0.02, -0.46, -0.24, -0.36, curl);
            canvas.stroke_at(line.finish(), coat.main, width, place);
        }
    }
}

fn head(canvas: &mut Canvas, creature: Creature, coat: &Coat, place: Transform) {
    let (x, y) = (0.11, -0.74);
    match creature {
        Creature::Fox | Creature::Cat => {
            let height = if creature == Creature::Fox { 0.29 } else { 0.23 };
            for side in [-1.0, 1.0] {
                let ear =
                    [(x + side * 0.2, y - height), (x + side * 0.04, y - 0.1), (x + side * 0.2, y + 0.02)];
                canvas.fill_at(polygon(&ear), coat.main, place);
                let inner = [
                    (x + side * 0.185, y - height + 0.08),
                    (x + side * 0.09, y - 0.1),
                    (x + side * 0.17, y - 0.04),
                ];
                let lining = if creature == Creature::Fox { coat.dark } else { rgb(0xe8_a8_a8) };
                canvas.fill_at(polygon(&inner), lining, place);
            }
        }
        Creature::Dog => {
            for side in [-1.0, 1.0] {
                canvas.fill_at(
                    ellipse(x + side * 0.2, y + 0.0, 0.075, 0.17),
                    mixed(coat.main, coat.dark, 0.45),
                    place,
                );
            }
        }
    }
    let face = if creature == Creature::Fox {
        curves(
            (x - 0.22, y - 0.06),
            &[
                [(x - 0.16, y - 0.2), (x + 0.16, y - 0.2), (x + 0.22, y - 0.06)],
                [(x + 0.2, y + 0.08), (x + 0.08, y + 0.14), (x, y + 0.2)],
                [(x - 0.08, y + 0.14), (x - 0.2, y + 0.08), (x - 0.22, y - 0.06)],
            ],
        )
    } else {
        ellipse(x, y, 0.2, 0.175)
    };
    canvas.fill_at(face, coat.main, place);
    muzzle(canvas, creature, coat, (x, y), place);
}

fn muzzle(canvas: &mut Canvas, creature: Creature, coat: &Coat, (x, y): (f32, f32), place: Transform) {
    let nose_y = if creature == Creature::Fox {
        for side in [-1.0, 1.0] {
            let cheek = curves(
                (x + side * 0.215, y - 0.04),
                &[
                    [(x + side * 0.12, y - 0.01), (x + side * 0.05, y + 0.05), (x + side * 0.012, y + 0.14)],
                    [(x + side * 0.03, y + 0.18), (x + side * 0.18, y + 0.1), (x + side * 0.215, y - 0.04)],
                ],
            );
            canvas.fill_at(cheek, coat.light, place);
        }
        y + 0.185
    } else {
        canvas.fill_at(ellipse(x, y + 0.085, 0.1, 0.075), coat.light, place);
        y + 0.055
    };
    let ink = rgb(0x1c_16_1c);
    for side in [-1.0, 1.0] {
        canvas.fill_at(ellipse(x + side * 0.085, y - 0.025, 0.024, 0.032), ink, place);
        canvas.fill_at(circle(x + side * 0.085 + 0.008, y - 0.038, 0.008), Color::WHITE, place);
    }
    canvas.fill_at(ellipse(x, nose_y, 0.032, 0.024), ink, place);
    if creature != Creature::Fox {
        for side in [-1.0, 1.0] {
            let mut smile = PathBuilder::new();
            smile.move_to(x, nose_y + 0.02);
            smile.quad_to(x + side * 0.02, nose_y + 0.06, x + side * 0.055, nose_y + 0.045);
            canvas.stroke_at(smile.finish(), ink, 0.01, place);
        }
    }
}

/// A person's shoulders.
pub(super) fn shoulders() -> Option<Path> {
    curves(
        (-0.46, 0.02),
        &[
            [(-0.46, -0.24), (-0.3, -0.32), (-0.12, -0.36)],
            [(-0.06, -0.4), (0.06, -0.4), (0.12, -0.36)],
            [(0.3, -0.32), (0.46, -0.24), (0.46, 0.02)],
        ],
    )
}

/// A person's head and shoulders.
pub(super) fn person(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance, place: Transform) {
    let skin =
        chance.pick(&[rgb(0xf4_cf_b4), rgb(0xe0_ac_84), rgb(0xb0_7a_54), rgb(0x7a_4f_36)], rgb(0xe0_ac_84));
    let hair =
        chance.pick(&[rgb(0x2c_1f_1c), rgb(0x6b_42_26), rgb(0xc8_96_4a), rgb(0x8a_34_24)], rgb(0x2c_1f_1c));
    let long_hair = chance.percent(50);
    let back = if long_hair { ellipse(0.0, -0.52, 0.23, 0.32) } else { ellipse(0.0, -0.66, 0.2, 0.2) };
    canvas.fill_at(back, hair, place);
    canvas.fill_at(shoulders(), mood.accent, place);
    canvas.fill_at(ellipse(0.0, -0.36, 0.085, 0.12), mixed(skin, Color::BLACK, 0.12), place);
    canvas.fill_at(ellipse(0.0, -0.58, 0.165, 0.21), skin, place);
    let fringe = curves(
        (-0.175, -0.56),
        &[
            [(-0.2, -0.84), (0.2, -0.84), (0.175, -0.56)],
            [(0.15, -0.68), (0.02, -0.72), (-0.04, -0.71)],
            [(-0.1, -0.7), (-0.15, -0.66), (-0.175, -0.56)],
        ],
    );
    canvas.fill_at(fringe, hair, place);
    let ink = rgb(0x2a_20_24);
    for side in [-1.0, 1.0] {
        canvas.fill_at(ellipse(side * 0.065, -0.59, 0.017, 0.022), ink, place);
        canvas.fill_at(circle(side * 0.065 + 0.006, -0.598, 0.006), Color::WHITE, place);
        canvas.fill_at(ellipse(side * 0.1, -0.51, 0.03, 0.02), faded(rgb(0xe0_5c_5c), 0.22), place);
        canvas.fill_at(rectangle(side * 0.065 - 0.03, -0.64, 0.06, 0.012), hair, place);
    }
    let mut smile = PathBuilder::new();
    smile.move_to(-0.05, -0.475);
    smile.quad_to(0.0, -0.435, 0.05, -0.475);
    canvas.stroke_at(smile.finish(), rgb(0x9a_3f_3f), 0.014, place);
}

/// An astronaut's helmet and shoulders.
pub(super) fn astronaut(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    let suit = rgb(0xea_ee_f4);
    canvas.fill_at(shoulders(), suit, place);
    canvas.fill_at(rectangle(-0.16, -0.2, 0.32, 0.16), rgb(0xb8_c2_d0), place);
    for (x, colour) in [(-0.08, mood.accent), (0.0, rgb(0x3f_a8_6b)), (0.08, rgb(0xf2_c1_3b))] {
        canvas.fill_at(circle(x, -0.13, 0.026), colour, place);
    }
    canvas.fill_at(circle(0.0, -0.6, 0.29), suit, place);
    canvas.fill_at(ellipse(0.0, -0.58, 0.225, 0.195), rgb(0x14_1c_34), place);
    canvas.fill_at(ellipse(0.0, -0.56, 0.2, 0.165), mixed(mood.sky[1], rgb(0x14_1c_34), 0.35), place);
    canvas.fill_at(ellipse(-0.09, -0.64, 0.055, 0.035), faded(Color::WHITE, 0.8), place);
    canvas.fill_at(circle(0.1, -0.5, 0.02), faded(Color::WHITE, 0.6), place);
}

/// A friendly robot.
pub(super) fn robot(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    let (metal, dark) = (mixed(mood.accent, rgb(0xb8_c2_d0), 0.55), rgb(0x3f_47_60));
    shadow(canvas, 0.36, place);
    for x in [-0.14, 0.08] {
        canvas.fill_at(rectangle(x, -0.16, 0.07, 0.15), dark, place);
        canvas.fill_at(ellipse(x + 0.035, -0.015, 0.07, 0.03), dark, place);
    }
    for side in [-1.0, 1.0] {
        let mut arm = PathBuilder::new();
        arm.move_to(side * 0.24, -0.44);
        arm.quad_to(side * 0.4, -0.4, side * 0.36, -0.22);
        canvas.stroke_at(arm.finish(), dark, 0.055, place);
    }
    canvas.fill_at(rectangle(-0.23, -0.52, 0.46, 0.38), metal, place);
    canvas.fill_at(rectangle(-0.13, -0.42, 0.26, 0.16), mixed(metal, Color::WHITE, 0.5), place);
    canvas.fill_at(circle(0.0, -0.34, 0.05), rgb(0xf0_5c_6b), place);
    canvas.fill_at(rectangle(-0.015, -1.0, 0.03, 0.14), dark, place);
    canvas.fill_at(circle(0.0, -1.0, 0.035), rgb(0xf2_c1_3b), place);
    canvas.fill_at(rectangle(-0.2, -0.88, 0.4, 0.32), metal, place);
    canvas.fill_at(rectangle(-0.16, -0.82, 0.32, 0.2), dark, place);
    for side in [-1.0, 1.0] {
        canvas.fill_at(circle(side * 0.075, -0.73, 0.042), rgb(0x7a_f2_f0), place);
        canvas.fill_at(circle(side * 0.075 + 0.012, -0.742, 0.013), Color::WHITE, place);
    }
}

/// A small house with light in its windows.
pub(super) fn house(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    shadow(canvas, 0.5, place);
    let (wall, roof) = (mixed(rgb(0xf2_e2_c8), mood.near, 0.12), mood.accent);
    canvas.fill_at(rectangle(0.16, -0.9, 0.1, 0.3), mixed(roof, Color::BLACK, 0.4), place);
    canvas.fill_at(rectangle(-0.36, -0.5, 0.72, 0.5), wall, place);
    canvas.fill_at(polygon(&[(-0.46, -0.48), (0.0, -0.92), (0.46, -0.48)]), roof, place);
    canvas.fill_at(
        polygon(&[(0.0, -0.92), (0.46, -0.48), (0.3, -0.48)]),
        mixed(roof, Color::BLACK, 0.18),
        place,
    );
    canvas.fill_at(rectangle(-0.07, -0.3, 0.15, 0.3), mixed(roof, Color::BLACK, 0.45), place);
    canvas.fill_at(circle(0.05, -0.15, 0.012), rgb(0xf2_c1_3b), place);
    for x in [-0.27, 0.15] {
        canvas.fill_at(rectangle(x, -0.36, 0.13, 0.14), rgb(0xff_e0_8a), place);
        canvas.fill_at(rectangle(x + 0.058, -0.36, 0.014, 0.14), wall, place);
        canvas.fill_at(rectangle(x, -0.297, 0.13, 0.014), wall, place);
    }
    canvas.fill_at(circle(0.0, -0.62, 0.06), rgb(0xff_e8_b0), place);
}

/// A sailing boat.
pub(super) fn boat(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    canvas.fill_at(ellipse(0.0, 0.02, 0.46, 0.05), faded(Color::WHITE, 0.35), place);
    canvas.fill_at(
        polygon(&[(-0.42, -0.14), (0.44, -0.16), (0.3, 0.02), (-0.3, 0.02)]),
        rgb(0x5c_34_24),
        place,
    );
    canvas.fill_at(
        polygon(&[(-0.42, -0.14), (0.44, -0.16), (0.41, -0.11), (-0.39, -0.09)]),
        rgb(0xf2_ea_d8),
        place,
    );
    canvas.fill_at(rectangle(-0.015, -1.0, 0.03, 0.86), rgb(0x3f_2a_20), place);
    let main_sail = curves(
        (0.03, -0.96),
        &[
            [(0.22, -0.7), (0.36, -0.45), (0.38, -0.22)],
            [(0.26, -0.2), (0.14, -0.2), (0.03, -0.22)],
            [(0.03, -0.5), (0.03, -0.7), (0.03, -0.96)],
        ],
    );
    canvas.fill_at(main_sail, rgb(0xfa_f6_ea), place);
    canvas.fill_at(polygon(&[(-0.03, -0.86), (-0.03, -0.22), (-0.34, -0.22)]), mood.accent, place);
}

/// A hot-air balloon.
pub(super) fn balloon(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    let envelope = || {
        curves(
            (-0.1, 0.1),
            &[
                [(-0.2, -0.06), (-0.4, -0.2), (-0.4, -0.46)],
                [(-0.4, -0.98), (0.4, -0.98), (0.4, -0.46)],
                [(0.4, -0.2), (0.2, -0.06), (0.1, 0.1)],
            ],
        )
    };
    canvas.fill_at(envelope(), mood.accent, place);
    for (half, light) in [(0.27, 0.75), (0.13, 0.15)] {
        let stripe = curves(
            (-half * 0.3, 0.1),
            &[
                [(-half * 0.6, -0.06), (-half, -0.2), (-half, -0.46)],
                [(-half, -0.97), (half, -0.97), (half, -0.46)],
                [(half, -0.2), (half * 0.6, -0.06), (half * 0.3, 0.1)],
            ],
        );
        canvas.fill_at(stripe, mixed(mood.accent, Color::WHITE, light), place);
    }
    for x in [-0.09, 0.08] {
        canvas.fill_at(rectangle(x, 0.09, 0.012, 0.12), rgb(0x4a_36_28), place);
    }
    canvas.fill_at(rectangle(-0.1, 0.2, 0.2, 0.13), rgb(0x7a_52_30), place);
    canvas.fill_at(rectangle(-0.115, 0.19, 0.23, 0.03), rgb(0x9a_6b_3f), place);
}

/// A rocket under way.
pub(super) fn rocket(canvas: &mut Canvas, mood: &Mood, place: Transform) {
    let place = place.pre_rotate(18.0);
    for (half, length, colour) in [(0.13, 0.5, rgb(0xf2_8a_2e)), (0.07, 0.32, rgb(0xff_e8_8a))] {
        let flame = curves(
            (-half, -0.06),
            &[
                [(-half, 0.14), (-0.02, length * 0.8), (0.0, length)],
                [(0.02, length * 0.8), (half, 0.14), (half, -0.06)],
            ],
        );
        canvas.fill_at(flame, faded(colour, 0.9), place);
    }
    for side in [-1.0, 1.0] {
        let fin = [(side * 0.14, -0.36), (side * 0.34, -0.06), (side * 0.32, 0.06), (side * 0.13, -0.08)];
        canvas.fill_at(polygon(&fin), mood.accent, place);
    }
    let hull = curves(
        (-0.14, -0.04),
        &[[(-0.24, -0.5), (-0.14, -0.86), (0.0, -1.04)], [(0.14, -0.86), (0.24, -0.5), (0.14, -0.04)]],
    );
    canvas.fill_at(hull, rgb(0xf2_f4_f8), place);
    let nose = curves(
        (-0.125, -0.8),
        &[[(-0.09, -0.9), (-0.05, -0.98), (0.0, -1.04)], [(0.05, -0.98), (0.09, -0.9), (0.125, -0.8)]],
    );
    canvas.fill_at(nose, mood.accent, place);
    canvas.fill_at(circle(0.0, -0.58, 0.09), rgb(0x8f_98_a8), place);
    canvas.fill_at(circle(0.0, -0.58, 0.068), rgb(0x7a_c8_f2), place);
    canvas.fill_at(circle(-0.02, -0.605, 0.02), Color::WHITE, place);
}

/// A broad tree.
pub(super) fn tree(canvas: &mut Canvas, leaves: Color, chance: &mut Chance, place: Transform) {
    shadow(canvas, 0.46, place);
    let trunk = curves(
        (-0.08, 0.0),
        &[
            [(-0.04, -0.16), (-0.05, -0.3), (-0.06, -0.5)],
            [(-0.02, -0.52), (0.03, -0.52), (0.06, -0.5)],
            [(0.05, -0.3), (0.04, -0.16), (0.1, 0.0)],
        ],
    );
    canvas.fill_at(trunk, rgb(0x5c_3f_2c), place);
    for _ in 0..26 {
        let (x, y) = (chance.between(-0.3, 0.3), chance.between(-0.9, -0.46));
        let light = chance.between(-0.2, 0.3);
        let tone = if light > 0.0 {
            mixed(leaves, Color::WHITE, light)
        } else {
            mixed(leaves, Color::BLACK, -light)
        };
        canvas.fill_at(circle(x, y, chance.between(0.09, 0.16)), faded(tone, 0.92), place);
    }
}

/// A flower on its stem.
pub(super) fn flower(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance, place: Transform) {
    let green = rgb(0x2f_74_42);
    let mut stem = PathBuilder::new();
    stem.move_to(0.0, 0.0);
    stem.quad_to(0.06, -0.36, 0.0, -0.7);
    canvas.stroke_at(stem.finish(), green, 0.035, place);
    for side in [-1.0, 1.0] {
        let leaf = curves(
            (0.02, -0.16),
            &[
                [(side * 0.14, -0.34), (side * 0.26, -0.34), (side * 0.3, -0.4)],
                [(side * 0.3, -0.24), (side * 0.2, -0.12), (0.02, -0.16)],
            ],
        );
        canvas.fill_at(leaf, green, place);
    }
    let petals = chance.count(6, 9);
    for petal in 0..petals {
        let angle = 360.0 * f32::from(petal) / f32::from(petals);
        let turned = place.pre_translate(0.0, -0.74).pre_rotate(angle);
        let tone = mixed(mood.accent, Color::WHITE, if petal % 2 == 0 { 0.12 } else { 0.3 });
        canvas.fill_at(ellipse(0.0, -0.17, 0.085, 0.15), tone, turned);
    }
    canvas.fill_at(circle(0.0, -0.74, 0.085), rgb(0xf2_c1_3b), place);
    canvas.fill_at(circle(0.0, -0.74, 0.05), rgb(0xc8_84_24), place);
}

/// A flock of birds.
pub(super) fn birds(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance, place: Transform) {
    let ink = mixed(mood.near, rgb(0x16_16_22), 0.65);
    for _ in 0..9 {
        let (x, y) = (chance.between(-0.8, 0.8), chance.between(-0.75, 0.15));
        let span = chance.between(0.08, 0.2);
        let lift = span * chance.between(0.3, 0.6);
        let mut wings = PathBuilder::new();
        wings.move_to(x - span, y - lift * 0.5);
        wings.quad_to(x - span * 0.45, y - lift, x, y);
        wings.quad_to(x + span * 0.45, y - lift, x + span, y - lift * 0.5);
        canvas.stroke_at(wings.finish(), ink, span * 0.14, place);
    }
}
