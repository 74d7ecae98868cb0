//! The canvas: shapes and gradients on pixels.

use image::RgbaImage;
use tiny_skia::{
    Color, FillRule, FilterQuality, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pattern, Pixmap,
    Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::Size;
use super::chance::Chance;
use super::likeness::FACE_EDGE;

/// Edge of the tile that the grain repeats, in pixels.
const GRAIN_TILE: u16 = 192;
/// Opacity of the grain: enough to make a file as large as a photograph's.
const GRAIN: f32 = 0.02;

/// A picture being drawn. Positions and lengths are pixels from the top left corner.
pub(super) struct Canvas {
    pixels: Pixmap,
    size: Size,
}

impl Canvas {
    /// A canvas of `size`; none when it has no pixel.
    pub(super) fn new(size: Size) -> Option<Self> {
        Some(Self { pixels: Pixmap::new(u32::from(size.width), u32::from(size.height))?, size })
    }

    pub(super) fn width(&self) -> f32 {
        f32::from(self.size.width)
    }

    pub(super) fn height(&self) -> f32 {
        f32::from(self.size.height)
    }

    /// The shorter edge: the measure for everything that must fit.
    pub(super) fn short_edge(&self) -> f32 {
        self.width().min(self.height())
    }

    /// Fills a shape with one colour.
    pub(super) fn fill(&mut self, shape: Option<Path>, colour: Color) {
        self.fill_at(shape, colour, Transform::identity());
    }

    /// Fills a shape, given in coordinates of its own, with one colour.
    pub(super) fn fill_at(&mut self, shape: Option<Path>, colour: Color, place: Transform) {
        self.fill_shaded(shape, Shader::SolidColor(colour), place);
    }

    /// Fills a shape with a gradient.
    pub(super) fn fill_shaded(&mut self, shape: Option<Path>, shader: Shader<'_>, place: Transform) {
        if let Some(shape) = shape {
            let paint = Paint { shader, ..Paint::default() };
            self.pixels.fill_path(&shape, &paint, FillRule::Winding, place, None);
        }
    }

    /// Draws the outline of a shape.
    pub(super) fn stroke_at(&mut self, shape: Option<Path>, colour: Color, width: f32, place: Transform) {
        if let Some(shape) = shape {
            let paint = Paint { shader: Shader::SolidColor(colour), ..Paint::default() };
            let stroke = Stroke { width, line_cap: tiny_skia::LineCap::Round, ..Stroke::default() };
            self.pixels.stroke_path(&shape, &paint, &stroke, place, None);
        }
    }

    /// Fills a circle.
    pub(super) fn circle(&mut self, x: f32, y: f32, radius: f32, colour: Color) {
        self.fill(PathBuilder::from_circle(x, y, radius), colour);
    }

    /// Fills a rectangle.
    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Color) {
        self.fill(Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect), colour);
    }

    /// A soft light: `colour` in the middle, nothing at `radius`.
    pub(super) fn glow(&mut self, x: f32, y: f32, radius: f32, colour: Color) {
        let stops = vec![
            GradientStop::new(0.0, colour),
            GradientStop::new(0.35, faded(colour, colour.alpha() * 0.45)),
            GradientStop::new(1.0, faded(colour, 0.0)),
        ];
        let centre = Point::from_xy(x, y);
        let shader =
            RadialGradient::new(centre, 0.0, centre, radius, stops, SpreadMode::Pad, Transform::identity());
        if let Some(shader) = shader {
            self.fill_shaded(PathBuilder::from_circle(x, y, radius), shader, Transform::identity());
        }
    }

    /// Fills the whole canvas from top to bottom through `colours` at even distances, row by row: much
    /// faster than a gradient.
    pub(super) fn backdrop(&mut self, colours: &[Color]) {
        let gaps = u16::try_from(colours.len().saturating_sub(1)).unwrap_or(u16::MAX).max(1);
        let width = self.width();
        let mut row_paint = Paint { anti_alias: false, ..Paint::default() };
        for row in 0..self.size.height {
            let position = f32::from(row) / self.height() * f32::from(gaps);
            row_paint.set_color(between_stops(colours, position));
            if let Some(row) = Rect::from_xywh(0.0, f32::from(row), width, 1.0) {
                self.pixels.fill_rect(row, &row_paint, Transform::identity(), None);
            }
        }
    }

    /// Fills a shape with a face's opaque pixels. `square` is the left edge, the top edge and the edge length of
    /// the square that the face covers, in the shape's own coordinates.
    pub(super) fn face(
        &mut self,
        shape: Option<Path>,
        pixels: Vec<u8>,
        square: (f32, f32, f32),
        place: Transform,
    ) {
        let size = tiny_skia::IntSize::from_wh(u32::from(FACE_EDGE), u32::from(FACE_EDGE));
        let Some(print) = size.and_then(|size| Pixmap::from_vec(pixels, size)) else { return };
        let (left, top, edge) = square;
        let scale = edge / f32::from(FACE_EDGE);
        let shader = Pattern::new(
            print.as_ref(),
            SpreadMode::Pad,
            FilterQuality::Bilinear,
            1.0,
            Transform::from_scale(scale, scale).post_translate(left, top),
        );
        self.fill_shaded(shape, shader, place);
    }

    /// Lays a fine photographic grain over everything.
    pub(super) fn grain(&mut self, chance: &mut Chance) {
        let Some(tile) = grain_tile(chance) else { return };
        let shader = Pattern::new(
            tile.as_ref(),
            SpreadMode::Repeat,
            FilterQuality::Nearest,
            GRAIN,
            Transform::identity(),
        );
        if let Some(everything) = Rect::from_xywh(0.0, 0.0, self.width(), self.height()) {
            let paint = Paint { shader, anti_alias: false, ..Paint::default() };
            self.pixels.fill_rect(everything, &paint, Transform::identity(), None);
        }
    }

    /// The finished pixels.
    pub(super) fn into_image(self) -> RgbaImage {
        let (width, height) = (u32::from(self.size.width), u32::from(self.size.height));
        // The canvas is opaque everywhere, so premultiplied pixels are plain ones.
        RgbaImage::from_raw(width, height, self.pixels.take()).unwrap_or_default()
    }
}

/// The colour at `position`, where each colour stands one further than the one before.
fn between_stops(colours: &[Color], position: f32) -> Color {
    let mut position = position;
    for pair in colours.windows(2) {
        if let [first, second] = pair
            && position <= 1.0
        {
            return mixed(*first, *second, position);
        }
        position -= 1.0;
    }
    colours.last().copied().unwrap_or(Color::BLACK)
}

fn grain_tile(chance: &mut Chance) -> Option<Pixmap> {
    let edge = u32::from(GRAIN_TILE);
    let size = tiny_skia::IntSize::from_wh(edge, edge)?;
    let count = usize::from(GRAIN_TILE) * usize::from(GRAIN_TILE);
    let mut bytes = Vec::with_capacity(count * 4);
    for _ in 0..count {
        let grey = chance.byte();
        bytes.extend_from_slice(&[grey, grey, grey, u8::MAX]);
    }
    Pixmap::from_vec(bytes, size)
}

/// A gradient from `top` to `bottom` through `colours` at even distances.
pub(super) fn vertical(top: f32, bottom: f32, colours: &[Color]) -> Option<Shader<'static>> {
    let last = u16::try_from(colours.len().saturating_sub(1)).unwrap_or(u16::MAX).max(1);
    let stops = colours
        .iter()
        .zip(0_u16..)
        .map(|(colour, index)| GradientStop::new(f32::from(index) / f32::from(last), *colour))
        .collect();
    LinearGradient::new(
        Point::from_xy(0.0, top),
        Point::from_xy(0.0, bottom.max(top + 0.5)),
        stops,
        SpreadMode::Pad,
        Transform::identity(),
    )
}

/// A closed shape through `points`.
pub(super) fn polygon(points: &[(f32, f32)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (&(x, y), rest) = points.split_first()?;
    builder.move_to(x, y);
    for &(x, y) in rest {
        builder.line_to(x, y);
    }
    builder.close();
    builder.finish()
}

/// An ellipse around a middle.
pub(super) fn ellipse(x: f32, y: f32, half_width: f32, half_height: f32) -> Option<Path> {
    Rect::from_xywh(x - half_width, y - half_height, half_width * 2.0, half_height * 2.0)
        .and_then(PathBuilder::from_oval)
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

/// An opaque colour written as `0xRRGGBB`.
pub(super) fn rgb(code: u32) -> Color {
    let [_, red, green, blue] = code.to_be_bytes();
    Color::from_rgba8(red, green, blue, u8::MAX)
}
