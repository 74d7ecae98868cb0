//! Pixels of an aspect ratio in a size class, as Google's image models deliver them.

use crate::paint::Size;

/// How large a picture is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SizeClass {
    /// About half a thousand pixels along each edge of a square.
    Half,
    /// About a thousand.
    One,
    /// About two thousand.
    Two,
    /// About four thousand.
    Four,
}

/// Width and height at [`SizeClass::One`].
const ONE: [(&str, Size); 14] = [
    ("1:1", Size::new(1024, 1024)),
    ("2:3", Size::new(848, 1264)),
    ("3:2", Size::new(1264, 848)),
    ("3:4", Size::new(896, 1200)),
    ("4:3", Size::new(1200, 896)),
    ("4:5", Size::new(928, 1152)),
    ("5:4", Size::new(1152, 928)),
    ("9:16", Size::new(768, 1376)),
    ("16:9", Size::new(1376, 768)),
    ("21:9", Size::new(1584, 672)),
    ("1:4", Size::new(512, 2048)),
    ("4:1", Size::new(2048, 512)),
    ("1:8", Size::new(352, 2816)),
    ("8:1", Size::new(2816, 352)),
];

/// The aspect ratios that any model knows, in Google's order.
pub(super) fn aspect_ratios() -> impl Iterator<Item = &'static str> {
    ONE.iter().map(|(aspect, _)| *aspect)
}

/// The size of a picture; none for an aspect ratio that does not exist.
pub(super) fn pixels(aspect: &str, class: SizeClass) -> Option<Size> {
    let (_, size) = ONE.iter().find(|(known, _)| *known == aspect)?;
    let scale = |length: u16| match class {
        SizeClass::Half => length / 2,
        SizeClass::One => length,
        SizeClass::Two => length * 2,
        SizeClass::Four => length * 4,
    };
    Some(Size::new(scale(size.width), scale(size.height)))
}
