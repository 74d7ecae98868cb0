//! The places where the pictures were taken.

use tiny_skia::Color;

use super::PictureKind;
use super::sheet::{Place, Sheet, ellipse, faded, mixed, polygon, rectangle, rgb};
use super::variety::Variety;

/// Colours of walls and skies, light and dark.
const TONES: [u32; 10] = [
    0xd9_c7_a8, 0x8f_a9_b8, 0x4c_5f_57, 0xb8_6f_52, 0xe8_e0_d4, 0x33_3d_4d, 0x9c_7a_94, 0x6b_8f_71,
    0xc9_a2_4b, 0x55_70_9c,
];

/// Draws one of ten places.
pub(super) fn draw(sheet: &mut Sheet, kind: PictureKind, variant: u32, variety: &mut Variety) {
    if kind == PictureKind::Backlit {
        sheet.shade(rgb(0xff_f6_de), rgb(0xf2_c8_8a));
        sun(sheet, sheet.width() * 0.5, 0.34, 0.42);
        return;
    }
    match variant % 10 {
        0 => room(sheet, variety, 0.06),
        1 => trees(sheet, variety),
        2 => beach(sheet, variety),
        3 => shelves(sheet, variety),
        4 => night(sheet, variety),
        5 => room(sheet, variety, 0.62),
        6 => street(sheet, variety),
        7 => studio(sheet, variety),
        8 => two_walls(sheet, variety),
        _ => evening(sheet, variety),
    }
}

fn tone(variety: &mut Variety) -> Color {
    rgb(variety.pick(&TONES, 0xd9_c7_a8))
}

/// A dark room with a bright window.
fn room(sheet: &mut Sheet, variety: &mut Variety, left: f32) {
    let wall = mixed(tone(variety), Color::BLACK, 0.55);
    sheet.shade(wall, mixed(wall, Color::BLACK, 0.3));
    let (x, y) = (sheet.width() * left, variety.between(0.05, 0.2));
    let (width, height) = (sheet.width() * 0.32, variety.between(0.4, 0.6));
    sheet.fill(rectangle(x - 0.02, y - 0.02, width + 0.04, height + 0.04), rgb(0xf4_ee_e2), Place::SHEET);
    sheet.fill(rectangle(x, y, width, height), rgb(0xcf_e6_f7), Place::SHEET);
    sheet.fill(rectangle(x, y + height * 0.6, width, height * 0.4), rgb(0x8f_b5_84), Place::SHEET);
    sheet.fill(rectangle(x + width * 0.48, y, width * 0.05, height), rgb(0xf4_ee_e2), Place::SHEET);
}

/// Trunks in a light forest.
fn trees(sheet: &mut Sheet, variety: &mut Variety) {
    sheet.shade(rgb(0xdd_ea_c8), rgb(0x6d_8a_4d));
    let mut x = variety.between(-0.05, 0.1);
    while x < sheet.width() {
        let width = variety.between(0.04, 0.13);
        let bark = mixed(rgb(0x4a_38_2c), rgb(0x7c_66_50), variety.between(0.0, 1.0));
        sheet.fill(rectangle(x, -0.01, width, variety.between(0.7, 0.95)), bark, Place::SHEET);
        x += width + variety.between(0.05, 0.22);
    }
    sheet.fill(rectangle(0.0, 0.84, sheet.width(), 0.2), rgb(0x3f_5a_2f), Place::SHEET);
}

/// Sky, sea and sand.
fn beach(sheet: &mut Sheet, variety: &mut Variety) {
    sheet.shade(rgb(0x7f_c4_ee), rgb(0xdf_f2_fb));
    let horizon = variety.between(0.3, 0.5);
    sheet.fill(rectangle(0.0, horizon, sheet.width(), 0.2), rgb(0x2f_7f_a6), Place::SHEET);
    sheet.fill(rectangle(0.0, horizon + 0.16, sheet.width(), 1.0), rgb(0xf0_d9_a6), Place::SHEET);
    let x = sheet.width() * variety.between(0.1, 0.9);
    sheet.fill(ellipse(x, variety.between(0.08, 0.2), 0.2, 0.05), faded(Color::WHITE, 0.9), Place::SHEET);
}

/// Shelves with books.
fn shelves(sheet: &mut Sheet, variety: &mut Variety) {
    sheet.shade(rgb(0x5a_40_30), rgb(0x3c_2a_20));
    let mut top = variety.between(0.0, 0.06);
    while top < 0.95 {
        let height = variety.between(0.15, 0.23);
        let mut x = 0.01;
        while x < sheet.width() {
            let width = variety.between(0.025, 0.09);
            let book = mixed(tone(variety), Color::BLACK, variety.between(0.0, 0.5));
            let bottom = variety.between(0.0, 0.04);
            sheet.fill(rectangle(x, top + bottom, width * 0.9, height - bottom - 0.02), book, Place::SHEET);
            x += width;
        }
        top += height;
    }
}

/// Lights of a city, out of focus.
fn night(sheet: &mut Sheet, variety: &mut Variety) {
    sheet.shade(rgb(0x12_18_30), rgb(0x2a_21_3d));
    for _ in 0..26 {
        let (x, y) = (sheet.width() * variety.between(0.0, 1.0), variety.between(0.0, 0.9));
        let radius = variety.between(0.02, 0.075);
        let light =
            rgb(variety.pick(&[0xff_c9_6b, 0xff_8d_5c, 0x9f_d8_ff, 0xff_e9_b8, 0xe0_7f_c4], 0xff_c9_6b));
        sheet.fill(ellipse(x, y, radius, radius), faded(light, 0.72), Place::SHEET);
    }
}

/// A sunny wall with a long shadow across it.
fn street(sheet: &mut Sheet, variety: &mut Variety) {
    let wall = mixed(tone(variety), Color::WHITE, 0.35);
    sheet.shade(wall, mixed(wall, rgb(0x7a_60_4a), 0.25));
    let start = variety.between(0.2, 0.7);
    let shadow = polygon(&[(0.0, start), (sheet.width(), start - 0.35), (sheet.width(), 1.0), (0.0, 1.0)]);
    sheet.fill(shadow, faded(rgb(0x2b_2a_3c), 0.55), Place::SHEET);
    for row in 0..6_u16 {
        let y = 0.09 + f32::from(row) * 0.16;
        sheet.fill(rectangle(0.0, y, sheet.width(), 0.006), faded(Color::BLACK, 0.12), Place::SHEET);
    }
}

/// A grey ground with a light behind one shoulder.
fn studio(sheet: &mut Sheet, variety: &mut Variety) {
    let ground = mixed(tone(variety), rgb(0x4a_4a_50), 0.5);
    sheet.shade(mixed(ground, Color::BLACK, 0.6), ground);
    let x = sheet.width() * variety.pick(&[0.12, 0.88], 0.12);
    sun(sheet, x, variety.between(0.45, 0.75), 0.34);
}

/// A corner: two walls of different colours, and a plant.
fn two_walls(sheet: &mut Sheet, variety: &mut Variety) {
    let (left, right) = (mixed(tone(variety), Color::WHITE, 0.4), mixed(tone(variety), Color::BLACK, 0.45));
    sheet.shade(left, mixed(left, Color::BLACK, 0.12));
    let corner = sheet.width() * variety.between(0.3, 0.62);
    sheet.fill(rectangle(corner, -0.01, sheet.width(), 1.02), right, Place::SHEET);
    let foot = sheet.width() * 0.1;
    for leaf in 0..7_u16 {
        let lean = (f32::from(leaf) - 3.0) * 0.06;
        let blade = polygon(&[
            (foot, 0.95),
            (foot + lean - 0.025, 0.6),
            (foot + lean * 1.8, 0.42),
            (foot + lean + 0.025, 0.62),
        ]);
        sheet.fill(blade, mixed(rgb(0x2f_6b_3a), rgb(0x7f_a6_4a), f32::from(leaf) / 7.0), Place::SHEET);
    }
}

/// A low sun over hills.
fn evening(sheet: &mut Sheet, variety: &mut Variety) {
    sheet.shade(rgb(0x3b_3a_6b), rgb(0xff_a4_5c));
    let x = sheet.width() * variety.between(0.08, 0.92);
    sun(sheet, x, variety.between(0.5, 0.66), 0.2);
    let (one, two) = (variety.between(0.55, 0.72), variety.between(0.6, 0.78));
    let hills = polygon(&[
        (0.0, one),
        (sheet.width() * 0.4, two + 0.06),
        (sheet.width(), one + 0.02),
        (sheet.width(), 1.0),
        (0.0, 1.0),
    ]);
    sheet.fill(hills, rgb(0x2d_24_3f), Place::SHEET);
}

/// A light that fades towards its edge.
fn sun(sheet: &mut Sheet, x: f32, y: f32, radius: f32) {
    for ring in (1..=8_u16).rev() {
        let share = f32::from(ring) / 8.0;
        sheet.fill(ellipse(x, y, radius * share, radius * share), faded(rgb(0xff_f3_d0), 0.2), Place::SHEET);
    }
}
