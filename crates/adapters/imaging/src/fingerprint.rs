//! What an image looks like, as 64 bits.

use std::f32::consts::PI;

use image::imageops::FilterType;
use kernel::{ImageLimits, ImagingError, PerceptualHash};

use crate::decode::decode;

/// The side of the small grey image that is looked at.
const SIDE: usize = 32;
/// How many frequencies are kept each way, beginning with the slowest that is not the mean.
const FREQUENCIES: usize = 8;
/// Below this a coefficient is rounding, not picture.
const NOTHING: f32 = 1.0;

/// Hashes the coarse shapes of an image: it is made small and grey, transformed into waves (discrete cosine transform),
/// and each bit says whether a slow wave is stronger than the middle one. Size, compression and brightness hardly
/// change it.
pub(crate) fn fingerprint(bytes: &[u8], limits: ImageLimits) -> Result<PerceptualHash, ImagingError> {
    let (pixels, _profile) = decode(bytes, limits)?.upright();
    let side = u32::try_from(SIDE).map_err(|error| ImagingError::Bug(Box::new(error)))?;
    let small = pixels.resize_exact(side, side, FilterType::Triangle).into_luma8();
    let samples: Vec<f32> = small.as_raw().iter().map(|sample| f32::from(*sample)).collect();
    Ok(hash(&slow_waves(&samples)))
}

fn hash(waves: &[f32]) -> PerceptualHash {
    let mut in_order = waves.to_vec();
    in_order.sort_unstable_by(f32::total_cmp);
    let middle = in_order.get(in_order.len() / 2).copied().unwrap_or_default();
    let bits = waves.iter().fold(0, |bits, wave| bits << 1 | u64::from(*wave > middle));
    PerceptualHash(bits)
}

/// The 8 × 8 slowest waves without the mean of rows and columns.
fn slow_waves(samples: &[f32]) -> Vec<f32> {
    let waves: Vec<Vec<f32>> = (1..=FREQUENCIES).map(wave).collect();
    // Each row of samples against each wave along it, then each wave down the rows.
    let along: Vec<Vec<f32>> = samples
        .chunks(SIDE)
        .map(|row| waves.iter().map(|wave| product(row.iter().copied(), wave)).collect())
        .collect();
    waves
        .iter()
        .flat_map(|down| {
            (0..FREQUENCIES).map(|frequency| {
                let column = along.iter().filter_map(|row| row.get(frequency).copied());
                let strength = product(column, down);
                if strength.abs() < NOTHING { 0.0 } else { strength }
            })
        })
        .collect()
}

/// A cosine that swings `frequency` half-waves over the side.
fn wave(frequency: usize) -> Vec<f32> {
    let side = small_number(SIDE);
    (0..SIDE)
        .map(|position| (PI / side * (small_number(position) + 0.5) * small_number(frequency)).cos())
        .collect()
}

fn product(samples: impl Iterator<Item = f32>, wave: &[f32]) -> f32 {
    samples.zip(wave).map(|(sample, weight)| sample * weight).sum()
}

fn small_number(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}
