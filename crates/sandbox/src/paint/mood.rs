//! The mood of a picture: time of day and colours.

use tiny_skia::Color;

use super::canvas::rgb;
use super::chance::Chance;
use super::words::Words;

/// When, and in which light, the picture plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    Day,
    Dawn,
    Sunset,
    Night,
    Winter,
    Autumn,
    Neon,
}

/// Time and colours.
#[derive(Debug, Clone)]
pub(super) struct Mood {
    pub(super) time: Time,
    /// From the zenith to the horizon.
    pub(super) sky: [Color; 4],
    /// Sun or moon.
    pub(super) light: Color,
    /// Land at the horizon.
    pub(super) far: Color,
    /// Land at the viewer's feet.
    pub(super) near: Color,
    /// The main thing in the picture.
    pub(super) accent: Color,
}

impl Mood {
    /// The mood that the words speak of; chance decides where they are silent.
    pub(super) fn of(words: &Words, chance: &mut Chance) -> Self {
        let time = Time::of(words, chance);
        let (sky, light, far, near) = time.colours(chance);
        let accents = [0xd9_4f_30, 0xf2_a6_3b, 0x3f_7c_ac, 0x8e_5a_a8, 0x2f_8f_6b, 0xe0_6c_8b];
        let accent = named_colour(words).unwrap_or_else(|| chance.pick(&accents, 0xd9_4f_30));
        Self {
            time,
            sky: sky.map(rgb),
            light: rgb(light),
            far: rgb(far),
            near: rgb(near),
            accent: rgb(accent),
        }
    }
}

impl Time {
    fn of(words: &Words, chance: &mut Chance) -> Self {
        const SPOKEN: [(&[&str], Time); 6] = [
            (&["neon", "cyber*", "неон*", "кибер*"], Time::Neon),
            (
                &[
                    "night",
                    "moon*",
                    "star*",
                    "space",
                    "galaxy",
                    "astronaut*",
                    "ноч*",
                    "лун*",
                    "звёзд*",
                    "звезд*",
                    "космос*",
                    "космонавт*",
                    "галактик*",
                ],
                Time::Night,
            ),
            (&["sunset", "evening", "dusk", "закат*", "вечер*", "сумерк*"], Time::Sunset),
            (&["dawn", "sunrise", "morning", "рассвет*", "утр*", "восход*"], Time::Dawn),
            (
                &["snow*", "winter", "ice", "icy", "frost*", "снег*", "снеж*", "зим*", "лёд", "мороз*"],
                Time::Winter,
            ),
            (&["autumn", "fall", "october", "осен*", "октябр*", "листопад*"], Time::Autumn),
        ];
        let spoken = SPOKEN.iter().find(|(patterns, _)| words.any(patterns)).map(|(_, time)| *time);
        spoken.unwrap_or_else(|| {
            chance.pick(&[Self::Day, Self::Day, Self::Dawn, Self::Sunset, Self::Autumn], Self::Day)
        })
    }

    fn colours(self, chance: &mut Chance) -> ([u32; 4], u32, u32, u32) {
        let day: &[([u32; 4], u32, u32, u32)] = match self {
            Self::Day => &[
                ([0x2f_7f_c9, 0x6f_b5_e6, 0xb9_de_f2, 0xf4_f6_e8], 0xff_f6_d0, 0x9b_c3_cf, 0x2f_6b_3f),
                ([0x3a_6f_b8, 0x7d_a9_d9, 0xcf_dd_e8, 0xf9_ee_d8], 0xff_fb_e6, 0xa9_b8_cf, 0x4b_6d_2f),
            ],
            Self::Dawn => &[
                ([0x4a_5f_a5, 0x9a_86_c4, 0xf0_a8_b4, 0xff_dc_b0], 0xff_ef_c4, 0xc4_9a_b8, 0x3b_3f_63),
                ([0x5f_7f_b8, 0xb8_a3_cf, 0xf7_bf_b8, 0xff_ea_c9], 0xff_f5_d8, 0xd3_a9_b0, 0x4a_4f_5f),
            ],
            Self::Sunset => &[
                ([0x2b_1f_5c, 0x8a_2f_6f, 0xe8_5d_4a, 0xff_c2_5e], 0xff_e0_8a, 0xb0_4f_5c, 0x24_16_33),
                ([0x1f_2f_6b, 0x6f_3f_8a, 0xf0_7f_4a, 0xff_d8_7a], 0xff_ec_a6, 0x9a_4f_6f, 0x1c_1f_3a),
            ],
            Self::Night => &[
                ([0x04_08_1f, 0x0c_1a_44, 0x1f_36_6f, 0x3f_5c_94], 0xf2_f4_ff, 0x2c_46_7a, 0x06_0c_1e),
                ([0x0a_04_24, 0x1f_10_4f, 0x3c_26_74, 0x6a_4a_94], 0xff_f4_e0, 0x3f_2f_6b, 0x0a_08_1c),
            ],
            Self::Winter => &[
                ([0x5b_86_b5, 0x93_b7_d6, 0xc9_dd_ea, 0xf6_ee_ec], 0xff_f8_e8, 0xb9_cc_dd, 0xf1_f6_fb),
                ([0x4a_62_9a, 0x8f_8f_c4, 0xe0_b4_c4, 0xff_e2_cf], 0xff_f2_da, 0xb8_b6_d6, 0xe9_ee_fa),
            ],
            Self::Autumn => &[
                ([0x4f_7f_a8, 0x9f_b8_c0, 0xe6_d3_a8, 0xff_e8_b8], 0xff_f0_c0, 0xc9_9f_6b, 0x7a_35_1c),
                ([0x6b_6f_8f, 0xb0_9f_a0, 0xeb_b8_7a, 0xff_dc_94], 0xff_ea_b0, 0xc4_84_4f, 0x5c_2a_1f),
            ],
            Self::Neon => &[
                ([0x0a_04_2b, 0x3a_0a_6b, 0xb0_1f_8f, 0xff_6f_b0], 0x7a_f7_ff, 0x5c_1f_8f, 0x0c_06_24),
                ([0x03_0c_2e, 0x0a_3a_6f, 0x14_94_a8, 0x8f_f2_e0], 0xff_7a_d9, 0x14_5c_84, 0x04_0c_20),
            ],
        };
        let index = usize::from(chance.count(0, 1));
        day.get(index).copied().unwrap_or(([0; 4], 0, 0, 0))
    }
}

fn named_colour(words: &Words) -> Option<u32> {
    const NAMED: [(&[&str], u32); 10] = [
        (&["red", "scarlet", "crimson", "красн*", "алый", "алая", "алые", "рыж*", "ginger"], 0xd8_4a_2b),
        (&["orange", "оранж*"], 0xf2_8a_2e),
        (&["yellow", "gold*", "жёлт*", "желт*", "золот*"], 0xf2_c1_3b),
        (&["green", "emerald", "зелен*", "зелён*", "изумруд*"], 0x2f_9f_5b),
        (&["blue", "azure", "син*", "голуб*"], 0x2f_6f_d0),
        (&["purple", "violet", "фиолет*", "лилов*", "сирен*"], 0x84_4f_c4),
        (&["pink", "розов*"], 0xf0_7f_a8),
        (&["white", "бел*"], 0xf2_f2_ee),
        (&["black", "чёрн*", "черн*"], 0x26_26_30),
        (&["grey", "gray", "silver", "сер*"], 0x8f_98_a8),
    ];
    NAMED.iter().find(|(patterns, _)| words.any(patterns)).map(|(_, colour)| *colour)
}
