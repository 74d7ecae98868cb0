//! The sky: its colours, sun or moon, stars, clouds; and what falls from it.

use tiny_skia::{Color, PathBuilder, Rect};

use super::canvas::{Canvas, faded, mixed};
use super::chance::Chance;
use super::mood::{Mood, Time};
use super::words::Words;

/// Share of the height at which land and sky meet.
pub(super) const HORIZON: f32 = 0.62;

/// Draws the sky over the whole canvas.
pub(super) fn draw(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let [zenith, high, low, horizon] = mood.sky;
    canvas.backdrop(&[zenith, high, low, horizon, mixed(horizon, mood.far, 0.5)]);
    if matches!(mood.time, Time::Night | Time::Neon) {
        stars(canvas, chance);
    }
    luminary(canvas, mood, chance);
    if mood.time != Time::Night || chance.percent(40) {
        clouds(canvas, mood, chance);
    }
}

/// Draws snow or rain in front of everything, when the words speak of it.
pub(super) fn draw_weather(canvas: &mut Canvas, words: &Words, chance: &mut Chance) {
    if words.any(&["snow*", "blizzard", "снег*", "снеж*", "метел*"]) {
        snowfall(canvas, chance);
    } else if words.any(&["rain*", "storm*", "дожд*", "ливень", "ливн*", "гроз*"]) {
        rainfall(canvas, chance);
    }
}

fn stars(canvas: &mut Canvas, chance: &mut Chance) {
    let unit = canvas.short_edge() / 1000.0;
    for _ in 0..chance.count(130, 190) {
        let (x, y) = (chance.unit() * canvas.width(), chance.unit() * canvas.height() * HORIZON);
        let brightness = chance.unit();
        let colour = faded(Color::WHITE, 0.3 + 0.7 * brightness);
        canvas.circle(x, y, (0.7 + 2.0 * brightness * brightness) * unit, colour);
        if brightness > 0.93 {
            canvas.glow(x, y, 14.0 * unit, faded(Color::WHITE, 0.5));
        }
    }
}

fn luminary(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    let (x, height) = (canvas.width() * chance.between(0.18, 0.82), canvas.height());
    let (y, radius, reach) = match mood.time {
        Time::Sunset | Time::Dawn | Time::Neon => {
            (height * chance.between(0.42, 0.55), canvas.short_edge() * chance.between(0.09, 0.14), 5.5)
        }
        Time::Night => {
            (height * chance.between(0.14, 0.3), canvas.short_edge() * chance.between(0.06, 0.09), 4.0)
        }
        _ => (height * chance.between(0.12, 0.3), canvas.short_edge() * chance.between(0.05, 0.08), 5.0),
    };
    canvas.glow(x, y, radius * reach, faded(mood.light, 0.75));
    canvas.circle(x, y, radius, mood.light);
    if mood.time == Time::Night {
        let shade = faded(mood.sky[1], 0.28);
        for (across, down, size) in [(-0.3, -0.2, 0.24), (0.35, 0.15, 0.18), (0.0, 0.45, 0.13)] {
            canvas.circle(x + across * radius, y + down * radius, size * radius, shade);
        }
    }
}

fn clouds(canvas: &mut Canvas, mood: &Mood, chance: &mut Chance) {
    for _ in 0..chance.count(2, 5) {
        let size = canvas.short_edge() * chance.between(0.07, 0.15);
        let (x, y) =
            (canvas.width() * chance.between(-0.05, 1.05), canvas.height() * chance.between(0.06, 0.42));
        let light = mixed(mood.sky[3], Color::WHITE, 0.55);
        let opacity = chance.between(0.3, 0.6);
        // One shape for all the puffs, so that they don't show through each other.
        let mut puffs = PathBuilder::new();
        for _ in 0..8 {
            let (across, lift) = (chance.between(-1.6, 1.6), chance.between(-0.3, 0.12));
            let width = size * (1.1 - 0.4 * across.abs() / 1.6);
            let (middle, thick) = (x + across * size, size * 0.24);
            if let Some(puff) =
                Rect::from_xywh(middle - width, y + lift * size - thick, width * 2.0, thick * 2.0)
            {
                puffs.push_oval(puff);
            }
        }
        canvas.fill(puffs.finish(), faded(light, opacity));
    }
}

fn snowfall(canvas: &mut Canvas, chance: &mut Chance) {
    let unit = canvas.short_edge() / 1000.0;
    for _ in 0..220 {
        let nearness = chance.unit();
        let (x, y) = (chance.unit() * canvas.width(), chance.unit() * canvas.height());
        let radius = (1.2 + 6.5 * nearness * nearness) * unit;
        canvas.circle(x, y, radius, faded(Color::WHITE, 0.85 - 0.45 * nearness));
    }
}

fn rainfall(canvas: &mut Canvas, chance: &mut Chance) {
    let unit = canvas.short_edge() / 1000.0;
    for _ in 0..190 {
        let (x, y) = (chance.unit() * canvas.width() * 1.1, chance.unit() * canvas.height());
        let length = chance.between(22.0, 60.0) * unit;
        let drop = super::canvas::polygon(&[
            (x, y),
            (x + 1.6 * unit, y),
            (x - length * 0.22 + 1.6 * unit, y + length),
            (x - length * 0.22, y + length),
        ]);
        canvas.fill(drop, faded(Color::WHITE, chance.between(0.2, 0.45)));
    }
}
