//! What differs from variant to variant: numbers that follow from the kind and the variant alone.

use super::PictureKind;

/// A stream of numbers that look random (the SplitMix64 sequence).
#[derive(Debug)]
pub(super) struct Variety {
    state: u64,
}

impl Variety {
    /// The stream of one picture.
    pub(super) fn of(kind: PictureKind, variant: u32) -> Self {
        let name = kind.name().bytes().fold(u64::from(variant), |state, byte| {
            state.rotate_left(9).wrapping_mul(0x100_0000_01b3) ^ u64::from(byte)
        });
        Self { state: name }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        let sixteen_bits = u16::try_from(self.next() >> 48).unwrap_or(u16::MAX);
        low + (high - low) * f32::from(sixteen_bits) / f32::from(u16::MAX)
    }

    /// One of `choices`; `fallback` stands in when there are none.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T], fallback: T) -> T {
        let length = u64::try_from(choices.len()).unwrap_or(u64::MAX).max(1);
        let index = usize::try_from(self.next() % length).unwrap_or(0);
        choices.get(index).copied().unwrap_or(fallback)
    }
}
