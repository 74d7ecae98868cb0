//! Where in a photo a face is likely to be: a patch of the colours of skin with other colours around it.

use image::RgbaImage;
use image::imageops::thumbnail;

/// Edge of the picture that is searched, pixels.
const GRID: u32 = 64;
/// Edges of the patches that are tried, pixels of the grid.
const PATCHES: [u32; 8] = [4, 6, 8, 11, 14, 18, 23, 29];
/// Least share of skin in a patch, in hundredths.
const LEAST_SKIN: i64 = 60;
/// By so much the share of skin in a patch must exceed the share around it, in hundredths.
const LEAST_CONTRAST: i64 = 35;

/// A square of a photo, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Square {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) edge: u32,
}

/// The square around the head in a photo. Where no face is seen, it is the middle of the upper part: portraits have
/// their faces there. None for a photo without room for a square.
pub(super) fn head(photo: &RgbaImage) -> Option<Square> {
    let (width, height) = photo.dimensions();
    let shorter = width.min(height);
    let usual = Square { left: 0, top: 0, edge: shorter * 7 / 10 }.around(width / 2, height * 2 / 5, photo);
    if usual.edge == 0 {
        return None;
    }
    let Some((column, row, patch)) = patch_of_skin(&thumbnail(photo, GRID, GRID)) else { return Some(usual) };
    // The grid's cells are as long as the photo is in either direction; a face is as wide as the patch, a head
    // twice as much.
    let edge = (patch * width / GRID * 2).clamp(1, shorter);
    let (x, y) = ((2 * column + patch) * width / (2 * GRID), (2 * row + patch) * height / (2 * GRID));
    Some(Square { edge, ..usual }.around(x, y, photo))
}

impl Square {
    /// The same square with its middle as near as possible to a point of the photo.
    fn around(self, x: u32, y: u32, photo: &RgbaImage) -> Self {
        let start = |middle: u32, length: u32| {
            middle.saturating_sub(self.edge / 2).min(length.saturating_sub(self.edge))
        };
        Self { left: start(x, photo.width()), top: start(y, photo.height()), edge: self.edge }
    }
}

/// Left edge, top edge and length of the patch that stands out most.
fn patch_of_skin(grid: &RgbaImage) -> Option<(u32, u32, u32)> {
    let sums = Sums::of(grid);
    let mut best = None;
    for patch in PATCHES {
        for row in 0..=GRID - patch {
            for column in 0..=GRID - patch {
                let inside = sums.share(column, row, patch);
                let contrast = inside - sums.share_around(column, row, patch);
                // Of two that stand out alike, the larger one is the face, the other a part of it; and the
                // one where portraits have their faces, the other a thing of like colour.
                let worth = (contrast + i64::from(patch) * 2) - far_from_usual(column, row, patch);
                if inside >= LEAST_SKIN
                    && contrast >= LEAST_CONTRAST
                    && best.is_none_or(|(known, _)| worth > known)
                {
                    best = Some((worth, (column, row, patch)));
                }
            }
        }
    }
    best.map(|(_, place)| place)
}

/// How far a patch's middle is from where portraits have their faces, pixels of the grid.
fn far_from_usual(column: u32, row: u32, patch: u32) -> i64 {
    let aside = (column + patch / 2).abs_diff(GRID / 2);
    let down = (row + patch / 2).abs_diff(GRID * 2 / 5);
    i64::from(aside.max(down)) * 2
}

/// How much skin there is above and to the left of every point of the grid.
struct Sums(Vec<i64>);

impl Sums {
    fn of(grid: &RgbaImage) -> Self {
        let mut sums = Self(Vec::new());
        for row in 0..=GRID {
            for column in 0..=GRID {
                let skin = column
                    .checked_sub(1)
                    .zip(row.checked_sub(1))
                    .and_then(|(x, y)| grid.get_pixel_checked(x, y))
                    .map_or(0, |pixel| i64::from(is_skin(pixel.0)));
                let before =
                    |columns: u32, rows: u32| match (column.checked_sub(columns), row.checked_sub(rows)) {
                        (Some(column), Some(row)) => sums.at(column, row),
                        _ => 0,
                    };
                let sum = skin + before(1, 0) + before(0, 1) - before(1, 1);
                sums.0.push(sum);
            }
        }
        sums
    }

    fn at(&self, column: u32, row: u32) -> i64 {
        let index = usize::try_from(row * (GRID + 1) + column).ok();
        index.and_then(|index| self.0.get(index)).copied().unwrap_or(0)
    }

    fn count(&self, left: u32, top: u32, right: u32, bottom: u32) -> i64 {
        self.at(right, bottom) - self.at(left, bottom) - self.at(right, top) + self.at(left, top)
    }

    /// Share of skin in a patch, in hundredths.
    fn share(&self, column: u32, row: u32, patch: u32) -> i64 {
        self.count(column, row, column + patch, row + patch) * 100 / i64::from(patch * patch)
    }

    /// Share of skin in the band of half a patch beside and above it, in hundredths. Below it is the neck.
    fn share_around(&self, column: u32, row: u32, patch: u32) -> i64 {
        let left = column.saturating_sub(patch / 2);
        let right = (column + patch + patch / 2).min(GRID);
        let top = row.saturating_sub(patch / 2);
        let bottom = row + patch;
        let around =
            self.count(left, top, right, bottom) - self.count(column, row, column + patch, row + patch);
        let area = (right - left) * (bottom - top) - patch * patch;
        around * 100 / i64::from(area.max(1))
    }
}

/// Whether a colour is one of skin, light or dark, by its share of blue and red.
fn is_skin([red, green, blue, _]: [u8; 4]) -> bool {
    let (red, green, blue) = (i64::from(red), i64::from(green), i64::from(blue));
    let blueness = 128_000 - 169 * red - 331 * green + 500 * blue;
    let redness = 128_000 + 500 * red - 419 * green - 81 * blue;
    (77_000..=127_000).contains(&blueness) && (135_000..=173_000).contains(&redness)
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    const SKIN: Rgba<u8> = Rgba([223, 168, 133, 255]);

    fn scene(x: i32, y: i32, radius: i32, background: Rgba<u8>) -> RgbaImage {
        RgbaImage::from_fn(400, 500, |column, row| {
            let (right, down) = (i32::try_from(column).unwrap() - x, i32::try_from(row).unwrap() - y);
            if right * right + down * down < radius * radius { SKIN } else { background }
        })
    }

    #[test]
    fn a_face_is_found_wherever_it_is() {
        for (x, y, radius) in [(200, 200, 90), (120, 350, 60), (320, 100, 30)] {
            let found = head(&scene(x, y, radius, Rgba([40, 90, 160, 255]))).unwrap();
            let middle = |start: u32| i32::try_from(start + found.edge / 2).unwrap();
            assert!((middle(found.left) - x).abs() < radius / 2, "{found:?} for {x}, {y}, {radius}");
            assert!((middle(found.top) - y).abs() < radius / 2, "{found:?} for {x}, {y}, {radius}");
            assert!(found.edge > u32::try_from(radius).unwrap() * 2 && found.edge <= 400, "{found:?}");
        }
    }

    #[test]
    fn without_a_face_the_middle_of_the_upper_part_is_taken() {
        let usual = Square { left: 60, top: 60, edge: 280 };
        assert_eq!(head(&scene(0, 0, 0, Rgba([40, 90, 160, 255]))), Some(usual));
        // Skin everywhere is no face either.
        assert_eq!(head(&scene(0, 0, 0, SKIN)), Some(usual));
        assert_eq!(head(&RgbaImage::new(1, 40)), None);
    }
}
