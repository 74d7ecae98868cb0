//! Colours by name.

/// A colour that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Colour {
    Black,
    Grey,
    White,
    Red,
    Orange,
    Brown,
    Yellow,
    Green,
    Teal,
    Blue,
    Purple,
    Pink,
}

/// Every colour, with its name in English and in Russian.
const NAMES: [(Colour, &str, &str); 12] = [
    (Colour::Black, "black", "чёрный"),
    (Colour::Grey, "grey", "серый"),
    (Colour::White, "white", "белый"),
    (Colour::Red, "red", "красный"),
    (Colour::Orange, "orange", "оранжевый"),
    (Colour::Brown, "brown", "коричневый"),
    (Colour::Yellow, "yellow", "жёлтый"),
    (Colour::Green, "green", "зелёный"),
    (Colour::Teal, "teal", "бирюзовый"),
    (Colour::Blue, "blue", "синий"),
    (Colour::Purple, "purple", "фиолетовый"),
    (Colour::Pink, "pink", "розовый"),
];

impl Colour {
    /// The name in English.
    pub(super) fn english(self) -> &'static str {
        NAMES.iter().find(|(colour, ..)| *colour == self).map_or("grey", |(_, name, _)| name)
    }

    /// The name in Russian.
    pub(super) fn russian(self) -> &'static str {
        NAMES.iter().find(|(colour, ..)| *colour == self).map_or("серый", |(.., name)| name)
    }

    /// The colour of a pixel.
    pub(super) fn of([red, green, blue]: [u8; 3]) -> Self {
        let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let spread = most - least;
        if most < 45 {
            return Self::Black;
        }
        if spread * 100 < most * 14 {
            return match most {
                205.. => Self::White,
                ..70 => Self::Black,
                _ => Self::Grey,
            };
        }
        // Degrees around the circle of colours.
        let hue = if most == red {
            (60 * (green - blue) / spread + 360) % 360
        } else if most == green {
            60 * (blue - red) / spread + 120
        } else {
            60 * (red - green) / spread + 240
        };
        match hue {
            0..14 | 346..360 if least > 120 => Self::Pink,
            0..14 | 346..360 => Self::Red,
            14..45 if most < 175 => Self::Brown,
            14..45 => Self::Orange,
            45..68 => Self::Yellow,
            68..160 => Self::Green,
            160..195 => Self::Teal,
            195..258 => Self::Blue,
            258..295 => Self::Purple,
            _ => Self::Pink,
        }
    }

    /// The two colours that most pixels have.
    pub(super) fn most(pixels: impl Iterator<Item = [u8; 3]>) -> [Self; 2] {
        let mut counts = NAMES.map(|(colour, ..)| (0_u32, colour));
        for pixel in pixels {
            let colour = Self::of(pixel);
            if let Some((count, _)) = counts.iter_mut().find(|(_, known)| *known == colour) {
                *count += 1;
            }
        }
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let [(_, first), (count, second), ..] = counts;
        [first, if count == 0 { first } else { second }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_the_names_that_people_give_them() {
        for (pixel, name) in [
            ([255, 0, 0], "red"),
            ([250, 140, 30], "orange"),
            ([110, 70, 40], "brown"),
            ([240, 220, 40], "yellow"),
            ([40, 150, 60], "green"),
            ([30, 160, 160], "teal"),
            ([30, 60, 200], "blue"),
            ([120, 50, 190], "purple"),
            ([240, 120, 190], "pink"),
            ([10, 12, 14], "black"),
            ([128, 128, 128], "grey"),
            ([250, 250, 250], "white"),
        ] {
            assert_eq!(Colour::of(pixel).english(), name);
        }
    }

    #[test]
    fn the_most_frequent_come_first() {
        let pixels = [[255, 0, 0], [0, 0, 255], [0, 0, 255]];
        assert_eq!(Colour::most(pixels.into_iter()), [Colour::Blue, Colour::Red]);
        assert_eq!(Colour::most([[0; 3]].into_iter()), [Colour::Black; 2]);
    }
}
