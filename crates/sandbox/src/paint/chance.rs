//! Chance that repeats: numbers that follow from the prompt and the seed alone.

use sha2::{Digest as _, Sha256};

/// A stream of numbers that look random (the SplitMix64 sequence).
#[derive(Debug, Clone)]
pub(super) struct Chance {
    state: u64,
}

impl Chance {
    /// The stream of one prompt and seed.
    pub(super) fn from_prompt(prompt: &str, seed: u64) -> Self {
        let digest =
            Sha256::new().chain_update(seed.to_le_bytes()).chain_update(prompt.as_bytes()).finalize();
        let state = digest.iter().take(8).fold(0_u64, |state, byte| (state << 8) | u64::from(*byte));
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to 1.
    pub(super) fn unit(&mut self) -> f32 {
        let sixteen_bits = u16::try_from(self.next() >> 48).unwrap_or(u16::MAX);
        f32::from(sixteen_bits) / f32::from(u16::MAX)
    }

    /// A number from `low` to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// A byte.
    pub(super) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[7]
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn count(&mut self, low: u16, high: u16) -> u16 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low.saturating_add(u16::try_from(self.next() % span).unwrap_or(0))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, share: u16) -> bool {
        self.count(0, 99) < share
    }

    /// One of `choices`, which must not be empty; `fallback` stands in when they are.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T], fallback: T) -> T {
        let length = u64::try_from(choices.len()).unwrap_or(u64::MAX).max(1);
        let index = usize::try_from(self.next() % length).unwrap_or(0);
        choices.get(index).copied().unwrap_or(fallback)
    }
}
