//! Words within the picture: the prompt as a caption, and the mark that says who made it.

use tiny_skia::{Color, Path, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};

use super::canvas::{Canvas, faded, rgb, vertical};

/// A caption is cut to so many lines.
const LINES: usize = 3;
/// Letters of the prompt that are looked at; more than any caption shows.
const LETTERS: usize = 400;

/// Writes the prompt along the lower edge.
pub(super) fn caption(canvas: &mut Canvas, prompt: &str) {
    let Some(pen) = Pen::new() else { return };
    let size = (canvas.short_edge() * 0.045).max(7.0);
    let margin = size * 0.9;
    let lines = pen.wrap(prompt, size, canvas.width() - 2.0 * margin);
    let Some(last) = lines.len().checked_sub(1) else { return };

    let line_height = size * 1.28;
    let count = u16::try_from(last).unwrap_or(0);
    let top_baseline = canvas.height() - margin - line_height * f32::from(count);
    let (shade_top, width, height) = (top_baseline - size * 2.6, canvas.width(), canvas.height());
    let shade =
        tiny_skia::Rect::from_ltrb(0.0, shade_top.max(0.0), width, height).map(PathBuilder::from_rect);
    if let Some(shader) = vertical(shade_top, height, &[Color::TRANSPARENT, faded(Color::BLACK, 0.62)]) {
        canvas.fill_shaded(shade, shader, Transform::identity());
    }
    let mut baseline = top_baseline;
    for line in &lines {
        pen.write(canvas, line, size, (margin, baseline), Color::WHITE);
        baseline += line_height;
    }
}

/// Writes "SANDBOX" and the model's name into the upper left corner.
pub(super) fn mark(canvas: &mut Canvas, model: &str) {
    let Some(pen) = Pen::new() else { return };
    let size = (canvas.short_edge() * 0.032).max(6.0);
    let (left, top) = (size * 0.8, size * 0.8);
    let (word_width, padding, height) = (pen.width("SANDBOX", size), size * 0.55, size * 1.5);
    let pill = rounded(left, top, word_width + 2.0 * padding, height, height / 2.0);
    canvas.fill(pill, faded(rgb(0xd8_3a_3a), 0.92));
    let baseline = top + height * 0.5 + size * 0.36;
    pen.write(canvas, "SANDBOX", size, (left + padding, baseline), Color::WHITE);
    let beside = left + word_width + 2.6 * padding;
    if beside + pen.width(model, size * 0.8) < canvas.width() {
        pen.write(
            canvas,
            model,
            size * 0.8,
            (beside + size * 0.06, baseline + size * 0.06),
            faded(Color::BLACK, 0.5),
        );
        pen.write(canvas, model, size * 0.8, (beside, baseline), faded(Color::WHITE, 0.95));
    }
}

fn rounded(left: f32, top: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.push_circle(left + radius, top + radius, radius);
    builder.push_circle(left + width - radius, top + radius, radius);
    builder.push_rect(tiny_skia::Rect::from_xywh(left + radius, top, width - 2.0 * radius, height)?);
    builder.finish()
}

/// Writes in the embedded font.
struct Pen {
    face: Face<'static>,
    units: f32,
}

impl Pen {
    fn new() -> Option<Self> {
        let face = Face::parse(notosans::BOLD_TTF, 0).ok()?;
        let units = f32::from(face.units_per_em());
        Some(Self { face, units })
    }

    /// Width of `text` in pixels. Letters that the font lacks take no room.
    fn width(&self, text: &str, size: f32) -> f32 {
        let advances = text.chars().filter_map(|letter| self.face.glyph_index(letter));
        let units: f32 = advances.filter_map(|glyph| self.face.glyph_hor_advance(glyph)).map(f32::from).sum();
        units * size / self.units
    }

    /// Writes one line; `origin` is the left end of its baseline.
    fn write(&self, canvas: &mut Canvas, text: &str, size: f32, origin: (f32, f32), colour: Color) {
        let scale = size / self.units;
        let mut outline = Outline { builder: PathBuilder::new(), x: 0.0 };
        for glyph in text.chars().filter_map(|letter| self.face.glyph_index(letter)) {
            // A glyph without an outline, such as a space, only moves the pen.
            let _bounds = self.face.outline_glyph(glyph, &mut outline);
            outline.x += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0));
        }
        let place = Transform::from_scale(scale, -scale).post_translate(origin.0, origin.1);
        canvas.fill_at(outline.builder.finish(), colour, place);
    }

    /// Breaks text into lines of at most `width` pixels; what doesn't fit into the last one is cut.
    fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let text: String = text.chars().take(LETTERS).collect();
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace().filter(|word| self.width(word, size) > 0.0) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if line.is_empty() || self.width(&longer, size) <= width {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        let is_cut = lines.len() > LINES;
        lines.truncate(LINES);
        if is_cut && let Some(last) = lines.last_mut() {
            last.push('…');
        }
        for line in &mut lines {
            self.cut(line, size, width);
        }
        lines
    }

    fn cut(&self, line: &mut String, size: f32, width: f32) {
        if self.width(line, size) <= width {
            return;
        }
        while !line.is_empty() && self.width(line, size) + self.width("…", size) > width {
            line.pop();
        }
        line.push('…');
    }
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
