//! Pixels to draw on. Lengths are shares of the picture's height, so that every size shows the same.

use image::RgbImage;
use tiny_skia::{Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform};

/// A picture being drawn.
pub(super) struct Sheet {
    pixels: Pixmap,
    /// Pixels from top to bottom.
    height: f32,
    /// Width as a share of the height.
    ratio: f32,
}

/// Where a figure's own coordinates lie on the sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Shares of the picture's height.
    pub(super) x: f32,
    /// Shares of the picture's height.
    pub(super) y: f32,
    /// How much of the picture's height one unit of the figure takes.
    pub(super) scale: f32,
}

impl Place {
    /// Places nothing anew: coordinates are those of the sheet.
    pub(super) const SHEET: Self = Self { x: 0.0, y: 0.0, scale: 1.0 };
}

impl Sheet {
    /// A sheet of `width` × `height` pixels; none when it has no pixel.
    pub(super) fn new(width: u16, height: u16) -> Option<Self> {
        let pixels = Pixmap::new(u32::from(width), u32::from(height))?;
        Some(Self { pixels, height: f32::from(height), ratio: f32::from(width) / f32::from(height) })
    }

    /// The sheet's width as a share of its height.
    pub(super) const fn width(&self) -> f32 {
        self.ratio
    }

    /// Fills a shape.
    pub(super) fn fill(&mut self, shape: Option<Path>, colour: Color, place: Place) {
        if let Some(shape) = shape {
            let mut paint = Paint::default();
            paint.set_color(colour);
            self.pixels.fill_path(&shape, &paint, FillRule::Winding, self.transform(place), None);
        }
    }

    /// Draws a line of `thickness` along a shape.
    pub(super) fn line(&mut self, shape: Option<Path>, thickness: f32, colour: Color, place: Place) {
        if let Some(shape) = shape {
            let mut paint = Paint::default();
            paint.set_color(colour);
            let stroke = Stroke { width: thickness, line_cap: LineCap::Round, ..Stroke::default() };
            self.pixels.stroke_path(&shape, &paint, &stroke, self.transform(place), None);
        }
    }

    /// Fills the whole sheet from top to bottom, from one colour to the other.
    pub(super) fn shade(&mut self, top: Color, bottom: Color) {
        let steps = 48_u16;
        for step in 0..steps {
            let share = f32::from(step) / f32::from(steps);
            let band = rectangle(-0.01, share - 0.001, self.ratio + 0.02, 1.0 / f32::from(steps) + 0.004);
            self.fill(band, mixed(top, bottom, share), Place::SHEET);
        }
    }

    fn transform(&self, place: Place) -> Transform {
        let scale = self.height * place.scale;
        Transform::from_scale(scale, scale).post_translate(self.height * place.x, self.height * place.y)
    }

    /// The finished pixels.
    pub(super) fn into_pixels(self) -> RgbImage {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        // Everything is opaque, so premultiplied colours are plain ones.
        let rgb = self.pixels.data().chunks_exact(4).flat_map(|pixel| pixel.iter().take(3).copied());
        RgbImage::from_raw(width, height, rgb.collect()).unwrap_or_default()
    }
}

/// An ellipse around a middle.
pub(super) fn ellipse(x: f32, y: f32, half_width: f32, half_height: f32) -> Option<Path> {
    Rect::from_xywh(x - half_width, y - half_height, half_width * 2.0, half_height * 2.0)
        .and_then(PathBuilder::from_oval)
}

/// A rectangle.
pub(super) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Option<Path> {
    Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect)
}

/// A closed shape through points.
pub(super) fn polygon(points: &[(f32, f32)]) -> Option<Path> {
    let (&(x, y), rest) = points.split_first()?;
    let mut builder = PathBuilder::new();
    builder.move_to(x, y);
    for &(x, y) in rest {
        builder.line_to(x, y);
    }
    builder.close();
    builder.finish()
}

/// An open curve from one point to another, pulled towards a third.
pub(super) fn curve(from: (f32, f32), towards: (f32, f32), to: (f32, f32)) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(from.0, from.1);
    builder.quad_to(towards.0, towards.1, to.0, to.1);
    builder.finish()
}

/// A closed shape: a start, then curves of two control points and an end.
pub(super) fn curves(start: (f32, f32), parts: &[[(f32, f32); 3]]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(start.0, start.1);
    for [first, second, end] in parts {
        builder.cubic_to(first.0, first.1, second.0, second.1, end.0, end.1);
    }
    builder.close();
    builder.finish()
}

/// An opaque colour written as `0xRRGGBB`.
pub(super) fn rgb(code: u32) -> Color {
    let [_, red, green, blue] = code.to_be_bytes();
    Color::from_rgba8(red, green, blue, u8::MAX)
}

/// A colour between two; 0 is the first, 1 the second.
pub(super) fn mixed(first: Color, second: Color, share: f32) -> Color {
    let between = |one: f32, other: f32| (one + (other - one) * share).clamp(0.0, 1.0);
    Color::from_rgba(
        between(first.red(), second.red()),
        between(first.green(), second.green()),
        between(first.blue(), second.blue()),
        between(first.alpha(), second.alpha()),
    )
    .unwrap_or(first)
}

/// A colour with another opacity, from 0 to 1.
pub(super) fn faded(colour: Color, opacity: f32) -> Color {
    let mut faded = colour;
    faded.set_alpha(opacity.clamp(0.0, 1.0));
    faded
}
