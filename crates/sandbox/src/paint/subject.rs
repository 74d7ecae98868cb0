//! What stands in the picture.

use tiny_skia::Transform;

use super::canvas::Canvas;
use super::chance::Chance;
use super::figure::{self, Coat, Creature};
use super::mood::{Mood, Time};
use super::words::Words;

/// The main thing of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Creature(Creature),
    Person,
    Astronaut,
    Robot,
    House,
    Boat,
    Balloon,
    Rocket,
    Tree,
    Flower,
    Birds,
}

impl Subject {
    /// The thing that the words name; something pleasant by chance when they name none that can be drawn.
    pub(super) fn of(words: &Words, chance: &mut Chance) -> Self {
        Self::spoken(words).unwrap_or_else(|| {
            chance.pick(&[Self::Balloon, Self::Tree, Self::Birds, Self::House], Self::Balloon)
        })
    }

    /// The thing that the words name, if it can be drawn.
    pub(super) fn spoken(words: &Words) -> Option<Self> {
        const SPOKEN: [(&[&str], Subject); 13] = [
            (
                &["fox", "foxes", "лиса", "лисы", "лису", "лис", "лисой", "лисиц*", "лисич*", "лисён*"],
                Subject::Creature(Creature::Fox),
            ),
            (
                &["cat", "cats", "kitten*", "кот", "кота", "коты", "котик*", "кошк*", "котён*", "котен*"],
                Subject::Creature(Creature::Cat),
            ),
            (
                &["dog", "dogs", "puppy", "puppies", "corgi", "собак*", "пёс", "пес", "щен*", "корги"],
                Subject::Creature(Creature::Dog),
            ),
            (&["astronaut*", "cosmonaut*", "космонавт*", "астронавт*"], Subject::Astronaut),
            (&["robot*", "android", "робот*"], Subject::Robot),
            (&["rocket*", "spaceship*", "ракет*"], Subject::Rocket),
            (&["boat*", "ship*", "sail*", "yacht", "лодк*", "корабл*", "парус*", "яхт*"], Subject::Boat),
            (
                &["house*", "home", "cabin", "cottage", "hut", "дом", "дома", "домик*", "изб*", "хижин*"],
                Subject::House,
            ),
            (
                &["flower*", "rose*", "tulip*", "цветок", "цвет*", "роз", "роза", "розы", "тюльпан*"],
                Subject::Flower,
            ),
            (&["balloon*", "шар", "шары", "шаре", "аэростат*"], Subject::Balloon),
            (&["bird*", "gull*", "eagle*", "птиц*", "чайк*", "орёл", "орел"], Subject::Birds),
            (&["tree*", "oak*", "дерев*", "дуб*"], Subject::Tree),
            (
                &[
                    "person",
                    "man",
                    "woman",
                    "girl",
                    "boy",
                    "portrait",
                    "lady",
                    "king",
                    "queen",
                    "человек*",
                    "мужчин*",
                    "женщин*",
                    "девушк*",
                    "девочк*",
                    "мальчик*",
                    "портрет*",
                    "девуш*",
                ],
                Subject::Person,
            ),
        ];
        SPOKEN.iter().find(|(patterns, _)| words.any(patterns)).map(|(_, subject)| *subject)
    }

    /// Draws it in front of the land.
    pub(super) fn draw(self, canvas: &mut Canvas, words: &Words, mood: &Mood, chance: &mut Chance) {
        let across = chance.between(0.36, 0.64);
        let size = canvas.short_edge() * chance.between(0.4, 0.48);
        let flipped = if chance.percent(50) { -1.0 } else { 1.0 };
        let (width, height) = (canvas.width(), canvas.height());
        let at = |right: f32, down: f32, size: f32| {
            Transform::from_scale(size * flipped, size).post_translate(width * right, height * down)
        };
        let (standing, flying) = (at(across, 0.86, size), at(across, 0.5, size * 0.8));
        match self {
            Self::Creature(creature) => {
                let coat = Coat::of(creature, words, mood);
                figure::creature(canvas, creature, &coat, standing);
            }
            Self::Person => figure::person(canvas, mood, chance, at(across, 1.0, size * 1.45)),
            Self::Astronaut => figure::astronaut(canvas, mood, at(across, 1.0, size * 1.45)),
            Self::Robot => figure::robot(canvas, mood, standing),
            Self::House => figure::house(canvas, mood, standing),
            Self::Boat => figure::boat(canvas, mood, at(across, 0.8, size * 0.8)),
            Self::Balloon => {
                figure::balloon(canvas, mood, flying);
                figure::balloon(canvas, mood, at((across + 0.32) % 1.0, 0.36, size * 0.33));
            }
            Self::Rocket => figure::rocket(canvas, mood, at(across, 0.66, size)),
            Self::Tree => figure::tree(canvas, leaves(mood), chance, standing),
            Self::Flower => {
                figure::flower(canvas, mood, chance, at(across - 0.17, 0.9, size * 0.7));
                figure::flower(canvas, mood, chance, at(across + 0.17, 0.92, size * 0.62));
                figure::flower(canvas, mood, chance, at(across, 0.9, size));
            }
            Self::Birds => figure::birds(canvas, mood, chance, flying),
        }
    }
}

fn leaves(mood: &Mood) -> tiny_skia::Color {
    use super::canvas::{mixed, rgb};
    match mood.time {
        Time::Autumn | Time::Sunset => mixed(mood.accent, rgb(0xd9_6b_2b), 0.6),
        Time::Winter => rgb(0xdf_ea_f4),
        Time::Night | Time::Neon => mixed(mood.near, mood.accent, 0.35),
        Time::Day | Time::Dawn => rgb(0x3f_84_4a),
    }
}
