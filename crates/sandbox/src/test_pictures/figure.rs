//! Who or what stands before the backdrop.

use tiny_skia::{Color, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};

use super::bar::look_of;
use super::face::{self, Person};
use super::look::{Angle, Distance, Light, Look};
use super::sheet::{Place, Sheet, curves, ellipse, faded, mixed, polygon, rectangle, rgb};
use super::variety::Variety;
use super::{PictureKind, WRITTEN_INSTRUCTION};

/// Colours of clothes.
const CLOTHES: [u32; 8] =
    [0x27_4c_77, 0xa4_3d_3d, 0x3e_6b_4f, 0xe8_d9_c0, 0x2b_2b_31, 0x8a_5a_a0, 0xd9_8f_3a, 0xf2_f2_f0];

/// Draws the figures of a picture.
pub(super) fn draw(sheet: &mut Sheet, kind: PictureKind, variant: u32, variety: &mut Variety) {
    let look = Look::of(kind, look_of(variant));
    let middle = sheet.width() * 0.5;
    match kind {
        PictureKind::NoFace => still_life(sheet, variety),
        PictureKind::TwoFaces => {
            let reach = sheet.width() * 0.24;
            portrait(
                sheet,
                Person::first(),
                Look { distance: Distance::Half, ..look },
                (middle - reach, 0.36),
                kind,
                variety,
            );
            portrait(
                sheet,
                Person::other(),
                Look { distance: Distance::Half, ..look },
                (middle + reach, 0.32),
                kind,
                variety,
            );
        }
        PictureKind::FullBody => whole_body(sheet, variety),
        _ => {
            let person = match kind {
                PictureKind::OtherPerson => Person::other(),
                PictureKind::Minor => Person::child(),
                _ => Person::first(),
            };
            let x = middle + sheet.width() * variety.between(-0.16, 0.16);
            let y = match look.distance {
                Distance::Close => variety.between(0.38, 0.46),
                Distance::Half | Distance::Full => variety.between(0.24, 0.36),
            };
            portrait(sheet, person, look, (x, y), kind, variety);
        }
    }
    if kind == PictureKind::TextInstruction {
        written_sheet(sheet);
    }
}

/// Shoulders, neck and head.
fn portrait(
    sheet: &mut Sheet,
    person: Person,
    look: Look,
    (x, y): (f32, f32),
    kind: PictureKind,
    variety: &mut Variety,
) {
    let scale = match look.distance {
        Distance::Close => variety.between(0.46, 0.56),
        Distance::Half | Distance::Full => variety.between(0.27, 0.34),
    };
    let place = Place { x, y, scale };
    let side = variety.pick(&[-1.0, 1.0], 1.0);
    let turn = match look.angle {
        Angle::Front => variety.between(-0.1, 0.1),
        Angle::ThreeQuarter => 0.6 * side,
        Angle::Profile => side,
    };
    let cloth = rgb(variety.pick(&CLOTHES, 0x27_4c_77));
    face::hair_behind(sheet, &person, place);
    shoulders(sheet, cloth, variety, place);
    face::draw(sheet, &person, look.angle, turn, kind, place);
    match look.light {
        Light::Hard => face::shadow(sheet, side, place),
        Light::Backlit => silhouette(sheet, place),
        Light::Soft | Light::Dark => {}
    }
}

fn shoulders(sheet: &mut Sheet, cloth: Color, variety: &mut Variety, place: Place) {
    let body = curves(
        (-1.15, 3.6),
        &[
            [(-1.12, 1.4), (-1.1, 0.95), (-0.55, 0.82)],
            [(-0.28, 0.74), (0.28, 0.74), (0.55, 0.82)],
            [(1.1, 0.95), (1.12, 1.4), (1.15, 3.6)],
        ],
    );
    sheet.fill(body, cloth, place);
    let dark = mixed(cloth, Color::BLACK, 0.28);
    match variety.pick(&[0_u8, 1, 2], 0) {
        0 => {
            for stripe in 0..6_u16 {
                sheet.fill(
                    rectangle(-1.06, 1.12 + f32::from(stripe) * 0.26, 2.12, 0.08),
                    faded(dark, 0.8),
                    place,
                );
            }
        }
        1 => sheet.fill(
            polygon(&[(-0.34, 0.72), (0.34, 0.72), (0.0, 1.32)]),
            mixed(cloth, Color::WHITE, 0.75),
            place,
        ),
        _ => sheet.fill(rectangle(-0.03, 0.8, 0.06, 2.8), dark, place),
    }
}

/// Only what the light behind leaves of a person.
fn silhouette(sheet: &mut Sheet, place: Place) {
    let shade = faded(rgb(0x22_16_1a), 0.82);
    sheet.fill(ellipse(0.0, -0.02, 0.47, 0.6), shade, place);
    sheet.fill(
        curves(
            (-1.2, 3.6),
            &[
                [(-1.12, 1.4), (-1.1, 0.9), (-0.5, 0.5)],
                [(-0.28, 0.4), (0.28, 0.4), (0.5, 0.5)],
                [(1.1, 0.9), (1.12, 1.4), (1.2, 3.6)],
            ],
        ),
        shade,
        place,
    );
}

/// The first person from head to foot.
fn whole_body(sheet: &mut Sheet, variety: &mut Variety) {
    let person = Person::first();
    let place = Place {
        x: sheet.width() * variety.between(0.36, 0.64),
        y: variety.between(0.17, 0.22),
        scale: variety.between(0.105, 0.12),
    };
    let cloth = rgb(variety.pick(&CLOTHES, 0x27_4c_77));
    let trousers = mixed(rgb(0x2a_33_48), cloth, 0.2);
    face::hair_behind(sheet, &person, place);
    for side in [-1.0, 1.0] {
        sheet.fill(
            polygon(&[(0.06 * side, 3.0), (0.55 * side, 3.0), (0.48 * side, 6.1), (0.12 * side, 6.1)]),
            trousers,
            place,
        );
        sheet.fill(ellipse(0.36 * side, 6.16, 0.28, 0.12), rgb(0x24_1d_1b), place);
        let arm = curves(
            (0.5 * side, 0.9),
            &[
                [(0.9 * side, 1.0), (0.98 * side, 2.0), (0.92 * side, 3.0)],
                [(0.8 * side, 3.1), (0.7 * side, 2.2), (0.5 * side, 1.6)],
            ],
        );
        sheet.fill(arm, mixed(cloth, Color::BLACK, 0.15), place);
        sheet.fill(ellipse(0.87 * side, 3.1, 0.11, 0.14), person.skin, place);
    }
    let body = curves(
        (-0.58, 3.1),
        &[
            [(-0.66, 1.8), (-0.78, 1.1), (-0.42, 0.8)],
            [(-0.2, 0.72), (0.2, 0.72), (0.42, 0.8)],
            [(0.78, 1.1), (0.66, 1.8), (0.58, 3.1)],
        ],
    );
    sheet.fill(body, cloth, place);
    face::draw(sheet, &person, Angle::Front, 0.0, PictureKind::FullBody, place);
}

/// A jug and two apples on a table.
fn still_life(sheet: &mut Sheet, variety: &mut Variety) {
    let table = variety.between(0.66, 0.74);
    sheet.fill(rectangle(0.0, table, sheet.width(), 1.0), rgb(0x8a_5f_3c), Place::SHEET);
    let place = Place { x: sheet.width() * variety.between(0.36, 0.6), y: table, scale: 0.42 };
    let glaze = rgb(variety.pick(&CLOTHES, 0x27_4c_77));
    let jug = curves(
        (-0.3, 0.12),
        &[
            [(-0.52, -0.3), (-0.4, -0.62), (-0.2, -0.74)],
            [(-0.18, -0.84), (-0.26, -0.94), (-0.26, -0.98)],
            [(-0.1, -1.02), (0.1, -1.02), (0.26, -0.98)],
            [(0.26, -0.94), (0.18, -0.84), (0.2, -0.74)],
            [(0.4, -0.62), (0.52, -0.3), (0.3, 0.12)],
        ],
    );
    sheet.fill(jug, glaze, place);
    sheet.fill(ellipse(-0.17, -0.35, 0.07, 0.24), faded(Color::WHITE, 0.4), place);
    for (x, colour) in [(0.56, 0xc0_3a_2e), (0.86, 0x9f_b4_3c)] {
        sheet.fill(ellipse(x, 0.04, 0.17, 0.16), rgb(colour), place);
        sheet.line(
            super::sheet::curve((x, -0.1), (x + 0.02, -0.2), (x + 0.07, -0.24)),
            0.025,
            rgb(0x4a_38_2c),
            place,
        );
    }
}

/// A sheet of paper with an instruction on it.
fn written_sheet(sheet: &mut Sheet) {
    let (left, width) = (sheet.width() * 0.12, sheet.width() * 0.76);
    sheet.fill(rectangle(left, 0.6, width, 0.29), rgb(0xfb_fa_f5), Place::SHEET);
    let words: Vec<&str> = WRITTEN_INSTRUCTION.split_whitespace().collect();
    for (line, top) in words.chunks(words.len().div_ceil(3).max(1)).zip([0.685, 0.765, 0.845]) {
        write_line(sheet, &line.join(" "), left + width * 0.05, top, width * 0.9);
    }
}

/// Writes one line in the embedded font, as large as fits.
fn write_line(sheet: &mut Sheet, text: &str, left: f32, baseline: f32, width: f32) {
    let Ok(font) = Face::parse(notosans::BOLD_TTF, 0) else { return };
    let mut outline = Outline { builder: PathBuilder::new(), x: 0.0 };
    for glyph in text.chars().filter_map(|letter| font.glyph_index(letter)) {
        // A glyph without an outline, such as a space, only moves the pen.
        let _bounds = font.outline_glyph(glyph, &mut outline);
        outline.x += f32::from(font.glyph_hor_advance(glyph).unwrap_or(0));
    }
    let scale = (width / outline.x.max(1.0)).min(0.06 / f32::from(font.units_per_em()));
    // Letters are drawn upwards.
    let letters = outline.builder.finish().and_then(|path| path.transform(Transform::from_scale(1.0, -1.0)));
    sheet.fill(letters, rgb(0x20_20_28), Place { x: left, y: baseline, scale });
}

/// Collects glyph outlines, one behind the other, in font units.
struct Outline {
    builder: PathBuilder,
    x: f32,
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.builder.move_to(self.x + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.builder.line_to(self.x + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.builder.quad_to(self.x + x1, y1, self.x + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.builder.cubic_to(self.x + x1, y1, self.x + x2, y2, self.x + x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}
