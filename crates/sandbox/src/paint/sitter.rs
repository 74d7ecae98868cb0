//! The person whose likeness a picture is painted with: their face in the scene that the prompt speaks of.

use tiny_skia::{Color, Path, Transform};

use super::canvas::{Canvas, ellipse, faded, mixed};
use super::chance::Chance;
use super::figure;
use super::likeness::Likeness;
use super::mood::Mood;
use super::subject::Subject;
use super::words::Words;

/// The part of a figure that shows the face.
struct Window {
    shape: Option<Path>,
    /// Left edge, top edge and edge length of the square that the face's picture fills.
    square: (f32, f32, f32),
}

/// Draws the person in front of the land; what else the words name stands beside them.
pub(super) fn draw(
    canvas: &mut Canvas,
    words: &Words,
    mood: &Mood,
    chance: &mut Chance,
    likeness: &Likeness,
) {
    let spoken = Subject::spoken(words);
    if let Some(other) = spoken.filter(|subject| !matches!(subject, Subject::Person | Subject::Astronaut)) {
        other.draw(canvas, words, mood, chance);
    }
    let across = if spoken.is_some() { chance.between(0.3, 0.42) } else { chance.between(0.42, 0.58) };
    let size = canvas.short_edge() * chance.between(0.72, 0.84);
    let place =
        Transform::from_scale(size, size).post_translate(canvas.width() * across, canvas.height() * 1.0);
    let face = chance.count(0, likeness.faces().saturating_sub(1));
    let window = if spoken == Some(Subject::Astronaut) {
        figure::astronaut(canvas, mood, place);
        Window { shape: ellipse(0.0, -0.58, 0.215, 0.185), square: (-0.22, -0.8, 0.44) }
    } else {
        body(canvas, likeness, place);
        Window { shape: ellipse(0.0, -0.58, 0.185, 0.225), square: (-0.23, -0.81, 0.46) }
    };
    let (left, top, edge) = window.square;
    match likeness.face(face) {
        Some(pixels) => canvas.face(window.shape, pixels, (left, top, edge), place),
        None => canvas.fill_at(window.shape, colour(likeness.skin()), place),
    }
    if spoken == Some(Subject::Astronaut) {
        canvas.fill_at(ellipse(-0.11, -0.67, 0.05, 0.03), faded(Color::WHITE, 0.7), place);
    }
}

/// Hair, neck and shoulders in the person's own colours.
fn body(canvas: &mut Canvas, likeness: &Likeness, place: Transform) {
    let skin = colour(likeness.skin());
    canvas.fill_at(ellipse(0.0, -0.6, 0.225, 0.27), colour(likeness.hair()), place);
    canvas.fill_at(figure::shoulders(), colour(likeness.clothes()), place);
    canvas.fill_at(ellipse(0.0, -0.36, 0.085, 0.12), mixed(skin, Color::BLACK, 0.12), place);
}

fn colour([red, green, blue]: [u8; 3]) -> Color {
    Color::from_rgba8(red, green, blue, u8::MAX)
}
