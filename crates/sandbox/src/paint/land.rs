//! The land: hills, mountains, forest, sea, desert or a city.

use tiny_skia::{Color, PathBuilder, Transform};

use super::canvas::{Canvas, faded, mixed, polygon, rgb, vertical};
use super::chance::Chance;
use super::mood::{Mood, Time};
use super::sky::HORIZON;
use super::words::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Land {
    Hills,
    Mountains,
    Forest,
    Sea,
    Desert,
    City,
}

impl Land {
    fn of(words: &Words, chance: &mut Chance) -> Self {
        const SPOKEN: [(&[&str], Land); 5] = [
            (
                &[
                    "city*",
                    "town",
                    "street*",
                    "skyscraper*",
                    "tokyo",
                    "город*",
                    "улиц*",
                    "небоскр*",
                    "cyber*",
                    "кибер*",
                ],
                Land::City,
            ),
            (
                &[
                    "sea",
                    "ocean",
                    "beach",
                    "lake",
                    "ship*",
                    "boat*",
                    "мор*",
                    "океан*",
                    "озер*",
                    "пляж*",
                    "корабл*",
                    "лодк*",
                ],
                Land::Sea,
            ),
            (
                &[
                    "forest",
                    "wood*",
                    "pine*",
                    "лес",
                    "леса",
                    "лесу",
                    "лесн*",
                    "тайг*",
                    "сосн*",
                    "ёлк*",
                    "елк*",
                ],
                Land::Forest,
            ),
            (
                &["desert", "dune*", "sand*", "cactus", "пустын*", "дюн*", "песк*", "песок", "кактус*"],
                Land::Desert,
            ),
            (
                &["mountain*", "peak*", "alps", "гор", "гора", "горы", "горах", "горн*", "вершин*"],
                Land::Mountains,
            ),
        ];
        let spoken = SPOKEN.iter().find(|(patterns, _)| words.any(patterns)).map(|(_, land)| *land);
        spoken.unwrap_or_else(|| {
            let any = [Self::Hills, Self::Hills, Self::Mountains, Self::Forest];
            chance.pick(&any, Self::Hills)
        })
    }
}

/// Draws the land below the horizon.
pub(super) fn draw(canvas: &mut Canvas, words: &Words, mood: &Mood, chance: &mut Chance) {
    match Land::of(words, chance) {
        Land::Hills => hills(canvas, mood, chance),
        Land::Mountains => {
            mountains(canvas, mood, chance);
            hills_between(canvas, mood, chance, 0.74, 2);
        }
        Land::Forest => forest(canvas, mood, chance),
        Land::Sea => sea(canvas, mood, chance),
        Land::Desert => desert(canvas, mood, chance),
        Land::City => city(canvas, mood, chance),
    }
}

fn hills(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    hills_between(canvas, mood, chance, HORIZON - 0.06, 4);
}

/// Ranges of hills, the furthest at the share `top` of the height, each nearer one lower and darker.
fn hills_between(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance, top: f32, ranges: u16) {
    for range in 0..ranges {
        let share = f32::from(range) / f32::from(ranges.saturating_sub(1).max(1));
        let level = canvas.height() * (top + (0.94 - top) * share * 0.85);
        let swing = canvas.height() * (0.035 + 0.03 * share);
        let colour = mixed(mood.far, mood.near, share);
        ridge(canvas, &Ridge::new(level, swing, 1.3 + 0.4 * share, chance), colour);
    }
}

/// A wavy upper edge of land.
struct Ridge {
    level: f32,
    swing: f32,
    waves: f32,
    phases: [f32; 3],
}

impl Ridge {
    fn new(level: f32, swing: f32, waves: f32, chance: &mut Chance) -> Self {
        let phases = [(); 3].map(|()| chance.between(0.0, std::f32::consts::TAU));
        Self { level, swing, waves, phases }
    }

    /// Height of the edge at a share of the width.
    fn at(&self, across: f32) -> f32 {
        let [first, second, third] = self.phases;
        let angle = across * std::f32::consts::TAU * self.waves;
        let wave = (angle + first).sin() * 0.6
            + (angle * 2.1 + second).sin() * 0.28
            + (angle * 4.7 + third).sin() * 0.12;
        self.level + wave * self.swing
    }
}

fn ridge(canvas: &mut Canvas, ridge: &Ridge, colour: Color) {
    const STEPS: u16 = 48;
    let (width, height) = (canvas.width(), canvas.height());
    let mut outline = PathBuilder::new();
    outline.move_to(0.0, height);
    for step in 0..=STEPS {
        let across = f32::from(step) / f32::from(STEPS);
        outline.line_to(across * width, ridge.at(across));
    }
    outline.line_to(width, height);
    outline.close();
    let lit = mixed(colour, Color::WHITE, 0.1);
    if let Some(shader) =
        vertical(ridge.level - ridge.swing, height, &[lit, colour, mixed(colour, Color::BLACK, 0.22)])
    {
        canvas.fill_shaded(outline.finish(), shader, Transform::identity());
    }
}

fn mountains(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let (width, height) = (canvas.width(), canvas.height());
    for range in 0_u16..2 {
        let nearness = f32::from(range);
        let colour = mixed(mixed(mood.far, rgb(0x4a_50_6b), 0.45), mood.near, 0.25 * nearness);
        let mut x = -width * chance.between(0.05, 0.2);
        while x < width {
            let half = width * chance.between(0.16, 0.26);
            let peak = height * (chance.between(0.24, 0.4) + 0.12 * nearness);
            let foot = height * (0.8 + 0.04 * nearness);
            mountain(canvas, (x + half, peak), half * 1.5, foot, colour);
            x += half * chance.between(1.0, 1.4);
        }
    }
}

fn mountain(canvas: &mut Canvas, (x, peak): (f32, f32), half: f32, foot: f32, colour: Color) {
    let rise = foot - peak;
    canvas.fill(polygon(&[(x, peak), (x + half, foot), (x - half, foot)]), colour);
    let shade = mixed(colour, Color::BLACK, 0.22);
    canvas.fill(
        polygon(&[(x, peak), (x + half, foot), (x - half * 0.12, foot), (x + half * 0.1, peak + rise * 0.4)]),
        shade,
    );
    let snow = |share: f32, side: f32| (x + half * share * side, peak + rise * share);
    let cap = [
        (x, peak),
        snow(0.27, 1.0),
        (x + half * 0.13, peak + rise * 0.22),
        (x + half * 0.05, peak + rise * 0.33),
        (x - half * 0.07, peak + rise * 0.2),
        (x - half * 0.14, peak + rise * 0.3),
        snow(0.24, -1.0),
    ];
    canvas.fill(polygon(&cap), faded(Color::WHITE, 0.88));
}

fn forest(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let green =
        if mood.time == Time::Winter { rgb(0x2c_4a_4f) } else { mixed(mood.near, rgb(0x1c_3f_2f), 0.5) };
    hills_between(canvas, mood, chance, HORIZON - 0.08, 2);
    for row in 0_u16..3 {
        let nearness = f32::from(row) / 2.0;
        let foot = canvas.height() * (0.7 + 0.13 * nearness);
        let colour = mixed(mixed(mood.far, green, 0.55), mixed(green, Color::BLACK, 0.25), nearness);
        let tall = canvas.height() * (0.14 + 0.15 * nearness);
        let mut x = -canvas.width() * 0.04;
        while x < canvas.width() * 1.04 {
            let size = tall * chance.between(0.65, 1.15);
            // The middle of the nearest row is left open for what stands there.
            let middle = (x / canvas.width() - 0.5).abs();
            if row < 2 || middle > 0.27 {
                fir(canvas, x, foot + chance.between(0.0, 0.02) * canvas.height(), size, colour, mood);
            }
            x += size * chance.between(0.22, 0.42);
        }
        ridge(
            canvas,
            &Ridge::new(foot + 0.01 * canvas.height(), canvas.height() * 0.012, 1.5, chance),
            mixed(mixed(mood.far, mood.near, 0.5 + 0.5 * nearness), colour, 0.25),
        );
    }
}

fn fir(canvas: &mut Canvas, x: f32, foot: f32, size: f32, colour: Color, mood: &Mood) {
    canvas.rectangle(x - size * 0.025, foot - size * 0.14, size * 0.05, size * 0.16, rgb(0x3a_2a_22));
    for (top, bottom, half) in [(0.45_f32, 0.1_f32, 0.24_f32), (0.72, 0.34, 0.19), (1.0, 0.6, 0.13)] {
        let tier = [
            (x, foot - size * top),
            (x + size * half, foot - size * bottom),
            (x - size * half, foot - size * bottom),
        ];
        canvas.fill(polygon(&tier), colour);
        if mood.time == Time::Winter {
            let cap = [
                (x, foot - size * top),
                (x + size * half * 0.5, foot - size * (top + bottom) / 2.0),
                (x, foot - size * (top * 0.62 + bottom * 0.38)),
                (x - size * half * 0.5, foot - size * (top + bottom) / 2.0),
            ];
            canvas.fill(polygon(&cap), faded(Color::WHITE, 0.85));
        }
    }
}

fn sea(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let (width, height) = (canvas.width(), canvas.height());
    ridge(
        canvas,
        &Ridge::new(height * (HORIZON - 0.03), height * 0.02, 1.1, chance),
        faded(mixed(mood.far, mood.sky[2], 0.3), 0.9),
    );
    let horizon = height * HORIZON;
    let deep = if mood.time == Time::Day { rgb(0x12_4f_7a) } else { mixed(mood.sky[0], mood.near, 0.35) };
    let shallow = mixed(mood.sky[2], deep, 0.35);
    let water = tiny_skia::Rect::from_ltrb(0.0, horizon, width, height).map(PathBuilder::from_rect);
    if let Some(shader) = vertical(horizon, height, &[mixed(mood.sky[3], shallow, 0.4), shallow, deep]) {
        canvas.fill_shaded(water, shader, Transform::identity());
    }
    for _ in 0..90 {
        let depth = chance.unit();
        let y = horizon + (height - horizon) * depth * depth;
        let length = width * (0.02 + 0.1 * depth) * chance.between(0.5, 1.3);
        let thick = height * (0.0012 + 0.004 * depth);
        let glint = super::canvas::ellipse(chance.unit() * width, y, length, thick);
        canvas.fill(glint, faded(mood.light, chance.between(0.12, 0.4)));
    }
}

fn desert(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let sand = if mood.time == Time::Night { rgb(0x3a_3a_5c) } else { rgb(0xe0_a8_5c) };
    for range in 0_u16..4 {
        let share = f32::from(range) / 3.0;
        let colour = mixed(mixed(mood.far, sand, 0.55), mixed(sand, mood.near, 0.35), share);
        let level = canvas.height() * (HORIZON - 0.02 + 0.3 * share);
        ridge(canvas, &Ridge::new(level, canvas.height() * 0.05, 0.8 + 0.3 * share, chance), colour);
    }
    for _ in 0..chance.count(2, 5) {
        let (x, y) =
            (canvas.width() * chance.between(0.03, 0.97), canvas.height() * chance.between(0.7, 0.86));
        cactus(canvas, x, y, canvas.short_edge() * chance.between(0.07, 0.14));
    }
}

fn cactus(canvas: &mut Canvas, x: f32, foot: f32, size: f32) {
    let place = Transform::from_scale(size, size).post_translate(x, foot);
    for stem in [
        [(0.0, 0.0), (0.0, -1.0)],
        [(0.0, -0.35), (0.3, -0.42)],
        [(0.3, -0.42), (0.3, -0.75)],
        [(0.0, -0.5), (-0.28, -0.55)],
        [(-0.28, -0.55), (-0.28, -0.85)],
    ] {
        let mut line = PathBuilder::new();
        let [(from_x, from_y), (to_x, to_y)] = stem;
        line.move_to(from_x, from_y);
        line.line_to(to_x, to_y);
        canvas.stroke_at(line.finish(), rgb(0x2f_6b_4a), 0.16, place);
    }
}

fn city(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let (width, height) = (canvas.width(), canvas.height());
    let dark = matches!(mood.time, Time::Night | Time::Neon | Time::Sunset);
    let ground = if dark { rgb(0x10_10_20) } else { rgb(0x5c_64_74) };
    for row in 0_u16..3 {
        let nearness = f32::from(row) / 2.0;
        let colour = mixed(mixed(mood.far, ground, 0.35), ground, nearness);
        let foot = height * (0.8 + 0.08 * nearness);
        let mut x = -width * 0.02;
        while x < width {
            let block = width * chance.between(0.05, 0.11) * (0.8 + 0.5 * nearness);
            let tall = height * chance.between(0.14, 0.42) * (1.05 - 0.45 * nearness);
            canvas.rectangle(x, foot - tall, block, tall + height - foot, colour);
            if chance.percent(30) {
                canvas.rectangle(
                    x + block * 0.46,
                    foot - tall - height * 0.04,
                    block * 0.06,
                    height * 0.04,
                    colour,
                );
            }
            windows(canvas, (x, foot - tall), (block, tall), mood, chance);
            x += block * chance.between(0.95, 1.15);
        }
    }
    canvas.rectangle(0.0, height * 0.88, width, height * 0.12, mixed(ground, Color::BLACK, 0.35));
}

fn windows(
    canvas: &mut Canvas,
    (left, top): (f32, f32),
    (wide, tall): (f32, f32),
    mood: &Mood,
    chance: &mut Chance,
) {
    let lights = [rgb(0xff_d9_8a), rgb(0xff_e8_b8), mood.light, mood.accent];
    let step = (wide / 5.0).max(canvas.short_edge() * 0.012);
    let mut y = top + step;
    while y < top + tall - step {
        let mut x = left + step * 0.6;
        while x < left + wide - step * 0.7 {
            if chance.percent(38) {
                let colour = faded(chance.pick(&lights, mood.light), chance.between(0.45, 0.95));
                canvas.rectangle(x, y, step * 0.5, step * 0.6, colour);
            }
            x += step;
        }
        y += step * 1.25;
    }
}
