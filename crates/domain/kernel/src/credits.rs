//! Whole units that a person spends.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An amount of credits, zero or more. Never a float; arithmetic never wraps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Credits(i64);

/// Why an amount cannot be expressed as [`Credits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CreditsError {
    /// The amount would be below zero.
    #[error("an amount of credits cannot be negative: {0}")]
    Negative(i64),
    /// The amount would be above [`Credits::MAX`].
    #[error("an amount of credits above {}", Credits::MAX.0)]
    TooLarge,
}

impl Credits {
    /// No credits.
    pub const ZERO: Self = Self(0);
    /// The largest amount: far above any price, far below overflow of sums over many entries.
    pub const MAX: Self = Self(1_000_000_000_000);

    /// An amount.
    ///
    /// # Errors
    /// When `amount` is negative or above [`Credits::MAX`].
    pub const fn new(amount: i64) -> Result<Self, CreditsError> {
        if amount < 0 {
            Err(CreditsError::Negative(amount))
        } else if amount > Self::MAX.0 {
            Err(CreditsError::TooLarge)
        } else {
            Ok(Self(amount))
        }
    }

    /// A small amount known when the program is written, such as a price in a test or a default.
    pub const fn of(amount: u16) -> Self {
        // `i64::from` is not const; a `u16` always fits.
        Self(amount as i64)
    }

    /// The number inside, zero or more.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether this is no credits at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`CreditsError::TooLarge`] above [`Credits::MAX`].
    pub const fn plus(self, other: Self) -> Result<Self, CreditsError> {
        Self::new(self.0 + other.0)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`CreditsError::Negative`] when `other` is more than `self`.
    pub const fn minus(self, other: Self) -> Result<Self, CreditsError> {
        Self::new(self.0 - other.0)
    }

    /// The difference, or nothing when `other` is more.
    #[must_use]
    pub const fn minus_or_zero(self, other: Self) -> Self {
        if other.0 >= self.0 { Self::ZERO } else { Self(self.0 - other.0) }
    }

    /// The price of `count` pieces.
    ///
    /// # Errors
    /// [`CreditsError::TooLarge`] above [`Credits::MAX`].
    pub fn times(self, count: u32) -> Result<Self, CreditsError> {
        self.0.checked_mul(i64::from(count)).ok_or(CreditsError::TooLarge).and_then(Self::new)
    }
}

impl Sum for Credits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |total, amount| Self((total.0 + amount.0).min(Self::MAX.0)))
    }
}

impl TryFrom<i64> for Credits {
    type Error = CreditsError;

    fn try_from(amount: i64) -> Result<Self, CreditsError> {
        Self::new(amount)
    }
}

impl From<Credits> for i64 {
    fn from(credits: Credits) -> Self {
        credits.0
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_never_negative_and_never_overflows() {
        assert_eq!(Credits::new(-1), Err(CreditsError::Negative(-1)));
        assert_eq!(Credits::of(3).minus(Credits::of(4)), Err(CreditsError::Negative(-1)));
        assert_eq!(Credits::of(3).minus_or_zero(Credits::of(4)), Credits::ZERO);
        assert_eq!(Credits::MAX.plus(Credits::of(1)), Err(CreditsError::TooLarge));
        assert_eq!(Credits::MAX.times(u32::MAX), Err(CreditsError::TooLarge));
        assert_eq!(Credits::of(5).times(3), Ok(Credits::of(15)));
        assert_eq!([Credits::of(1), Credits::of(2)].into_iter().sum::<Credits>(), Credits::of(3));
    }

    #[test]
    fn a_stored_negative_amount_is_refused() {
        assert!(serde_json::from_str::<Credits>("-5").is_err());
        assert_eq!(serde_json::from_str::<Credits>("5").unwrap(), Credits::of(5));
    }
}
